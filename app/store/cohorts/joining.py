"""Joining a cohort, by its code or by an invitation, and withdrawing from it."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select, update

from app.core.answers.document import AnswerDocument, RefusedError
from app.core.questionnaire.model import Questionnaire
from app.store import tables
from app.store.assessments.again import begun_by, sit_again
from app.store.assessments.beginning import begin_from
from app.store.assessments.chains import free_seat, take_seat
from app.store.assessments.links import place_of
from app.store.assessments.locking import lock, lock_cohort_of
from app.store.assessments.sittings import drop_exports, start, with_link
from app.store.assessments.values import Beginning, Place
from app.store.cohorts.locking import lock_open, told
from app.store.cohorts.values import (
    Cohort,
    ConfidentialError,
    InvitationUsedError,
    Privacy,
    ToldOtherwiseError,
)
from app.store.idempotency import KeyUsedError, token_by, use
from app.store.secrets.tokens import hashed, new_token


def invite(session: Session, cohort_id: str, count: int, now: datetime, once: str | None = None) -> list[str]:
    """Tokens of so many links by each of which one organisation joins, once.

    `once`: a secret of the page that sends, from which the tokens follow: what is sent twice makes them once, and both
    are told the same. Raises GoneError, ClosedError.
    """
    lock_open(session, cohort_id)
    told = ("invitation", cohort_id, str(count))
    tokens = [token_by(once, *told, str(place)) if once else new_token() for place in range(count)]
    if session.get(tables.Invitation, hashed(tokens[0])) is not None:
        return tokens
    session.add_all(
        tables.Invitation(token_hash=hashed(token), cohort_id=cohort_id, created_at=now) for token in tokens
    )
    session.flush()
    return tokens


def invited_to(session: Session, token: str) -> Cohort | None:
    """Which cohort the invitation lets into; None where it is unknown or used, or the cohort closed or archived."""
    row = session.exec(
        select(tables.Cohort)
        .join(tables.Invitation)
        .where(
            tables.Invitation.token_hash == hashed(token),
            col(tables.Invitation.used_at).is_(None),
            col(tables.Cohort.closed_at).is_(None),
            col(tables.Cohort.archived_at).is_(None),
        )
    ).first()
    return told(row) if row else None


def joined_by(session: Session, token: str) -> str | None:
    """The assessment that was begun by the invitation; None where it is unknown, unused, or the assessment erased."""
    row = tables.Invitation
    return session.exec(select(row.assessment_id).where(row.token_hash == hashed(token))).first()


def join(  # noqa: PLR0913 - these are the parts of one joining
    session: Session,
    cohort_id: str,
    beginning: Beginning,
    now: datetime,
    invitation: str | None = None,
    *,
    told: Privacy | None = None,
    token: str | None = None,
    beside: Collection[str] = (),
) -> Place:
    """Begins an assessment in the cohort, of its form, with its default target.

    `told`: the privacy that the person was told before, if a person it is. `token`: the private link's, if it was made
    beforehand; whoever sends the same one twice gets the same place. `beside`: the assessments in which the person has
    a place already. Raises GoneError, ClosedError, InvitationUsedError, ToldOtherwiseError, CountedElsewhereError.
    """
    cohort = lock_open(session, cohort_id)
    if token and (taken := place_by(session, cohort_id, token)):
        return taken
    if told not in (None, cohort.privacy):
        raise ToldOtherwiseError
    given = {key: getattr(cohort, key) for key in ("questionnaire", "edition", "form", "default_target")}
    place = start(session, beginning.model_copy(update=given), now, cohort_id)
    take_seat(session, cohort, place.assessment, beside)
    if token:
        place = with_link(session, place, token)
    if invitation is not None:
        _use(session, cohort_id, invitation, place, now)
    return place


def place_by(session: Session, cohort_id: str, token: str) -> Place | None:
    """The owner's place in the cohort to which the private link leads; None where it leads to none that counts."""
    place = place_of(session, token)
    row = session.get(tables.Assessment, place.assessment) if place and place.is_owner else None
    if place is None or row is None or row.cohort_id != cohort_id or row.withdrawn_at is not None:
        return None
    return Place(place.assessment, place.respondent, token)


def join_with(
    session: Session, cohort_id: str, document: AnswerDocument, now: datetime, token: str | None = None
) -> Place:
    """Keeps an answer document as an assessment in the cohort, finished where the document has a date and an answer.

    Where it says no default target, it gets the cohort's. `token`: the private link's, if it follows from a form; what
    is sent twice finds the same place. Raises GoneError, ClosedError, RefusedError for a document of another form,
    ConfidentialError, for who imports would know what is averaged (but for a demonstration), and KeyUsedError where
    what was kept by the token has left since, was erased, or has another link.
    """
    cohort = lock_open(session, cohort_id)
    if token and (taken := place_by(session, cohort_id, token)):
        return taken
    if cohort.privacy == "confidential" and not cohort.is_demo:
        raise ConfidentialError
    for key in ("questionnaire", "edition", "form"):
        its, wanted = getattr(document, key), getattr(cohort, key)
        if its != wanted:
            raise RefusedError(key, f"{its!r} cannot join a cohort of {wanted!r}")
    if token and not use(session, token, now):
        raise KeyUsedError
    kept = {
        "default_target": document.default_target or cohort.default_target,
        "date": document.date if document.is_answered else None,
    }
    place = begin_from(session, document.model_copy(update=kept), now, cohort_id)
    take_seat(session, cohort, place.assessment)
    return with_link(session, place, token) if token else place


def join_again(  # noqa: PLR0913 - these are the parts of one joining
    session: Session,
    cohort_id: str,
    assessment: str,
    edition: Questionnaire,
    now: datetime,
    invitation: str | None = None,
    *,
    told: Privacy | None = None,
    known: Collection[str] | None = None,
    token: str | None = None,
    beside: Collection[str] = (),
) -> Place:
    """Sits an assessment again in the cohort, of its form and edition, with its default target.

    `edition` is the cohort's; `known` and `token` as for `assessments.sit_again`, `beside` as for `join`. Raises
    GoneError, ClosedError, InvitationUsedError, ToldOtherwiseError, FollowedError, CountedElsewhereError, RefusedError
    for another questionnaire.
    """
    cohort = lock_open(session, cohort_id)
    if token and (taken := begun_by(session, assessment, token, cohort_id)):
        return taken
    if told not in (None, cohort.privacy):
        raise ToldOtherwiseError
    if (edition.id, edition.edition) != (cohort.questionnaire, cohort.edition):
        msg = f"edition {edition.edition!r} of {edition.id!r} is not the cohort's"
        raise ValueError(msg)
    place = sit_again(session, assessment, cohort.form, edition, now, cohort_id, known=known, token=token)
    take_seat(session, cohort, place.assessment, beside)
    lock(session, place.assessment).default_target = cohort.default_target
    session.flush()
    if invitation is not None:
        _use(session, cohort_id, invitation, place, now)
    return place


def withdraw(session: Session, assessment: str, now: datetime) -> None:
    """Takes the assessment out of its cohort for good, open or closed: it lives on by itself, and counts no more.

    What a confidential cohort has released stays as it is; so does an assessment that is in no cohort. Raises
    GoneError.
    """
    lock_cohort_of(session, assessment)
    row = lock(session, assessment)
    if row.cohort_id is not None and row.withdrawn_at is None:
        free_seat(session, row)
        row.withdrawn_at, row.withdrawn_as = now, row.organisation
        drop_exports(session, row)
        session.flush()


def _use(session: Session, cohort_id: str, invitation: str, place: Place, now: datetime) -> None:
    row = tables.Invitation
    used = session.exec(
        update(row)
        .where(col(row.token_hash) == hashed(invitation), col(row.cohort_id) == cohort_id, col(row.used_at).is_(None))
        .values(used_at=now, assessment_id=place.assessment)
    )
    if used.rowcount != 1:
        raise InvitationUsedError
