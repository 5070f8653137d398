"""Every word of the interface can be translated: in a made-up language, nothing stays English."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.pofile import read_po
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import reporting, wording
from app.content import catalogue
from app.core.answers.document import read_document
from app.main import create_app
from app.settings import Settings
from app.store import assessments
from app.web.shell.saying import Said
from tests.made_up import CLOSE, MADE_UP, OPEN, bracketed_interface, bracketed_questionnaires, said
from tests.web.facilitator.facilitating import add_account, one_time_link
from tests.web.visiting import house_of

ORGANISATION = "12345"
DOCUMENTS = Path(__file__).parents[2] / "documents"
SAID_ALOUD = {"aria-label", "title", "alt", "placeholder", "content"}


class _Words(HTMLParser):
    """Everything on a page that a person reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        named = dict(attrs)
        for name, value in attrs:
            spoken = name in SAID_ALOUD or (name.startswith("data-") and " " in (value or ""))
            if spoken and value and not (tag == "meta" and named.get("name") != "description"):
                self.found.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(data)


def untranslated(html: str) -> list[str]:
    """What stands on the page outside the brackets that every translation is wrapped in."""
    words = _Words()
    words.feed(html)
    words.close()
    whole = "\n".join(words.found)
    while (bare := re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", whole)) != whole:
        whole = bare
    return [line.strip() for line in whole.splitlines() if re.search(r"[A-Za-z]{2}", _without_ids(line))]


def _without_ids(text: str) -> str:
    """Addresses, file formats, editions and names in their own language are nobody's to translate."""
    return re.sub(r"https?://\S+|2026-1|English|[Ee]speranto|\d+-Novembro-\d+|\d+-[A-Z][a-z]+o-\d+", "", text)


def test_the_translators_have_every_message() -> None:
    with (wording.LOCALES / "messages.pot").open("rb") as template:
        given = read_po(template)
    renew = "make messages"
    assert (renew, {one.id for one in given if one.id}) == (renew, {one.id for one in said() if one.id})


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A questionnaires folder and an interface catalogue in a language of brackets."""
    folder = tmp_path_factory.mktemp("made-up")
    bracketed_questionnaires(folder / "questionnaires", [MADE_UP])
    bracketed_interface(folder)
    patch = pytest.MonkeyPatch()
    patch.setattr(wording, "LOCALES", folder)
    wording.translations.cache_clear()
    yield folder
    patch.undo()
    wording.translations.cache_clear()


@pytest.fixture(scope="module")
def visitor(made_up: Path) -> Iterator[TestClient]:
    """A visitor who reads the made-up language only."""
    settings = Settings(database_url=f"sqlite:///{made_up / 'cxm.db'}", questionnaires=made_up / "questionnaires")
    with TestClient(create_app(settings), base_url="http://127.0.0.1", headers={"accept-language": MADE_UP}) as client:
        yield client


def _begin(visitor: TestClient, form: str = "pulse") -> str:
    fields = {
        "questionnaire": "cx-grid",
        "organisation": ORGANISATION,
        "business_stage": "growing",
        "role": "other",
        "form": form,
        "language": MADE_UP,
    }
    begun = visitor.post("/assessments", data=fields, follow_redirects=False)
    return begun.headers["location"]


def test_a_plain_english_word_is_noticed() -> None:
    page = f'<p>{OPEN}Kaj{CLOSE} forgotten</p><svg aria-label="a map"></svg>'
    assert untranslated(page) == ["forgotten", "a map"]


def test_no_page_keeps_an_english_word(visitor: TestClient) -> None:
    place = _begin(visitor)
    answers = {"strategy.purpose": "4", "strategy.promises": "dont_know", "culture.purpose": "not_applicable"}
    visitor.post(f"{place}/answers/strategy.purpose", data={"answer": "1"})
    for question, answer in answers.items():
        visitor.post(f"{place}/answers/{question}", data={"answer": answer})
    pages = {
        path: visitor.get(path)
        for path in [
            *("/", "/start", "/privacy", "/r/unknown", "/nowhere"),
            *(f"{place}/questions/{part}" for part in ("strategy", "culture")),
            *(f"{place}/{page}" for page in ("aims", "aims?each=true", "review", "link", "result")),
        ]
    }
    pages["start with errors"] = visitor.post("/assessments", data={"questionnaire": "cx-grid", "organisation": ""})
    pages["conflict"] = visitor.post(f"{place}/questions/strategy", data={"answer:strategy.purpose": "2"})
    pages["conflict at once"] = visitor.post(
        f"{place}/answers/strategy.purpose", data={"answer": "2"}, headers={"hx-request": "true"}
    )
    pages["not erased"] = visitor.post(f"{place}/erase", data={"word": "other"})
    left = {path: found for path, page in pages.items() if (found := untranslated(page.text))}
    assert left == {}
    assert [page.status_code for page in pages.values()] == [200, 200, 200, 404, 404, *[200] * 7, 422, 409, 409, 422]


def test_no_facilitators_page_keeps_an_english_word(visitor: TestClient) -> None:
    app = visitor.app
    assert isinstance(app, FastAPI)
    first = f"/setup/{one_time_link(app, 'setup', None)}"
    pages = {"first link": visitor.get(first), "first link with errors": visitor.post(first, data={"again": "x"})}
    account, email = add_account(app, "1@2.3")
    wrong = {"email": email, "password": "x"}
    pages["sign in"] = visitor.get("/sign-in")
    pages["incomplete"] = visitor.post("/sign-in")
    pages["wrong"] = [visitor.post("/sign-in", data=wrong) for _ in range(10)][-1]
    pages["too many tries"] = visitor.post("/sign-in", data=wrong)
    pages["used link"] = visitor.get(first)
    reset = f"/reset/{one_time_link(app, 'reset', account)}"
    pages["reset"] = visitor.get(reset)
    new = {"password": "1234567890", "again": "1234567890"}
    assert visitor.post(reset, data=new, follow_redirects=False).status_code == 303
    pages |= {path: visitor.get(path) for path in ("/account", *(f"/account?said={said}" for said in get_args(Said)))}
    pages["other password"] = visitor.post("/account/password", data={**new, "current": "x"})
    pages["bad passwords"] = visitor.post("/account/password", data={"password": email * 2, "again": "1"})
    pages["address"] = visitor.post("/account/password", data={"password": "x" * 201})
    pages["no name"] = visitor.post("/account/tokens", data={"name": ""})
    pages["token"] = visitor.post("/account/tokens", data={"name": "1"})
    pages["no page"] = visitor.get("/nowhere")
    left = {name: found for name, page in pages.items() if (found := untranslated(_without_secrets(page.text)))}
    assert left == {}
    assert visitor.post("/sign-out").status_code == 200


def test_no_page_of_a_team_keeps_an_english_word(visitor: TestClient) -> None:
    app = visitor.app
    assert isinstance(app, FastAPI)
    place = _begin(visitor)
    pages = {f"alone: {page}": visitor.get(f"{place}/{page}") for page in ("team", "meeting")}
    pages["invited"] = visitor.post(f"{place}/team")
    with house_of(app).database.reading() as session:
        sitting = assessments.sitting(session, place.rpartition("/")[2])
    assert sitting is not None
    door = f"/team/{sitting.team_code}"
    colleague = TestClient(app, base_url="http://127.0.0.1", headers={"accept-language": MADE_UP})
    pages |= {"door": colleague.get(door), "no role": colleague.post(door), "no code": colleague.get("/team/0")}
    colleague.post(door, data={"role": "other"})
    for person, level in ((visitor, "1"), (colleague, "4")):
        for question, answer in (("strategy.purpose", level), ("culture.purpose", "dont_know")):
            person.post(f"{place}/answers/{question}", data={"answer": answer})
        pages[f"first: {level}"] = person.get(f"{place}/result")
        pages[f"review: {level}"] = person.get(f"{place}/review")
        person.post(f"{place}/finish")
    question = f"{place}/meeting/strategy.purpose"
    pages["agreed"] = visitor.post(question, data={"level": "3", "evidence": "1"})
    pages["elsewhere"] = visitor.post(question, data={"level": "2"})
    pages["too long"] = visitor.post(question, data={"level": "2", "evidence": "1" * 1001})
    pages["without a level"] = visitor.post(question, data={"evidence": "1"})
    pages |= {page: visitor.get(f"{place}/{page}") for page in ("team", "meeting", "result", "link")}
    pages |= {f"colleague: {page}": colleague.get(f"{place}/{page}") for page in ("team", "result", "link", "more")}
    pages["left"] = colleague.post(f"{place}/team/leave")
    code = f"{sitting.team_code}"
    texts = {name: page.text.replace(f"{code[:4]} {code[4:]}", "") for name, page in pages.items()}
    left = {name: found for name, text in texts.items() if (found := untranslated(text))}
    assert left == {}


def _without_secrets(page: str) -> str:
    return re.sub(r'value="[^"]*"|1@2\.3', "", page)


@pytest.mark.parametrize("document", ["full", "partial", "all_dont_know", "team", "pulse", "empty"])
def test_no_report_keeps_an_english_word(made_up: Path, document: str) -> None:
    text = (DOCUMENTS / f"{document}.json").read_text(encoding="utf-8")
    given, questionnaire = read_document(text, catalogue(made_up / "questionnaires").edition)
    given = given.model_copy(update={"organisation": ORGANISATION, "date": None, "actions": ()})
    html = reporting.printed(reporting.report_for(questionnaire, given, MADE_UP))
    assert untranslated(html) == []
