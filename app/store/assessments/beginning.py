"""An answer document as an assessment, without loss."""

from datetime import datetime

from sqlmodel import Session

from app.core.answers.document import AnswerDocument
from app.core.answers.modules import FieldValue, fields_of
from app.core.answers.values import Respondent as Told
from app.store import tables
from app.store.assessments.answers import columns
from app.store.assessments.earlier import earlier_row
from app.store.assessments.fields import UNSEATED_VIEWS, packed, packed_views
from app.store.assessments.journeys import touchpoint_row
from app.store.assessments.links import add_respondent
from app.store.assessments.plans import action_row
from app.store.assessments.values import Place
from app.store.secrets.tokens import new_id
from app.time_zone import noon_of


def begin_from(session: Session, document: AnswerDocument, now: datetime, cohort_id: str | None = None) -> Place:
    """Keeps an accepted document as a new assessment, whose owner is the first respondent; with a date it is finished.

    Everybody else gets a seat, to which nobody holds a link. Of a document of several everybody has finished, on its
    date, else now: nobody else would be in it. A document does not say whose the views of front and back office are:
    the first view becomes the first respondent's, and so on, which is right wherever everybody told theirs; views
    beyond the respondents stay nobody's. Read again, the document has the same respondents and views in the same order,
    its touchpoints in the order of the customer's way, and ticked options in the order in which they are offered; a
    view that says nothing is not kept. Into a cohort `cohorts.join_with` leads.
    """
    finished_at = noon_of(document.date) if document.date else None
    id_ = new_id()
    assessment = tables.Assessment(
        id=id_,
        chain=id_,
        questionnaire=document.questionnaire,
        edition=document.edition,
        form=document.form,
        organisation=document.organisation,
        language=document.language,
        business_stage=document.business_stage,
        default_target=document.default_target,
        created_at=now,
        updated_at=now,
        finished_at=finished_at,
        cohort_id=cohort_id,
        joined_at=now if cohort_id else None,
    )
    session.add(assessment)
    session.flush()
    fields, views = fields_of(document.modules)
    count = len(document.respondents)
    seats = zip(document.respondents, [*views[:count], *[{}] * (count - len(views))], strict=True)
    ids = sorted(new_id() for _ in document.respondents)  # in the order in which a document names them
    places = [
        _seat(session, assessment.id, seat, ids[seat], told, view, now, finished_at or (now if count > 1 else None))
        for seat, (told, view) in enumerate(seats)
    ]
    _keep_aims(session, assessment.id, document)
    session.add_all(
        tables.AgreedLevel(
            assessment_id=assessment.id,
            question=question,
            level=level,
            evidence=document.modules.evidence.get(question),
            agreed_at=finished_at or now,
        )
        for question, level in document.agreed.items()
    )
    kept = {name: packed(value) for name, value in fields.items()}
    if any(views[count:]):
        kept[UNSEATED_VIEWS] = packed_views([view for view in views[count:] if view])
    session.add_all(tables.ModuleField(assessment_id=assessment.id, name=name, value=kept[name]) for name in kept)
    _keep_lists(session, assessment.id, document)
    session.flush()
    return places[0]


def _seat(  # noqa: PLR0913 - these are the parts of one seat
    session: Session,
    assessment: str,
    seat: int,
    respondent_id: str,
    told: Told,
    view: dict[str, FieldValue],
    now: datetime,
    finished_at: datetime | None,
) -> Place:
    place = add_respondent(
        session,
        assessment,
        seat=seat,
        role=told.role,
        now=now,
        finished_at=finished_at,
        respondent_id=respondent_id,
    )
    for question, answer in told.answers.items():
        kind, level = columns(answer)
        row = tables.Answer(
            respondent_id=place.respondent,
            question=question,
            kind=kind,
            level=level,
            revision=1,
            sequence=0,
            saved_at=now,
        )
        session.add(row)
    session.add_all(
        tables.RespondentField(respondent_id=place.respondent, name=name, value=packed(value))
        for name, value in view.items()
    )
    return place


def _keep_aims(session: Session, assessment: str, document: AnswerDocument) -> None:
    session.add_all(
        tables.DimensionChoice(
            assessment_id=assessment,
            dimension=dimension,
            target=document.targets.get(dimension),
            importance=document.importance.get(dimension),
        )
        for dimension in {**document.targets, **document.importance}
    )


def _keep_lists(session: Session, assessment: str, document: AnswerDocument) -> None:
    modules = document.modules
    session.add_all(touchpoint_row(assessment, one, place) for place, one in enumerate(modules.journey))
    session.add_all(action_row(assessment, one, place) for place, one in enumerate(document.actions))
    session.add_all(earlier_row(assessment, place, one) for place, one in enumerate(modules.earlier))
