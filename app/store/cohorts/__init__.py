"""Cohorts: created, shared, joined, watched, closed, released.

Every function takes a session and, where it needs the time, `now`. A write locks the cohort's row first, and then the
rows of its assessments. Who may do what is asked with `right_of`, before.
"""

from app.store.assessments.values import ClosedError, GoneError
from app.store.cohorts.codes import cohort_by_code, renew_code
from app.store.cohorts.joining import invite, invited_to, join, join_again, join_with, joined_by, place_by, withdraw
from app.store.cohorts.keeping import (
    archive,
    change,
    close,
    cohort,
    create,
    reopen,
    unarchive,
)
from app.store.cohorts.members import (
    cohort_of_assessment,
    documents,
    documents_that_count,
    documents_to_release,
    member,
    members,
    only_to_finish,
    progress,
    unfinished_in_teams,
)
from app.store.cohorts.merging import merge, was_merged
from app.store.cohorts.releasing import confidential_ones, freeze, frozen, hold, keep_release, lift, release_of
from app.store.cohorts.sharing import browsers_with_right, cohorts_of, right_of, share, shares_of, unshare
from app.store.cohorts.values import (
    CannotMergeError,
    Cohort,
    CohortInHand,
    CohortPlan,
    CohortProgress,
    ConfidentialError,
    FixedOnceJoinedError,
    InvitationUsedError,
    Member,
    Privacy,
    ReleasedError,
    Right,
    SharedRight,
    ToldOtherwiseError,
)

__all__ = [
    "CannotMergeError",
    "ClosedError",
    "Cohort",
    "CohortInHand",
    "CohortPlan",
    "CohortProgress",
    "ConfidentialError",
    "FixedOnceJoinedError",
    "GoneError",
    "InvitationUsedError",
    "Member",
    "Privacy",
    "ReleasedError",
    "Right",
    "SharedRight",
    "ToldOtherwiseError",
    "archive",
    "browsers_with_right",
    "change",
    "close",
    "cohort",
    "cohort_by_code",
    "cohort_of_assessment",
    "cohorts_of",
    "confidential_ones",
    "create",
    "documents",
    "documents_that_count",
    "documents_to_release",
    "freeze",
    "frozen",
    "hold",
    "invite",
    "invited_to",
    "join",
    "join_again",
    "join_with",
    "joined_by",
    "keep_release",
    "lift",
    "member",
    "members",
    "merge",
    "only_to_finish",
    "place_by",
    "progress",
    "release_of",
    "renew_code",
    "reopen",
    "right_of",
    "share",
    "shares_of",
    "unarchive",
    "unfinished_in_teams",
    "unshare",
    "was_merged",
    "withdraw",
]
