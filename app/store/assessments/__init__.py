"""Assessments: begun, found by their private link, answered, chosen for, finished, exported, erased.

Every function takes a session and, where it needs the time, `now`. A write locks the assessment's row first.
"""

from app.store.assessments.again import followed_by, sit_again
from app.store.assessments.agreeing import agree, agreed_of
from app.store.assessments.answers import answers_of, save_answer, save_choices
from app.store.assessments.beginning import begin_from
from app.store.assessments.documents import document, documents_where
from app.store.assessments.fields import fields_of, own_fields_of, save_field, save_own_field
from app.store.assessments.journeys import (
    add_touchpoint,
    change_touchpoint,
    move_touchpoint,
    remove_touchpoint,
    touchpoints_of,
)
from app.store.assessments.links import place_of, rotate_link
from app.store.assessments.plans import actions_of, add_action, change_action, remove_action
from app.store.assessments.shares import revoke, share, shared, shares_of, still_shared
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
    ActionChangedError,
    Agreed,
    AgreedElsewhereError,
    Beginning,
    ChangedElsewhereError,
    ClosedError,
    Details,
    FieldChangedError,
    FollowedError,
    FoundAssessment,
    FullError,
    GoneError,
    KeptAction,
    KeptTouchpoint,
    Member,
    Membership,
    Place,
    Share,
    Shared,
    Sitting,
    StoredAnswer,
    Team,
    TouchpointChangedError,
)
from app.store.tables import Shown

__all__ = [
    "ActionChangedError",
    "Agreed",
    "AgreedElsewhereError",
    "Beginning",
    "ChangedElsewhereError",
    "ClosedError",
    "Details",
    "FieldChangedError",
    "FollowedError",
    "FoundAssessment",
    "FullError",
    "GoneError",
    "KeptAction",
    "KeptTouchpoint",
    "Member",
    "Membership",
    "Place",
    "Share",
    "Shared",
    "Shown",
    "Sitting",
    "StoredAnswer",
    "Team",
    "TouchpointChangedError",
    "actions_of",
    "add_action",
    "add_touchpoint",
    "agree",
    "agreed_of",
    "answers_of",
    "begin_from",
    "change_action",
    "change_details",
    "change_touchpoint",
    "document",
    "documents_where",
    "erase",
    "fields_of",
    "find_organisation",
    "finish",
    "finish_own",
    "followed_by",
    "join_team",
    "move_touchpoint",
    "open_team",
    "own_fields_of",
    "place_of",
    "remove_action",
    "remove_member",
    "remove_touchpoint",
    "renew_team_code",
    "revoke",
    "rotate_link",
    "save_answer",
    "save_choices",
    "save_field",
    "save_own_field",
    "share",
    "shared",
    "shares_of",
    "sit_again",
    "sitting",
    "start",
    "still_shared",
    "team",
    "team_by_code",
    "team_size",
    "touchpoints_of",
]
