"""The export is the assessment, without loss; and so is the import."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.answers import Action, AnswerDocument, RefusedError
from app.core.given import Answer, Respondent
from app.core.modules import Modules, OfficeView
from app.store import assessments
from app.store.assessments import Beginning, Place
from app.store.database import Database
from tests.store.conftest import NOW

QUESTIONS = ["strategy.purpose", "culture.purpose", "metrics.technology", "design.journey"]
DIMENSIONS = ["strategy", "culture", "journey", "management"]
LEVELS = st.integers(1, 5)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=120)
DOCUMENTS = st.builds(
    AnswerDocument,
    questionnaire=st.just("cx-grid"),
    edition=st.just("2026-1"),
    form=st.sampled_from(["full", "pulse"]),
    organisation=NAMES,
    language=st.sampled_from(["en", "sl"]),
    business_stage=st.sampled_from(["pre_revenue", "first_customers", "growing", "established"]),
    respondents=st.lists(
        st.builds(
            Respondent,
            role=st.sampled_from(["leadership", "front_office", "back_office", "other"]),
            answers=st.dictionaries(
                st.sampled_from(QUESTIONS), LEVELS | st.sampled_from(["dont_know", "not_applicable"])
            ),
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    targets=st.dictionaries(st.sampled_from(DIMENSIONS), LEVELS),
    importance=st.dictionaries(st.sampled_from(DIMENSIONS), LEVELS),
    default_target=st.none() | LEVELS,
    date=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    agreed=st.just({}),
    modules=st.just(Modules()),
    actions=st.just(()),
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


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("agreed", {"strategy.purpose": 3}),
        ("actions", (Action(text="Call ten customers", way="emotional"),)),
        ("modules", Modules(front_back_office=(OfficeView(front_office=4, back_office=2),))),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name_and_nothing_is_kept(
    database: Database, beginning: Beginning, key: str, value: object
) -> None:
    document = AnswerDocument(
        **beginning.model_dump(exclude={"role"}), respondents=(Respondent(role="other", answers={}),)
    ).model_copy(update={key: value})
    with pytest.raises(RefusedError) as refusal, database.writing() as session:
        assessments.begin_from(session, document, NOW)
    assert refusal.value.where == key
    with database.reading() as session:
        assert assessments.find_organisation(session, "Čebelnjak") == []
