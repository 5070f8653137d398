"""The tables, and nothing else. What goes into them comes checked; the database itself refuses what is illegal."""

from datetime import date, datetime
from typing import ClassVar, Literal

from sqlalchemy import BigInteger, CheckConstraint, MetaData, UniqueConstraint
from sqlmodel import AutoString, Field, SQLModel

from app.core.answers.document import ActionStatus
from app.core.answers.modules import Channel, JourneyStage, Point
from app.core.answers.values import Role
from app.core.questionnaire.model import BusinessStage, FormName, Way

Kind = Literal["level", "dont_know", "not_applicable", "open"]
Privacy = Literal["open", "confidential"]
SharedRight = Literal["run", "read"]
Purpose = Literal["setup", "reset"]
JobState = Literal["waiting", "running", "done", "failed"]
JobKind = Literal["reports", "release"]
Shown = Literal["report", "journey"]
Day = date

# A random id of 80 bits, in base32; a SHA-256 in hex.
ID_LENGTH = 16
HASH_LENGTH = 64


def _level(column: str) -> CheckConstraint:
    """A whole number from 1 to 5, or nothing; not BETWEEN, because SQLite would then keep 3.5."""
    return CheckConstraint(f"{column} IN (1, 2, 3, 4, 5)", name=column)


class Table(SQLModel):
    """Every constraint has a name, by which a migration can change it."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class Assessment(Table, table=True):
    """One organisation's sitting of one form of one edition, on its own or in one cohort, for ever.

    Whoever has withdrawn stays the cohort's by the name of then only, `withdrawn_as`: the sitting lives on and does not
    count there. By the team code colleagues join the owner. `previous_id` is the sitting that this one follows, as
    long as that is there. Sittings of one organisation that follow each other have the same `chain`, for ever.
    """

    __table_args__ = (
        CheckConstraint("(team_code IS NULL) = (team_code_expires_at IS NULL)", name="team_code_expires_at"),
        _level("default_target"),
        CheckConstraint("(cohort_id IS NULL) = (joined_at IS NULL)", name="joined_at"),
        CheckConstraint("withdrawn_at IS NULL OR cohort_id IS NOT NULL", name="withdrawn_at"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_as IS NULL)", name="withdrawn_as"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    questionnaire: str
    edition: str
    form: FormName = Field(sa_type=AutoString)
    organisation: str
    language: str
    business_stage: BusinessStage = Field(sa_type=AutoString)
    default_target: int | None = None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None = None
    cohort_id: str | None = Field(
        default=None, foreign_key="cohort.id", ondelete="RESTRICT", index=True, max_length=ID_LENGTH
    )
    joined_at: datetime | None = None
    withdrawn_at: datetime | None = None
    team_code: str | None = Field(default=None, unique=True)
    team_code_expires_at: datetime | None = None
    previous_id: str | None = Field(
        default=None, foreign_key="assessment.id", ondelete="SET NULL", index=True, max_length=ID_LENGTH
    )
    withdrawn_as: str | None = None
    chain: str = Field(index=True, max_length=ID_LENGTH)


class Respondent(Table, table=True):
    """One person who answers. `seat` is the order of joining; `link_hash` the SHA-256 of the private link's token."""

    __table_args__ = (UniqueConstraint("assessment_id", "seat"),)

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", max_length=ID_LENGTH)
    seat: int
    is_owner: bool
    role: Role = Field(sa_type=AutoString)
    link_hash: str = Field(unique=True, max_length=HASH_LENGTH)
    created_at: datetime
    finished_at: datetime | None = None


class Answer(Table, table=True):
    """One respondent's answer to one question: the level chosen, never points.

    One that was taken back stays as `open`, so that its revisions go on. `writer` and `sequence` name the last save:
    which page sent it, and as its how-manieth.
    """

    __table_args__ = (
        _level("level"),
        CheckConstraint("kind IN ('level', 'dont_know', 'not_applicable', 'open')", name="kind"),
        CheckConstraint("(kind = 'level') = (level IS NOT NULL)", name="level_of_its_kind"),
        CheckConstraint("revision >= 0", name="revision"),
    )

    respondent_id: str = Field(foreign_key="respondent.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    question: str = Field(primary_key=True)
    kind: Kind = Field(sa_type=AutoString)
    level: int | None = None
    revision: int
    writer: str | None = None
    sequence: int = Field(sa_type=BigInteger)
    saved_at: datetime


class DimensionChoice(Table, table=True):
    """What an organisation set for one dimension, where it set anything: a target, an importance."""

    __tablename__ = "dimension_choice"
    __table_args__ = (_level("target"), _level("importance"))

    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    dimension: str = Field(primary_key=True)
    target: int | None = None
    importance: int | None = None


class AgreedLevel(Table, table=True):
    """The level that the respondents agreed on for one question, beside their answers, and what it rests on."""

    __tablename__ = "agreed_level"
    __table_args__ = (_level("level"),)

    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    question: str = Field(primary_key=True)
    level: int
    evidence: str | None = None
    agreed_at: datetime


class ModuleField(Table, table=True):
    """What an organisation told in one field of the modules beside the grid, as JSON."""

    __tablename__ = "module_field"

    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    name: str = Field(primary_key=True)
    value: str


class RespondentField(Table, table=True):
    """What a respondent told alone in one field of the modules beside the grid, as JSON."""

    __tablename__ = "respondent_field"

    respondent_id: str = Field(foreign_key="respondent.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    name: str = Field(primary_key=True)
    value: str


class Touchpoint(Table, table=True):
    """One contact on the customer's way; `position` is its order within the stage."""

    __table_args__ = (
        CheckConstraint("feeling IN (-2, -1, 0, 1, 2)", name="feeling"),
        CheckConstraint("point IN ('love', 'pain')", name="point"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    position: int
    stage: JourneyStage = Field(sa_type=AutoString)
    name: str
    channel: Channel | None = Field(default=None, sa_type=AutoString)
    feeling: int | None = None
    point: Point | None = Field(default=None, sa_type=AutoString)
    moment_of_truth: bool
    wants: str | None = None
    thinks: str | None = None
    ours: bool
    environment: str | None = None
    revision: int


class Action(Table, table=True):
    """Something that the organisation means to do; in the plan they stand by `position`.

    `confidential`: a recommended step that was carried over from a confidential cohort, where it tells a level.
    """

    __table_args__ = (CheckConstraint("status IN ('planned', 'under_way', 'done', 'dropped')", name="status"),)

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    position: int
    text: str
    way: Way = Field(sa_type=AutoString)
    question: str | None = None
    owner: str | None = None
    date: Day | None = None
    measure: str | None = None
    status: ActionStatus = Field(sa_type=AutoString)
    carried: bool
    revision: int
    confidential: bool = False


class Share(Table, table=True):
    """A link by which anybody reads a report or a journey, until it expires or is revoked; of its token the SHA-256."""

    __table_args__ = (CheckConstraint("what IN ('report', 'journey')", name="what"),)

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    what: Shown = Field(sa_type=AutoString)
    token_hash: str = Field(unique=True, max_length=HASH_LENGTH)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


class EarlierSitting(Table, table=True):
    """A sitting that the assessment follows, as it was when this one began; `body` is its respondents, as JSON.

    `sitting_id`: the assessment of which it remembers, and whose respondents' ids are in `body`; None where it came
    with a document. By these, whoever leaves there or erases it is gone here too.
    """

    __tablename__ = "earlier_sitting"

    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    position: int = Field(primary_key=True)
    form: FormName = Field(sa_type=AutoString)
    date: Day
    body: str
    sitting_id: str | None = Field(default=None, index=True, max_length=ID_LENGTH)


class Erasure(Table, table=True):
    """That an assessment was erased, or a colleague removed: the random id alone of the one or the other.

    So restoring an older backup does not bring them back.
    """

    assessment_id: str = Field(primary_key=True, max_length=ID_LENGTH)


class MergedLink(Table, table=True):
    """That the private link of this SHA-256 led to an assessment that was merged into another: it opens nothing."""

    __tablename__ = "merged_link"

    link_hash: str = Field(primary_key=True, max_length=HASH_LENGTH)
    assessment_id: str = Field(foreign_key="assessment.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)


class Account(Table, table=True):
    """A facilitator. `email` is kept in the form in which addresses are compared; `password_hash` is Argon2id's."""

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    email: str = Field(unique=True)
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None = None


class SignIn(Table, table=True):
    """A browser in which a facilitator is signed in; of its token the SHA-256."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True, max_length=HASH_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    created_at: datetime
    expires_at: datetime


class OneTimeLink(Table, table=True):
    """A link by which somebody sets a password, once. Without an account: the first facilitator makes theirs."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("purpose IN ('setup', 'reset')", name="purpose"),)

    token_hash: str = Field(primary_key=True, max_length=HASH_LENGTH)
    purpose: Purpose = Field(sa_type=AutoString)
    account_id: str | None = Field(
        default=None, foreign_key="account.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH
    )
    expires_at: datetime
    used_at: datetime | None = None


class ApiToken(Table, table=True):
    """What a facilitator's program signs in with, until it is revoked; of the token the SHA-256."""

    __tablename__ = "api_token"

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    name: str
    token_hash: str = Field(unique=True, max_length=HASH_LENGTH)
    created_at: datetime


class Cohort(Table, table=True):
    """One workshop or intake. `release`: what a confidential one gives away, for good, as JSON.

    `closing`: what stood at its closing, from which that is being worked out, as JSON; gone once it is. `held_at`:
    since when it releases nothing until the operator decides, because a restore may have opened it again.
    """

    __table_args__ = (
        _level("default_target"),
        CheckConstraint("privacy IN ('open', 'confidential')", name="privacy"),
        CheckConstraint(
            "release IS NULL OR (privacy = 'confidential' AND closed_at IS NOT NULL)", name="released_when_closed"
        ),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    owner_id: str = Field(foreign_key="account.id", ondelete="RESTRICT", index=True, max_length=ID_LENGTH)
    name: str
    date: date
    questionnaire: str
    edition: str
    form: FormName = Field(sa_type=AutoString)
    language: str
    default_target: int | None = None
    privacy: Privacy = Field(sa_type=AutoString)
    join_code: str = Field(unique=True)
    code_expires_at: datetime
    is_demo: bool = False
    created_at: datetime
    closed_at: datetime | None = None
    archived_at: datetime | None = None
    release: str | None = None
    closing: str | None = None
    held_at: datetime | None = None


class ConfidentialSeat(Table, table=True):
    """That a chain of sittings counts in a confidential cohort: in one only, also when the sitting is erased."""

    __tablename__ = "confidential_seat"

    chain: str = Field(primary_key=True, max_length=ID_LENGTH)
    cohort_id: str = Field(foreign_key="cohort.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)


class CohortShare(Table, table=True):
    """Another facilitator's right to a cohort."""

    __tablename__ = "cohort_share"
    __table_args__ = (CheckConstraint("may IN ('run', 'read')", name="may"),)

    cohort_id: str = Field(foreign_key="cohort.id", ondelete="CASCADE", primary_key=True, max_length=ID_LENGTH)
    account_id: str = Field(
        foreign_key="account.id", ondelete="CASCADE", primary_key=True, index=True, max_length=ID_LENGTH
    )
    may: SharedRight = Field(sa_type=AutoString)


class Invitation(Table, table=True):
    """A link by which one organisation joins, once; of its token the SHA-256."""

    token_hash: str = Field(primary_key=True, max_length=HASH_LENGTH)
    cohort_id: str = Field(foreign_key="cohort.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    created_at: datetime
    used_at: datetime | None = None
    assessment_id: str | None = Field(
        default=None, foreign_key="assessment.id", ondelete="SET NULL", index=True, max_length=ID_LENGTH
    )


class Attempt(Table, table=True):
    """That something that may be tried only so often was tried; `bucket` is the SHA-256 of what is counted."""

    id: int | None = Field(default=None, primary_key=True)
    bucket: str = Field(index=True, max_length=HASH_LENGTH)
    at: datetime
    forgotten_at: datetime = Field(index=True)


class UsedKey(Table, table=True):
    """That something was made by the key of this SHA-256, and the SHA-256 of what was sent with it, for a while."""

    __tablename__ = "used_key"

    key_hash: str = Field(primary_key=True, max_length=HASH_LENGTH)
    told_hash: str = Field(max_length=HASH_LENGTH)
    used_at: datetime = Field(index=True)


class Secret(Table, table=True):
    """What this installation signs with, the same for all its processes; a migration makes it up."""

    name: str = Field(primary_key=True)
    value: str


class ExportJob(Table, table=True):
    """Something that is made in the background for a cohort; `file` names what came of it, in the exports' folder.

    A release leaves no file: its job is gone once it is kept.
    """

    __tablename__ = "export_job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'done') = (file IS NOT NULL)", name="file"),
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    cohort_id: str = Field(foreign_key="cohort.id", ondelete="CASCADE", index=True, max_length=ID_LENGTH)
    account_id: str = Field(foreign_key="account.id", ondelete="CASCADE", max_length=ID_LENGTH)
    kind: JobKind = Field(sa_type=AutoString)
    state: JobState = Field(sa_type=AutoString)
    done: int
    total: int
    claims: int
    file: str | None = None
    error: str | None = None
    created_at: datetime
    updated_at: datetime
