"""What a questionnaire is: frameworks of dimensions, questions, forms, and their wording per language."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

LOWEST_LEVEL = 1
HIGHEST_LEVEL = 5

Effort = Literal["S", "M", "L"]
Way = Literal["transaction", "financial", "emotional", "groundwork"]
FormName = Literal["full", "pulse"]

_ID = r"[a-z][a-z0-9_-]*"
ShortId = Annotated[str, StringConstraints(pattern=rf"^{_ID}$", max_length=40)]
QuestionId = Annotated[str, StringConstraints(pattern=rf"^{_ID}(\.{_ID})*$", max_length=80)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]


class Value(BaseModel):
    """A frozen value that knows its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Step(Value):
    """What it takes to climb one level: effort, and the way of building good experience it serves (source 004)."""

    effort: Effort
    way: Way


class Question(Value):
    """One crossing: it counts for at most one dimension of each framework."""

    id: QuestionId
    counts_for: tuple[ShortId, ...] = Field(min_length=1)
    source: str
    steps: tuple[Step, Step, Step, Step]


class Framework(Value):
    """A set of dimensions that together describe the organisation, in the order in which they are shown."""

    id: ShortId
    dimensions: tuple[ShortId, ...] = Field(min_length=2)


class Form(Value):
    """A way of sitting the questionnaire: its questions, how long it takes, and when a dimension is scored."""

    minutes: int = Field(ge=1, le=120)
    scored_from: int = Field(ge=1)
    questions: tuple[QuestionId, ...]


class FlagRule(Value):
    """A contradiction between levels: all of `at_least` are reached while any of `any_at_most` is not passed."""

    id: ShortId
    source: str
    at_least: dict[QuestionId, int] = Field(min_length=1)
    any_at_most: dict[QuestionId, int] = Field(min_length=1)


class FrameworkWords(Value):
    """What a framework is called: its dimensions together (`name`), one of them (`one`), what they are."""

    name: Label
    one: Label
    about: Sentence


class DimensionWords(Value):
    """What a dimension is called: in full, on a chart's axis, what it is, and the word beside it, if any."""

    name: Label
    short: Annotated[str, StringConstraints(min_length=1, max_length=16)]
    about: Sentence
    word: Label | None = None


class FormWords(Value):
    """What a form is called and for whom it is."""

    name: Label
    about: Sentence


class QuestionWords(Value):
    """A question in one language: five anchors and the four steps between them."""

    question: Sentence
    why: Sentence
    levels: tuple[Sentence, Sentence, Sentence, Sentence, Sentence]
    recommendations: tuple[Sentence, Sentence, Sentence, Sentence]


class Wording(Value):
    """All words of a questionnaire in one language."""

    title: Label
    levels: tuple[Label, Label, Label, Label, Label]
    stages: tuple[Sentence, Sentence, Sentence, Sentence, Sentence]
    frameworks: dict[str, FrameworkWords]
    dimensions: dict[str, DimensionWords]
    forms: dict[str, FormWords]
    flags: dict[str, Sentence]
    sources: dict[str, Sentence]
    questions: dict[str, QuestionWords]


class Questionnaire(Value):
    """One edition of a questionnaire. It never changes once published.

    The order of `frameworks`, of their `dimensions` and of `questions` is the order in which everything is shown
    and in which ties are broken.
    """

    id: ShortId
    edition: Annotated[str, StringConstraints(pattern=r"^[0-9a-z][0-9a-z.-]*$", max_length=40)]
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    frameworks: tuple[Framework, ...] = Field(min_length=1)
    forms: dict[FormName, Form]
    sources: tuple[str, ...]
    flags: tuple[FlagRule, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1)
    wordings: dict[str, Wording] = {}

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        _refuse_duplicates("questions", [question.id for question in self.questions])
        _refuse_duplicates("dimensions", list(self.dimensions))
        _refuse_duplicates("languages", list(self.languages))
        ids = {question.id for question in self.questions}
        home = {dimension: framework.id for framework in self.frameworks for dimension in framework.dimensions}
        for question in self.questions:
            for dimension in question.counts_for:
                if dimension not in home:
                    msg = f"questions.{question.id}.counts_for: unknown dimension {dimension!r}"
                    raise ValueError(msg)
            _refuse_duplicates(
                f"questions.{question.id}.counts_for (a question counts once in a framework)",
                [home[dimension] for dimension in question.counts_for],
            )
            if question.source not in self.sources:
                msg = f"questions.{question.id}.source: unknown source {question.source!r}"
                raise ValueError(msg)
        for name, form in self.forms.items():
            _refuse_duplicates(f"forms.{name}.questions", list(form.questions))
            for unknown in [id_ for id_ in form.questions if id_ not in ids]:
                msg = f"forms.{name}.questions: {unknown!r} is no question of the full form"
                raise ValueError(msg)
        for flag in self.flags:
            for unknown in [id_ for id_ in (*flag.at_least, *flag.any_at_most) if id_ not in ids]:
                msg = f"flags.{flag.id}: unknown question {unknown!r}"
                raise ValueError(msg)
        return self

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension's id, framework by framework."""
        return tuple(dimension for framework in self.frameworks for dimension in framework.dimensions)

    def question(self, id_: str) -> Question:
        """The question of that id. Raises KeyError."""
        for question in self.questions:
            if question.id == id_:
                return question
        raise KeyError(id_)

    def in_form(self, form: FormName) -> tuple[Question, ...]:
        """The form's questions in the questionnaire's order."""
        chosen = set(self.forms[form].questions)
        return tuple(question for question in self.questions if question.id in chosen)

    def crossing(self, row: str, column: str) -> Question | None:
        """The first question that counts for both dimensions, or None."""
        for question in self.questions:
            if row in question.counts_for and column in question.counts_for:
                return question
        return None

    def wording(self, language: str) -> Wording:
        """The words in `language`, or in the edition's first language where it does not have that one."""
        return self.wordings.get(language) or self.wordings[self.languages[0]]


def _refuse_duplicates(where: str, ids: list[str]) -> None:
    for id_ in ids:
        if ids.count(id_) > 1:
            msg = f"{where}: {id_!r} stands twice"
            raise ValueError(msg)
