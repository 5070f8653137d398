"""What goes into the keeping of cohorts and comes out of it: frozen values, named refusals."""

import datetime
from dataclasses import dataclass
from typing import Literal

from app.core.answers.values import Name, WholeLevel
from app.core.questionnaire.model import FormName, LanguageCode, Value
from app.store.secrets.codes import shown
from app.store.tables import Privacy, SharedRight

Right = Literal["own", "run", "read"]
"""What a facilitator may do: an owner everything, one who runs it all but sharing, one who reads nothing but look."""


class FixedOnceJoinedError(Exception):
    """Somebody has joined: the privacy and the questions stay as that one was told. Nothing was changed."""


class ReleasedError(Exception):
    """A confidential cohort that was closed gives one release, which nothing changes any more."""


class ConfidentialError(Exception):
    """Nobody but the organisations themselves touches single assessments of a confidential cohort."""


MergeReason = Literal["unfinished", "carried", "both_confidential"]


class CannotMergeError(Exception):
    """These two do not become one, or not this way round. Nothing was changed.

    `unfinished`: the one to be dropped has finished, the other has not. `carried`: the one to be dropped carries
    something from a confidential cohort, which is not for whoever holds the other's link. `both_confidential`: each
    has sat in a confidential cohort, and an organisation counts in one only.
    """

    def __init__(self, reason: MergeReason) -> None:
        super().__init__(reason)
        self.reason = reason


class InvitationUsedError(Exception):
    """The invitation was used before, or is not one to this cohort. Nothing was changed."""


class ToldOtherwiseError(Exception):
    """The cohort's privacy is no longer what the person was told before joining. Nothing was changed."""


class CohortPlan(Value):
    """What a facilitator says about a cohort; `date` is the workshop's."""

    name: Name
    date: datetime.date
    questionnaire: str
    edition: str
    form: FormName
    language: LanguageCode
    default_target: WholeLevel | None = None
    privacy: Privacy


class Cohort(CohortPlan):
    """One workshop or intake; times are in UTC."""

    id: str
    owner_id: str
    join_code: str
    code_expires_at: datetime.datetime
    is_demo: bool
    created_at: datetime.datetime
    closed_at: datetime.datetime | None
    archived_at: datetime.datetime | None
    held_at: datetime.datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether whoever has joined still answers."""
        return self.closed_at is None

    @property
    def lets_in(self) -> bool:
        """Whether organisations still join: it is neither closed nor archived."""
        return self.is_open and self.archived_at is None

    @property
    def is_confidential(self) -> bool:
        """Whether it shows averages of five or more only, and those once it is closed."""
        return self.privacy == "confidential"

    @property
    def is_held(self) -> bool:
        """Whether it releases nothing until the operator decides: a restore may have opened it again."""
        return self.held_at is not None

    @property
    def shown_code(self) -> str:
        """The join code as it is read and spoken: two groups of four."""
        return shown(self.join_code)


@dataclass(frozen=True)
class CohortInHand:
    """A cohort, and what the facilitator who has it before them may do with it."""

    cohort: Cohort
    right: Right


@dataclass(frozen=True)
class Member:
    """An organisation in an open cohort. `respondent_owner`: whose private link may be made anew.

    `people` counts those who answer for it. Of one that has withdrawn the rest is no longer the cohort's: its name is
    that of then, and nothing is counted.
    """

    assessment: str
    respondent_owner: str
    organisation: str
    joined_at: datetime.datetime
    questions_answered: int | None
    finished_at: datetime.datetime | None
    withdrawn_at: datetime.datetime | None
    people: int = 1
    people_finished: int = 0

    @property
    def is_team(self) -> bool:
        """Whether several people answer for it."""
        return self.people > 1

    @property
    def answered(self) -> bool:
        """Whether there is an answer at all."""
        return bool(self.questions_answered)


@dataclass(frozen=True)
class CohortProgress:
    """How many organisations there are, how many of them have an answer, how many are finished."""

    joined: int
    answered: int
    finished: int


__all__ = [
    "CannotMergeError",
    "Cohort",
    "CohortInHand",
    "CohortPlan",
    "CohortProgress",
    "ConfidentialError",
    "FixedOnceJoinedError",
    "InvitationUsedError",
    "Member",
    "Privacy",
    "ReleasedError",
    "Right",
    "SharedRight",
    "ToldOtherwiseError",
]
