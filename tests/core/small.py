"""Questionnaires as small as a test needs them, built without files; their words say what they stand for."""

from collections.abc import Mapping, Sequence

from app.core.answers.document import AnswerDocument
from app.core.answers.values import Answer, Respondent
from app.core.questionnaire.model import STANDARD_FLAGS, Questionnaire, Wording

# What each step of every question takes, so that a test can tell the steps apart.
STEPS = (
    {"effort": "S", "way": "groundwork"},
    {"effort": "S", "way": "transaction"},
    {"effort": "M", "way": "financial"},
    {"effort": "L", "way": "emotional"},
)

FRAMEWORKS = {"work": ["plan", "care"], "ground": ["soil", "trees"]}
QUESTIONS = {
    "plan.soil": ["plan", "soil"],
    "plan.trees": ["plan", "trees"],
    "care.soil": ["care", "soil"],
    "care.trees": ["care", "trees"],
}


def questionnaire(
    questions: Mapping[str, Sequence[str]] = QUESTIONS,
    frameworks: Mapping[str, Sequence[str]] = FRAMEWORKS,
    pulse: Sequence[str] = (),
    flags: Sequence[Mapping[str, object]] = (),
    modules: Sequence[str] = (),
) -> Questionnaire:
    """Questions (id to the dimensions they count for) in frameworks (id to dimensions), in one language."""
    forms = {"full": {"minutes": 10, "scored_from": 1, "questions": tuple(questions)}}
    if pulse:
        forms["pulse"] = {"minutes": 2, "scored_from": 1, "questions": tuple(pulse)}
    built = Questionnaire.model_validate(
        {
            "id": "small",
            "edition": "1",
            "languages": ("en",),
            "frameworks": tuple({"id": id_, "dimensions": tuple(its)} for id_, its in frameworks.items()),
            "forms": forms,
            "sources": ("001",),
            "flags": tuple(flags),
            "modules": tuple(modules),
            "questions": tuple(
                {"id": id_, "counts_for": tuple(its), "source": "001", "steps": STEPS} for id_, its in questions.items()
            ),
        }
    )
    return built.model_copy(update={"wordings": {"en": _words(built)}})


def sitting(
    *answers: Mapping[str, Answer], form: str = "full", stage: str = "growing", **more: object
) -> AnswerDocument:
    """A sitting of the small questionnaire, one respondent for each set of answers."""
    fields: dict[str, object] = {
        "questionnaire": "small",
        "edition": "1",
        "form": form,
        "organisation": "Čebelnjak",
        "language": "en",
        "business_stage": stage,
        "respondents": tuple(Respondent(role="other", answers=dict(one)) for one in answers),
    }
    return AnswerDocument.model_validate(fields | more)


def _words(built: Questionnaire) -> Wording:
    flags = [flag.id for flag in built.flags] + list(STANDARD_FLAGS)
    return Wording.model_validate(
        {
            "title": "Small",
            "levels": ("Ad hoc", "Emerging", "Defined", "Managed", "Embedded"),
            "stages": ("is 1", "is 2", "is 3", "is 4", "is 5"),
            "frameworks": {
                one.id: {"name": f"{one.id}s", "one": one.id, "about": f"about {one.id}"} for one in built.frameworks
            },
            "dimensions": {
                id_: {"name": f"The {id_}", "short": id_, "about": f"about {id_}"} for id_ in built.dimensions
            },
            "forms": {name: {"name": f"The {name} form", "about": "."} for name in built.forms},
            "flags": {flag: f"{flag} {{dimension}}" if flag == "blind_spot" else flag for flag in flags},
            "sources": {"001": "A book."},
            "questions": {
                question.id: {
                    "question": f"{question.id}?",
                    "why": f"why {question.id}",
                    "levels": tuple(f"{question.id} at {level}" for level in range(1, 6)),
                    "recommendations": tuple(f"{question.id} from {level}" for level in range(1, 5)),
                }
                for question in built.questions
            },
        }
    )
