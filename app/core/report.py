"""What a report says, as data: one frozen `Report` feeds the result page, the PDF and every export."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.core.answers import Action, BusinessStage
from app.core.given import Answer, Role
from app.core.questionnaire import Effort, FormName, Way
from app.core.scoring import Floor, NotScored

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
