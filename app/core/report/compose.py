"""What a report says, composed from a scored document: it finds the words, the scorecard has the figures."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import floor

from app.core.answers.document import AnswerDocument
from app.core.questionnaire.map_layout import map_layout
from app.core.questionnaire.model import HIGHEST_LEVEL, Questionnaire, Wording
from app.core.report.dot_plot import stacked, width_of_dots
from app.core.report.model import (
    AgreedWorking,
    Cell,
    DimensionReport,
    DotStrip,
    FlagReport,
    FrameworkReport,
    Grid,
    GridRow,
    HolderReport,
    OverallReport,
    PriorityReport,
    QuestionReport,
    Report,
    StageReport,
    Status,
    StepReport,
    TargetFrom,
    TrendLine,
    TrendReport,
)
from app.core.report.modules import at_stake, barrier_may_be_told, check, offices, told_anything
from app.core.report.role_comparison import OwnScores, own_scores, roles
from app.core.report.trend import Line, trend
from app.core.scoring.scorecard import DimensionScore, Floor, Overall, Scorecard, index
from app.core.team.spread import QuestionLevel, spread, widest_first


def compose(questionnaire: Questionnaire, document: AnswerDocument, card: Scorecard, language: str) -> Report:
    """The report of a scored document in `language`, or in the edition's first where it lacks that one.

    Where levels were agreed, priorities and next steps follow from them; all else says what people answered.
    """
    composer = _Composer(questionnaire, document, card, questionnaire.wording(language))
    return composer.report(language if language in questionnaire.wordings else questionnaire.languages[0])


class _Composer:
    """Holds what every part of one report needs, so that the parts can be read one by one."""

    def __init__(
        self, questionnaire: Questionnaire, document: AnswerDocument, card: Scorecard, wording: Wording
    ) -> None:
        self.questionnaire = questionnaire
        self.document = document
        self.card = card
        self.leading = card.agreed or card
        self.wording = wording
        self.questions = {id_: self._question(id_) for id_ in card.levels}
        self.dimensions = {id_: self._dimension(score) for id_, score in card.dimensions.items()}

    def report(self, language: str) -> Report:
        document, card, wording = self.document, self.card, self.wording
        questions = tuple(self.questions.values())
        return Report(
            title=wording.title,
            organisation=document.organisation,
            language=language,
            questionnaire=document.questionnaire,
            edition=document.edition,
            form=document.form,
            form_name=wording.forms[document.form].name,
            business_stage=document.business_stage,
            date=document.date,
            roles=tuple(respondent.role for respondent in document.respondents),
            answered_by=sum(any(respondent.answers.values()) for respondent in document.respondents),
            level_names=wording.levels,
            level_meanings=wording.stages,
            overall=self._overall(),
            frameworks=tuple(
                FrameworkReport(
                    framework.id,
                    wording.frameworks[framework.id].name,
                    wording.frameworks[framework.id].one,
                    wording.frameworks[framework.id].about,
                    self._dimensions(framework.dimensions),
                )
                for framework in self.questionnaire.frameworks
            ),
            grid=self._grid(),
            ways=wording.ways,
            importance=wording.importance,
            proposed_targets=self.questionnaire.targets,
            questions=questions,
            priorities=self._priorities(),
            tied=self._dimensions(self.leading.tied),
            equally_urgent=self._equally_urgent(),
            by_gap=self._dimensions(self.leading.by_gap),
            find_out_first=self._dimensions(self.leading.find_out_first),
            not_scored=tuple(dimension for dimension in self.dimensions.values() if dimension.not_scored),
            blind=tuple(question for question in questions if question.status == "dont_know"),
            missing=tuple(question for question in questions if question.status == "open"),
            to_discuss=tuple(self.questions[id_] for id_ in widest_first(card.levels, document.respondents)),
            flags=self._flags(),
            actions=document.actions,
            stop_doing=document.modules.stop_doing,
            role_views=roles(self.questionnaire, document),
            trend=self._trend(),
            profile=told_anything(document.modules.profile),
            check=check(document.modules.touchpoint_check),
            journey=document.modules.journey,
            offices=offices(document.modules.front_back_office, len(document.respondents)),
            at_stake=at_stake(document.modules.at_stake, document.business_stage),
            after_report=told_anything(document.modules.after_report),
            sources=wording.sources,
            scored_from=self.questionnaire.forms[document.form].scored_from,
            is_agreed=card.agreed is not None,
        )

    def _dimensions(self, ids: Sequence[str]) -> tuple[DimensionReport, ...]:
        return tuple(self.dimensions[id_] for id_ in ids)

    def _question(self, id_: str) -> QuestionReport:
        question, words, level = self.questionnaire.question(id_), self.wording.questions[id_], self.card.levels[id_]
        known = level if isinstance(level, Fraction) else None
        given = spread(id_, self.document.respondents)
        is_alone = len(self.document.respondents) < 2
        agreed = self.document.agreed.get(id_)
        return QuestionReport(
            id=id_,
            text=words.question,
            why=words.why,
            anchors=words.levels,
            source=question.source,
            counts_for=question.counts_for,
            crossing=tuple(self.wording.dimensions[dimension].name for dimension in question.counts_for),
            status=_status(level),
            level=known,
            anchor=words.levels[floor(known) - 1] if known is not None and is_alone else None,
            spread=given,
            strip=self._strip([Fraction(one) for one in given.levels]),
            to_discuss=id_ in self.card.to_discuss,
            agreed=agreed,
            agreed_anchor=words.levels[agreed - 1] if agreed else None,
            evidence=self.document.modules.evidence.get(id_),
            is_priority=any(dimension in self.leading.priorities for dimension in question.counts_for),
        )

    def _stage(self, number: int | None, worst_case: Floor) -> StageReport | None:
        if number is None:
            return None
        lowest = number if worst_case.stage is None else min(number, worst_case.stage)
        names = self.wording.levels
        return StageReport(number, names[number - 1], self.wording.stages[number - 1], lowest, names[lowest - 1])

    def _dimension(self, score: DimensionScore) -> DimensionReport:
        words = self.wording.dimensions[score.id]
        questions = tuple(question for question in self.questions.values() if score.id in question.counts_for)
        levels = [question.level for question in questions if question.level is not None]
        agreed = self.card.agreed.dimensions[score.id] if self.card.agreed else None
        return DimensionReport(
            id=score.id,
            name=words.name,
            short=words.short,
            about=words.about,
            word=words.word,
            score=score.score,
            index=None if score.score is None else index(score.score),
            stage=self._stage(score.stage, score.floor),
            held_down_by=tuple(self.questions[id_] for id_ in score.held_down_by),
            not_scored=score.not_scored,
            answered=score.answered,
            applicable=score.applicable,
            dont_know=score.dont_know,
            open=score.applicable - score.answered - score.dont_know,
            blind_spots=score.blind_spots,
            target=score.target,
            target_from=self._target_from(score.id),
            gap=score.gap,
            importance=score.importance,
            priority=score.priority,
            floor=score.floor,
            rank=self.leading.priorities.index(score.id) + 1 if score.id in self.leading.priorities else None,
            total=sum(levels, Fraction(0)) if levels else None,
            lowest=min(levels, default=None),
            questions=questions,
            own=self._own[score.id],
            strip=self._strip(self._own[score.id].scores),
            agreed_score=agreed.score if agreed else None,
            agreed_stage=self._stage(agreed.stage, agreed.floor) if agreed else None,
            agreed_gap=agreed.gap if agreed else None,
            agreed_working=_agreed_working(agreed, questions, self.leading.levels) if agreed else None,
        )

    def _strip(self, scores: Sequence[Fraction]) -> DotStrip:
        people = len(self.document.respondents)
        apart = width_of_dots(people)
        return DotStrip(stacked(scores, apart) if people > 1 else (), apart)

    @cached_property
    def _own(self) -> Mapping[str, OwnScores]:
        return own_scores(self.questionnaire, self.document)

    def _target_from(self, dimension: str) -> TargetFrom:
        if dimension in self.document.targets:
            return "dimension"
        return "document" if self.document.default_target else "business_stage"

    def _overall(self) -> OverallReport:
        overall: Overall = self.card.overall
        levels = [question.level for question in self.questions.values() if question.level is not None]
        counts = [question.status for question in self.questions.values()]
        stages = [dimension.stage.number for dimension in self.dimensions.values() if dimension.stage]
        agreed = self.card.agreed.overall if self.card.agreed else None
        return OverallReport(
            score=overall.score,
            index=None if overall.score is None else index(overall.score),
            stage=self._stage(overall.stage, overall.floor),
            held_down_by=self._dimensions(overall.held_down_by),
            blind_spots=overall.blind_spots,
            floor=overall.floor,
            total=sum(levels, Fraction(0)) if levels else None,
            questions=len(counts),
            answered=counts.count("level"),
            dont_know=counts.count("dont_know"),
            not_applicable=counts.count("not_applicable"),
            open=counts.count("open"),
            lowest_stage=min(stages, default=None),
            agreed_score=agreed.score if agreed else None,
            agreed_stage=self._stage(agreed.stage, agreed.floor) if agreed else None,
            held_down_by_questions=self._holders(overall.held_down_by),
            held_down_throughout=tuple(
                self.dimensions[id_] for id_ in overall.held_down_by if not self.dimensions[id_].held_down_by
            ),
        )

    def _holders(self, dimensions: Sequence[str]) -> tuple[HolderReport, ...]:
        """Each question once, in the form's order, however many of the dimensions it holds down."""
        held: dict[str, list[DimensionReport]] = {}
        for dimension in self._dimensions(dimensions):
            for question in dimension.held_down_by:
                held.setdefault(question.id, []).append(dimension)
        return tuple(
            HolderReport(question, floor(question.level), tuple(held[id_]), self._next_step(id_))
            for id_, question in self.questions.items()
            if id_ in held and question.level is not None
        )

    def _next_step(self, id_: str) -> StepReport | None:
        level = self.leading.levels[id_]
        if not isinstance(level, Fraction) or level == HIGHEST_LEVEL:
            return None
        return self._step(id_, floor(level))

    def _trend(self) -> TrendReport | None:
        found = trend(self.questionnaire, self.document)
        if found is None:
            return None

        def line(of: Line, dimension: DimensionReport | None = None) -> TrendLine:
            return TrendLine(dimension, of.scores, of.since_last, of.since_first)

        return TrendReport(
            form_name=self.wording.forms[found.form].name,
            rescored=found.rescored,
            on_form=found.on_form,
            dates=found.dates,
            overall=line(found.overall),
            dimensions=tuple(line(of, self.dimensions[id_]) for id_, of in found.dimensions.items()),
        )

    def _equally_urgent(self) -> int:
        named = [self.leading.dimensions[id_] for id_ in self.leading.priorities]
        if len(named) < 2 or len({(one.priority, one.score) for one in named}) > 1:
            return 0
        return len(named) + len(self.leading.tied)

    def _grid(self) -> Grid | None:
        layout = map_layout(self.questionnaire, self.document.form)
        if layout is None:
            return None

        def cell(row: str, column: str) -> Cell | None:
            asked = layout.cells.get((row, column))
            return Cell(tuple(self.questions[id_] for id_ in asked)) if asked else None

        return Grid(
            self._dimensions(layout.columns),
            tuple(
                GridRow(self.dimensions[row], tuple(cell(row, column) for column in layout.columns))
                for row in layout.rows
            ),
            tuple(self.questions[id_] for id_ in layout.beside),
        )

    def _priorities(self) -> tuple[PriorityReport, ...]:
        return tuple(
            PriorityReport(
                rank,
                self.dimensions[dimension],
                tuple(
                    self._step(step.question, step.from_level)
                    for step in self.leading.recommendations
                    if step.dimension == dimension
                ),
            )
            for rank, dimension in enumerate(self.leading.priorities, start=1)
        )

    def _step(self, id_: str, from_level: int) -> StepReport:
        step = self.questionnaire.question(id_).steps[from_level - 1]
        text = self.wording.questions[id_].recommendations[from_level - 1]
        return StepReport(self.questions[id_], from_level, from_level + 1, text, step.effort, step.way)

    def _flags(self) -> tuple[FlagReport, ...]:
        """What the scorecard flags, but for what would tell of one person in a team.

        Blind spots in one sentence, only of scored dimensions: it speaks of a score.
        """
        views, people = self.document.modules.front_back_office, len(self.document.respondents)
        hidden = set() if barrier_may_be_told(views, people) else {"back_office_barrier"}
        flags = [
            FlagReport(id_, self.wording.flags[id_])
            for id_ in self.leading.flags
            if ":" not in id_ and id_ not in hidden
        ]
        of_dimensions = [flag.partition(":") for flag in self.leading.flags if ":" in flag]
        for name in dict.fromkeys(name for name, _, _ in of_dimensions):
            scored = [
                self.wording.dimensions[dimension].name
                for its, _, dimension in of_dimensions
                if its == name and self.leading.dimensions[dimension].score is not None
            ]
            if scored:
                flags.append(FlagReport(name, self.wording.flags[name].replace("{dimension}", ", ".join(scored))))
        return tuple(flags)


def _agreed_working(
    agreed: DimensionScore, questions: Sequence[QuestionReport], levels: Mapping[str, QuestionLevel]
) -> AgreedWorking | None:
    """None also where no level of its own was agreed on: it is then worked out as it was."""
    if not any(question.agreed for question in questions):
        return None
    if agreed.score is None or agreed.stage is None or agreed.gap is None or agreed.priority is None:
        return None
    put_in = [(question, levels[question.id]) for question in questions]
    known = [level for _, level in put_in if isinstance(level, Fraction)]
    return AgreedWorking(
        levels=tuple((question, level if isinstance(level, Fraction) else None) for question, level in put_in),
        answered=len(known),
        total=sum(known, Fraction(0)),
        lowest=min(known),
        score=agreed.score,
        index=index(agreed.score),
        stage=agreed.stage,
        gap=agreed.gap,
        priority=agreed.priority,
    )


def _status(level: QuestionLevel) -> Status:
    if isinstance(level, Fraction):
        return "level"
    return "open" if level is None else level
