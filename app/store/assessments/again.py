"""Sitting again: a new assessment that begins with what stays true of the organisation, and remembers the last one."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.core.answers.document import Action, AnswerDocument, RefusedError
from app.core.answers.modules import MOST_EARLIER, EarlierSitting, Modules
from app.core.answers.values import Respondent, Role
from app.core.questionnaire.model import FormName, Questionnaire
from app.store.assessments.beginning import begin_from
from app.store.assessments.documents import document
from app.store.assessments.earlier import know_earlier
from app.store.assessments.links import place_of
from app.store.assessments.locking import lock
from app.store.assessments.plans import CLOSED, withhold_steps
from app.store.assessments.sittings import with_link
from app.store.assessments.values import FollowedError, Place
from app.store.tables import Assessment, Cohort
from app.store.tables import Respondent as Owner
from app.time_zone import day_of


def sit_again(  # noqa: PLR0913 - these are the parts of one beginning
    session: Session,
    assessment: str,
    form: FormName,
    edition: Questionnaire,
    now: datetime,
    cohort_id: str | None = None,
    *,
    known: Collection[str] | None = None,
    token: str | None = None,
) -> Place:
    """Begins an assessment of that edition that follows another one, with the same owner's role and nobody else yet.

    Carried over: organisation, language, stage, targets, importance, the profile, the journey, the actions that are
    not yet done; and, of the same edition, what was answered then, until the other is erased.
    Of a confidential cohort's sitting, no facilitator is ever shown what follows from its recommendations.
    `known`: the sittings that the person knew to follow already, so that two pages begin one. `token`: the private
    link's, if it follows from the form; what is sent twice finds the same place. Into a cohort `cohorts.join_again`
    leads. Raises GoneError, FollowedError, RefusedError for another questionnaire.
    """
    row = lock(session, assessment)
    if token and (taken := begun_by(session, assessment, token, cohort_id)):
        return taken
    following = followed_by(session, assessment)
    if known is not None and not set(following) <= set(known):
        raise FollowedError(following)
    owner = session.exec(select(Owner).where(Owner.assessment_id == assessment, col(Owner.is_owner))).one()
    told = _again(document(session, assessment), owner.role, form, edition, day_of(row.updated_at))
    place = begin_from(session, told, now, cohort_id)
    new = session.get_one(Assessment, place.assessment)
    new.previous_id, new.chain = assessment, row.chain
    know_earlier(session, place.assessment, assessment)
    was = session.get(Cohort, row.cohort_id) if row.cohort_id else None
    is_confidential = was is not None and was.privacy == "confidential"
    withhold_steps(session, new.id, assessment, _steps(edition) if is_confidential else None)
    return with_link(session, place, token) if token else place


def begun_by(session: Session, assessment: str, token: str, cohort_id: str | None) -> Place | None:
    """The owner's place in the sitting that follows this one there, and to which the private link leads."""
    place = place_of(session, token)
    row = session.get(Assessment, place.assessment) if place and place.is_owner else None
    if place is None or row is None or row.previous_id != assessment or row.withdrawn_at is not None:
        return None
    return Place(place.assessment, place.respondent, token) if row.cohort_id == cohort_id else None


def followed_by(session: Session, assessment: str) -> tuple[str, ...]:
    """The assessments that follow this one, in order of beginning."""
    row = Assessment
    return tuple(
        session.exec(
            select(row.id).where(row.previous_id == assessment).order_by(col(row.created_at), col(row.id))
        ).all()
    )


def sittings_before(session: Session, assessments: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Assessment to all those that it follows, the nearest first; in as many queries as the longest chain has links."""
    row = Assessment
    chains: dict[str, tuple[str, ...]] = dict.fromkeys(assessments, ())
    ends = {id_: id_ for id_ in assessments}
    while ends:
        asked = col(row.id).in_(set(ends.values()))
        found = session.exec(select(row.id, row.previous_id).where(asked)).all()
        links = {id_: previous for id_, previous in found if previous is not None}
        ends = {id_: links[end] for id_, end in ends.items() if end in links and links[end] not in chains[id_]}
        for id_, end in ends.items():
            chains[id_] += (end,)
    return chains


def _steps(edition: Questionnaire) -> frozenset[str]:
    """What the recommended steps say, in every language: one that was typed in again tells as much."""
    return frozenset(
        step for words in edition.wordings.values() for one in words.questions.values() for step in one.recommendations
    )


def _again(old: AnswerDocument, role: Role, form: FormName, edition: Questionnaire, last: date) -> AnswerDocument:
    """What the new sitting begins with; `last` is the old one's day where it was not finished."""
    if old.questionnaire != edition.id:
        raise RefusedError("questionnaire", f"{old.questionnaire!r} cannot be sat again as {edition.id!r}")
    questions = set(edition.forms[form].questions)
    earlier: tuple[EarlierSitting, ...] = ()
    if old.edition == edition.edition:
        earlier = old.modules.earlier[1 - MOST_EARLIER :]
        if any(one.answers for one in old.respondents):
            earlier += (EarlierSitting(form=old.form, date=old.date or last, respondents=old.respondents),)
    return AnswerDocument(
        questionnaire=edition.id,
        edition=edition.edition,
        form=form,
        organisation=old.organisation,
        language=old.language,
        business_stage=old.business_stage,
        respondents=(Respondent(role=role, answers={}),),
        targets={id_: level for id_, level in old.targets.items() if id_ in edition.dimensions},
        importance={id_: level for id_, level in old.importance.items() if id_ in edition.dimensions},
        default_target=old.default_target,
        modules=Modules(profile=old.modules.profile, journey=old.modules.journey, earlier=earlier),
        actions=tuple(_carried(one, questions) for one in old.actions if one.status not in CLOSED),
    )


def _carried(action: Action, questions: set[str]) -> Action:
    question = action.question if action.question in questions else None
    return action.model_copy(update={"carried": True, "question": question})
