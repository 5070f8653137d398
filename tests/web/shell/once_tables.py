"""What is sent twice: one line for each form and call. Whoever adds a route that is posted to adds its line here."""

KEYED = frozenset(
    {
        "POST /assessments",
        "POST /assessments/{assessment}/again",
        "POST /assessments/{assessment}/journey",
        "POST /assessments/{assessment}/link",
        "POST /assessments/{assessment}/plan",
        "POST /assessments/{assessment}/sharing",
        "POST /account/tokens",
        "POST /join/{code}",
        "POST /invitation/{token}",
        "POST /team/{code}",
        "POST /cohorts/new",
        "POST /cohorts/{cohort}/import",
        "POST /cohorts/{cohort}/invitations",
        "POST /cohorts/{cohort}/members/{assessment}/link",
        "POST /cohorts/{cohort}/paper",
        "POST /cohorts/{cohort}/reports",
        "POST /api/v1/cohorts",
        "POST /api/v1/cohorts/{cohort}/assessments",
    }
)
"""What makes something, and carries a key: sent once more, it makes nothing, and leads to what the first made."""

SAID_ANEW = "says anew what is there already, and what was seen before"
THE_SAME_AGAIN = "leaves what it leaves the first time"
LEADS = "only leads somewhere, or says so to this browser alone"
SHOWN_AFTERWARDS = "the page after it shows the code that holds now, whichever it is"
USED_UP = "a one-time link works once; whoever heard no answer signs in with the password they chose"
SIGNS_IN = "each browser has a sign-in of its own, and a new one ends that browser's former one"

NOT_KEYED = {
    "POST /language": LEADS,
    "POST /join": LEADS,
    "POST /sign-in": SIGNS_IN,
    "POST /sign-out": THE_SAME_AGAIN,
    "POST /setup/{token}": USED_UP,
    "POST /reset/{token}": USED_UP,
    "POST /account/password": "the old password is not right any more: whoever heard no answer signs in with the new",
    "POST /account/tokens/{key}/revoke": THE_SAME_AGAIN,
    "POST /assessments/{assessment}/questions/{part}": SAID_ANEW,
    "POST /assessments/{assessment}/answers/{question}": SAID_ANEW,
    "POST /assessments/{assessment}/aims": SAID_ANEW,
    "POST /assessments/{assessment}/aims/{kind}/{dimension}": SAID_ANEW,
    "POST /assessments/{assessment}/facts": SAID_ANEW,
    "POST /assessments/{assessment}/more/{module}": SAID_ANEW,
    "POST /assessments/{assessment}/modules/{name}": SAID_ANEW,
    "POST /assessments/{assessment}/meeting/{question}": SAID_ANEW,
    "POST /assessments/{assessment}/finish": THE_SAME_AGAIN,
    "POST /assessments/{assessment}/forget": LEADS,
    "POST /assessments/{assessment}/erase": THE_SAME_AGAIN,
    "POST /assessments/{assessment}/withdraw": THE_SAME_AGAIN,
    "POST /assessments/{assessment}/team": "there is one code, and it stays",
    "POST /assessments/{assessment}/team/code": SHOWN_AFTERWARDS,
    "POST /assessments/{assessment}/team/remove": THE_SAME_AGAIN,
    "POST /assessments/{assessment}/team/leave": THE_SAME_AGAIN,
    "POST /assessments/{assessment}/journey/{touchpoint}": SAID_ANEW,
    "POST /assessments/{assessment}/journey/{touchpoint}/move": "moves what is there, and the page shows where to",
    "POST /assessments/{assessment}/journey/{touchpoint}/remove": THE_SAME_AGAIN,
    "POST /assessments/{assessment}/plan/recommended": "there is one action of the same words",
    "POST /assessments/{assessment}/plan/stop-doing": SAID_ANEW,
    "POST /assessments/{assessment}/plan/{action}": SAID_ANEW,
    "POST /assessments/{assessment}/plan/{action}/remove": THE_SAME_AGAIN,
    "POST /assessments/{assessment}/sharing/recipients": SAID_ANEW,
    "POST /assessments/{assessment}/sharing/{share}/revoke": THE_SAME_AGAIN,
    "POST /cohorts/{cohort}/edit": SAID_ANEW,
    "POST /cohorts/{cohort}/close": THE_SAME_AGAIN,
    "POST /cohorts/{cohort}/reopen": THE_SAME_AGAIN,
    "POST /cohorts/{cohort}/archive": THE_SAME_AGAIN,
    "POST /cohorts/{cohort}/code": SHOWN_AFTERWARDS,
    "POST /cohorts/{cohort}/share": SAID_ANEW,
    "POST /cohorts/{cohort}/unshare": THE_SAME_AGAIN,
    "POST /cohorts/{cohort}/members/merge": THE_SAME_AGAIN,
    "POST /api/v1/cohorts/{cohort}/close": THE_SAME_AGAIN,
    "POST /api/v1/cohorts/{cohort}/reopen": THE_SAME_AGAIN,
}
"""What carries no key, and why it needs none: sent once more, it makes nothing more than there is."""
