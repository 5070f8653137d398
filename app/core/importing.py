"""Answer documents out of a file: a single one, or a cohort's list. Every faulty one is named, not only the first."""

from app.core.answers import AnswerDocument, Find, RefusedError, accept_document, read_json


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
