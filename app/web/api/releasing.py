"""A confidential cohort's release, or why there is none."""

from typing import NoReturn

from sqlmodel import Session

from app.core.release import RELEASED_FROM, Release
from app.store import cohorts
from app.store.cohorts import Cohort
from app.web.api import shapes
from app.web.api.refusals import RefusedCallError


def release_of(session: Session, cohort: Cohort) -> shapes.Release:
    """What was frozen at the closing. Raises RefusedCallError 409 where there is none."""
    kept = cohorts.release_of(session, cohort.id)
    if kept is None:
        refuse_unreleased(cohort)
    return shapes.Release.of(Release.model_validate_json(kept))


def refuse_unreleased(cohort: Cohort) -> NoReturn:
    """Says why a confidential cohort has released nothing. Raises RefusedCallError 409."""
    if cohort.is_open:
        raise RefusedCallError(409, "not_closed", "A confidential cohort gives its release when it is closed.")
    few = f"Fewer than {RELEASED_FROM} organisations were scored throughout: nothing is released."
    raise RefusedCallError(409, "not_released", few)
