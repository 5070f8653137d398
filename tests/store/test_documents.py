"""The export is the assessment, without loss; and so is the import."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sqlmodel import col

from app.core.answers.document import Action, AnswerDocument
from app.core.answers.modules import (
    FIELDS,
    OWN_FIELDS,
    AfterReport,
    AtStake,
    EarlierSitting,
    FieldValue,
    JourneyStage,
    Modules,
    OfficeView,
    Touchpoint,
    modules_of,
)
from app.core.answers.values import Answer, Respondent
from app.store import assessments, cohorts
from app.store.assessments import Beginning, Place
from app.store.cohorts import Cohort
from app.store.database import Database
from app.store.tables import Assessment
from app.time_zone import noon_of
from tests.store.conftest import NOW, queries
from tests.store.whole import WHOLE

QUESTIONS = ["strategy.purpose", "culture.purpose", "metrics.technology", "design.journey"]
DIMENSIONS = ["strategy", "culture", "journey", "management"]
LEVELS = st.integers(1, 5)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=120)
TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=200)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
PEOPLE = st.lists(
    st.builds(
        Respondent,
        role=st.sampled_from(["leadership", "front_office", "back_office", "other"]),
        answers=st.dictionaries(st.sampled_from(QUESTIONS), LEVELS | st.sampled_from(["dont_know", "not_applicable"])),
    ),
    min_size=1,
    max_size=4,
).map(tuple)
STAGES: tuple[JourneyStage, ...] = get_args(JourneyStage)


def values_of(name: str) -> st.SearchStrategy[FieldValue]:
    schema = TypeAdapter[FieldValue]({**FIELDS, **OWN_FIELDS}[name]).json_schema()  # type: ignore[arg-type]  # made of literals
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    return st.just("EUR") if name == "at_stake.currency" else TEXTS


def some_of(fields: Mapping[str, object]) -> st.SearchStrategy[dict[str, FieldValue]]:
    return st.fixed_dictionaries({}, optional={name: values_of(name) for name in fields})


MODULES = st.builds(
    lambda fields, own, journey, earlier: Modules.model_validate(
        modules_of(fields, own)
        | {"journey": tuple(sorted(journey, key=lambda one: STAGES.index(one.stage))), "earlier": tuple(earlier)}
    ),
    some_of(FIELDS),
    st.lists(some_of(OWN_FIELDS), max_size=6),
    st.lists(
        st.builds(
            Touchpoint,
            stage=st.sampled_from(STAGES),
            name=NAMES,
            channel=st.none() | st.sampled_from(["website", "other"]),
            feeling=st.none() | st.integers(-2, 2),
            point=st.none() | st.sampled_from(["love", "pain"]),
            moment_of_truth=st.booleans(),
            wants=st.none() | TEXTS,
            thinks=st.none() | TEXTS,
            ours=st.booleans(),
            environment=st.none() | TEXTS,
        ),
        max_size=30,
    ),
    st.lists(st.builds(EarlierSitting, form=st.sampled_from(["full", "pulse"]), date=DAYS, respondents=PEOPLE)),
)
ACTIONS = st.lists(
    st.builds(
        Action,
        text=TEXTS,
        way=st.sampled_from(["transaction", "financial", "emotional", "groundwork"]),
        question=st.none() | st.sampled_from(QUESTIONS),
        owner=st.none() | TEXTS,
        date=st.none() | DAYS,
        measure=st.none() | TEXTS,
        status=st.sampled_from(["planned", "under_way", "done", "dropped"]),
        carried=st.booleans(),
    )
).map(tuple)
PLAIN = st.builds(
    AnswerDocument,
    questionnaire=st.just("cx-grid"),
    edition=st.just("2026-1"),
    form=st.sampled_from(["full", "pulse"]),
    organisation=NAMES,
    language=st.sampled_from(["en", "sl"]),
    business_stage=st.sampled_from(["pre_revenue", "first_customers", "growing", "established"]),
    respondents=PEOPLE,
    targets=st.dictionaries(st.sampled_from(DIMENSIONS), LEVELS),
    importance=st.dictionaries(st.sampled_from(DIMENSIONS), LEVELS),
    default_target=st.none() | LEVELS,
    date=st.none() | DAYS,
    agreed=st.dictionaries(st.sampled_from(QUESTIONS), LEVELS),
    modules=MODULES,
    actions=ACTIONS,
)
DOCUMENTS = st.builds(
    lambda document, evidence: document.model_copy(
        update={
            "modules": document.modules.model_copy(
                update={"evidence": {id_: text for id_, text in evidence.items() if id_ in document.agreed}}
            )
        }
    ),
    PLAIN,
    st.dictionaries(st.sampled_from(QUESTIONS), TEXTS),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=DOCUMENTS)
def test_a_document_comes_back_as_it_was(database: Database, document: AnswerDocument) -> None:
    with database.writing() as session:
        place = assessments.begin_from(session, document, NOW)
    with database.reading() as session:
        assert assessments.document(session, place.assessment) == document
        membership = assessments.place_of(session, place.token)
        assert membership is not None
        assert membership.is_owner


def test_an_assessment_comes_out_as_it_was_answered(database: Database, beginning: Beginning, place: Place) -> None:
    with database.writing() as session:
        answers: dict[str, Answer] = {"strategy.purpose": 4, "culture.purpose": "dont_know", "design.journey": 2}
        for question, answer in answers.items():
            assessments.save_answer(
                session, place.respondent, question, answer, seen=0, writer=None, sequence=0, now=NOW
            )
        assessments.save_answer(
            session, place.respondent, "design.journey", None, seen=1, writer=None, sequence=0, now=NOW
        )
        assessments.save_choices(session, place.assessment, {"strategy": 5}, {"culture": 1}, NOW)
        assessments.finish(session, place.assessment, datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    with database.reading() as session:
        document = assessments.document(session, place.assessment)
    assert document == AnswerDocument(
        **beginning.model_dump(exclude={"role"}),
        respondents=(Respondent(role="leadership", answers={"strategy.purpose": 4, "culture.purpose": "dont_know"}),),
        targets={"strategy": 5},
        importance={"culture": 1},
        date=date(2026, 11, 30),
    )


def test_everything_that_a_document_can_hold_is_kept(database: Database) -> None:
    with database.writing() as session:
        place = assessments.begin_from(session, WHOLE, NOW)
    with database.reading() as session:
        assert assessments.document(session, place.assessment) == WHOLE


def test_a_view_is_the_respondents_whose_turn_it_is_and_those_beyond_are_nobodys(database: Database) -> None:
    with database.writing() as session:
        place = assessments.begin_from(session, WHOLE, NOW)
    with database.reading() as session:
        owner, colleague = assessments.team(session, place.assessment, NOW).members
        assert assessments.own_fields_of(session, owner.respondent)["took_for_cxm"] == "cxm"
        assert assessments.own_fields_of(session, colleague.respondent) == {"back_office": 1}
        assert "front_back_office" not in assessments.fields_of(session, place.assessment)


def test_views_of_fewer_than_all_stay_in_their_order(database: Database) -> None:
    people = tuple(Respondent(role="other", answers={}) for _ in range(3))
    views = (OfficeView(front_office=4), OfficeView(front_office=2))
    document = WHOLE.model_copy(
        update={"respondents": people, "modules": Modules(front_back_office=(views[0], OfficeView(), views[1]))}
    )
    with database.writing() as session:
        place = assessments.begin_from(session, document, NOW)
    with database.reading() as session:
        assert assessments.document(session, place.assessment).modules.front_back_office == views


def test_everybody_in_a_finished_document_or_one_of_several_has_finished(database: Database) -> None:
    with database.writing() as session:
        finished = assessments.begin_from(session, WHOLE, NOW)
        begun = assessments.begin_from(session, WHOLE.model_copy(update={"date": None}), NOW)
    with database.reading() as session:
        days = [one.finished_at for one in assessments.team(session, finished.assessment, NOW).members]
        assert days == [noon_of(date(2026, 11, 30))] * 2
        assert [one.finished_at for one in assessments.team(session, begun.assessment, NOW).members] == [NOW, NOW]
        sitting = assessments.sitting(session, begun.assessment)
        assert sitting is not None
        assert sitting.finished_at is None


def test_a_document_holds_those_who_have_finished_in_no_order_of_joining(database: Database, place: Place) -> None:
    with database.writing() as session:
        joined = [assessments.join_team(session, place.assessment, "other", NOW) for _ in range(12)]
        for level, one in enumerate((place, *joined)):
            given = 1 + level % 5
            assessments.save_answer(session, one.respondent, "a", given, seen=0, writer=None, sequence=0, now=NOW)
            assessments.save_own_field(session, one.respondent, "front_office", given, {None}, NOW)
    with database.reading() as session:
        [nobody] = assessments.document(session, place.assessment).respondents
    assert (nobody.role, nobody.answers) == ("leadership", {})
    finished: list[Place] = []
    for one in (*joined, place):
        with database.writing() as session:
            assessments.finish_own(session, one.respondent, NOW)
        finished.append(one)
        expected = sorted(finished, key=lambda one: (one is not place, one.respondent))
        with database.reading() as session:
            found = assessments.document(session, place.assessment)
            levels = [assessments.answers_of(session, one.respondent)["a"].answer for one in expected]
        assert [person.answers["a"] for person in found.respondents] == levels
        assert [view.front_office for view in found.modules.front_back_office] == levels


def test_many_documents_cost_as_many_queries_as_one(database: Database) -> None:
    with database.writing() as session:
        ids = [assessments.begin_from(session, WHOLE, NOW).assessment for _ in range(3)]
    with database.reading() as session:
        with queries(session) as for_one:
            one = assessments.documents_where(session, col(Assessment.id) == ids[0], "owner")
        with queries(session) as for_all:
            found = assessments.documents_where(session, col(Assessment.id).in_(ids), "owner")
    assert [document for _, document in found] == [WHOLE] * 3
    assert [document for _, document in one] == [WHOLE]
    assert len(for_one) == len(for_all) == 10


def test_no_facilitator_reads_earlier_sittings_what_is_at_stake_or_the_last_word(
    database: Database, cohort: Cohort
) -> None:
    with database.writing() as session:
        place = cohorts.join_with(session, cohort.id, WHOLE, NOW)
    with database.reading() as session:
        own = assessments.document(session, place.assessment)
        assert (own.modules.earlier, own.modules.at_stake) == (WHOLE.modules.earlier, WHOLE.modules.at_stake)
        assert own.modules.at_stake != AtStake()
        assert own.modules.after_report != AfterReport()
        for shown in (
            assessments.document(session, place.assessment, "facilitator"),
            cohorts.documents(session, cohort.id)[0][1],
        ):
            less = own.modules.model_copy(update={"earlier": (), "at_stake": AtStake(), "after_report": AfterReport()})
            assert shown == own.model_copy(update={"modules": less})
