"""What goes into the keeping of assessments and comes out of it: frozen values, named refusals."""

from dataclasses import dataclass
from datetime import datetime

from app.core.answers.document import Action
from app.core.answers.modules import FieldValue, Touchpoint
from app.core.answers.values import Answer, Name, Role, WholeLevel
from app.core.questionnaire.model import BusinessStage, FormName, LanguageCode, Value
from app.store.secrets.codes import shown
from app.store.tables import Shown


class GoneError(LookupError):
    """The assessment is no longer there (erased meanwhile), or never was."""


class ClosedError(Exception):
    """The cohort is closed: nobody joins it, and nobody's answers in it change any more. Nothing was changed."""


class ChangedElsewhereError(Exception):
    """Somebody saved another answer since this one was seen: `stored`. Nothing was changed; the person chooses."""

    def __init__(self, stored: "StoredAnswer") -> None:
        super().__init__("the answer was changed elsewhere")
        self.stored = stored


class FullError(Exception):
    """There are as many as there may be: members, touchpoints, actions, shared links. Nothing was changed."""


class AgreedElsewhereError(Exception):
    """Somebody agreed otherwise since this was seen: on `stored`. Nothing was changed; the team chooses."""

    def __init__(self, stored: "Agreed | None") -> None:
        super().__init__("the agreed level was changed elsewhere")
        self.stored = stored


class FieldChangedError(Exception):
    """Somebody saved another value since the field was seen: `stored`. Nothing was changed; the person chooses."""

    def __init__(self, stored: FieldValue | None) -> None:
        super().__init__("the field was changed elsewhere")
        self.stored = stored


class TouchpointChangedError(Exception):
    """Somebody changed the touchpoint since it was seen: to `stored`. Nothing was changed; the person chooses."""

    def __init__(self, stored: "KeptTouchpoint") -> None:
        super().__init__("the touchpoint was changed elsewhere")
        self.stored = stored


class ActionChangedError(Exception):
    """Somebody changed the action since it was seen: to `stored`. Nothing was changed; the person chooses."""

    def __init__(self, stored: "KeptAction") -> None:
        super().__init__("the action was changed elsewhere")
        self.stored = stored


class FollowedError(Exception):
    """Another sitting has been begun that follows this one: `by`, their ids. Nothing was changed."""

    def __init__(self, by: tuple[str, ...]) -> None:
        super().__init__("the assessment is followed already")
        self.by = by


class CountedElsewhereError(Exception):
    """The organisation counts in a confidential cohort already, and may in one only. Nothing was changed."""


class Beginning(Value):
    """What is said before the first question."""

    questionnaire: str
    edition: str
    form: FormName
    organisation: Name
    language: LanguageCode
    business_stage: BusinessStage
    role: Role
    default_target: WholeLevel | None = None


class Details(Value):
    """What may be said anew later; None leaves it as it is. The role is the respondent's, the rest the assessment's."""

    organisation: Name | None = None
    business_stage: BusinessStage | None = None
    language: LanguageCode | None = None
    role: Role | None = None


class Sitting(Value):
    """An assessment without its answers; times are in UTC.

    `cohort_id`: the cohort that it belongs to, and from which it has withdrawn where `withdrawn_at` says so.
    `team_code`: by which colleagues join, unless it is too old (`team` asks). `previous_id`: the sitting it follows.
    """

    id: str
    questionnaire: str
    edition: str
    form: FormName
    organisation: str
    language: str
    business_stage: BusinessStage
    default_target: int | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    cohort_id: str | None = None
    joined_at: datetime | None = None
    withdrawn_at: datetime | None = None
    team_code: str | None = None
    previous_id: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a respondent sits; `token` is the private link's secret, told only here and kept only as a hash."""

    assessment: str
    respondent: str
    token: str


@dataclass(frozen=True)
class Membership:
    """Whom a private link belongs to."""

    assessment: str
    respondent: str
    is_owner: bool
    role: Role
    finished_at: datetime | None


@dataclass(frozen=True)
class Member:
    """A person in the team, without a name; `finished_at` is of their own answers."""

    respondent: str
    seat: int
    is_owner: bool
    role: Role
    finished_at: datetime | None


@dataclass(frozen=True)
class Team:
    """Who answers together, the owner first. `code`: by which more may join until then; None where none holds."""

    code: str | None
    code_expires_at: datetime | None
    members: tuple[Member, ...]

    @property
    def shown_code(self) -> str:
        """The code as it is read and spoken; empty where there is none."""
        return shown(self.code) if self.code else ""


@dataclass(frozen=True)
class Agreed:
    """A level that the respondents agreed on, and what it rests on."""

    level: int
    evidence: str | None = None


@dataclass(frozen=True)
class StoredAnswer:
    """What is kept for one question; `answer` is None where it is open. The revision rises with every change."""

    answer: Answer | None
    revision: int
    saved_at: datetime


@dataclass(frozen=True)
class KeptTouchpoint:
    """A touchpoint as it is kept; its revision rises with every change of what it says."""

    id: str
    revision: int
    touchpoint: Touchpoint


@dataclass(frozen=True)
class KeptAction:
    """An action as it is kept; its revision rises with every change. `confidential`: no facilitator is shown it."""

    id: str
    revision: int
    action: Action
    confidential: bool = False


@dataclass(frozen=True)
class Share:
    """A link by which others read along, as its owner sees it: without its token."""

    id: str
    what: Shown
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Shared:
    """What somebody who holds a shared link may read: the `what` of the assessment."""

    id: str
    assessment: str
    what: Shown


@dataclass(frozen=True)
class FoundAssessment:
    """An assessment as an operator sees it who looks for an organisation; `owner` is the owner's respondent id."""

    id: str
    owner: str
    organisation: str
    form: FormName
    created_at: datetime
    updated_at: datetime
