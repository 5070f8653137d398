"""A confidential cohort's release, or why there is none."""

from collections.abc import Mapping
from typing import NoReturn

from sqlmodel import Session

from app.core.cohort.release import RELEASED_FROM, Standing, State
from app.core.questionnaire.model import Questionnaire
from app.reporting import standing_of
from app.store.cohorts import Cohort
from app.web.api import shapes
from app.web.api.refusals import RefusedCallError

WHY_NOT: Mapping[State, tuple[str, str]] = {
    "not_closed": ("not_closed", "A confidential cohort gives its release when it is closed."),
    "working": ("being_worked_out", "The release is being worked out. Please ask again in a while."),
    "held": ("held", "A backup was restored: nothing is released until whoever runs the server decides."),
    "too_few": (
        "not_released",
        f"Fewer than {RELEASED_FROM} organisations were scored throughout: nothing is released.",
    ),
    "decided": ("not_released", "Whoever runs the server decided that nothing is released."),
}


def release_of(session: Session, questionnaire: Questionnaire, cohort: Cohort) -> shapes.Release:
    """What was frozen at the closing. Raises RefusedCallError 409 where there is none."""
    standing = standing_of(session, questionnaire, cohort)
    if standing.release is None:
        refuse_unreleased(standing)
    return shapes.Release.of(standing.release)


def refuse_unreleased(standing: Standing) -> NoReturn:
    """Says why a confidential cohort has released nothing. Raises RefusedCallError 409."""
    raise RefusedCallError(409, *WHY_NOT[standing.state])
