"""Answer documents as hypothesis draws them: any that is legal, as the JSON that comes back out of it."""

from hypothesis import strategies as st

from tests.core.documents.forms import DIMENSIONS, FULL, PULSE

LEVELS = st.integers(1, 5)
DAYS = st.dates().map(lambda day: day.isoformat())
WAYS = ["transaction", "financial", "emotional", "groundwork"]
ROLES = ["leadership", "front_office", "back_office", "other"]
STAGES = ["pre_revenue", "first_customers", "growing", "established"]


def texts(longest: int, *, shortest: int = 0, lines: bool = False) -> st.SearchStrategy[str]:
    """Texts as they are kept: any character that can be shown, no space around them."""
    characters = st.characters(
        exclude_categories=["Cc", "Co", "Cs", "Zl", "Zp", "Cf"], exclude_characters="\ufffe\uffff"
    )
    kept = st.text(characters | st.just("\n") if lines else characters, max_size=longest).map(str.strip)
    return kept.filter(lambda text: len(text) >= shortest)


def actions(questions: tuple[str, ...]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {"text": texts(1000, shortest=1, lines=True), "way": st.sampled_from(WAYS)},
        optional={
            "question": st.sampled_from(questions),
            "owner": texts(1000, lines=True),
            "date": DAYS,
            "measure": texts(1000, lines=True),
        },
    )


@st.composite
def documents(draw: st.DrawFn) -> dict[str, object]:
    """A legal answer document; keys that would say nothing are left out."""
    form, questions = draw(st.sampled_from([("full", FULL), ("pulse", PULSE)]))
    answers = st.dictionaries(st.sampled_from(questions), LEVELS | st.sampled_from(["dont_know", "not_applicable"]))
    per_dimension = st.dictionaries(st.sampled_from(DIMENSIONS), LEVELS, min_size=1)
    respondents = st.fixed_dictionaries({"role": st.sampled_from(ROLES), "answers": answers})
    ratings = st.fixed_dictionaries({"front_office": LEVELS, "back_office": LEVELS})
    return draw(
        st.fixed_dictionaries(
            {
                "questionnaire": st.just("cx-grid"),
                "edition": st.just("2026-1"),
                "form": st.just(form),
                "organisation": texts(120, shortest=1),
                "language": st.from_regex("[a-z]{2,3}", fullmatch=True),
                "business_stage": st.sampled_from(STAGES),
                "respondents": st.lists(respondents, min_size=1, max_size=4),
            },
            optional={
                "targets": per_dimension,
                "importance": per_dimension,
                "default_target": LEVELS,
                "date": DAYS,
                "agreed": st.dictionaries(st.sampled_from(questions), LEVELS, min_size=1),
                "modules": st.fixed_dictionaries({"front_back_office": st.lists(ratings, min_size=1, max_size=3)}),
                "actions": st.lists(actions(questions), min_size=1, max_size=3),
            },
        )
    )
