"""The questionnaires folder becomes a catalogue; a bad file is refused, naming file, key and reason."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from app.core.questionnaire import Questionnaire, QuestionWords, Wording
from app.settings import resource

Model = TypeVar("Model", bound=BaseModel)

LARGEST_FILE = 256 * 1024
DEEPEST_NESTING = 20
LONGEST_LEVEL = 15
"""Words in an anchor: more cannot be taken in at a glance."""

FLAGS_OF_EVERY_QUESTIONNAIRE = ("back_office_barrier", "discounts_only", "blind_spot")
STRUCTURE = "questionnaire.yaml"


@dataclass(frozen=True)
class Fault:
    """Something wrong in a questionnaire's files."""

    file: Path
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.key}: {self.reason}"


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
    found, faults = read(folder or resource("questionnaires"))
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
    for edition in editions:
        questionnaire, its_faults = _read_edition(edition)
        faults += its_faults
        if questionnaire is None:
            continue
        if any((questionnaire.id, questionnaire.edition) == (other.id, other.edition) for other in found):
            faults.append(Fault(edition / STRUCTURE, "id", f"duplicate id: {questionnaire.id} {questionnaire.edition}"))
        found.append(questionnaire)
    return found, faults


def _editions(folder: Path) -> Iterator[Path]:
    """The edition folders in, at or around `folder`: those whose questionnaire.yaml has none above it."""
    if folder.is_file():
        folder = folder.parent
    else:
        next(folder.iterdir(), None)  # a folder that cannot be read says so here
    if (folder.parent / STRUCTURE).is_file():
        folder = folder.parent
    for structure in sorted(folder.rglob(STRUCTURE)):
        if not (structure.parent.parent / STRUCTURE).is_file():
            yield structure.parent


def _edition_order(edition: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"[^0-9a-z]+", edition)]


def _read_edition(folder: Path) -> tuple[Questionnaire | None, list[Fault]]:
    data, faults = _load(folder / STRUCTURE)
    if faults:
        return None, faults
    structure, faults = _structure(folder / STRUCTURE, data)
    if structure is None:
        return None, faults
    wordings: dict[str, Wording] = {}
    for language in structure.languages:
        if not (folder / language).is_dir():
            faults.append(Fault(folder / language, language, "missing translation: no such folder"))
            continue
        wording, its_faults = _read_language(folder / language, structure)
        faults += its_faults
        if wording is not None:
            wordings[language] = wording
    faults += [
        Fault(other, other.name, "a language folder that `languages` does not name")
        for other in sorted(folder.iterdir())
        if other.is_dir() and other.name not in structure.languages
    ]
    if faults:
        return None, faults
    return structure.model_copy(update={"wordings": wordings}), []


def _structure(file: Path, data: object) -> tuple[Questionnaire | None, list[Fault]]:
    if not isinstance(data, dict):
        return None, [Fault(file, "(file)", "must be a mapping of keys")]
    if "wordings" in data:
        return None, [Fault(file, "wordings", "unknown key")]
    forms, questions = data.get("forms"), data.get("questions")
    if isinstance(forms, dict) and isinstance(full := forms.get("full"), dict) and isinstance(questions, list):
        if "questions" in full:
            return None, [Fault(file, "forms.full.questions", "unknown key: the full form has every question")]
        ids = [question.get("id") for question in questions if isinstance(question, dict)]
        data = data | {"forms": forms | {"full": full | {"questions": [id_ for id_ in ids if isinstance(id_, str)]}}}
    return _validated(file, Questionnaire, data)


def _read_language(folder: Path, structure: Questionnaire) -> tuple[Wording | None, list[Fault]]:
    general, faults = _general_words(folder / STRUCTURE, structure)
    questions, its_faults = _all_question_words(folder, structure)
    faults += its_faults
    if general is None or faults:
        return None, faults
    return general.model_copy(update={"questions": questions}), []


def _general_words(file: Path, structure: Questionnaire) -> tuple[Wording | None, list[Fault]]:
    if not file.is_file():
        return None, [Fault(file, "(file)", "missing translation: no such file")]
    data, faults = _load(file)
    if faults:
        return None, faults
    if not isinstance(data, dict):
        return None, [Fault(file, "(file)", "must be a mapping of keys")]
    if "questions" in data:
        return None, [Fault(file, "questions", "unknown key: questions have files of their own")]
    wording, faults = _validated(file, Wording, data | {"questions": {}})
    return wording, faults if wording is None else _general_words_missing(file, structure, wording)


def _all_question_words(folder: Path, structure: Questionnaire) -> tuple[dict[str, QuestionWords], list[Fault]]:
    asked = [question.id for question in structure.questions]
    found: dict[str, QuestionWords] = {}
    faults: list[Fault] = []
    homes: dict[str, Path] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file.name == STRUCTURE:
            continue
        words, its_faults = _question_words(file)
        faults += its_faults
        for id_, question in words.items():
            if id_ in homes:
                faults.append(Fault(file, id_, f"duplicate id: stands in {homes[id_].name} too"))
            elif id_ not in asked:
                faults.append(Fault(file, id_, "unknown key: no question of this questionnaire"))
            homes.setdefault(id_, file)
            found[id_] = question
    if not faults:
        # Only where every file could be read can one say that words are missing.
        faults = [
            Fault(folder, id_, f"missing translation: no words for this question in {folder.name}")
            for id_ in asked
            if id_ not in found
        ]
    return found, faults


def _question_words(file: Path) -> tuple[dict[str, QuestionWords], list[Fault]]:
    data, faults = _load(file)
    if faults:
        return {}, faults
    if not isinstance(data, dict):
        return {}, [Fault(file, "(file)", "must be a mapping of question ids")]
    found: dict[str, QuestionWords] = {}
    for id_, entry in data.items():
        words, its_faults = _validated(file, QuestionWords, entry, prefix=str(id_))
        faults += its_faults
        if words is None:
            continue
        found[str(id_)] = words
        faults += [
            Fault(file, f"{id_}.levels[{number}]", f"{length} words; a level has at most {LONGEST_LEVEL}")
            for number, level in enumerate(words.levels)
            if (length := len(level.split())) > LONGEST_LEVEL
        ]
    return found, faults


def _general_words_missing(file: Path, structure: Questionnaire, wording: Wording) -> list[Fault]:
    flags = [flag.id for flag in structure.flags] + list(FLAGS_OF_EVERY_QUESTIONNAIRE)
    pairs: list[tuple[str, Mapping[str, object], list[str]]] = [
        ("frameworks", wording.frameworks, [framework.id for framework in structure.frameworks]),
        ("dimensions", wording.dimensions, list(structure.dimensions)),
        ("forms", wording.forms, list(structure.forms)),
        ("flags", wording.flags, flags),
        ("sources", wording.sources, list(structure.sources)),
    ]
    faults: list[Fault] = []
    for key, words, ids in pairs:
        faults += [Fault(file, f"{key}.{id_}", "missing translation") for id_ in ids if id_ not in words]
        faults += [Fault(file, f"{key}.{id_}", "unknown key") for id_ in words if id_ not in ids]
    return faults


def _validated(file: Path, model: type[Model], data: object, prefix: str = "") -> tuple[Model | None, list[Fault]]:
    try:
        # By way of JSON, so that strict types hold and a YAML list may fill a tuple.
        return model.model_validate_json(json.dumps(data, default=str)), []
    except ValidationError as error:
        return None, [_fault(file, prefix, fault) for fault in error.errors(include_url=False)]


def _fault(file: Path, prefix: str, fault: ErrorDetails) -> Fault:
    where, given = list(fault["loc"]), fault["input"]
    match fault["type"]:
        case "missing" if isinstance(where[-1], int):
            reason = f"needs more entries than the {where.pop()} it has"
        case "too_long" if isinstance(given, list):
            reason = f"needs {fault['ctx']['max_length']} entries, has {fault['ctx']['actual_length']}"
        case "missing":
            reason = "missing"
        case "extra_forbidden":
            reason = "unknown key"
        case "value_error":
            # The model names its own key: `key: reason`.
            key, _, reason = fault["msg"].removeprefix("Value error, ").partition(": ")
            return Fault(file, key, reason)
        case _:
            reason = f"{fault['msg'][0].lower()}{fault['msg'][1:]}, not {json.dumps(given, default=str)[:60]}"
    key = prefix
    for part in where:
        key += f"[{part}]" if isinstance(part, int) else f".{part}"
    return Fault(file, key.lstrip(".") or "(file)", reason)


def _load(file: Path) -> tuple[object, list[Fault]]:
    """The file's data. An alias, a bomb or a duplicate key is refused before anything is built from it."""
    if not file.is_file():
        return None, [Fault(file, "(file)", "missing")]
    raw = file.read_bytes()
    if len(raw) > LARGEST_FILE:
        return None, [Fault(file, "(file)", f"{len(raw)} bytes; a file has at most {LARGEST_FILE}")]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [Fault(file, "(file)", f"not UTF-8 at byte {error.start}")]
    yaml = YAML(typ="safe", pure=True)
    try:
        fault = _dangerous(file, yaml, text)
        if fault is None:
            root = yaml.compose(text)
            fault = _duplicate_key(file, root, "")
        if fault is not None:
            return None, [fault]
        return yaml.load(text), []
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "(file)"
        return None, [Fault(file, line, f"not YAML: {error.problem or error.context}")]
    except (YAMLError, ValueError) as error:
        return None, [Fault(file, "(file)", f"not YAML: {str(error).splitlines()[0]}")]


def _dangerous(file: Path, yaml: YAML, text: str) -> Fault | None:
    """Reads the stream of events only, which takes linear time however the file would expand."""
    depth = 0
    for event in yaml.parse(text):
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
            return Fault(file, f"line {event.start_mark.line + 1}", f"alias or anchor {event.anchor!r}: not allowed")
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST_NESTING:
            return Fault(file, f"line {event.start_mark.line + 1}", f"nested deeper than {DEEPEST_NESTING} levels")
    return None


def _duplicate_key(file: Path, node: Node | None, where: str) -> Fault | None:
    if isinstance(node, SequenceNode):
        for number, child in enumerate(node.value):
            if fault := _duplicate_key(file, child, f"{where}[{number}]"):
                return fault
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            name = f"{where}.{key.value}".lstrip(".")
            if name in seen:
                return Fault(file, name, f"duplicate key (line {key.start_mark.line + 1})")
            seen.add(name)
            if fault := _duplicate_key(file, child, name):
                return fault
    return None
