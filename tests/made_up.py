"""A made-up language for tests: every word of the questionnaire and of the interface in brackets. Never shipped."""

from collections.abc import Sequence
from pathlib import Path
from shutil import copytree

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg as parse_mapping
from babel.messages.pofile import write_po
from ruamel.yaml import YAML

from app.settings import resource

MADE_UP = "eo"
OPEN, CLOSE = "⟦", "⟧"
LONGEST_SHORT_NAME = 14


def said() -> Catalog:
    """Every message of the interface, as it is collected for the translators."""
    checkout = resource("templates").parent
    with (checkout / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping(mapping)  # type: ignore[no-untyped-call]  # babel's own
    found = Catalog()
    for _, _, message, _, context in extract_from_dir(checkout, methods, options):
        found.add(message, context=context)
    return found


def bracketed_interface(folder: Path) -> None:
    """Writes the interface's words in the made-up language, as a folder of catalogues has them."""
    translated = Catalog(locale=MADE_UP)
    for message in said():
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = tuple(f"{OPEN}{one}{CLOSE}" for one in ids)
            translated.add(message.id, texts if len(texts) > 1 else texts[0], context=message.context)
    with (folder / f"{MADE_UP}.po").open("wb") as file:
        write_po(file, translated)


def bracketed_questionnaires(folder: Path, languages: Sequence[str]) -> None:
    """Copies the questionnaire into `folder` in these languages, the made-up one among them."""
    yaml = YAML(typ="safe")
    source = next(resource("questionnaires").glob("cx-grid/*"))
    target = folder / "cx-grid" / source.name
    target.mkdir(parents=True)
    yaml.dump(yaml.load(source / "questionnaire.yaml") | {"languages": list(languages)}, target / "questionnaire.yaml")
    for language in languages:
        if language != MADE_UP:
            copytree(source / language, target / language)
    (target / MADE_UP).mkdir()
    for file in sorted((source / "en").glob("*.yaml")):
        words = _wrapped(yaml.load(file))
        if file.name == "questionnaire.yaml":
            for dimension in words["dimensions"].values():  # type: ignore[index]  # a mapping, as read above
                dimension["short"] = f"{OPEN}{dimension['short'][1:-1][:LONGEST_SHORT_NAME]}{CLOSE}"
        yaml.dump(words, target / MADE_UP / file.name)


def _wrapped(value: object) -> object:
    match value:
        case str():
            return f"{OPEN}{value}{CLOSE}"
        case list():
            return [_wrapped(one) for one in value]
        case dict():
            return {key: _wrapped(one) for key, one in value.items()}
        case _:
            return value
