"""The questionnaires folder becomes a catalogue; a bad file is refused, naming file, key and reason."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.content.faults import WHOLE_FILE, Fault, faults_of
from app.content.loading import load
from app.core.questionnaire.model import STANDARD_FLAGS, Questionnaire, QuestionWords, Wording
from app.settings import resource

__all__ = ["Catalogue", "Fault", "FaultyQuestionnaireError", "catalogue", "load", "read"]

Model = TypeVar("Model", bound=BaseModel)

LONGEST_LEVEL = 15
"""Words in an anchor: more cannot be taken in at a glance."""

MOST_FRAMEWORKS = 3
MOST_DIMENSIONS = 20
"""Of one framework: more lines do not fit on a wall."""
MOST_QUESTIONS = 200
LONGEST_WORD = 20
"""Letters of a word in a dimension's name: a longer one would be broken in the head of a table."""

STRUCTURE = "questionnaire.yaml"
DIMENSION = "{dimension}"
"""Where a sentence is to name the dimension that it is about."""


class FaultyQuestionnaireError(Exception):
    """A questionnaire cannot be used; `faults` say why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Catalogue:
    """Every questionnaire edition on offer."""

    editions: Mapping[tuple[str, str], Questionnaire]

    def edition(self, id_: str, edition: str) -> Questionnaire | None:
        """The edition of that questionnaire, or None."""
        return self.editions.get((id_, edition))

    def newest(self) -> tuple[Questionnaire, ...]:
        """The newest edition of each questionnaire: what a new assessment may be bound to."""
        newest: dict[str, Questionnaire] = {}
        for questionnaire in self.editions.values():
            known = newest.get(questionnaire.id)
            if known is None or _edition_order(known.edition) < _edition_order(questionnaire.edition):
                newest[questionnaire.id] = questionnaire
        return tuple(newest.values())


def catalogue(folder: Path | None = None) -> Catalogue:
    """The questionnaires in `folder`, or the built-in ones. Raises FaultyQuestionnaireError."""
    folder = folder or resource("questionnaires")
    try:
        found, faults = read(folder)
    except OSError as error:
        found, faults = [], [Fault(Path(error.filename or folder), WHOLE_FILE, error.strerror or "cannot be read")]
    if faults:
        raise FaultyQuestionnaireError(faults)
    return Catalogue({(questionnaire.id, questionnaire.edition): questionnaire for questionnaire in found})


def read(folder: Path) -> tuple[list[Questionnaire], list[Fault]]:
    """Every questionnaire below `folder` that is sound, and every fault. Raises OSError where it cannot be read."""
    editions = list(_editions(folder))
    if not editions:
        return [], [Fault(folder, STRUCTURE, "missing: no questionnaire here")]
    found: list[Questionnaire] = []
    faults: list[Fault] = []
    homes: dict[tuple[str, str], Path] = {}
    for edition in editions:
        questionnaire, its_faults = _read_edition(edition)
        faults += its_faults
        if questionnaire is None:
            continue
        home = homes.setdefault((questionnaire.id, questionnaire.edition), edition)
        if home != edition:
            reason = f"{questionnaire.id} {questionnaire.edition!r} stands in {home} too: change id or edition"
            faults.append(Fault(edition / STRUCTURE, "edition", reason))
        found.append(questionnaire)
    return found, list(dict.fromkeys(faults))


def _editions(folder: Path) -> Iterator[Path]:
    """The edition folders in, at or around `folder`: those whose questionnaire.yaml has none above it."""
    if folder.is_file():
        folder = folder.parent
        if not (folder / STRUCTURE).is_file():
            return
    else:
        next(folder.iterdir(), None)  # a folder that cannot be read says so here
    if (_above(folder) / STRUCTURE).is_file():
        folder = _above(folder)
    for structure in sorted(folder.rglob(STRUCTURE)):
        if not (_above(structure.parent) / STRUCTURE).is_file():
            yield structure.parent


def _above(folder: Path) -> Path:
    """The folder above, also of `.` and `..`, which are their own parents by name."""
    return folder.parent if folder.name not in {"", ".."} else folder / ".."


def _edition_order(edition: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"[^0-9a-z]+", edition)]


def _read_edition(folder: Path) -> tuple[Questionnaire | None, list[Fault]]:
    data, faults = load(folder / STRUCTURE)
    if faults:
        return None, faults
    structure, faults = _structure(folder / STRUCTURE, data)
    if structure is None:
        return None, faults
    wordings: dict[str, Wording] = {}
    for language in structure.languages:
        if not (folder / language).is_dir():
            reason = f"missing translation: there is no folder {language!r}"
            faults.append(Fault(folder / STRUCTURE, "languages", reason))
            continue
        wording, its_faults = _read_language(folder / language, structure)
        faults += its_faults
        if wording is not None:
            wordings[language] = wording
    faults += [
        Fault(folder / STRUCTURE, "languages", f"does not name {other.name!r}, which has a folder")
        for other in sorted(folder.iterdir())
        if other.is_dir() and not other.name.startswith(".") and other.name not in structure.languages
    ]
    if faults:
        return None, faults
    return structure.model_copy(update={"wordings": wordings}), []


def _structure(file: Path, data: object) -> tuple[Questionnaire | None, list[Fault]]:
    if not isinstance(data, dict):
        return None, [Fault(file, WHOLE_FILE, "must be a mapping of keys")]
    if "title" in data and "questions" not in data:
        reason = "missing: no such file, but the words of a language in a folder beside it"
        return None, [Fault(file.parent.parent / STRUCTURE, WHOLE_FILE, reason)]
    if "wordings" in data:
        return None, [Fault(file, "wordings", "unknown key")]
    forms, questions = data.get("forms"), data.get("questions")
    if isinstance(forms, dict) and isinstance(full := forms.get("full"), dict) and isinstance(questions, list):
        if "questions" in full:
            return None, [Fault(file, "forms.full.questions", "unknown key: the full form has every question")]
        ids = [question.get("id") for question in questions if isinstance(question, dict)]
        everything = list(dict.fromkeys(id_ for id_ in ids if isinstance(id_, str)))
        data = data | {"forms": forms | {"full": full | {"questions": everything}}}
    structure, faults = _validated(file, Questionnaire, data)
    if structure is None:
        # What is wrong with a question's id is said where it stands.
        return None, [fault for fault in faults if not fault.key.startswith("forms.full.questions")]
    faults = _never_scored(file, structure) + _undrawable(file, structure)
    return (None, faults) if faults else (structure, [])


def _never_scored(file: Path, structure: Questionnaire) -> list[Fault]:
    """Dimensions that nobody could ever be scored on, because a form has too few questions for them."""
    faults: list[Fault] = []
    for name, form in structure.forms.items():
        asked = structure.in_form(name)
        for dimension in structure.dimensions:
            count = sum(dimension in question.counts_for for question in asked)
            if count < form.scored_from:
                reason = f"{form.scored_from}, but {dimension!r} has {count} of this form's questions"
                faults.append(Fault(file, f"forms.{name}.scored_from", reason))
    return faults


def _undrawable(file: Path, structure: Questionnaire) -> list[Fault]:
    """What would be too much for a page, a wall or a sheet."""
    faults: list[Fault] = []
    if len(structure.frameworks) > MOST_FRAMEWORKS:
        reason = f"{len(structure.frameworks)}; at most {MOST_FRAMEWORKS} can be drawn"
        faults.append(Fault(file, "frameworks", reason))
    for framework in structure.frameworks:
        if (count := len(framework.dimensions)) > MOST_DIMENSIONS:
            reason = f"{count}; at most {MOST_DIMENSIONS} can be drawn"
            faults.append(Fault(file, f"frameworks.{framework.id}.dimensions", reason))
    if (count := len(structure.questions)) > MOST_QUESTIONS:
        faults.append(Fault(file, "questions", f"{count}; at most {MOST_QUESTIONS} can be printed"))
    return faults


def _read_language(folder: Path, structure: Questionnaire) -> tuple[Wording | None, list[Fault]]:
    general, faults = _general_words(folder / STRUCTURE, structure)
    questions, its_faults = _all_question_words(folder, structure)
    faults += its_faults
    if general is None or faults:
        return None, faults
    return general.model_copy(update={"questions": questions}), []


def _general_words(file: Path, structure: Questionnaire) -> tuple[Wording | None, list[Fault]]:
    if not file.is_file():
        return None, [Fault(file, WHOLE_FILE, "missing translation: no such file")]
    data, faults = load(file)
    if faults:
        return None, faults
    if not isinstance(data, dict):
        return None, [Fault(file, WHOLE_FILE, "must be a mapping of keys")]
    if "questions" in data:
        return None, [Fault(file, "questions", "unknown key: questions have files of their own")]
    wording, faults = _validated(file, Wording, data | {"questions": {}})
    return wording, faults if wording is None else _general_words_missing(file, structure, wording)


def _all_question_words(folder: Path, structure: Questionnaire) -> tuple[dict[str, QuestionWords], list[Fault]]:
    asked = {question.id: None for question in structure.questions}
    found: dict[str, QuestionWords] = {}
    faults: list[Fault] = []
    homes: dict[str, Path] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name == STRUCTURE:
            continue
        data, its_faults = load(file)
        if not its_faults and not isinstance(data, dict):
            its_faults = [Fault(file, WHOLE_FILE, "must be a mapping of question ids")]
        faults += its_faults
        for id_, entry in data.items() if isinstance(data, dict) else ():
            if id_ not in asked:
                faults.append(Fault(file, id_, "unknown key: no question of this questionnaire"))
                continue
            if id_ in homes:
                faults.append(Fault(file, id_, f"duplicate id: stands in {homes[id_].name} too"))
                continue
            homes[id_] = file
            words, its_faults = _question_words(file, id_, entry)
            faults += its_faults
            if words is not None:
                found[id_] = words
    if not faults:
        # Only where every file could be read can one say that words are missing.
        faults = [
            Fault(folder, id_, f"missing translation: no words for this question in {folder.name}")
            for id_ in asked
            if id_ not in found
        ]
    return found, faults


def _question_words(file: Path, id_: str, entry: object) -> tuple[QuestionWords | None, list[Fault]]:
    words, faults = _validated(file, QuestionWords, entry, prefix=id_)
    if words is None:
        return None, faults
    return words, [
        Fault(file, f"{id_}.levels.{number}", f"{length} words; a level has at most {LONGEST_LEVEL}")
        for number, level in enumerate(words.levels, start=1)
        if (length := len(level.split())) > LONGEST_LEVEL
    ]


def _general_words_missing(file: Path, structure: Questionnaire, wording: Wording) -> list[Fault]:
    pairs: list[tuple[str, Mapping[str, object], list[str]]] = [
        ("frameworks", wording.frameworks, [framework.id for framework in structure.frameworks]),
        ("dimensions", wording.dimensions, list(structure.dimensions)),
        ("forms", wording.forms, list(structure.forms)),
        ("flags", wording.flags, list(structure.flags_raised)),
        ("presets", wording.presets, [preset.id for preset in structure.presets]),
        ("sources", wording.sources, list(structure.sources)),
    ]
    faults: list[Fault] = []
    for key, words, ids in pairs:
        faults += [Fault(file, f"{key}.{id_}", "missing translation") for id_ in ids if id_ not in words]
        # Words for a standard flag that is not raised are never shown, so they may stand.
        known = {*ids, *(STANDARD_FLAGS if key == "flags" else ())}
        faults += [Fault(file, f"{key}.{id_}", "unknown key") for id_ in words if id_ not in known]
    faults += [
        Fault(file, f"dimensions.{id_}.name", f"{word!r} has {len(word)} letters; a word has at most {LONGEST_WORD}")
        for id_, its in wording.dimensions.items()
        for word in its.name.split()
        if len(word) > LONGEST_WORD
    ]
    if DIMENSION not in wording.flags.get("blind_spot", DIMENSION):
        faults.append(Fault(file, "flags.blind_spot", f"lacks {DIMENSION}, where the dimension's name is put in"))
    return faults


def _validated(file: Path, model: type[Model], data: object, prefix: str = "") -> tuple[Model | None, list[Fault]]:
    try:
        # By way of JSON, so that strict types hold and a YAML list may fill a tuple.
        return model.model_validate_json(json.dumps(data)), []
    except ValidationError as error:
        return None, faults_of(error, file, data, prefix)
