"""What is said of a cohort, as data: all about an open one, a confidential one's release alone (section 4)."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.cohort.overview import Coherence, Count, Distribution, Overview, Ranking, overview
from app.core.cohort.release import RELEASED_FROM, Average, HeldBack, Release, Standing, State
from app.core.questionnaire.map_layout import map_layout
from app.core.questionnaire.model import FormName, Questionnaire, Wording
from app.core.report.dot_plot import Strip, strip
from app.core.scoring.scorecard import Scorecard


@dataclass(frozen=True)
class CohortFacts:
    """Which cohort, and how far it is: what may always be said."""

    id: str
    name: str
    date: datetime.date
    is_confidential: bool
    is_closed: bool
    is_demo: bool
    joined: int
    answered: int
    finished: int


@dataclass(frozen=True)
class Frame:
    """The questionnaire that a cohort sat, in the report's language."""

    language: str
    title: str
    edition: str
    form: FormName
    form_name: str
    level_names: tuple[str, ...]
    sources: Mapping[str, str]
    scored_from: int
    questions: int


@dataclass(frozen=True)
class DimensionInCohort:
    """A discipline or pillar over an open cohort. `mean_gap` is over those scored."""

    id: str
    name: str
    short: str
    about: str
    word: str | None
    strip: Strip
    mean_gap: Fraction | None
    coherence: Coherence


@dataclass(frozen=True)
class FrameworkInCohort:
    """A framework's dimensions in order."""

    id: str
    name: str
    dimensions: tuple[DimensionInCohort, ...]


@dataclass(frozen=True)
class QuestionInCohort:
    """A question over an open cohort: the exact mean of the `n` organisations that have a level; None of none.

    `crossing` holds the full names of the dimensions it counts for.
    """

    id: str
    text: str
    anchors: tuple[str, ...]
    crossing: tuple[str, ...]
    mean: Fraction | None
    n: int
    distribution: Distribution


@dataclass(frozen=True)
class CohortCell:
    """A crossing on the map: its questions, and the exact mean of the `n` organisations that have a level at any."""

    questions: tuple[QuestionInCohort, ...]
    mean: Fraction | None
    n: int


@dataclass(frozen=True)
class CohortRow:
    """A row of the map: a dimension, and its crossing with each column's; None where nothing is asked."""

    dimension: DimensionInCohort
    cells: tuple[CohortCell | None, ...]


@dataclass(frozen=True)
class CohortGrid:
    """The map of means, where one can be drawn (see `crossings.map_layout`); `beside` stand at no crossing."""

    columns: tuple[DimensionInCohort, ...]
    rows: tuple[CohortRow, ...]
    beside: tuple[QuestionInCohort, ...]


@dataclass(frozen=True)
class Ranked:
    """At most three dimensions, and those that equal the third exactly."""

    named: tuple[DimensionInCohort, ...]
    tied: tuple[DimensionInCohort, ...]


@dataclass(frozen=True)
class DimensionCount:
    """Of how many organisations something holds in a dimension."""

    dimension: DimensionInCohort
    organisations: int


@dataclass(frozen=True)
class QuestionCount:
    """Of how many organisations something holds at a question."""

    question: QuestionInCohort
    organisations: int


@dataclass(frozen=True)
class Organisation:
    """One organisation of an open cohort, with its scores in the dimensions' order; None where not scored."""

    assessment: str
    name: str
    overall: Fraction | None
    scores: tuple[Fraction | None, ...]


@dataclass(frozen=True)
class OpenReport:
    """Everything that page and paper say of an open cohort. Its finished organisations stand in order of joining."""

    cohort: CohortFacts
    frame: Frame
    n: int
    overall: Strip
    frameworks: tuple[FrameworkInCohort, ...]
    grid: CohortGrid | None
    questions: tuple[QuestionInCohort, ...]
    strengths: Ranked
    weaknesses: Ranked
    gaps: Ranked
    priorities: tuple[DimensionCount, ...]
    blind_spots: tuple[DimensionCount, ...]
    unknown: tuple[QuestionCount, ...]
    organisations: tuple[Organisation, ...]

    @property
    def dimensions(self) -> tuple[DimensionInCohort, ...]:
        """All dimensions, framework by framework."""
        return tuple(dimension for framework in self.frameworks for dimension in framework.dimensions)


@dataclass(frozen=True)
class ReleasedDimension:
    """A dimension's released mean."""

    id: str
    name: str
    short: str
    average: Average


@dataclass(frozen=True)
class ReleasedFramework:
    """A framework's released means in order."""

    id: str
    name: str
    dimensions: tuple[ReleasedDimension, ...]


@dataclass(frozen=True)
class Released:
    """The release: `n` organisations, the whole, and every dimension; what is held back is not there."""

    n: int
    overall: Average | None
    frameworks: tuple[ReleasedFramework, ...]
    held_back: HeldBack | None


@dataclass(frozen=True)
class ConfidentialReport:
    """All that page and paper may say of a confidential cohort.

    `state` says why there is nothing in `released`, where that is so: before the closing, say, or after it where fewer
    than `released_from` are scored throughout.
    """

    cohort: CohortFacts
    frame: Frame
    released_from: int
    state: State
    released: Released | None


@dataclass(frozen=True)
class Sitting:
    """A finished organisation of an open cohort, scored."""

    assessment: str
    organisation: str
    card: Scorecard


def compose_open(
    questionnaire: Questionnaire, form: FormName, cohort: CohortFacts, sittings: Sequence[Sitting], language: str
) -> OpenReport:
    """The report of an open cohort in `language`, or in the edition's first where it lacks that one."""
    cards = [sitting.card for sitting in sittings]
    told = overview(questionnaire, cards)
    composer = _Composer(questionnaire, questionnaire.wording(language), told)
    dimensions = composer.dimensions
    return OpenReport(
        cohort=cohort,
        frame=frame_of(questionnaire, form, language),
        n=told.summary.n,
        overall=strip(told.summary.overall, told.summary.n),
        frameworks=tuple(
            FrameworkInCohort(
                framework.id,
                composer.wording.frameworks[framework.id].name,
                tuple(dimensions[id_] for id_ in framework.dimensions),
            )
            for framework in questionnaire.frameworks
        ),
        grid=composer.grid(form, cards),
        questions=tuple(composer.questions.values()),
        strengths=composer.ranked(told.strengths),
        weaknesses=composer.ranked(told.weaknesses),
        gaps=composer.ranked(told.gaps),
        priorities=composer.counted(told.priorities),
        blind_spots=composer.counted(told.blind_spots),
        unknown=tuple(QuestionCount(composer.questions[one.id], one.organisations) for one in told.unknown),
        organisations=tuple(
            Organisation(
                sitting.assessment,
                sitting.organisation,
                sitting.card.overall.score,
                tuple(sitting.card.dimensions[id_].score for id_ in dimensions),
            )
            for sitting in sittings
        ),
    )


def compose_confidential(
    questionnaire: Questionnaire, form: FormName, cohort: CohortFacts, standing: Standing, language: str
) -> ConfidentialReport:
    """The report of a confidential cohort: nothing goes into it but how its release stands."""
    release = standing.release
    return ConfidentialReport(
        cohort=cohort,
        frame=frame_of(questionnaire, form, language),
        released_from=RELEASED_FROM,
        state=standing.state,
        released=None if release is None else released_in_words(questionnaire, release, language),
    )


def released_in_words(questionnaire: Questionnaire, release: Release, language: str) -> Released:
    """The release with its dimensions' names."""
    wording = questionnaire.wording(language)

    def told(id_: str) -> ReleasedDimension:
        words = wording.dimensions[id_]
        return ReleasedDimension(id_, words.name, words.short, release.dimensions[id_])

    return Released(
        n=release.n,
        overall=release.overall,
        frameworks=tuple(
            ReleasedFramework(
                framework.id,
                wording.frameworks[framework.id].name,
                tuple(told(id_) for id_ in framework.dimensions if id_ in release.dimensions),
            )
            for framework in questionnaire.frameworks
            if not release.dimensions.keys().isdisjoint(framework.dimensions)
        ),
        held_back=release.held_back,
    )


def frame_of(questionnaire: Questionnaire, form: FormName, language: str) -> Frame:
    """What the cohort sat, in words."""
    wording = questionnaire.wording(language)
    return Frame(
        language=language if language in questionnaire.wordings else questionnaire.languages[0],
        title=wording.title,
        edition=questionnaire.edition,
        form=form,
        form_name=wording.forms[form].name,
        level_names=wording.levels,
        sources=wording.sources,
        scored_from=questionnaire.forms[form].scored_from,
        questions=len(questionnaire.in_form(form)),
    )


class _Composer:
    """Holds what every part of one report needs."""

    def __init__(self, questionnaire: Questionnaire, wording: Wording, told: Overview) -> None:
        self.questionnaire = questionnaire
        self.wording = wording
        self.told = told
        self.dimensions = {id_: self._dimension(id_) for id_ in questionnaire.dimensions}
        self.questions = {id_: self._question(id_) for id_ in told.questions}

    def ranked(self, ranking: Ranking) -> Ranked:
        return Ranked(
            tuple(self.dimensions[id_] for id_ in ranking.named), tuple(self.dimensions[id_] for id_ in ranking.tied)
        )

    def counted(self, counts: Sequence[Count]) -> tuple[DimensionCount, ...]:
        return tuple(DimensionCount(self.dimensions[one.id], one.organisations) for one in counts)

    def grid(self, form: FormName, cards: Sequence[Scorecard]) -> CohortGrid | None:
        layout = map_layout(self.questionnaire, form)
        if layout is None or not self.questions:
            return None

        def cell(row: str, column: str) -> CohortCell | None:
            asked = layout.cells.get((row, column))
            return self._cell(asked, cards) if asked else None

        return CohortGrid(
            tuple(self.dimensions[id_] for id_ in layout.columns),
            tuple(
                CohortRow(self.dimensions[row], tuple(cell(row, column) for column in layout.columns))
                for row in layout.rows
            ),
            tuple(self.questions[id_] for id_ in layout.beside),
        )

    def _cell(self, asked: Sequence[str], cards: Sequence[Scorecard]) -> CohortCell:
        """Each organisation counts once, with the mean of its levels at the crossing."""
        means = []
        for card in cards:
            levels = [level for id_ in asked if isinstance(level := card.levels[id_], Fraction)]
            if levels:
                means.append(sum(levels, Fraction(0)) / len(levels))
        return CohortCell(
            tuple(self.questions[id_] for id_ in asked),
            sum(means, Fraction(0)) / len(means) if means else None,
            len(means),
        )

    def _dimension(self, id_: str) -> DimensionInCohort:
        words, summary = self.wording.dimensions[id_], self.told.summary
        return DimensionInCohort(
            id=id_,
            name=words.name,
            short=words.short,
            about=words.about,
            word=words.word,
            strip=strip(summary.dimensions[id_], summary.n),
            mean_gap=self.told.mean_gaps[id_],
            coherence=self.told.coherence[id_],
        )

    def _question(self, id_: str) -> QuestionInCohort:
        words, found = self.wording.questions[id_], self.told.questions[id_]
        counts_for = self.questionnaire.question(id_).counts_for
        return QuestionInCohort(
            id=id_,
            text=words.question,
            anchors=words.levels,
            crossing=tuple(self.wording.dimensions[dimension].name for dimension in counts_for),
            mean=found.mean,
            n=found.n,
            distribution=found.distribution,
        )
