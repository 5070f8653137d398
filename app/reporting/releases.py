"""Confidential cohorts' releases, worked out in the background by a thread of each process, each of them once."""

import datetime
from collections.abc import Callable
from typing import ClassVar

import structlog
from sqlmodel import Session

from app.content import Catalogue
from app.core.cohort import release
from app.core.cohort.release import Closing, Nothing, Outcome, Standing
from app.core.questionnaire.model import Questionnaire
from app.reporting.background import Background, now
from app.store import cohorts
from app.store.assessments import GoneError
from app.store.cohorts import Cohort
from app.store.database import Database
from app.store.errors import DatabaseUnavailableError
from app.store.exports import jobs
from app.store.exports.jobs import MOST_CLAIMS, SILENCE, Job
from app.store.tables import JobKind

KIND: JobKind = "release"
_SAY_SO = SILENCE / 12
"""After so long whoever works says that they live."""

log = structlog.get_logger("cxm")


class _StoppedError(Exception):
    """The server stops before the release is worked out."""


class _UnknownEditionError(Exception):
    """The cohort's edition is not among this server's questionnaires."""


def standing_of(session: Session, questionnaire: Questionnaire, cohort: Cohort) -> Standing:
    """How a confidential cohort stands, with what it released."""
    kept = cohorts.release_of(session, cohort.id)
    if kept is None:
        return Standing("held" if cohort.is_held else "not_closed" if cohort.is_open else "working")
    outcome = release.read_outcome(kept)
    if isinstance(outcome, Nothing):
        return Standing(outcome.nothing)
    return Standing("released", release.as_told_now(questionnaire, cohort.form, outcome))


class Releases(Background):
    """Works out what closed confidential cohorts release, from what was frozen at their closing, and keeps it.

    One that killed several processes releases how many it is of, and no mean: whether that would be safe is not known.
    """

    name: ClassVar[str] = "releases"

    def __init__(self, database: Database, catalogue: Catalogue, clock: Callable[[], datetime.datetime] = now) -> None:
        super().__init__()
        self._database, self._catalogue, self._clock = database, catalogue, clock

    def work(self) -> bool:
        """Works out one release; False where there is none to work out."""
        with self._database.reading() as session:
            owed = cohorts.frozen_ones(session)
        if not owed:
            return False
        with self._database.writing() as session:
            for one in owed:
                # Whatever became of the job that its closing started: as long as something is frozen, it is owed.
                jobs.start(session, one.id, one.owner_id, KIND, 1, self._clock())
            claimed = jobs.claim_next(session, KIND, self._clock())
        if claimed is None:
            return False
        try:
            self._keep(claimed, self._worked_out(claimed))
        except _StoppedError:
            with self._database.writing() as session:
                jobs.give_back(session, claimed, self._clock())
        except _UnknownEditionError:
            log.error("release", cohort=claimed.cohort_id, outcome="its questionnaire is missing here: it waits")
            with self._database.writing() as session:
                jobs.put_off(session, claimed, self._clock())
        except GoneError:
            log.info("release", outcome="another process has it")
        return True

    def finish(self) -> None:
        """Works out all there is, for whoever has no server running."""
        while self.work():
            pass

    def _worked_out(self, claimed: Job) -> Outcome:
        with self._database.reading() as session:
            cohort, kept = cohorts.cohort(session, claimed.cohort_id), cohorts.frozen(session, claimed.cohort_id)
        questionnaire = self._catalogue.edition(cohort.questionnaire, cohort.edition) if cohort else None
        if cohort is None or kept is None:
            with self._database.writing() as session:
                jobs.drop(session, claimed)
            raise GoneError
        closing = Closing.model_validate_json(kept)
        if questionnaire is None:
            raise _UnknownEditionError
        if claimed.claims > MOST_CLAIMS:
            log.error("release", cohort=cohort.id, outcome="its means could not be worked out, and are not told")
            found = release.count_alone(closing.sittings)
        else:
            found = release.release(questionnaire, cohort.form, closing.sittings, self._saying_so(claimed))
        return found.model_copy(update={"counted": closing.counted})

    def _keep(self, claimed: Job, outcome: Outcome) -> None:
        with self._database.writing() as session:
            jobs.drop(session, claimed)
            cohorts.keep_release(session, claimed.cohort_id, outcome.model_dump_json())
        # What it was worked out from leaves the file too.
        self._database.forget()

    def _saying_so(self, claimed: Job) -> Callable[[], None]:
        """Called after each view that was worked out, it says now and then that this process lives, and how far it is.

        Raises GoneError where another process has taken over, _StoppedError.
        """
        views, said = 0, self._clock()

        def looked() -> None:
            nonlocal views, said
            views += 1
            if self._stopping.is_set():
                raise _StoppedError
            if self._clock() - said < _SAY_SO:
                return
            said = self._clock()
            try:
                with self._database.writing() as session:
                    jobs.advance(session, claimed, min(views, claimed.total), said)
            except DatabaseUnavailableError as error:
                log.warning(self.name, reason=str(error))  # said the next time

        return looked
