"""Two assessments of one organisation become one."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from app.core.answers.modules import MOST_TOUCHPOINTS
from app.store import tables
from app.store.assessments.chains import carries_confidential, join_chains
from app.store.assessments.fields import UNSEATED_VIEWS, packed_views, unpacked_views
from app.store.assessments.journeys import as_touchpoint, on_the_way
from app.store.assessments.links import SEATING
from app.store.assessments.locking import lock_with_followers
from app.store.assessments.plans import as_action
from app.store.assessments.sittings import erase
from app.store.assessments.values import GoneError
from app.store.cohorts.locking import lock_members, lock_open
from app.store.cohorts.values import CannotMergeError, ConfidentialError
from app.store.secrets.tokens import hashed

_TOLD_TOGETHER = ("profile.customers", "profile.channels", "profile.model", "at_stake", "after_report.results_to")
_TOLD_ALONE_TOGETHER = ("channels",)
"""Fields that say something together: the options of one question, and a sum with its currency."""


def merge(session: Session, cohort_id: str, keep: str, drop: str, now: datetime) -> None:
    """Fills what is open in `keep` from `drop`, and erases `drop`.

    That is answers, targets, importance, agreed levels, modules and earlier sittings; `drop`'s touchpoints and actions
    stand behind `keep`'s, as far as there is room on the journey sheet. Of a `drop` that has not finished nothing is
    filled into a `keep` that has: nobody's draft counts (section 2). Whoever answered for `drop` beside its owner sits
    with `keep` from now on; `drop`'s team code and shared links are dead, and its owner's link too, of which
    `was_merged` knows. Then call `Database.forget`. Raises GoneError where the two are not different members,
    ClosedError, ConfidentialError, CannotMergeError.
    """
    if lock_open(session, cohort_id).privacy == "confidential":
        raise ConfidentialError
    members = {row.id: row for row in lock_members(session, cohort_id) if row.withdrawn_at is None}
    if keep == drop or keep not in members or drop not in members:
        raise GoneError
    kept, dropped = members[keep], members[drop]
    if dropped.finished_at is not None and kept.finished_at is None:
        raise CannotMergeError("unfinished")
    if carries_confidential(session, drop):
        raise CannotMergeError("carried")
    if not join_chains(session, kept, dropped):
        raise CannotMergeError("both_confidential")
    _seat_guests(session, keep, drop)
    if dropped.finished_at is not None or kept.finished_at is None:
        _fill_answers(session, keep, drop, now)
        _fill_choices(session, keep, drop)
        _fill_agreed(session, keep, drop)
        _fill_fields(session, keep, drop)
        _add_touchpoints(session, keep, drop)
        _add_actions(session, keep, drop)
    _fill_history(session, kept, dropped)
    kept.updated_at = now
    _remember_link(session, keep, drop)
    session.flush()
    erase(session, drop)


def was_merged(session: Session, token: str) -> bool:
    """Whether the private link led to an assessment that was merged into another which is still there."""
    return session.get(tables.MergedLink, hashed(token)) is not None


def _remember_link(session: Session, keep: str, drop: str) -> None:
    """The link of `drop`'s owner, and those of what was merged into it before."""
    owner = _respondents(session, drop)[0]
    row = tables.MergedLink
    session.exec(update(row).where(col(row.assessment_id) == drop).values(assessment_id=keep))
    session.add(row(link_hash=owner.link_hash, assessment_id=keep))


def _fill_answers(session: Session, keep: str, drop: str, now: datetime) -> None:
    owner, giver = (_respondents(session, assessment)[0] for assessment in (keep, drop))
    rows = {row.question: row for row in _answers(session, owner)}
    for given in _answers(session, giver):
        row = rows.get(given.question)
        if given.kind == "open" or (row is not None and row.kind != "open"):
            continue
        row = row or tables.Answer(
            respondent_id=owner.id, question=given.question, kind="open", revision=0, sequence=0, saved_at=now
        )
        row.kind, row.level = given.kind, given.level
        row.writer, row.revision, row.saved_at = None, row.revision + 1, now
        session.add(row)
    told = {row.name: row.value for row in _own_fields(session, owner)}
    offered = {row.name: row.value for row in _own_fields(session, giver)}
    for name in _missing(told, offered, _TOLD_ALONE_TOGETHER):
        session.add(tables.RespondentField(respondent_id=owner.id, name=name, value=offered[name]))
    session.flush()


def _seat_guests(session: Session, keep: str, drop: str) -> None:
    people, (_, *guests) = (_respondents(session, assessment) for assessment in (keep, drop))
    for seat, guest in enumerate(guests, max(one.seat for one in people) + 1):
        guest.assessment_id, guest.seat = keep, seat
    session.flush()


def _fill_choices(session: Session, keep: str, drop: str) -> None:
    for given in session.exec(select(tables.DimensionChoice).where(tables.DimensionChoice.assessment_id == drop)).all():
        row = session.get(tables.DimensionChoice, (keep, given.dimension), populate_existing=True)
        row = row or tables.DimensionChoice(assessment_id=keep, dimension=given.dimension)
        row.target = row.target or given.target
        row.importance = row.importance or given.importance
        session.add(row)
    session.flush()


def _fill_agreed(session: Session, keep: str, drop: str) -> None:
    row = tables.AgreedLevel
    agreed = set(session.exec(select(row.question).where(row.assessment_id == keep)).all())
    for given in session.exec(select(row).where(row.assessment_id == drop)).all():
        if given.question not in agreed:
            session.add(row(**given.model_dump() | {"assessment_id": keep}))
    session.flush()


def _fill_fields(session: Session, keep: str, drop: str) -> None:
    field = tables.ModuleField
    told, offered = (
        {row.name: row.value for row in session.exec(select(field).where(field.assessment_id == assessment))}
        for assessment in (keep, drop)
    )
    for name in _missing(told, offered, _TOLD_TOGETHER):
        session.add(field(assessment_id=keep, name=name, value=offered[name]))
    if UNSEATED_VIEWS in told and UNSEATED_VIEWS in offered:
        views = [*unpacked_views(told[UNSEATED_VIEWS]), *unpacked_views(offered[UNSEATED_VIEWS])]
        session.get_one(field, (keep, UNSEATED_VIEWS)).value = packed_views(views)
    session.flush()


def _missing(told: dict[str, str], offered: dict[str, str], together: tuple[str, ...]) -> list[str]:
    """The fields on offer that are not told, nor anything that would be told together with them."""

    def family(name: str) -> str:
        return next((one for one in together if name.startswith(f"{one}.")), name)

    families = {family(name) for name in told}
    return [name for name in offered if family(name) not in families]


def _add_touchpoints(session: Session, keep: str, drop: str) -> None:
    row = tables.Touchpoint
    here, there = (
        on_the_way(session.exec(select(row).where(row.assessment_id == assessment)).all())
        for assessment in (keep, drop)
    )
    known = [as_touchpoint(one) for one in here]
    new = [one for one in there if as_touchpoint(one) not in known]
    behind = max((one.position for one in here), default=-1) + 1
    for one in new[: MOST_TOUCHPOINTS - len(here)]:
        one.assessment_id, one.position = keep, behind + one.position
    session.flush()


def _add_actions(session: Session, keep: str, drop: str) -> None:
    row = tables.Action
    here, there = (
        session.exec(select(row).where(row.assessment_id == assessment)).all() for assessment in (keep, drop)
    )
    known = [as_action(one) for one in here]
    behind = max((one.position for one in here), default=-1) + 1
    for one in there:
        if as_action(one) not in known:
            one.assessment_id, one.position = keep, behind + one.position
    session.flush()


def _fill_history(session: Session, kept: tables.Assessment, dropped: tables.Assessment) -> None:
    """Whatever followed `dropped` follows `kept`, which takes over the sittings before, unless it has some of its own.

    Where one of the two follows the other, there is nothing to take over: what came before is the same.
    """
    lock_with_followers(session, dropped.id)
    before, before_dropped = _ancestors(session, kept), _ancestors(session, dropped)
    row, sitting = tables.Assessment, tables.EarlierSitting
    session.exec(
        update(row)
        .where(col(row.previous_id) == dropped.id, col(row.id).not_in([kept.id, *before]))
        .values(previous_id=kept.id)
    )
    if kept.previous_id == dropped.id:
        kept.previous_id = dropped.previous_id
    elif kept.id not in before_dropped:
        kept.previous_id = kept.previous_id or dropped.previous_id
        if session.exec(select(sitting.position).where(sitting.assessment_id == kept.id)).first() is None:
            session.exec(update(sitting).where(col(sitting.assessment_id) == dropped.id).values(assessment_id=kept.id))
    # What others remember of `dropped` is now `kept`'s, and goes with it.
    session.exec(update(sitting).where(col(sitting.sitting_id) == dropped.id).values(sitting_id=kept.id))
    session.flush()


def _ancestors(session: Session, assessment: tables.Assessment) -> list[str]:
    """The sittings that this one follows, the last first."""
    found: list[str] = []
    previous = assessment.previous_id
    while previous is not None and previous not in found:
        found.append(previous)
        previous = session.exec(select(tables.Assessment.previous_id).where(tables.Assessment.id == previous)).first()
    return found


def _respondents(session: Session, assessment: str) -> list[tables.Respondent]:
    row = tables.Respondent
    return list(session.exec(select(row).where(row.assessment_id == assessment).order_by(*SEATING)))


def _answers(session: Session, respondent: tables.Respondent) -> list[tables.Answer]:
    return list(session.exec(select(tables.Answer).where(tables.Answer.respondent_id == respondent.id)))


def _own_fields(session: Session, respondent: tables.Respondent) -> list[tables.RespondentField]:
    row = tables.RespondentField
    return list(session.exec(select(row).where(row.respondent_id == respondent.id)))
