"""What a questionnaire is: frameworks of dimensions, questions, forms, and their wording per language."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, Self, TypeGuard, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, model_validator

LOWEST_LEVEL = 1
HIGHEST_LEVEL = 5

Effort = Literal["S", "M", "L"]
Way = Literal["transaction", "financial", "emotional", "groundwork"]
FormName = Literal["full", "pulse"]
BusinessStage = Literal["pre_revenue", "first_customers", "growing", "established"]
ModuleName = Literal["introduction", "journey", "touchpoints", "offices", "stake", "profile", "after"]
"""What can be told beside the questions, and an introduction to the subject (domain rules, section 3)."""
StandardFlag = Literal["back_office_barrier", "discounts_only", "blind_spot"]

STANDARD_FLAGS: tuple[StandardFlag, ...] = get_args(StandardFlag)
"""Flags that need no rule in a questionnaire, only words."""
TARGETS: Mapping[BusinessStage, int] = {"pre_revenue": 3, "first_customers": 3, "growing": 4, "established": 4}
"""A judgement, and said so wherever a target stands: what is worth reaching within a year (domain rules, section 2)."""

_ID = r"[a-z][a-z0-9_-]*"
ID_PATTERN = rf"^{_ID}$"
QUESTION_ID_PATTERN = rf"^{_ID}(\.{_ID})*$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}$"
EDITION_PATTERN = r"^[0-9a-z][0-9a-z.-]*$"

ShortId = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=40)]
QuestionId = Annotated[str, StringConstraints(pattern=QUESTION_ID_PATTERN, max_length=80)]
LanguageCode = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]
Level = Annotated[int, Field(ge=LOWEST_LEVEL, le=HIGHEST_LEVEL)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]


def _targets(given: object) -> int | dict[BusinessStage, int]:
    """Said in one line what a union of types would say in several."""
    stages: tuple[BusinessStage, ...] = get_args(BusinessStage)
    if _is_level(given):
        return given
    if isinstance(given, dict) and set(given) == set(stages) and all(_is_level(level) for level in given.values()):
        return {stage: given[stage] for stage in stages}
    msg = f"targets: must be one level from 1 to 5, or a level for each of {', '.join(stages)}"
    raise ValueError(msg)


def _is_level(given: object) -> TypeGuard[int]:
    return type(given) is int and LOWEST_LEVEL <= given <= HIGHEST_LEVEL


Targets = Annotated[int | dict[BusinessStage, int], PlainValidator(_targets)]


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
    questions: tuple[QuestionId, ...] = Field(min_length=1)


class FlagRule(Value):
    """A contradiction between levels: all of `at_least` are reached while any of `any_at_most` is not passed."""

    id: ShortId
    source: str
    at_least: dict[QuestionId, Level] = Field(min_length=1)
    any_at_most: dict[QuestionId, Level] = Field(min_length=1)


class Preset(Value):
    """An action that the plan offers besides the recommendations, and the way of building good experience it serves."""

    id: ShortId
    way: Way


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


class StartWords(Value):
    """The start page: the question it opens with, what one gets, and what the answers make visible."""

    headline: Sentence
    lead: Sentence
    picture: Sentence


class Term(Value):
    """A word of the field and what it means, for the glossary."""

    term: Label
    meaning: Sentence


class QuestionWords(Value):
    """A question in one language: five anchors and the four steps between them."""

    question: Sentence
    why: Sentence
    levels: tuple[Sentence, Sentence, Sentence, Sentence, Sentence]
    recommendations: tuple[Sentence, Sentence, Sentence, Sentence]


class Wording(Value):
    """All words of a questionnaire in one language.

    `brand` is what its pages are headed with, `before` what is told before the first question, `importance` the
    question by which dimensions are weighed; `roles` and `ways` are what it calls these. Where such words are missing,
    general ones stand in.
    """

    title: Label
    brand: Label | None = None
    start: StartWords | None = None
    before: tuple[Sentence, ...] = ()
    importance: Sentence | None = None
    glossary: tuple[Term, ...] = ()
    roles: dict[Literal["front_office", "back_office"], Label] = {}
    ways: dict[Way, Label] = {}
    presets_about: Sentence | None = None
    presets: dict[str, Sentence] = {}
    levels: tuple[Label, Label, Label, Label, Label]
    stages: tuple[Sentence, Sentence, Sentence, Sentence, Sentence]
    frameworks: dict[str, FrameworkWords]
    dimensions: dict[str, DimensionWords]
    forms: dict[str, FormWords]
    flags: dict[str, Sentence] = {}
    sources: dict[str, Sentence]
    questions: dict[str, QuestionWords]


class Questionnaire(Value):
    """One edition of a questionnaire. It never changes once published.

    The order of `frameworks`, of their `dimensions` and of `questions` is the order in which everything is shown
    and in which ties are broken.
    """

    id: ShortId
    edition: Annotated[str, StringConstraints(pattern=EDITION_PATTERN, max_length=40)]
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    frameworks: tuple[Framework, ...] = Field(min_length=1)
    forms: dict[FormName, Form]
    sources: tuple[str, ...]
    flags: tuple[FlagRule, ...] = ()
    standard_flags: tuple[StandardFlag, ...] = STANDARD_FLAGS
    modules: tuple[ModuleName, ...] = ()
    presets: tuple[Preset, ...] = ()
    targets: Targets = dict(TARGETS)
    questions: tuple[Question, ...] = Field(min_length=1)
    wordings: dict[str, Wording] = {}

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        """Raises ValueError with a line `key: reason` for whatever does not fit the rest."""
        faults = list(self._doubles())
        if not faults:  # what stands twice would be at fault all over again wherever it is named
            faults = [
                *self._misplaced_questions(),
                *self._misfit_forms(),
                *self._misfit_flags(),
            ]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _doubles(self) -> Iterator[str]:
        ids = {
            "languages": self.languages,
            "frameworks": tuple(framework.id for framework in self.frameworks),
            "frameworks.dimensions": self.dimensions,
            "sources": self.sources,
            "flags": tuple(flag.id for flag in self.flags),
            "standard_flags": self.standard_flags,
            "modules": self.modules,
            "presets": tuple(preset.id for preset in self.presets),
            "questions": tuple(question.id for question in self.questions),
        } | {f"forms.{name}.questions": form.questions for name, form in self.forms.items()}
        for key, names in ids.items():
            for name in _doubled(names):
                yield f"{key}: {name!r} stands twice"

    def _misplaced_questions(self) -> Iterator[str]:
        home = {dimension: framework.id for framework in self.frameworks for dimension in framework.dimensions}
        for question in self.questions:
            key = f"questions.{question.id}"
            for dimension in question.counts_for:
                if dimension not in home:
                    yield f"{key}.counts_for: unknown dimension {dimension!r}"
            for framework in _doubled([home[one] for one in question.counts_for if one in home]):
                yield f"{key}.counts_for: more than one dimension of {framework!r}; a question counts for one of each"
            if question.source not in self.sources:
                yield f"{key}.source: unknown source {question.source!r}"

    def _misfit_forms(self) -> Iterator[str]:
        if "full" not in self.forms:
            yield "forms.full: missing"
        ids = {question.id for question in self.questions}
        for name, form in self.forms.items():
            for unknown in [id_ for id_ in form.questions if id_ not in ids]:
                yield f"forms.{name}.questions: {unknown!r} is no question of the full form"
        if "pulse" in self.forms and ids <= set(self.forms["pulse"].questions):
            yield "forms.pulse.questions: has every question; a pulse asks fewer than the full form"

    def _misfit_flags(self) -> Iterator[str]:
        ids = {question.id for question in self.questions}
        for flag in self.flags:
            if flag.id in STANDARD_FLAGS:
                yield f"flags.{flag.id}: a flag of this id has no rule; choose another id"
            if flag.source not in self.sources:
                yield f"flags.{flag.id}.source: unknown source {flag.source!r}"
            for key, levels in (("at_least", flag.at_least), ("any_at_most", flag.any_at_most)):
                for unknown in [id_ for id_ in levels if id_ not in ids]:
                    yield f"flags.{flag.id}.{key}: unknown question {unknown!r}"

    def target(self, stage: BusinessStage) -> int:
        """The level 1-5 worth reaching within a year at a stage of business, where no other is set."""
        return self.targets[stage] if isinstance(self.targets, dict) else self.targets

    @property
    def asks_business_stage(self) -> bool:
        """Whether it matters how far the business is: for targets, or for what is told beside the questions."""
        return isinstance(self.targets, dict) or "stake" in self.modules

    @property
    def speaks_of_customers(self) -> bool:
        """Whether any module asks about customers; the profile and what is asked after the report do not."""
        return not {"profile", "after"}.issuperset(self.modules)

    @property
    def flags_raised(self) -> tuple[str, ...]:
        """Every flag that a report of it can point out, and needs words for."""
        offices = "offices" in self.modules
        standard = [flag for flag in self.standard_flags if offices or flag != "back_office_barrier"]
        return (*(flag.id for flag in self.flags), *standard)

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

    def wording(self, language: str) -> Wording:
        """The words in `language`, or in the edition's first language where it does not have that one."""
        return self.wordings.get(language) or self.wordings[self.languages[0]]


def _doubled(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
