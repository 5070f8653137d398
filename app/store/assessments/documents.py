"""An assessment as an answer document, complete."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, select

from app.core.answers import AnswerDocument
from app.core.given import Answer
from app.core.given import Respondent as Told
from app.core.modules import FieldValue, Modules, modules_of
from app.store import tables
from app.store.assessments.answers import as_answer
from app.store.assessments.earlier import as_earlier
from app.store.assessments.fields import UNSEATED_VIEWS, unpacked, unpacked_views
from app.store.assessments.journeys import as_touchpoint, on_the_way
from app.store.assessments.links import COUNTS, UNTOLD
from app.store.assessments.plans import as_action
from app.store.assessments.values import GoneError

_Row = TypeVar("_Row", bound=SQLModel)


def document(session: Session, assessment: str, *, whole: bool = True) -> AnswerDocument:
    """Everything the assessment holds; its date is the day (UTC) on which it was finished. Raises GoneError.

    A colleague who has not finished is not in it. The owner is the first; the order of the others tells nothing.
    Not `whole` is what a facilitator is shown of it: without the sum at stake, and without the sittings before, which
    may have been in a confidential cohort.
    """
    found = documents_where(session, col(tables.Assessment.id) == assessment, whole=whole)
    if not found:
        raise GoneError
    return found[0][1]


def documents_where(session: Session, which: ColumnElement[bool], *, whole: bool) -> list[tuple[str, AnswerDocument]]:
    """The ids and documents of those assessments, in their cohort's order of joining; as few queries as for one."""
    assessment, respondent, answer, own = tables.Assessment, tables.Respondent, tables.Answer, tables.RespondentField
    found = session.exec(select(assessment).where(which).order_by(col(assessment.joined_at), col(assessment.id))).all()
    seats = session.exec(select(respondent).join(assessment).where(which, COUNTS).order_by(*UNTOLD)).all()
    answers: dict[str, dict[str, Answer]] = {seat.id: {} for seat in seats}
    for id_, question, kind, level in session.exec(
        select(answer.respondent_id, answer.question, answer.kind, answer.level)
        .join(respondent)
        .join(assessment)
        .where(which, COUNTS)
        .order_by(col(answer.question))
    ):
        given = as_answer(kind, level)
        if given is not None:
            answers[id_][question] = given
    views: dict[str, dict[str, FieldValue]] = {seat.id: {} for seat in seats}
    for row in session.exec(select(own).join(respondent).join(assessment).where(which, COUNTS)):
        views[row.respondent_id][row.name] = unpacked(row.value)

    def of_each(table: type[_Row], key: Callable[[_Row], tuple[str, str | int]]) -> dict[str, list[_Row]]:
        rows = session.exec(select(table).join(assessment).where(which)).all()
        return _grouped(found, sorted(rows, key=key), lambda row: key(row)[0])

    seated = _grouped(found, seats, lambda seat: seat.assessment_id)
    choices = of_each(tables.DimensionChoice, lambda row: (row.assessment_id, row.dimension))
    fields = of_each(tables.ModuleField, lambda row: (row.assessment_id, row.name))
    levels = of_each(tables.AgreedLevel, lambda row: (row.assessment_id, row.question))
    journeys = of_each(tables.Touchpoint, lambda row: (row.assessment_id, row.position))
    plans = of_each(tables.Action, lambda row: (row.assessment_id, row.position))
    before = of_each(tables.EarlierSitting, lambda row: (row.assessment_id, row.position)) if whole else {}
    return [
        (
            one.id,
            _composed(
                one,
                [Told(role=seat.role, answers=answers[seat.id]) for seat in seated[one.id]],
                choices[one.id],
                levels[one.id],
                plans[one.id],
                _modules(
                    {row.name: row.value for row in fields[one.id] if whole or not row.name.startswith("at_stake.")},
                    [views[seat.id] for seat in seated[one.id]],
                    journeys[one.id],
                    levels[one.id],
                    before.get(one.id, []),
                ),
            ),
        )
        for one in found
    ]


def _grouped(
    found: Iterable[tables.Assessment], rows: Iterable[_Row], home: Callable[[_Row], str]
) -> dict[str, list[_Row]]:
    groups: dict[str, list[_Row]] = {one.id: [] for one in found}
    for row in rows:
        groups[home(row)].append(row)
    return groups


def _composed(  # noqa: PLR0913 - these are the parts of a document
    one: tables.Assessment,
    respondents: list[Told],
    choices: list[tables.DimensionChoice],
    agreed: list[tables.AgreedLevel],
    actions: list[tables.Action],
    modules: Modules,
) -> AnswerDocument:
    return AnswerDocument(
        questionnaire=one.questionnaire,
        edition=one.edition,
        form=one.form,
        organisation=one.organisation,
        language=one.language,
        business_stage=one.business_stage,
        respondents=tuple(respondents),
        targets={choice.dimension: choice.target for choice in choices if choice.target is not None},
        importance={choice.dimension: choice.importance for choice in choices if choice.importance is not None},
        default_target=one.default_target,
        date=one.finished_at.date() if one.finished_at else None,
        agreed={row.question: row.level for row in agreed},
        modules=modules,
        actions=tuple(as_action(row) for row in actions),
    )


def _modules(
    fields: dict[str, str],
    views: list[dict[str, FieldValue]],
    journey: list[tables.Touchpoint],
    agreed: list[tables.AgreedLevel],
    earlier: list[tables.EarlierSitting],
) -> Modules:
    unseated = fields.pop(UNSEATED_VIEWS, None)
    told = modules_of({name: unpacked(value) for name, value in fields.items()}, [*views, *unpacked_views(unseated)])
    return Modules.model_validate(
        told
        | {
            "journey": tuple(as_touchpoint(row) for row in on_the_way(journey)),
            "evidence": {row.question: row.evidence for row in agreed if row.evidence is not None},
            "earlier": tuple(as_earlier(row) for row in earlier),
        }
    )
