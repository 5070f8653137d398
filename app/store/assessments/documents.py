"""An assessment as an answer document: as much of it as its reader is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, select

from app.core.answers.document import AnswerDocument
from app.core.answers.modules import FieldValue, Modules, modules_of
from app.core.answers.values import Answer
from app.core.answers.values import Respondent as Told
from app.store import tables
from app.store.assessments.answers import as_answer
from app.store.assessments.earlier import as_earlier
from app.store.assessments.fields import UNSEATED_VIEWS, unpacked, unpacked_views
from app.store.assessments.journeys import as_touchpoint, on_the_way
from app.store.assessments.links import COUNTS, UNTOLD
from app.store.assessments.plans import as_action
from app.store.assessments.values import GoneError
from app.time_zone import day_of

_Row = TypeVar("_Row", bound=SQLModel)

Reader = Literal["owner", "colleague", "shared", "facilitator"]
"""Whom a document is for: the owner, a colleague, whoever has a shared link, or the facilitator of an open cohort."""

WITHHELD: Mapping[Reader, tuple[str, ...]] = {
    "owner": (),
    "colleague": ("at_stake.",),
    "shared": ("at_stake.", "after_report."),
    "facilitator": ("at_stake.", "after_report."),
}
"""The fields, by how their names begin, that a reader is not shown (section 4; quality.md)."""


def document(session: Session, assessment: str, reader: Reader = "owner") -> AnswerDocument:
    """What the assessment holds, as much as `reader` is shown; its date is the day (UTC) on which it was finished.

    Whoever has not finished is not in it, the owner included, unless the owner answers alone (section 2); where so
    nobody is, one respondent stands there who answered nothing. The owner is the first; the order of the others tells
    nothing. Before the owner of a team has finished, nobody else is shown what the owner filled in beside the grid,
    and a facilitator is shown nothing at all. Raises GoneError, also for a facilitator before it is finished.
    """
    found = documents_where(session, col(tables.Assessment.id) == assessment, reader)
    if not found:
        raise GoneError
    return found[0][1]


def documents_where(session: Session, which: ColumnElement[bool], reader: Reader) -> list[tuple[str, AnswerDocument]]:
    """The ids and documents of those assessments, in their cohort's order of joining; as few queries as for one."""
    assessment = tables.Assessment
    if reader == "facilitator":
        which &= col(assessment.finished_at).is_not(None)
    found = session.exec(select(assessment).where(which).order_by(col(assessment.joined_at), col(assessment.id))).all()
    people = _people(session, which, found)
    # Of a team whose owner has not finished, the others' answers are all that is shown to the others.
    drafts = {one.id for one in found if reader != "owner" and not any(seat.is_owner for seat in people[one.id].seats)}

    def of_each(table: type[_Row], key: Callable[[_Row], tuple[str, str | int]]) -> dict[str, list[_Row]]:
        rows = session.exec(select(table).join(assessment).where(which)).all()
        shown = [row for row in sorted(rows, key=key) if key(row)[0] not in drafts]
        return _grouped(found, shown, lambda row: key(row)[0])

    choices = of_each(tables.DimensionChoice, lambda row: (row.assessment_id, row.dimension))
    fields = of_each(tables.ModuleField, lambda row: (row.assessment_id, row.name))
    levels = of_each(tables.AgreedLevel, lambda row: (row.assessment_id, row.question))
    journeys = of_each(tables.Touchpoint, lambda row: (row.assessment_id, row.position))
    plans = of_each(tables.Action, lambda row: (row.assessment_id, row.position))
    before = (
        {} if reader == "facilitator" else of_each(tables.EarlierSitting, lambda row: (row.assessment_id, row.position))
    )
    return [
        (
            one.id,
            _composed(
                one,
                people[one.id].respondents,
                choices[one.id],
                levels[one.id],
                [row for row in plans[one.id] if not (reader == "facilitator" and row.confidential)],
                _modules(
                    {row.name: row.value for row in fields[one.id] if not row.name.startswith(WITHHELD[reader])},
                    people[one.id].views,
                    journeys[one.id],
                    levels[one.id],
                    before.get(one.id, []),
                ),
            ),
        )
        for one in found
    ]


@dataclass(frozen=True)
class _People:
    """Whose answers count in an assessment, what they answered, and their views of front and back office."""

    seats: list[tables.Respondent]
    respondents: list[Told]
    views: list[dict[str, FieldValue]]


def _people(session: Session, which: ColumnElement[bool], found: Sequence[tables.Assessment]) -> dict[str, _People]:
    assessment, respondent, answer, own = tables.Assessment, tables.Respondent, tables.Answer, tables.RespondentField
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
    seated = _grouped(found, seats, lambda seat: seat.assessment_id)
    # A document names somebody. Where nobody has finished, that is the owner, without an answer.
    missing = [id_ for id_, those in seated.items() if not those]
    owners = select(respondent).where(col(respondent.assessment_id).in_(missing), col(respondent.is_owner))
    roles = {owner.assessment_id: owner.role for owner in (session.exec(owners).all() if missing else ())}
    return {
        id_: _People(
            those,
            [Told(role=seat.role, answers=answers[seat.id]) for seat in those] or [Told(role=roles[id_], answers={})],
            [views[seat.id] for seat in those],
        )
        for id_, those in seated.items()
    }


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
        date=day_of(one.finished_at) if one.finished_at else None,
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
