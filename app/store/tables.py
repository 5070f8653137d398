"""The tables, and nothing else. What goes into them comes checked; the database itself refuses what is illegal."""

from datetime import datetime
from typing import ClassVar, Literal

from sqlalchemy import BigInteger, CheckConstraint, MetaData, UniqueConstraint
from sqlmodel import AutoString, Field, SQLModel

from app.core.answers import BusinessStage, Role
from app.core.questionnaire import FormName

Kind = Literal["level", "dont_know", "not_applicable", "open"]

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
    """One organisation's sitting of one form of one edition."""

    __table_args__ = (_level("default_target"),)

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


class Erasure(Table, table=True):
    """That an assessment was erased: only its random id, so that restoring an older backup does not bring it back."""

    assessment_id: str = Field(primary_key=True, max_length=ID_LENGTH)
