"""What a report says, as data: one frozen `Report` feeds the result page, the PDF and every export."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.core.answers.document import Action
from app.core.answers.modules import AfterReport, Basic, Channel, Cxm, Place, Profile, Touchpoint
from app.core.answers.values import Role
from app.core.questionnaire.model import BusinessStage, Effort, FormName, Way
from app.core.report.dot_plot import Dot
from app.core.report.role_comparison import OwnScores, Roles
from app.core.scoring.scorecard import Floor, NotScored
from app.core.team.spread import Spread

Status = Literal["level", "dont_know", "not_applicable", "open"]
TargetFrom = Literal["dimension", "document", "business_stage"]


@dataclass(frozen=True)
class DotStrip:
    """A team's levels or scores as dots on a line, each a person, nobody knows which. `apart`: a dot's width in levels.

    Without dots where only one person answers.
    """

    dots: tuple[Dot, ...]
    apart: Fraction

    @property
    def rows(self) -> int:
        """How many dots the highest stack has."""
        return max((dot.row for dot in self.dots), default=-1) + 1


@dataclass(frozen=True)
class QuestionReport:
    """One question with its answer. `level` is exact and None unless `status` is `level`.

    `anchor` is the wording of the level that somebody who answers alone chose; of a mean of several there is none, for
    nobody need have chosen it. `agreed_anchor` is that of the agreed level.

    `crossing` holds the full names of the dimensions it counts for, framework by framework. `evidence` is what its
    agreed level rests on. `spread` tells what was answered, and never by whom.
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
    spread: Spread
    strip: DotStrip
    to_discuss: bool
    agreed: int | None
    agreed_anchor: str | None
    evidence: str | None
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
class AgreedWorking:
    """How a dimension's agreed score comes about: its questions' levels with the agreed ones put in, and their sum."""

    levels: tuple[tuple[QuestionReport, Fraction | None], ...]
    answered: int
    total: Fraction
    lowest: Fraction
    score: Fraction
    index: Fraction
    stage: int
    gap: Fraction
    priority: Fraction


@dataclass(frozen=True)
class DimensionReport:
    """One discipline or pillar, and how its figures come about. See `DimensionScore` for what is None when.

    `rank` is 1-3 for a named priority; `total` is the sum of the levels that the score is the mean of. `own` has each
    respondent's own score, anonymous. `agreed_…` is the same from the agreed levels, None where there are none.
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
    own: OwnScores
    strip: DotStrip
    agreed_score: Fraction | None
    agreed_stage: StageReport | None
    agreed_gap: Fraction | None
    agreed_working: AgreedWorking | None


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
class Cell:
    """A crossing on the map: its questions, at least one, and the mean of their levels.

    Without a level it is what its questions are: unknown, if anybody does not know one of them, then open, else not
    applicable.
    """

    questions: tuple[QuestionReport, ...]

    @property
    def level(self) -> Fraction | None:
        """The exact mean of the levels there are."""
        levels = [question.level for question in self.questions if question.level is not None]
        return sum(levels, Fraction(0)) / len(levels) if levels else None

    @property
    def status(self) -> Status:
        """A level where any question has one."""
        told = [question.status for question in self.questions]
        ranked: tuple[Status, ...] = ("level", "dont_know", "open", "not_applicable")
        return next(status for status in ranked if status in told)


@dataclass(frozen=True)
class GridRow:
    """A row of the map: a dimension, and its crossing with each column's; None where nothing is asked."""

    dimension: DimensionReport
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Grid:
    """The map, where one can be drawn (see `crossings.map_layout`); questions in `beside` stand at no crossing."""

    columns: tuple[DimensionReport, ...]
    rows: tuple[GridRow, ...]
    beside: tuple[QuestionReport, ...]


@dataclass(frozen=True)
class TrendLine:
    """A dimension's score at each sitting, or the whole's (then `dimension` is None). See `trend.Line`."""

    dimension: DimensionReport | None
    scores: tuple[Fraction | None, ...]
    since_last: Fraction | None
    since_first: Fraction | None


@dataclass(frozen=True)
class TrendReport:
    """What became of the scores from sitting to sitting, on one form. See `trend.Trend`."""

    form_name: str
    rescored: bool
    on_form: int
    dates: tuple[datetime.date | None, ...]
    overall: TrendLine
    dimensions: tuple[TrendLine, ...]


@dataclass(frozen=True)
class CheckReport:
    """The touchpoint check, in the order asked. `service_basics` is the mean, None under four of the seven."""

    places: Mapping[Place, int]
    basics: Mapping[Basic, int]
    service_basics: Fraction | None


@dataclass(frozen=True)
class OfficesReport:
    """How front and back office are seen: means over those who rated, and how many did.

    A mean is None where nobody rated, or where it would tell one person's rating to a team. `took_for_cxm` counts what
    was taken for CXM; it and `channels` are empty under the same rule. `asked` is how many told something here.
    """

    asked: int
    front_office: Fraction | None
    front_office_by: int
    back_office: Fraction | None
    back_office_by: int
    channels: tuple[Channel, ...]
    took_for_cxm: Mapping[Cxm, int]


@dataclass(frozen=True)
class StakeReport:
    """Revenue x share, in whole units of the currency: a sum to think about, never a forecast.

    `largest` is the share that stands in the source as the upper end of what corporate managers estimated.
    """

    revenue: int
    share: Fraction
    currency: str | None
    amount: int
    largest: Fraction


@dataclass(frozen=True)
class Report:
    """Everything that the page and the paper say of one sitting.

    `equally_urgent` counts the priorities and those tied with them where all are equal, so that no order says anything;
    it is 0 where one stands out. `answered_by` counts the people who answered anything. `to_discuss`
    has the widest range first. `ways` has what the questionnaire calls the ways of building good experience, where it
    has words of its own, `importance` its question by which dimensions are weighed, `proposed_targets` what it proposes
    where no target is set: one level, or one by stage of business. What was not told beside the grid is None or empty.
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
    answered_by: int
    level_names: tuple[str, ...]
    level_meanings: tuple[str, ...]
    overall: OverallReport
    frameworks: tuple[FrameworkReport, ...]
    grid: Grid | None
    ways: Mapping[Way, str]
    importance: str | None
    proposed_targets: int | Mapping[BusinessStage, int]
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
    stop_doing: str | None
    role_views: Roles
    trend: TrendReport | None
    profile: Profile | None
    check: CheckReport | None
    journey: tuple[Touchpoint, ...]
    offices: OfficesReport | None
    at_stake: StakeReport | None
    after_report: AfterReport | None
    sources: Mapping[str, str]
    scored_from: int
    is_agreed: bool

    @property
    def dimensions(self) -> tuple[DimensionReport, ...]:
        """All dimensions, framework by framework."""
        return tuple(dimension for framework in self.frameworks for dimension in framework.dimensions)

    @property
    def parts(self) -> tuple[tuple[DimensionReport | None, tuple[QuestionReport, ...]], ...]:
        """Every question once, under its dimension of the first framework; those that have none last, under None."""
        of_first = [(dimension, dimension.questions) for dimension in self.frameworks[0].dimensions]
        placed = {question.id for _, questions in of_first for question in questions}
        rest = tuple(question for question in self.questions if question.id not in placed)
        return tuple((dimension, questions) for dimension, questions in [*of_first, (None, rest)] if questions)

    @property
    def unknown(self) -> tuple[QuestionReport, ...]:
        """The questions to which anybody said don't know; `blind` has those of which nobody knows more."""
        return tuple(question for question in self.questions if question.spread.dont_know)

    @property
    def is_team(self) -> bool:
        """Whether there is anybody to agree with."""
        return len(self.roles) > 1

    @property
    def is_first_impression(self) -> bool:
        """Whether the whole is not scored, so that priorities may still change with every answer (section 2)."""
        return (self.overall.agreed_score if self.is_agreed else self.overall.score) is None

    @property
    def carried_actions(self) -> tuple[Action, ...]:
        """What was taken over from the sitting before."""
        return tuple(action for action in self.actions if action.carried)

    @property
    def new_actions(self) -> tuple[Action, ...]:
        """What was decided on in this sitting."""
        return tuple(action for action in self.actions if not action.carried)
