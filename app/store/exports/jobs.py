"""Work in the background for a cohort, whose progress a page shows: each job is claimed by one process at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from app.store.assessments.values import GoneError
from app.store.cohorts.locking import lock_cohort
from app.store.secrets.tokens import is_id, new_id
from app.store.tables import ExportJob, JobKind, JobState

# Whoever claimed a job and says nothing for so long has died.
SILENCE = timedelta(minutes=2)
# What has killed so many is not tried again.
MOST_CLAIMS = 3
# What is made is there to be fetched, not to be kept.
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """One job: `done` of `total` pieces are made; `file` is there once it is done, `error` where it failed.

    `claims`: the how-manieth claim it is under. Name the file by it too: whoever claimed before may still be at it.
    """

    id: str
    cohort_id: str
    account_id: str
    kind: JobKind
    state: JobState
    done: int
    total: int
    claims: int
    file: str | None
    error: str | None
    created_at: datetime
    updated_at: datetime


def start(  # noqa: PLR0913 - these are the parts of one job
    session: Session,
    cohort_id: str,
    account_id: str,
    kind: JobKind,
    total: int,
    now: datetime,
    wanted_id: str | None = None,
) -> Job:
    """A new job; or the one of this kind that waits or runs already, for the same account.

    `wanted_id`: made by the form that orders it, so that what is sent twice is one job, done or not. Raises GoneError.
    """
    lock_cohort(session, cohort_id)
    ordered = session.get(ExportJob, wanted_id, populate_existing=True) if wanted_id else None
    row = (
        ordered
        or session.exec(
            select(ExportJob).where(
                ExportJob.cohort_id == cohort_id,
                ExportJob.account_id == account_id,
                ExportJob.kind == kind,
                col(ExportJob.state).in_(["waiting", "running"]),
            )
        ).first()
    )
    if row is None:
        row = ExportJob(
            id=wanted_id or new_id(),
            cohort_id=cohort_id,
            account_id=account_id,
            kind=kind,
            state="waiting",
            done=0,
            total=total,
            claims=0,
            created_at=now,
            updated_at=now,
        )
        session.add(row)
        session.flush()
    return _told(row)


def claim_next(session: Session, kind: JobKind, now: datetime) -> Job | None:
    """The job that has waited longest, or whose process has died: yours from now on. None: there is nothing to do.

    Reports that killed `MOST_CLAIMS` processes are given up. A release is owed: its job can always be claimed, and
    whoever claims it sees by `claims` that something is wrong with it.
    """
    died = (col(ExportJob.state) == "running") & (col(ExportJob.updated_at) <= now - SILENCE)
    hopeless = died & (col(ExportJob.claims) >= MOST_CLAIMS) & (col(ExportJob.kind) == "reports")
    session.exec(update(ExportJob).where(hopeless).values(state="failed", error="given up", updated_at=now))
    row = session.exec(
        select(ExportJob)
        .where(ExportJob.kind == kind, (col(ExportJob.state) == "waiting") | died)
        .order_by(col(ExportJob.created_at), col(ExportJob.id))
        .limit(1)
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()
    if row is None:
        return None
    row.state, row.done, row.updated_at = "running", 0, now
    row.claims += 1
    session.flush()
    return _told(row)


def advance(session: Session, claimed: Job, done: int, now: datetime) -> None:
    """So much is made, and the process lives. Raises GoneError where the job is not yours to do any more."""
    row = _lock(session, claimed)
    row.done, row.updated_at = done, now
    session.flush()


def finish(session: Session, claimed: Job, file: str, now: datetime) -> None:
    """The job is done, and this is the name of its file. Raises GoneError where nobody wants it: delete it."""
    row = _lock(session, claimed)
    row.state, row.done, row.file, row.updated_at = "done", row.total, file, now
    session.flush()


def drop(session: Session, claimed: Job) -> None:
    """The job is done, and nothing is left of it. Raises GoneError where it is not yours to do any more."""
    session.delete(_lock(session, claimed))
    session.flush()


def fail(session: Session, claimed: Job, reason: str, now: datetime) -> None:
    """The job cannot be done, for this reason. Raises GoneError where the job is not yours to do any more."""
    row = _lock(session, claimed)
    row.state, row.error, row.updated_at = "failed", reason, now
    session.flush()


def give_back(session: Session, claimed: Job, now: datetime) -> None:
    """Whoever comes next goes on at once, and this claim does not count. Raises GoneError where it is not yours."""
    row = _lock(session, claimed)
    row.state, row.claims, row.updated_at = "waiting", row.claims - 1, now
    session.flush()


def put_off(session: Session, claimed: Job, now: datetime) -> None:
    """It cannot be done now: in a while somebody claims it anew, and this claim does not count. Raises GoneError."""
    row = _lock(session, claimed)
    row.claims, row.updated_at = row.claims - 1, now
    session.flush()


def drop_old(session: Session, now: datetime) -> None:
    """Forgets the jobs that ended a day ago: their files are to go."""
    ended = col(ExportJob.state).in_(["done", "failed"])
    session.exec(delete(ExportJob).where(ended, col(ExportJob.updated_at) <= now - KEPT_FOR))


def job(session: Session, id_: str) -> Job | None:
    """The job; None where there is none, or not any more: an organisation that was in it has left."""
    row = session.get(ExportJob, id_) if is_id(id_) else None
    return _told(row) if row else None


def newest(session: Session, cohort_id: str) -> Job | None:
    """The cohort's last job that makes reports."""
    row = session.exec(
        select(ExportJob)
        .where(ExportJob.cohort_id == cohort_id, ExportJob.kind == "reports")
        .order_by(col(ExportJob.created_at).desc(), col(ExportJob.id))
        .limit(1)
    ).first()
    return _told(row) if row else None


def files(session: Session) -> frozenset[str]:
    """The files that are still wanted. Whatever else lies in the exports' folder is to be deleted.

    Erasing and withdrawing take the cohort's jobs away, so that no file of an organisation outlives it.
    """
    return frozenset(file for file in session.exec(select(ExportJob.file)) if file is not None)


def _lock(session: Session, claimed: Job) -> ExportJob:
    under_this_claim = (ExportJob.id == claimed.id, ExportJob.state == "running", ExportJob.claims == claimed.claims)
    statement = select(ExportJob).where(*under_this_claim).with_for_update()
    row = session.exec(statement, execution_options={"populate_existing": True}).first()
    if row is None:
        raise GoneError
    return row


def _told(row: ExportJob) -> Job:
    return Job(**row.model_dump())
