"""Answer documents out of a file: a single one, or a cohort's list. Every faulty one is named, not only the first."""

import datetime

from app.core.answers.document import AnswerDocument, Find, RefusedError, accept_document, read_json

MOST_RESPONDENTS = 200
"""In one document that a server takes in."""
AHEAD = datetime.timedelta(hours=14)
"""So much earlier than in UTC a day begins where it begins first."""


def read_documents(text: str, find: Find) -> tuple[list[AnswerDocument], list[RefusedError]]:
    """The documents in `text` (JSON), and what is at fault with the others: one refusal for each, which names the key.

    In a list the key begins with the document's place, as in `[2].organisation`.
    """
    try:
        value = read_json(text)
    except RefusedError as refused:
        return [], [refused]
    if not isinstance(value, list):
        entries = [("", value)]
    elif value:
        entries = [(f"[{place}].", entry) for place, entry in enumerate(value)]
    else:
        return [], [RefusedError("", "no answer document in the list")]
    documents: list[AnswerDocument] = []
    faults: list[RefusedError] = []
    for where, entry in entries:
        try:
            documents.append(accept_document(entry, find, where)[0])
        except RefusedError as refused:
            faults.append(refused)
    return documents, faults


def refuse_to_take_in(document: AnswerDocument, now: datetime.datetime, where: str = "") -> None:
    """Raises RefusedError for what a sound document may say, but not one that a server takes in at that time.

    That is more people than an organisation's team has, and a day that has not come anywhere yet.
    """
    if len(document.respondents) > MOST_RESPONDENTS:
        raise RefusedError(f"{where}respondents", f"more than {MOST_RESPONDENTS} in one document")
    if document.date is not None and document.date > (now + AHEAD).date():
        raise RefusedError(f"{where}date", f"{document.date.isoformat()} has not come yet")
