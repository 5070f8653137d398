"""Every form, found from the pages themselves: each field too long, empty, or other than what one may choose."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.web.shell.doors import Door, Insider, doors_of, insider
from tests.web.shell.posting import CHOSEN, TYPED, Form, Forms
from tests.web.visiting import stranger

BROWSER = {"accept": "text/html"}
UNCHOSEN = ""
NO_CHOICE = "no-such-choice"
CONTROL = "a\x07b"
TOO_LONG = "x" * 1201
WRONG_FOR = {"email": ["nobody"], "date": ["", "yesterday", "1999-12-31"], "number": ["", "0", "many"]}

_numbers = count()

NOT_TOLD_BY_FIELD: Mapping[str, str] = {
    "POST /language": "its buttons are all there is to choose",
    "POST /cohorts/{cohort}/members/merge": "its lists are all there is to choose",
}
"""By door: where a person cannot give anything that would be refused, and why."""

MORE = ("more/profile", "more/stake", "more/touchpoints", "more/after", "aims?each=true")
"""Pages of an assessment that are one door with others."""

HAVE_NO_LENGTH = {"word", "code", "team_code", "email", "field:at_stake.revenue", "field:at_stake.share"}
"""What is right or not, however long."""


@dataclass(frozen=True)
class Place:
    """A form where a browser has met it."""

    page: str
    door: Door
    form: Form
    browser: TestClient


def _shown(app: FastAPI, who: Insider) -> Iterator[tuple[str, TestClient, Forms]]:
    """Every page, as an insider and as a stranger sees it."""
    for door in doors_of(app):
        if door.method != "GET" or door.is_for_programs or door.pattern.endswith((".pdf", ".zip", "/live")):
            continue
        for browser in (who.browser, stranger(app)):
            response = browser.get(door.path(who.keys), headers=BROWSER)
            if response.status_code == 200 and response.headers["content-type"].startswith("text/html"):
                yield door.path(who.keys), browser, Forms(response.text, door.path(who.keys))
    for extra in (*MORE, f"journey?open={who.keys['touchpoint']}"):
        path = f"/assessments/{who.assessment}/{extra}"
        yield path, who.browser, Forms(who.browser.get(path, headers=BROWSER).text, path)


def _places(app: FastAPI, who: Insider) -> list[Place]:
    """Each form once: by its door, and by which fields it has."""
    found: dict[tuple[str, tuple[str, ...]], Place] = {}
    unsafe = [door for door in doors_of(app) if door.method == "POST"]
    for page, browser, shown in _shown(app, who):
        for form in shown.forms:
            door = next(door for door in unsafe if _leads_to(form.path, door, who))
            if list(form.asked()):
                found.setdefault((str(door), tuple(form.fields)), Place(page, door, form, browser))
    return list(found.values())


def _leads_to(path: str, door: Door, who: Insider) -> bool:
    return path == door.path(who.keys) or bool(
        re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(door.pattern)), path) and "{" in door.pattern
    )


def _wrongs(form: Form) -> Iterator[tuple[str, str]]:
    """A field and what is wrong in it, one after the other."""
    for name, one in form.asked():
        if one.kind in CHOSEN:
            yield name, NO_CHOICE
            if not one.is_there:
                yield name, UNCHOSEN
        else:
            yield from ((name, wrong) for wrong in WRONG_FOR.get(one.kind, ["", TOO_LONG, CONTROL]))


def _sent(place: Place, who: Insider) -> dict[str, str]:
    """The form as somebody has filled it in, all right."""
    right = place.door.fields(who.keys)
    # What its button says; a module's door has other fields on other pages.
    buttons = {name: right[name] for name in right.keys() - place.form.fields.keys() if ":" not in name}
    values = buttons | place.form.values()
    for name, one in place.form.asked():
        if name in right:
            # A sheet of paper of the same name is asked about.
            values[name] = f"{right[name]} {next(_numbers)}" if name == "organisation" else right[name]
        elif one.kind in CHOSEN:
            values.setdefault(name, one.choices[-1])
        elif not values.get(name):
            values[name] = {"date": "2027-02-19", "number": "5", "email": "ana@example.org"}.get(one.kind, "12")
    return values


def _as_it_stands(place: Place) -> Place:
    """The same form, read again: what it has seen may have been changed by the one before."""
    shown = Forms(place.browser.get(place.page, headers=BROWSER).text, place.page).forms
    names = place.form.fields.keys()
    form = next((one for one in shown if one.path == place.form.path and one.fields.keys() == names), place.form)
    return replace(place, form=form)


def _faults(place: Place, who: Insider, name: str, wrong: str) -> Iterator[str]:
    place = _as_it_stands(place)
    sent = _sent(place, who) | {name: wrong}
    if place.form.fields[name].kind == "radio" and wrong == UNCHOSEN:
        del sent[name]
    response = place.browser.post(place.form.path, data=sent, headers=BROWSER)
    if response.status_code < 400:
        return
    at = f"{place.door} {name}={wrong[:15]!r} ({response.status_code})"
    if response.status_code >= 500 or not response.headers["content-type"].startswith("text/html"):
        yield f"{at}: raw"
    elif "That was not understood" in response.text and wrong == NO_CHOICE:
        return  # nobody can choose it, but with a program
    else:
        page = Forms(response.text, place.form.path)
        yield from (f"{at}: {fault}" for fault in _faults_of_page(page))
        yield from (f"{at}: {fault}" for fault in _faults_of_form(page, place, sent, name))
        if _is_counted(place.form, name, wrong) and f"yours has {len(wrong):,}" not in response.text:
            yield f"{at}: it does not say by how much"


def _faults_of_page(page: Forms) -> Iterator[str]:
    if not page.title.startswith("Please check:"):
        yield f"the title does not say it: {page.title.strip()!r}"
    if not page.summary or not set(page.summary) <= page.ids:
        yield "no summary that leads to it"


def _faults_of_form(page: Forms, place: Place, sent: Mapping[str, str], name: str) -> Iterator[str]:
    asked = {other for other, _ in place.form.asked()}
    again = next((one for one in page.forms if one.path == place.form.path and one.fields.keys() >= asked), None)
    if again is None:
        yield "the form is not there"
        return
    one = again.fields[name]
    errors = [id_ for id_ in one.described_by if id_.startswith("error-") and id_ in page.ids]
    if not errors or (one.kind in TYPED and not one.is_invalid):
        yield "the field does not say it"
    for other, kept in again.asked():
        # A browser shows no choice that there is not, no day that is none, and a password never.
        cannot = other == name and (kept.kind in CHOSEN | {"date", "number"} or sent.get(name) == CONTROL)
        if kept.kind != "password" and not cannot and kept.value.strip("\n") != sent.get(other, ""):
            yield f"{other} is lost"


def _is_counted(form: Form, name: str, wrong: str) -> bool:
    return wrong == TOO_LONG and name not in HAVE_NO_LENGTH and form.fields[name].kind in {"text", "textarea"}


def test_every_refusal_is_told_by_title_summary_and_field(unprinted_app: FastAPI) -> None:
    who = insider(unprinted_app)
    places = _places(unprinted_app, who)
    assert len(places) > 20
    found = [
        fault
        for place in places
        if str(place.door) not in NOT_TOLD_BY_FIELD
        for name, wrong in _wrongs(place.form)
        for fault in _faults(place, who, name, wrong)
    ]

    assert found == []


def test_limits_are_told_beforehand_and_no_field_swallows_what_is_typed(unprinted_app: FastAPI) -> None:
    who = insider(unprinted_app)
    seen = set()
    for path, browser, shown in _shown(unprinted_app, who):
        html = browser.get(path, headers=BROWSER).text
        assert "maxlength" not in html, path
        for form in shown.forms:
            for name, one in form.asked():
                if one.kind == "textarea":
                    hints = [id_ for id_ in one.described_by if id_.startswith("hint-")]
                    told = [re.search(rf'id="{id_}"[^>]*>([^<]*)<', html) for id_ in hints]
                    assert any(hint and "At most 1,000 characters." in hint[1] for hint in told), (path, name)
                    seen.add(name)

    assert seen == {"text", "measure", "stop_doing", "evidence", "wants", "thinks", "environment"}
