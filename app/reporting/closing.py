"""A cohort is closed; of a confidential one that freezes what its single release is worked out from."""

import datetime

from sqlmodel import Session

from app.core.cohort import release
from app.core.cohort.release import RELEASED_FROM, Closing, Counted, Nothing
from app.core.questionnaire.model import Questionnaire
from app.core.scoring import scorecard
from app.reporting.releases import KIND
from app.store import cohorts
from app.store.cohorts import Cohort
from app.store.exports import jobs


def close_cohort(session: Session, questionnaire: Questionnaire, cohort_id: str, now: datetime.datetime) -> None:
    """Closes the cohort; one that was closed already stays as it is. Raises cohorts.GoneError.

    What stands at the closing of a confidential one is frozen in the same session, for `Releases` to work its release
    out from in the background; nothing is where too few organisations are scored throughout. A cohort that is held
    releases nothing before `let_release`.
    """
    if not cohorts.close(session, cohort_id, now):
        return
    closed = cohorts.cohort(session, cohort_id)
    if closed is not None and closed.is_confidential and not closed.is_held:
        _freeze(session, questionnaire, closed, now)


def let_release(session: Session, questionnaire: Questionnaire, cohort: Cohort, now: datetime.datetime) -> None:
    """Lifts a hold. If the cohort is closed, its release is worked out now, from what stands now.

    So that nobody's scores lie frozen for as long as an operator takes to decide. Raises cohorts.GoneError.
    """
    cohorts.lift(session, cohort.id)
    if not cohort.is_open:
        _freeze(session, questionnaire, cohort, now)


def would_count(session: Session, questionnaire: Questionnaire, cohort: Cohort) -> int:
    """How many of those who have finished an open confidential cohort are scored throughout."""
    documents = cohorts.documents_that_count(session, cohort.id)
    return len(release.complete([scorecard.score(questionnaire, document) for document in documents]))


def _freeze(session: Session, questionnaire: Questionnaire, cohort: Cohort, now: datetime.datetime) -> None:
    documents = cohorts.documents_to_release(session, cohort.id)
    sittings = release.complete([scorecard.score(questionnaire, document) for document in documents])
    far = cohorts.progress(session, cohort.id)
    counted = Counted(joined=far.joined, answered=far.answered, finished=far.finished)
    if len(sittings) < RELEASED_FROM:
        nothing = Nothing(nothing="too_few", counted=counted)
        cohorts.keep_release(session, cohort.id, nothing.model_dump_json())
        return
    cohorts.freeze(session, cohort.id, Closing(sittings=sittings, counted=counted).model_dump_json())
    jobs.start(session, cohort.id, cohort.owner_id, KIND, len(sittings) + 1, now)
