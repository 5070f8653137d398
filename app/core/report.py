"""What a report says, as data: one frozen `Report` feeds the result page, the PDF and every export."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal

from app.core.answers import Action, Answer, AnswerDocument, BusinessStage, Role
from app.core.questionnaire import HIGHEST_LEVEL, Effort, FormName, Questionnaire, Way, Wording
from app.core.scoring import DimensionScore, Floor, NotScored, Overall, Scorecard, index
from app.core.team import QuestionLevel

Status = Literal["level", "dont_know", "not_applicable", "open"]
TargetFrom = Literal["dimension", "document", "business_stage"]


@dataclass(frozen=True)
class Given:
    """What one respondent answered at a question; None is open."""

    role: Role
    answer: Answer | None


@dataclass(frozen=True)
class QuestionReport:
    """One question with its answer. `level` is exact and None unless `status` is `level`; `anchor` is its wording.

    `crossing` holds the full names of the dimensions it counts for, framework by framework.
    """

    id: str
    text: str
    why: str
    anchors: tuple[str, ...]
    source: str
    counts_for: tuple[str, ...]
    crossing: tuple[str, ...]
    status: Status
    level: Fraction | None
    anchor: str | None
    given: tuple[Given, ...]
    to_discuss: bool
    agreed: int | None
    is_priority: bool


@dataclass(frozen=True)
class StageReport:
    """A stage 1-5 with its name and meaning; `lowest` is below `number` where blind spots leave a range."""

    number: int
    name: str
    meaning: str
    lowest: int
    lowest_name: str


@dataclass(frozen=True)
class DimensionReport:
    """One discipline or pillar, and how its figures come about. See `DimensionScore` for what is None when.

    `rank` is 1-3 for a named priority; `total` is the sum of the levels that the score is the mean of.
    """

    id: str
    name: str
    short: str
    about: str
    word: str | None
    score: Fraction | None
    index: Fraction | None
    stage: StageReport | None
    held_down_by: tuple[QuestionReport, ...]
    not_scored: NotScored | None
    answered: int
    applicable: int
    dont_know: int
    open: int
    blind_spots: Fraction | None
    target: int
    target_from: TargetFrom
    gap: Fraction | None
    importance: int
    priority: Fraction | None
    floor: Floor
    rank: int | None
    total: Fraction | None
    lowest: Fraction | None
    questions: tuple[QuestionReport, ...]
    agreed_score: Fraction | None


@dataclass(frozen=True)
class FrameworkReport:
    """A framework's dimensions in order."""

    id: str
    name: str
    one: str
    about: str
    dimensions: tuple[DimensionReport, ...]


@dataclass(frozen=True)
class StepReport:
    """One recommendation: what to do at a question to climb from one level to the next."""

    question: QuestionReport
    from_level: int
    to_level: int
    text: str
    effort: Effort
    way: Way


@dataclass(frozen=True)
class HolderReport:
    """A question whose low level holds down dimensions that hold down the whole: its whole level, and the step from it.

    The step starts at the agreed level where there is one, so it is None where that is the highest.
    """

    question: QuestionReport
    level: int
    dimensions: tuple[DimensionReport, ...]
    step: StepReport | None


@dataclass(frozen=True)
class OverallReport:
    """The whole. `questions` counts the form's questions, the four counts below it add up to it.

    What holds it down is told apart: single questions that hold their dimensions' stages below the scores there, and
    dimensions whose own score is as low.
    """

    score: Fraction | None
    index: Fraction | None
    stage: StageReport | None
    held_down_by: tuple[DimensionReport, ...]
    blind_spots: Fraction | None
    floor: Floor
    total: Fraction | None
    questions: int
    answered: int
    dont_know: int
    not_applicable: int
    open: int
    lowest_stage: int | None
    agreed_score: Fraction | None
    agreed_stage: StageReport | None
    held_down_by_questions: tuple[HolderReport, ...]
    held_down_throughout: tuple[DimensionReport, ...]


@dataclass(frozen=True)
class PriorityReport:
    """A named priority and its steps, weakest question first; a question stands once, under its first priority."""

    rank: int
    dimension: DimensionReport
    steps: tuple[StepReport, ...]


@dataclass(frozen=True)
class FlagReport:
    """A contradiction or blind spot that the figures alone would hide, in words."""

    id: str
    sentence: str


@dataclass(frozen=True)
class GridRow:
    """A row of the map: a dimension of the first framework, and its crossings with each of the second's."""

    dimension: DimensionReport
    cells: tuple[QuestionReport | None, ...]


@dataclass(frozen=True)
class Grid:
    """The map, where a questionnaire has exactly two frameworks."""

    columns: tuple[DimensionReport, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True)
class Report:
    """Everything that the page and the paper say of one sitting.

    `equally_urgent` counts the priorities and those tied with them where all are equal, so that no order says anything;
    it is 0 where one stands out.
    """

    title: str
    organisation: str
    language: str
    questionnaire: str
    edition: str
    form: FormName
    form_name: str
    business_stage: BusinessStage
    date: datetime.date | None
    roles: tuple[Role, ...]
    level_names: tuple[str, ...]
    level_meanings: tuple[str, ...]
    overall: OverallReport
    frameworks: tuple[FrameworkReport, ...]
    grid: Grid | None
    questions: tuple[QuestionReport, ...]
    priorities: tuple[PriorityReport, ...]
    tied: tuple[DimensionReport, ...]
    equally_urgent: int
    by_gap: tuple[DimensionReport, ...]
    find_out_first: tuple[DimensionReport, ...]
    not_scored: tuple[DimensionReport, ...]
    blind: tuple[QuestionReport, ...]
    missing: tuple[QuestionReport, ...]
    to_discuss: tuple[QuestionReport, ...]
    flags: tuple[FlagReport, ...]
    actions: tuple[Action, ...]
    sources: Mapping[str, str]
    scored_from: int
    is_agreed: bool

    @property
    def dimensions(self) -> tuple[DimensionReport, ...]:
        """All dimensions, framework by framework."""
        return tuple(dimension for framework in self.frameworks for dimension in framework.dimensions)


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
            questions=questions,
            priorities=self._priorities(),
            tied=self._dimensions(self.leading.tied),
            equally_urgent=self._equally_urgent(),
            by_gap=self._dimensions(self.leading.by_gap),
            find_out_first=self._dimensions(self.leading.find_out_first),
            not_scored=tuple(dimension for dimension in self.dimensions.values() if dimension.not_scored),
            blind=tuple(question for question in questions if question.status == "dont_know"),
            missing=tuple(question for question in questions if question.status == "open"),
            to_discuss=tuple(self.questions[id_] for id_ in card.to_discuss),
            flags=self._flags(),
            actions=document.actions,
            sources=wording.sources,
            scored_from=self.questionnaire.forms[document.form].scored_from,
            is_agreed=card.agreed is not None,
        )

    def _dimensions(self, ids: Sequence[str]) -> tuple[DimensionReport, ...]:
        return tuple(self.dimensions[id_] for id_ in ids)

    def _question(self, id_: str) -> QuestionReport:
        question, words, level = self.questionnaire.question(id_), self.wording.questions[id_], self.card.levels[id_]
        known = level if isinstance(level, Fraction) else None
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
            anchor=None if known is None else words.levels[floor(known) - 1],
            given=tuple(
                Given(respondent.role, respondent.answers.get(id_)) for respondent in self.document.respondents
            ),
            to_discuss=id_ in self.card.to_discuss,
            agreed=self.document.agreed.get(id_),
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
        agreed = self.card.agreed.dimensions[score.id].score if self.card.agreed else None
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
            agreed_score=agreed,
        )

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

    def _equally_urgent(self) -> int:
        named = [self.leading.dimensions[id_] for id_ in self.leading.priorities]
        if len(named) < 2 or len({(one.priority, one.score) for one in named}) > 1:
            return 0
        return len(named) + len(self.leading.tied)

    def _grid(self) -> Grid | None:
        if len(self.questionnaire.frameworks) != 2:
            return None
        rows, columns = self.questionnaire.frameworks
        return Grid(
            self._dimensions(columns.dimensions),
            tuple(
                GridRow(self.dimensions[row], tuple(self._crossing(row, column) for column in columns.dimensions))
                for row in rows.dimensions
            ),
        )

    def _crossing(self, row: str, column: str) -> QuestionReport | None:
        """The first of the form's questions that counts for both."""
        crossed = {row, column}
        return next((one for one in self.questions.values() if crossed <= set(one.counts_for)), None)

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
        """What the scorecard flags; blind spots in one sentence, only of scored dimensions: it speaks of a score."""
        flags = [FlagReport(id_, self.wording.flags[id_]) for id_ in self.leading.flags if ":" not in id_]
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


def _status(level: QuestionLevel) -> Status:
    if isinstance(level, Fraction):
        return "level"
    return "open" if level is None else level
