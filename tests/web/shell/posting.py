"""The forms of a page as a browser has them: where each is sent, and what stands in its fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

TYPED = frozenset({"text", "email", "password", "number", "date", "textarea"})
CHOSEN = frozenset({"radio", "select"})


@dataclass
class Field:
    """A field: what it is, what stands in it, what one may choose, and what describes it."""

    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    is_required: bool = False
    is_invalid: bool = False
    described_by: list[str] = field(default_factory=list)
    is_there: bool = True


@dataclass
class Form:
    """A form: the path it is sent to, and its fields by name."""

    id: str
    path: str
    fields: dict[str, Field] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """What a browser sends as the form stands."""
        return {name: one.value for name, one in self.fields.items() if one.is_there}

    def asked(self) -> Iterator[tuple[str, Field]]:
        """The fields that a person fills in."""
        return ((name, one) for name, one in self.fields.items() if one.kind in TYPED | CHOSEN)


class Forms(HTMLParser):
    """The forms of a page that write; and every id that is on it."""

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self.summary: list[str] = []
        self.title = ""
        self._path = path
        self._loose: list[tuple[str, str, Field]] = []
        self._open: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None
        self._describing: list[list[str]] = []
        self._in_title = False
        self._in_summary = 0
        self.feed(html)
        for owner, name, one in self._loose:
            for form in self.forms:
                if form.id == owner:
                    form.fields[name] = one

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "id" in told:
            self.ids.add(told["id"])
        if self._in_summary or "problems" in told.get("class", "").split():
            self._in_summary += tag == "div"
            if tag == "a" and told.get("href", "").startswith("#"):
                self.summary.append(told["href"][1:])
        match tag:
            case "title":
                self._in_title = not self.title
            case "form" if told.get("method") == "post":
                self._open = Form(told.get("id", ""), urlsplit(told.get("action", self._path)).path)
                self.forms.append(self._open)
            case "fieldset" | "div" if tag == "fieldset" or told.get("role") == "radiogroup":
                self._describing.append(told.get("aria-describedby", "").split())
            case "input" | "select" | "textarea" if told.get("name") and "disabled" not in told:
                self._add(tag, told)
            case "option" if self._select is not None:
                self._select.choices.append(told.get("value", ""))
                if "selected" in told or len(self._select.choices) == 1:
                    self._select.value = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._open = None
            case "select":
                self._select = None
            case "textarea":
                self._area = None
            case "title":
                self._in_title = False
            case "fieldset" if self._describing:
                self._describing.pop()
            case "div" if self._in_summary:
                self._in_summary -= 1

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        if self._area is not None:
            self._area.value += data

    def _add(self, tag: str, told: Mapping[str, str]) -> None:
        kind = told.get("type", "text") if tag == "input" else tag
        describing = [id_ for ids in self._describing[-1:] for id_ in ids] if kind == "radio" else []
        one = Field(
            "hidden" if "hidden" in told else kind,
            told.get("value", ""),
            is_required="required" in told,
            is_invalid=told.get("aria-invalid") == "true",
            described_by=told.get("aria-describedby", "").split() + describing,
            is_there=kind not in {"radio", "checkbox"} or "checked" in told,
        )
        if tag == "select":
            self._select = one
        if tag == "textarea":
            self._area = one
        owner = told.get("form", "")
        fields = self._open.fields if self._open and not owner else {}
        if kind == "radio" and told["name"] in fields:
            group = fields[told["name"]]
            group.choices.append(told.get("value", ""))
            group.is_there |= one.is_there
            group.value = one.value if one.is_there else group.value
        elif owner:
            self._loose.append((owner, told["name"], one))
        elif self._open is not None:
            one.choices = [one.value] if kind == "radio" else []
            fields[told["name"]] = one
