"""A YAML file becomes data; what could harm, or would be read otherwise than it looks, is refused first."""

import unicodedata
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from app.content.faults import WHOLE_FILE, Fault

LARGEST_FILE = 256 * 1024
DEEPEST_NESTING = 20
MOST_ENTRIES = 20_000
"""Texts, lists and mappings in one file: some ten times what 42 questions need, and still read in seconds."""

_TEXT = "tag:yaml.org,2002:str"
_HINTS = {
    "mapping values are not allowed": "a text with a colon needs quotes around it",
    "cannot start any token": "indent with spaces, and put quotes around a text that begins with a sign",
    "expected <block end>": "look for a quote that is not closed or a line that is indented otherwise",
    "could not find expected ':'": "look for a colon or a quote that is missing above",
    "found unexpected end of stream": "look for a quote or bracket that is not closed",
    "but found another document": "a file holds one document, so without a line of ---",
}


class _Words(SafeConstructor):
    """Reads what looks like a date as the text that it is."""


_Words.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def load(file: Path) -> tuple[object, list[Fault]]:
    """The file's data: mappings with texts as keys, lists, texts, numbers, yes and no. Raises OSError."""
    if not file.is_file():
        return None, [Fault(file, WHOLE_FILE, "missing: no such file")]
    if (size := file.stat().st_size) > LARGEST_FILE:
        return None, [Fault(file, WHOLE_FILE, f"{size} bytes; a file has at most {LARGEST_FILE}")]
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [Fault(file, WHOLE_FILE, f"not UTF-8 at byte {error.start}")]
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Words
    try:
        fault = _unreadable(file, text) or _dangerous(file, yaml, text) or _bad_key(file, yaml.compose(text), "")
        return (None, [fault]) if fault else (yaml.load(text), [])
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else WHOLE_FILE
        problem = str(error.problem or error.context)
        hint = next((f" ({hint})" for sign, hint in _HINTS.items() if sign in problem), "")
        return None, [Fault(file, line, f"not YAML: {problem}{hint}")]
    except YAMLError as error:
        return None, [Fault(file, WHOLE_FILE, f"not YAML: {str(error).splitlines()[0]}")]
    except ValueError:
        return None, [Fault(file, WHOLE_FILE, "has a number with too many digits")]


def _unreadable(file: Path, text: str) -> Fault | None:
    for number, line in enumerate(text.split("\n"), start=1):
        if character := _not_shown(line.removesuffix("\r")):
            return Fault(file, f"line {number}", f"a character that cannot be shown: U+{ord(character):04X}")
    return None


def _not_shown(text: str) -> str | None:
    """The first character that no page, paper or database can carry; line ends and tabs are none."""
    for character in text:
        hidden = unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in "\n\t"
        if hidden or character in "\ufffe\uffff":
            return character
    return None


def _dangerous(file: Path, yaml: YAML, text: str) -> Fault | None:
    """Reads the stream of events only, which takes linear time however the file would expand."""
    depth = entries = 0
    for event in yaml.parse(text):
        line = f"line {event.start_mark.line + 1}"
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST_NESTING:
            return Fault(file, line, f"nested deeper than {DEEPEST_NESTING} levels")
        if isinstance(event, NodeEvent):
            entries += 1
            if entries > MOST_ENTRIES:
                return Fault(file, line, f"more than {MOST_ENTRIES} entries in one file")
            if fault := _special(file, line, event):
                return fault
    return None


def _special(file: Path, line: str, event: NodeEvent) -> Fault | None:
    if isinstance(event, AliasEvent) or event.anchor is not None:
        return Fault(file, line, f"an alias or anchor (&{event.anchor}, *{event.anchor}): not allowed; write it out")
    if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.tag is not None:
        return Fault(file, line, f"a tag ({event.tag}): not allowed; put quotes around a text that begins with !")
    if isinstance(event, ScalarEvent) and (character := _not_shown(str(event.value))):
        return Fault(file, line, f"a character that cannot be shown: U+{ord(character):04X}")
    return None


def _bad_key(file: Path, node: Node | None, where: str) -> Fault | None:
    """A key that stands twice, or that is no text."""
    if isinstance(node, SequenceNode):
        for number, child in enumerate(node.value, start=1):
            if fault := _bad_key(file, child, f"{where}.{number}"):
                return fault
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, child in node.value:
            line = f"line {key.start_mark.line + 1}"
            if not isinstance(key, ScalarNode):
                return Fault(file, line, "a list or a mapping as a key: not allowed")
            name = f"{where}.{key.value}".lstrip(".")
            if key.tag != _TEXT:
                return Fault(file, name, f"this key is not read as text: put it in quotes ({line})")
            if name in seen:
                return Fault(file, name, f"duplicate key ({line})")
            seen.add(name)
            if fault := _bad_key(file, child, name):
                return fault
    return None
