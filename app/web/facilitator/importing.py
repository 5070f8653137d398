"""Importing answer documents into an open cohort: all of them, or none."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.datastructures import UploadFile

from app.core.answers.document import AnswerDocument, RefusedError
from app.core.answers.importing import read_documents, refuse_to_take_in
from app.core.answers.values import same_name
from app.store import assessments, cohorts
from app.store.idempotency import KeyUsedError, token_by
from app.store.secrets.tokens import new_token
from app.web.facilitator.paper_answers import refusal
from app.web.shell.cohort_plan import edition_of
from app.web.shell.facilitators import CohortVisit, ToRun
from app.web.shell.forms import once_of
from app.web.shell.render import page
from app.web.shell.visits import VisitorLanguage, own_address

router = APIRouter(prefix="/cohorts/{cohort}")

FIELD = "documents"
KEY = "once"
AGAIN = "again"
"""Said by whoever was asked whether an organisation of a name that is there already is another one."""
MOST_DOCUMENTS = 200
"""At once: nobody else's answers are saved while they are."""
MOST_FAULTS = 50
"""Shown at once."""


@dataclass(frozen=True)
class Upload:
    """A file that was sent."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Sent:
    """What the form sent: its files, whether a name may stand in the cohort twice, and its key."""

    files: list[Upload]
    again: bool
    once: str | None


@dataclass(frozen=True)
class Fault:
    """What is at fault, in which file, at which key (empty: the file itself)."""

    file: str
    key: str
    reason: str


class _RefusedImportError(Exception):
    """Some documents do not fit; nothing was kept."""


async def uploaded(request: Request) -> Sent:
    """The files of a form, and what was said beside them; nothing else. Raises HTTPException 422."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(422, "fields")
    try:
        async with request.form() as form:
            found, again = [], False
            keys: dict[str, str] = {}
            for name, value in form.multi_items():
                if (name, value) == (AGAIN, "yes"):
                    again = True
                    continue
                if name == KEY and isinstance(value, str) and not keys:
                    keys[name] = value
                    continue
                if name != FIELD or not isinstance(value, UploadFile):
                    raise HTTPException(422, "fields")
                content = await value.read()
                if value.filename or content:
                    found.append(Upload(value.filename or FIELD, content))
            return Sent(found, again, once_of(keys))
    except ValueError:  # the character set that the form claims is none for text
        raise HTTPException(422, "fields") from None


Uploaded = Annotated[Sent, Depends(uploaded)]


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get("/import")
def show_import(request: Request, hand: ToRun, language: VisitorLanguage) -> Response:
    """The form that takes files."""
    return refusal(request, hand, language, "import") or _import_page(request, hand, language, [])


@router.post("/import")
def import_documents(request: Request, hand: ToRun, language: VisitorLanguage, sent: Uploaded) -> Response:
    """Keep every document as an assessment, finished where it has an answer; show the private links, this once."""
    refused = refusal(request, hand, language, "import")
    if refused:
        return refused
    if not sent.files:
        return _import_page(request, hand, language, [], nothing=True)
    read, faults = _read(hand, sent.files)
    if len(read) > MOST_DOCUMENTS:
        faults.append(Fault(sent.files[-1].name, "", f"more than {MOST_DOCUMENTS} documents at once"))
    tokens = _tokens(hand, read, sent.once)
    is_new = not sent.again and not _are_kept(hand, tokens)
    twice = _twice(hand, [document.organisation for _, document in read]) if is_new else []
    kept = [] if faults else _keep(hand, read, tokens, faults, only_try=bool(twice))
    if faults or twice:
        return _import_page(request, hand, language, faults, twice=() if faults else twice)
    origin = own_address(request, hand.house)
    context = {"hand": hand, "kept": [(organisation, f"{origin}/r/{token}") for organisation, token in kept]}
    return page(request, language, "facilitator/importing/imported.html", context)


def _read(hand: CohortVisit, files: list[Upload]) -> tuple[list[tuple[str, AnswerDocument]], list[Fault]]:
    """Every document with its file's name, and whatever is at fault."""
    read: list[tuple[str, AnswerDocument]] = []
    faults: list[Fault] = []
    for file in files:
        try:
            text = file.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            faults.append(Fault(file.name, "", "not UTF-8 text"))
            continue
        documents, refusals = read_documents(text, hand.house.catalogue.edition)
        read += [(file.name, document) for document in documents]
        faults += [Fault(file.name, one.where, one.reason) for one in refusals]
    return read, faults


def _twice(hand: CohortVisit, names: list[str]) -> list[str]:
    """Those names that an organisation of the cohort has, or that come more than once."""
    with hand.house.database.reading() as session:
        there = {
            same_name(one.organisation) for one in cohorts.members(session, hand.cohort.id) if not one.withdrawn_at
        }
    found = []
    for name in names:
        if same_name(name) in there:
            found.append(name)
        there.add(same_name(name))
    return list(dict.fromkeys(found))


def _tokens(hand: CohortVisit, read: list[tuple[str, AnswerDocument]], once: str | None) -> list[str | None]:
    """The private links' tokens, as they follow from the form; two that are the same in the files get two."""
    told = [("import", hand.cohort.id, str(place), one.model_dump_json()) for place, (_, one) in enumerate(read)]
    return [token_by(once, *one) if once else None for one in told]


def _are_kept(hand: CohortVisit, tokens: list[str | None]) -> bool:
    """Whether these very files were kept: the form was sent twice."""
    with hand.house.database.reading() as session:
        return any(token and cohorts.place_by(session, hand.cohort.id, token) for token in tokens)


def _keep(
    hand: CohortVisit,
    read: list[tuple[str, AnswerDocument]],
    tokens: list[str | None],
    faults: list[Fault],
    *,
    only_try: bool,
) -> list[tuple[str, str]]:
    """Organisation and token of each; where one does not fit, none is kept, and `faults` says which and why.

    Nor is any where this is `only_try`; and none that was kept before and has left since.
    """
    kept: list[tuple[str, str]] = []
    now = _now()
    try:
        with hand.house.database.writing() as session:
            for number, ((name, document), token) in enumerate(zip(read, tokens, strict=True)):
                # In the files' order, which is that of joining from now on.
                joined_at = now + datetime.timedelta(microseconds=number)
                try:
                    refuse_to_take_in(document, now)
                    place = cohorts.join_with(session, hand.cohort.id, document, joined_at, token)
                except KeyUsedError:
                    continue
                except RefusedError as refused:
                    faults.append(Fault(name, f"{document.organisation}, {refused.where}", refused.reason))
                    continue
                if document.date is None and document.is_answered:
                    assessments.finish(session, place.assessment, now)
                kept.append((document.organisation, place.token))
            if faults or only_try:
                raise _RefusedImportError
    except _RefusedImportError:
        return []
    return kept


def _import_page(
    request: Request,
    hand: CohortVisit,
    language: str,
    faults: list[Fault],
    *,
    nothing: bool = False,
    twice: Sequence[str] = (),
) -> Response:
    words = edition_of(hand).wording(language)
    context = {
        "hand": hand,
        "field": FIELD,
        "faults": faults[:MOST_FAULTS],
        "more": max(0, len(faults) - MOST_FAULTS),
        "nothing": nothing,
        "twice": twice[:MOST_FAULTS],
        "more_twice": max(0, len(twice) - MOST_FAULTS),
        "most": MOST_DOCUMENTS,
        "once": new_token(),
        "title": words.title,
        "form_name": words.forms[hand.cohort.form].name,
    }
    status = 422 if faults or nothing or twice else 200
    return page(request, language, "facilitator/importing/import.html", context, status=status)
