"""What a form may carry: its own fields, each once, and nothing else; whatever else comes changes nothing."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from tests.web.shell.doors import Door, Insider, insider, unsafe_doors
from tests.web.visiting import START, begin, dump, house_of, stranger, web

MORE = [
    "extra",
    "id",
    "assessment",
    "assessment_id",
    "respondent",
    "token",
    "link_hash",
    "is_owner",
    "revision",
    "finished_at",
    "default_target",
    "edition",
    "answer:no.such",
    "target:no_such",
    "",
]
ODD = {
    "nothing": "",
    "a space": " ",
    "null byte": "\0",
    "line break": "1\r\n2",
    "thousands of digits": "9" * 5000,
    "as long as may be": "x" * 100_000,
    "other digits": "٣",
    "a superscript": "²",
    "below": "0",
    "above": "6",
    "negative": "-1",
    "with a sign": "+1",
    "a fraction": "1.5",
    "an exponent": "1e0",
    "a truth": "true",
    "a list": "[1]",
    "a template": "{{ 7*7 }}",
    "a query": "' OR 1=1 --",
    "past the largest": str(2**31),
    "half a letter": "\ufffd",
    "no letter": "\uffff",
}


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def any_app(request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The application on either database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    with request.getfixturevalue("postgresql_cluster").database() as url:
        app = web(url)
        yield app
        house_of(app).database.close()


def send(holder: Insider, door: Door, fields: dict[str, str]) -> int:
    """Sends the form with these fields; the status."""
    return holder.browser.post(door.path(holder.keys), data=fields).status_code


@pytest.mark.parametrize("name", MORE)
def test_a_field_that_is_not_the_forms_own_is_refused_everywhere(app: FastAPI, name: str) -> None:
    holder = insider(app)
    before = dump(app)
    for door in unsafe_doors(app):
        own = door.fields(holder.keys)
        if name not in own and not (name == "default_target" and door.pattern.startswith("/cohorts/")):
            assert (str(door), send(holder, door, {**own, name: "1"})) == (str(door), 422)
    assert dump(app) == before


def test_a_field_that_comes_twice_is_refused_everywhere(app: FastAPI) -> None:
    holder = insider(app)
    before = dump(app)
    for door in unsafe_doors(app):
        path = door.path(holder.keys)
        fields = {name: [value, value] for name, value in (door.fields(holder.keys) or {"x": "1"}).items()}
        assert (str(door), holder.browser.post(path, data=fields).status_code) == (str(door), 422)
    assert dump(app) == before


def test_a_file_is_refused_everywhere(app: FastAPI) -> None:
    holder = insider(app)
    before = dump(app)
    for door in unsafe_doors(app):
        path = door.path(holder.keys)
        fields = door.fields(holder.keys)
        for name in [*fields, "file"]:
            others = {key: value for key, value in fields.items() if key != name}
            response = holder.browser.post(path, data=others, files={name: ("name.txt", b"1", "text/plain")})
            assert (str(door), name, response.status_code) == (str(door), name, 422)
    assert dump(app) == before


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml", "application/octet-stream", "a"])
def test_what_is_no_form_is_refused_everywhere(app: FastAPI, kind: str) -> None:
    holder = insider(app)
    before = dump(app)
    for door in unsafe_doors(app):
        path = door.path(holder.keys)
        response = holder.browser.post(path, content=b'{"organisation": "x"}', headers={"content-type": kind})
        assert (str(door), response.status_code) == (str(door), 422)
    assert dump(app) == before


BROKEN = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"x"),
    ("multipart/form-data; boundary=b", b"garbage"),
    ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
    ("multipart/form-data; boundary=" + "b" * 300, b"x"),
    ("application/x-www-form-urlencoded", b"&&&=&a=%zz;;%00"),
    ("application/x-www-form-urlencoded", b"a=1&" * 1500),
    ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfe"),
    ("application/x-www-form-urlencoded", b"organisation=%ff%fe%ed%a0%80"),
    *(
        (
            f"multipart/form-data; boundary=b; charset={charset}",
            b'--b\r\nContent-Disposition: form-data; name="organisation"\r\n\r\nA\\ud800\xff.-\r\n--b--\r\n',
        )
        for charset in ("undefined", "punycode", "idna", "unicode_escape", "utf-7", "rot13", "zlib", "no-such", "\0")
    ),
]


@pytest.mark.parametrize(("kind", "body"), BROKEN)
def test_a_broken_form_is_refused_everywhere(app: FastAPI, kind: str, body: bytes) -> None:
    holder = insider(app)
    before = dump(app)
    for door in unsafe_doors(app):
        path = door.path(holder.keys)
        response = holder.browser.post(path, content=body, headers={"content-type": kind})
        assert response.status_code in {400, 422}, (door, response.status_code)
    assert dump(app) == before


def test_a_character_that_only_a_strange_encoding_can_carry_is_refused(any_app: FastAPI) -> None:
    parts = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (START | {"organisation": "half \\ud800 a letter"}).items()
    )
    kind = "multipart/form-data; boundary=b; charset=unicode_escape"
    response = stranger(any_app).post("/assessments", content=parts + b"--b--\r\n", headers={"content-type": kind})
    assert response.status_code == 422


@pytest.mark.parametrize("value", ODD.values(), ids=list(ODD))
def test_an_odd_value_is_refused_or_kept_as_it_is_but_never_a_crash(any_app: FastAPI, value: str) -> None:
    holder = insider(any_app)
    extra = {"answer": "writer sequence", "questions": f"seen:{'strategy.purpose'} then", "aims": "each then"}
    for door in unsafe_doors(any_app):
        fields = door.fields(holder.keys)
        more = next((names.split() for word, names in extra.items() if word in door.pattern), [])
        for name in [*fields, *more]:
            status = send(holder, door, {**fields, name: value})
            assert status in {200, 303, 404, 409, 422}, (door, name, status)
    assert holder.browser.get(holder.path("result")).status_code in {200, 404}


def test_only_what_the_form_offers_is_kept(app: FastAPI) -> None:
    refused = {
        "questionnaire": "no-such",
        "business_stage": "huge",
        "role": "owner",
        "form": "tiny",
        "language": "xx",
        "organisation": "x" * 121,
    }
    before = dump(app)
    for name, value in refused.items():
        assert (name, stranger(app).post("/assessments", data=START | {name: value}).status_code) == (name, 422)
        assert stranger(app).post("/assessments", data={k: v for k, v in START.items() if k != name}).status_code == 422
    assert dump(app) == before


def test_answers_are_levels_or_words_of_the_questionnaire(app: FastAPI) -> None:
    holder = begin(app)
    for answer in ("1", "5", "dont_know", "not_applicable", ""):
        assert holder.answer("strategy.purpose", answer, writer="w", sequence="9") == 200
        assert holder.browser.post(holder.path("answers", "strategy.purpose"), data={"answer": answer}).status_code
    before = dump(app)
    for answer in ("0", "6", "3.0", "03.", "true", "none", "1 ", "dont_know\n"):
        assert (answer, holder.answer("strategy.purpose", answer)) == (answer, 422)
    for question in ("strategy", "strategy.none", "strategy.purpose.x", "__proto__"):
        assert (question, holder.answer(question, "3")) == (question, 404)
    assert dump(app) == before


@given(st.text(max_size=130))
def test_any_name_is_kept_as_it_is_seen_or_refused_by_name(app: FastAPI, name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        return
    response = stranger(app).post("/assessments", data=START | {"organisation": name})
    if response.status_code == 303:
        shown = dump(app)
        seen = re.sub("[\u00ad\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]", "", name)
        kept = seen.replace("\r\n", "\n").replace("\t", " ").strip()
        assert any(row[0] == "assessment" and kept in row for row in shown)
    else:
        assert response.status_code == 422
        assert 'id="error-organisation"' in response.text
