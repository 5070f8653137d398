"""A cohort is closed; a confidential one gives its single release in the same moment."""

import datetime

from sqlmodel import Session

from app.core import release, scoring
from app.core.questionnaire import Questionnaire
from app.core.release import Counted
from app.store import cohorts


def close_cohort(session: Session, questionnaire: Questionnaire, cohort_id: str, now: datetime.datetime) -> None:
    """Closes the cohort; one that was closed already stays as it is. Raises cohorts.GoneError.

    A confidential cohort's release is computed and kept in the same session, so that it is of exactly what stood at
    the closing, and is never computed again; nothing is kept where too few organisations are scored throughout.
    """
    if not cohorts.close(session, cohort_id, now):
        return
    closed = cohorts.cohort(session, cohort_id)
    if closed is None or not closed.is_confidential:
        return
    documents = cohorts.documents_to_release(session, cohort_id)
    released = release.release([scoring.score(questionnaire, document) for document in documents])
    if released is not None:
        far = cohorts.progress(session, cohort_id)
        counted = Counted(joined=far.joined, answered=far.answered, finished=far.finished)
        released = released.model_copy(update={"counted": counted})
        cohorts.keep_release(session, cohort_id, released.model_dump_json())
