"""What a person reads after a form: one line for each that leads on. Whoever adds one adds what its next page says."""

from collections.abc import Mapping

from app.web.shell.saying import Said

SAYS: Mapping[str, Said] = {
    "POST /sign-out": "signed_out",
    "POST /reset/{token}": "password",
    "POST /account/password": "password",
    "POST /account/tokens/{key}/revoke": "token_ended",
    "POST /assessments/{assessment}/link": "link_replaced",
    "POST /assessments/{assessment}/forget": "forgotten",
    "POST /assessments/{assessment}/facts": "facts",
    "POST /assessments/{assessment}/aims/{kind}/{dimension}": "saved",
    "POST /assessments/{assessment}/more/{module}": "told",
    "POST /assessments/{assessment}/modules/{name}": "saved",
    "POST /assessments/{assessment}/meeting/{question}": "agreed",
    "POST /assessments/{assessment}/team/code": "team_code",
    "POST /assessments/{assessment}/team/remove": "taken_out",
    "POST /assessments/{assessment}/journey": "added",
    "POST /assessments/{assessment}/journey/{touchpoint}": "saved",
    "POST /assessments/{assessment}/journey/{touchpoint}/move": "moved",
    "POST /assessments/{assessment}/plan": "added",
    "POST /assessments/{assessment}/plan/recommended": "added",
    "POST /assessments/{assessment}/plan/stop-doing": "saved",
    "POST /assessments/{assessment}/plan/{action}": "saved",
    "POST /assessments/{assessment}/plan/{action}/remove": "action_out",
    "POST /assessments/{assessment}/sharing/recipients": "saved",
    "POST /assessments/{assessment}/sharing/{share}/revoke": "link_ended",
    "POST /cohorts/{cohort}/edit": "saved",
    "POST /cohorts/{cohort}/close": "closed",
    "POST /cohorts/{cohort}/reopen": "reopened",
    "POST /cohorts/{cohort}/archive": "archived",
    "POST /cohorts/{cohort}/code": "join_code",
    "POST /cohorts/{cohort}/share": "shared",
    "POST /cohorts/{cohort}/unshare": "unshared",
    "POST /cohorts/{cohort}/members/merge": "merged",
}
"""After which the next page says in a sentence of its own that it was done."""

SHOWS: Mapping[str, str] = {
    "POST /assessments": "1 of 6: ",
    "POST /join/{code}": "1 of 6: ",
    "POST /invitation/{token}": "1 of 6: ",
    "POST /team/{code}": "1 of 6: ",
    "POST /assessments/{assessment}/again": "1 of 6: ",
    "POST /assessments/{assessment}/questions/{part}": "2 of 6: ",
    "POST /assessments/{assessment}/answers/{question}": "1 of 6: ",
    "POST /assessments/{assessment}/aims": "Review",
    "POST /assessments/{assessment}/finish": "Result · Kanarček",
    "POST /assessments/{assessment}/withdraw": "You have withdrawn from",
    "POST /assessments/{assessment}/team": "Team code",
    "POST /join": "Join Spring intake",
    "POST /language": "What is stored",
    "POST /sign-in": "Your account",
    "POST /setup/{token}": "A cohort is one workshop or intake.",
    "POST /cohorts/new": "Join code",
    "POST /cohorts/{cohort}/reports": "reports",
}
"""After which the next page is another, and is what the button was pressed for: what shows that."""
