"""What the API takes and gives: every object by name, so that the description is exact."""

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.answers.values import Name, WholeLevel, WorkshopDay
from app.core.cohort import release
from app.core.questionnaire.model import FormName, LanguageCode, Value
from app.core.scoring.scorecard import NotScored
from app.store.cohorts import CohortInHand, CohortProgress, Member, Privacy, Right


class Told(BaseModel):
    """What is given: frozen, and nothing beside what is described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fault(Told):
    """Why a call was refused: `code` for programs, `message` for people."""

    code: str
    message: str


class Refused(Told):
    """What every refusal is."""

    error: Fault


class NewCohort(Value):
    """A cohort to be made. It is of the newest edition of its questionnaire, and can be joined at once."""

    name: Name
    date: WorkshopDay = Field(description="The workshop's day, from 2000 to 2100.")
    questionnaire: str
    form: FormName
    language: LanguageCode
    privacy: Privacy = Field(
        description="`open`: the facilitator sees each organisation. `confidential`: averages of five or more only, "
        "once, at the closing. Fixed once somebody has joined."
    )
    default_target: WholeLevel | None = None


class Cohort(Told):
    """A cohort, and what the token's account may do with it; times are in UTC."""

    id: str
    name: str
    date: datetime.date
    questionnaire: str
    edition: str
    form: FormName
    language: str
    privacy: Privacy
    default_target: int | None
    is_demo: bool
    created_at: datetime.datetime
    closed_at: datetime.datetime | None
    archived_at: datetime.datetime | None
    join_code: str
    join_link: str
    code_expires_at: datetime.datetime
    right: Right

    @classmethod
    def of(cls, held: CohortInHand, origin: str) -> "Cohort":
        """The cohort, joined at this server's address `origin`."""
        given = held.cohort.model_dump(exclude={"owner_id", "held_at"})
        return cls(**given, join_link=f"{origin}/join/{held.cohort.join_code}", right=held.right)


class Cohorts(Told):
    """Cohorts, the latest workshop first."""

    cohorts: list[Cohort]


class Progress(Told):
    """How many organisations have joined, have an answer, have finished; those that withdrew do not count."""

    joined: int
    answered: int
    finished: int

    @classmethod
    def of(cls, progress: CohortProgress) -> "Progress":
        """The same figures as on the page."""
        return cls(joined=progress.joined, answered=progress.answered, finished=progress.finished)


State = Literal["joined", "answering", "finished", "withdrawn"]


class Assessment(Told):
    """An organisation of an open cohort, and how far it is; of one that has withdrawn its name of then alone."""

    id: str
    organisation: str
    state: State
    questions_answered: int | None
    joined_at: datetime.datetime
    finished_at: datetime.datetime | None

    @classmethod
    def of(cls, member: Member) -> "Assessment":
        """The same as on the cohort's desk."""
        return cls(
            id=member.assessment,
            organisation=member.organisation,
            state=_state(member),
            questions_answered=member.questions_answered,
            joined_at=member.joined_at,
            finished_at=member.finished_at,
        )


def _state(member: Member) -> State:
    if member.withdrawn_at is not None:
        return "withdrawn"
    if member.finished_at is not None:
        return "finished"
    return "answering" if member.answered else "joined"


class Imported(Told):
    """What was imported. The organisation's private link is told this once."""

    assessment: Assessment
    private_link: str


class Assessments(Told):
    """The organisations of an open cohort, in order of joining."""

    assessments: list[Assessment]


class Floor(Told):
    """Score and stage if every `dont_know` and every open question were a level 1."""

    score: float | None
    stage: int | None


class Overall(Told):
    """The whole of a scorecard."""

    score: float | None
    index: float | None
    stage: int | None
    held_down_by: list[str]
    blind_spots: float | None
    floor: Floor


class Dimension(Told):
    """A discipline or pillar of a scorecard; `not_scored` says why there is no score, where there is none."""

    score: float | None
    index: float | None
    stage: int | None
    held_down_by: list[str]
    answered: int
    applicable: int
    dont_know: int
    blind_spots: float | None
    target: int
    gap: float | None
    importance: int
    priority: float | None
    floor: Floor
    not_scored: NotScored | None = None


class Step(Told):
    """The step to take next at a question."""

    question: str
    dimension: str
    from_level: int = Field(alias="from")
    to_level: int = Field(alias="to")


class Scorecard(Told):
    """Everything that follows from one answer document. No number is rounded; null is what is not scored."""

    overall: Overall
    dimensions: dict[str, Dimension]
    grid: dict[str, float | None]
    priorities: list[str]
    tied: list[str]
    by_gap: list[str]
    find_out_first: list[str]
    to_discuss: list[str]
    flags: list[str]
    recommendations: list[Step]
    agreed: "Scorecard | None"


class OrganisationScorecard(Told):
    """A finished organisation of an open cohort."""

    assessment: str
    organisation: str
    scorecard: Scorecard


class Scorecards(Told):
    """The finished organisations of an open cohort, in order of joining."""

    scorecards: list[OrganisationScorecard]


class Summary(Told):
    """A dimension, or the whole, over the `n` organisations scored; quartiles as numpy has them, `sd` with n - 1."""

    n: int
    mean: float | None
    median: float | None
    q1: float | None
    q3: float | None
    sd: float | None


class CohortSummary(Told):
    """An open cohort of `n` finished organisations."""

    n: int
    overall: Summary
    dimensions: dict[str, Summary]


class Average(Told):
    """A released mean, to one decimal; where it has a `bound`, all that is told is that it lies under or over that.

    Means near an end of the scale have a bound; the fewer the organisations, the sooner.
    """

    mean: float
    bound: Literal["under", "over"] | None = None

    @classmethod
    def of(cls, average: release.Average) -> "Average":
        """As it was released."""
        mean = float(average.value)
        return cls(mean=mean, bound=average.bound) if average.bound else cls(mean=mean)


class Release(Told):
    """All that is ever given of a confidential cohort: means over the same `n` organisations, frozen at its closing.

    `held_back` is there where not all means are told, because somebody could work out how a single organisation scored:
    `overlapping`, all but the first framework's dimensions; `everything`, all.
    """

    n: int
    overall: Average | None
    dimensions: dict[str, Average]
    held_back: release.HeldBack | None = None

    @classmethod
    def of(cls, released: release.Release) -> "Release":
        """As it was released."""
        dimensions = {id_: Average.of(mean) for id_, mean in released.dimensions.items()}
        overall = Average.of(released.overall) if released.overall else None
        if released.held_back:
            return cls(n=released.n, overall=overall, dimensions=dimensions, held_back=released.held_back)
        return cls(n=released.n, overall=overall, dimensions=dimensions)


class ReleasedFile(Release):
    """A release with what it was measured by."""

    questionnaire: str
    edition: str
    form: FormName


class Difference(Told):
    """Second cohort minus first; what is null has its reason in `note`."""

    mean_difference: float | None
    interval: tuple[float, float] | None
    hedges_g: float | None
    p: float | None
    p_holm: float | None
    note: str | None


class Comparison(Told):
    """Two to six cohorts in the order asked for; differences are there for exactly two open ones."""

    cohorts: list[CohortSummary | Release]
    differences: dict[str, Difference] | None
    overall: Difference | None
