"""Assessments: begun, found by their private link, answered, chosen for, finished, exported, erased.

Every function takes a session and, where it needs the time, `now`. A write locks the assessment's row first.
"""

from app.store.assessments.answers import answers_of, save_answer, save_choices
from app.store.assessments.documents import begin_from, document, documents_where
from app.store.assessments.links import place_of, rotate_link
from app.store.assessments.sittings import change_details, erase, find_organisation, finish, sitting, start
from app.store.assessments.values import (
    Beginning,
    ChangedElsewhereError,
    ClosedError,
    Details,
    FoundAssessment,
    GoneError,
    Membership,
    Place,
    Sitting,
    StoredAnswer,
)

__all__ = [
    "Beginning",
    "ChangedElsewhereError",
    "ClosedError",
    "Details",
    "FoundAssessment",
    "GoneError",
    "Membership",
    "Place",
    "Sitting",
    "StoredAnswer",
    "answers_of",
    "begin_from",
    "change_details",
    "document",
    "documents_where",
    "erase",
    "find_organisation",
    "finish",
    "place_of",
    "rotate_link",
    "save_answer",
    "save_choices",
    "sitting",
    "start",
]
