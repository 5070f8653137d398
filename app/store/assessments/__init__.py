"""Assessments: begun, found by their private link, answered, chosen for, finished, exported, erased.

Every function takes a session and, where it needs the time, `now`. A write locks the assessment's row first.
"""

from app.store.assessments.agreeing import agree, agreed_of
from app.store.assessments.answers import answers_of, save_answer, save_choices
from app.store.assessments.documents import begin_from, document, documents_where
from app.store.assessments.fields import fields_of, own_fields_of, save_field, save_own_field
from app.store.assessments.links import place_of, rotate_link
from app.store.assessments.sittings import change_details, erase, find_organisation, finish, sitting, start
from app.store.assessments.team import (
    finish_own,
    join_team,
    open_team,
    remove_member,
    renew_team_code,
    team,
    team_by_code,
    team_size,
)
from app.store.assessments.values import (
    Agreed,
    AgreedElsewhereError,
    Beginning,
    ChangedElsewhereError,
    ClosedError,
    Details,
    FieldChangedError,
    FoundAssessment,
    FullError,
    GoneError,
    Member,
    Membership,
    Place,
    Sitting,
    StoredAnswer,
    Team,
)

__all__ = [
    "Agreed",
    "AgreedElsewhereError",
    "Beginning",
    "ChangedElsewhereError",
    "ClosedError",
    "Details",
    "FieldChangedError",
    "FoundAssessment",
    "FullError",
    "GoneError",
    "Member",
    "Membership",
    "Place",
    "Sitting",
    "StoredAnswer",
    "Team",
    "agree",
    "agreed_of",
    "answers_of",
    "begin_from",
    "change_details",
    "document",
    "documents_where",
    "erase",
    "fields_of",
    "find_organisation",
    "finish",
    "finish_own",
    "join_team",
    "open_team",
    "own_fields_of",
    "place_of",
    "remove_member",
    "renew_team_code",
    "rotate_link",
    "save_answer",
    "save_choices",
    "save_field",
    "save_own_field",
    "sitting",
    "start",
    "team",
    "team_by_code",
    "team_size",
]
