"""What opens to whom: one line for each route, by method and pattern. Whoever adds a route adds its line here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal  # what a call sends is JSON

from app.store.cohorts import Right
from tests.web.facilitator.cohorts import PLAN
from tests.web.facilitator.facilitating import ANOTHER, PASSWORD
from tests.web.visiting import START

NAME = "Kanarček z.o.o."
QUESTION = "strategy.purpose"
IN_ADDRESSES = {
    "part": "strategy",
    "question": QUESTION,
    "kind": "target",
    "dimension": "strategy",
    "module": "offices",
    "name": "front_office",
}
"""What stands in an address and is the same for everybody."""

State = Literal["open", "closed", "confidential", "released"]
"""A cohort's: open, running or closed; confidential, before its closing and after."""

STATES: tuple[State, ...] = ("open", "closed", "confidential", "released")

OPEN_TO_ALL = {
    "GET /healthz": 200,
    "GET /": 200,
    "GET /start": 200,
    "GET /privacy": 200,
    "POST /assessments": 303,
    "POST /language": 303,
    "MOUNT /static": 200,
    "GET /sign-in": 200,
    "POST /sign-in": 303,
    "POST /sign-out": 303,
    "GET /join": 200,
    "POST /join": 303,
    "GET /api/v1/openapi.json": 200,
    "GET /api/v1/docs": 200,
}
"""To everybody alike."""

OPEN_TO_THE_TEAM = {
    # A private link is a key for whoever has it; an old one, a wrong one and an erased one's open nothing.
    "GET /r/{token}": 303,
    "GET /assessments/{assessment}": 303,
    "GET /assessments/{assessment}/questions/{part}": 200,
    "POST /assessments/{assessment}/questions/{part}": 303,
    "GET /assessments/{assessment}/answers/{question}": 303,
    "POST /assessments/{assessment}/answers/{question}": 303,
    "GET /assessments/{assessment}/review": 200,
    "POST /assessments/{assessment}/finish": 303,
    "GET /assessments/{assessment}/link": 200,
    "GET /assessments/{assessment}/link.txt": 200,
    "POST /assessments/{assessment}/link": 303,
    "POST /assessments/{assessment}/forget": 303,
    "GET /assessments/{assessment}/result": 200,
    "GET /assessments/{assessment}/report.pdf": 200,
    "GET /assessments/{assessment}/team": 200,
    "GET /assessments/{assessment}/more": 200,
    "GET /assessments/{assessment}/more/{module}": 200,
    "POST /assessments/{assessment}/more/{module}": 303,
    "GET /assessments/{assessment}/modules/{name}": 303,
    "POST /assessments/{assessment}/modules/{name}": 303,
}
"""To whoever holds a private link of the assessment, its owner or a colleague; to all others it is not there (404)."""

OPEN_TO_THE_OWNER = {
    "GET /assessments/{assessment}/aims": 200,
    "POST /assessments/{assessment}/aims": 303,
    "GET /assessments/{assessment}/aims/{kind}/{dimension}": 303,
    "POST /assessments/{assessment}/aims/{kind}/{dimension}": 303,
    "GET /assessments/{assessment}/facts": 200,
    "POST /assessments/{assessment}/facts": 303,
    "POST /assessments/{assessment}/erase": 200,
    "POST /assessments/{assessment}/withdraw": 303,
    "GET /assessments/{assessment}/answers.json": 200,
    "POST /assessments/{assessment}/team": 303,
    "POST /assessments/{assessment}/team/code": 303,
    "POST /assessments/{assessment}/team/remove": 303,
    "GET /assessments/{assessment}/meeting": 200,
    "GET /assessments/{assessment}/meeting/{question}": 200,
    "POST /assessments/{assessment}/meeting/{question}": 303,
    "GET /assessments/{assessment}/journey": 200,
    "POST /assessments/{assessment}/journey": 303,
    "GET /assessments/{assessment}/journey-map": 200,
    "GET /assessments/{assessment}/journey/{touchpoint}": 303,
    "POST /assessments/{assessment}/journey/{touchpoint}": 303,
    "POST /assessments/{assessment}/journey/{touchpoint}/move": 303,
    "POST /assessments/{assessment}/journey/{touchpoint}/remove": 200,
    "GET /assessments/{assessment}/journey.pdf": 200,
    "GET /assessments/{assessment}/plan": 200,
    "POST /assessments/{assessment}/plan": 303,
    "POST /assessments/{assessment}/plan/recommended": 303,
    "POST /assessments/{assessment}/plan/stop-doing": 303,
    "POST /assessments/{assessment}/plan/{action}": 303,
    "POST /assessments/{assessment}/plan/{action}/remove": 303,
    "GET /assessments/{assessment}/plan.csv": 200,
    "GET /assessments/{assessment}/plan.xlsx": 200,
    "GET /assessments/{assessment}/plan.ics": 200,
    "GET /assessments/{assessment}/plan-cards.pdf": 200,
    "GET /assessments/{assessment}/again": 200,
    "POST /assessments/{assessment}/again": 303,
    "GET /assessments/{assessment}/reminder.ics": 200,
    "GET /assessments/{assessment}/sharing": 200,
    "POST /assessments/{assessment}/sharing": 200,
    "POST /assessments/{assessment}/sharing/recipients": 303,
    "POST /assessments/{assessment}/sharing/{share}/revoke": 303,
}
"""To whoever holds the owner's private link; to colleagues, too, it is not there (404)."""

OPEN_TO_COLLEAGUES = {
    "POST /assessments/{assessment}/team/leave": 200,
}
"""To whoever holds a colleague's private link; to the owner, too, it is not there (404)."""

OPEN_TO_READERS = {
    "GET /shared/{token}": 303,
    "GET /shared-with/{share}": 200,
    "GET /shared-with/{share}/report.pdf": 200,
    "GET /shared-with/{share}/journey.pdf": 200,
}
"""To whoever has a link to what is shared, until it ends; with any other it is not there (404)."""

OPEN_TO_A_ONE_TIME_LINK = {
    "GET /setup/{token}": 200,
    "POST /setup/{token}": 303,
    "GET /reset/{token}": 200,
    "POST /reset/{token}": 303,
}
"""To whoever has the link that an operator made, until it is used; with any other it is not there (404)."""

OPEN_TO_THE_INVITED = {
    "GET /join/{code}": 200,
    "POST /join/{code}": 303,
    "GET /team/{code}": 200,
    "POST /team/{code}": 303,
    "GET /invitation/{token}": 200,
    "POST /invitation/{token}": 303,
}
"""To whoever has the code, or an invitation that was not used; with any other it is not there (404)."""

OPEN_TO_FACILITATORS = {
    "GET /account": 200,
    "POST /account/password": 303,
    "POST /account/tokens": 200,
    "POST /account/tokens/{key}/revoke": 303,
    "GET /cohorts": 200,
    "GET /cohorts/new": 200,
    "POST /cohorts/new": 303,
    "GET /api/v1/cohorts": 200,
    "POST /api/v1/cohorts": 201,
}
"""To whoever is signed in (303 to the others), or for the API has a token (401)."""


@dataclass(frozen=True)
class To:
    """Who may, at the least: its owner, those who may run it, or those who may read it; and what they get.

    Those with less get 403; to whom the cohort was not given it is not there (404). `status` is of an open cohort
    that is running; in another state it is the same unless said.
    """

    least: Right
    status: int
    closed: int = 0
    confidential: int = 0
    released: int = 0

    def get(self, state: State) -> int:
        """What those who may get in that state."""
        statuses = {"closed": self.closed, "confidential": self.confidential, "released": self.released}
        return statuses.get(state) or self.status


OF_A_COHORT = {
    "GET /cohorts/{cohort}": To("read", 200),
    "GET /cohorts/{cohort}/edit": To("run", 200),
    "POST /cohorts/{cohort}/edit": To("run", 303),
    "POST /cohorts/{cohort}/close": To("run", 303),
    "POST /cohorts/{cohort}/reopen": To("run", 303, released=409),
    "POST /cohorts/{cohort}/archive": To("own", 303),
    "POST /cohorts/{cohort}/code": To("run", 303, closed=409, released=409),
    "POST /cohorts/{cohort}/share": To("own", 303),
    "POST /cohorts/{cohort}/unshare": To("own", 303),
    "POST /cohorts/{cohort}/invitations": To("run", 200, closed=409, released=409),
    "POST /cohorts/{cohort}/members/{assessment}/link": To("run", 200, confidential=403, released=403),
    "POST /cohorts/{cohort}/members/merge": To("run", 303, closed=403, confidential=403, released=403),
    "GET /cohorts/{cohort}/projector": To("read", 200),
    "GET /cohorts/{cohort}/projector/live": To("read", 200),
    "GET /cohorts/{cohort}/results": To("read", 200),
    "GET /cohorts/{cohort}/results/questions": To("read", 200, confidential=404, released=404),
    "GET /cohorts/{cohort}/report.pdf": To("read", 200, confidential=404),
    "GET /cohorts/{cohort}/members/{assessment}/result": To("read", 200, confidential=404, released=404),
    "GET /cohorts/{cohort}/members/{assessment}/report.pdf": To("read", 200, confidential=404, released=404),
    "GET /compare": To("read", 200, confidential=422),
    "GET /cohorts/{cohort}/before-after/{other}": To("read", 200, confidential=422, released=422),
    "GET /cohorts/{cohort}/data.xlsx": To("read", 200, confidential=404),
    "GET /cohorts/{cohort}/data.csv": To("read", 200, confidential=404),
    "GET /cohorts/{cohort}/data.json": To("read", 200, confidential=404),
    "GET /cohorts/{cohort}/reports": To("read", 200, confidential=404, released=404),
    "POST /cohorts/{cohort}/reports": To("read", 303, confidential=404, released=404),
    "GET /cohorts/{cohort}/reports/{job}/reports.zip": To("read", 200, confidential=404, released=404),
    "GET /cohorts/{cohort}/paper-form.pdf": To("read", 200),
    "GET /cohorts/{cohort}/join-sheet.pdf": To("read", 200, closed=409, released=409),
    "GET /cohorts/{cohort}/glossary.pdf": To("read", 200),
    "GET /cohorts/{cohort}/action-cards.pdf": To("read", 200),
    "GET /cohorts/{cohort}/journey-sheet.pdf": To("read", 200),
    "GET /cohorts/{cohort}/paper": To("run", 200, closed=409, confidential=404, released=404),
    "POST /cohorts/{cohort}/paper": To("run", 200, closed=409, confidential=404, released=404),
    "GET /cohorts/{cohort}/import": To("run", 200, closed=409, confidential=404, released=404),
    "POST /cohorts/{cohort}/import": To("run", 200, closed=409, confidential=404, released=404),
    "GET /api/v1/cohorts/{cohort}": To("read", 200),
    "POST /api/v1/cohorts/{cohort}/close": To("run", 200),
    "POST /api/v1/cohorts/{cohort}/reopen": To("run", 200, released=409),
    "GET /api/v1/cohorts/{cohort}/progress": To("read", 200),
    "GET /api/v1/cohorts/{cohort}/assessments": To("read", 200, confidential=403, released=403),
    "POST /api/v1/cohorts/{cohort}/assessments": To("run", 201, closed=409, confidential=403, released=403),
    "GET /api/v1/cohorts/{cohort}/scorecards": To("read", 200, confidential=403, released=403),
    "GET /api/v1/cohorts/{cohort}/summary": To("read", 200, confidential=409),
    "GET /api/v1/cohorts/{cohort}/export.json": To("read", 200, confidential=409),
    "GET /api/v1/comparison": To("read", 200, confidential=409),
    "GET /api/v1/assessments/{assessment}": To("read", 200, confidential=404, released=404),
    "GET /api/v1/assessments/{assessment}/scorecard": To("read", 200, confidential=404, released=404),
    "GET /api/v1/assessments/{assessment}/report.pdf": To("read", 200, confidential=404, released=404),
}
"""To whom the cohort is given, by right, privacy and state."""

EXPECTED = (
    OPEN_TO_ALL
    | OPEN_TO_THE_TEAM
    | OPEN_TO_THE_OWNER
    | dict.fromkeys(OPEN_TO_COLLEAGUES, 404)
    | OPEN_TO_READERS
    | OPEN_TO_A_ONE_TIME_LINK
    | OPEN_TO_THE_INVITED
    | OPEN_TO_FACILITATORS
    | {name: to.status for name, to in OF_A_COHORT.items()}
)
"""What an insider gets, who is an assessment's owner."""

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "documents" / "pulse.json").read_text(encoding="utf-8")
)
"""An answer document of the same form as the cohorts."""

NEW_PASSWORD = {"password": ANOTHER, "again": ANOTHER}
JOINING = {"organisation": NAME, "business_stage": "growing", "role": "other", "told": "open", "arriving": "new"}

FIELDS: Mapping[str, Mapping[str, str]] = {
    "POST /assessments": START,
    "POST /language": {"language": "en", "next": "/privacy"},
    "POST /assessments/{assessment}/questions/{part}": {f"answer:{QUESTION}": "2"},
    "POST /assessments/{assessment}/answers/{question}": {"answer": "3", "seen": "0"},
    "POST /assessments/{assessment}/aims": {"target:strategy": "5", "importance:culture": "1"},
    "POST /assessments/{assessment}/aims/{kind}/{dimension}": {"aim": "5"},
    "POST /assessments/{assessment}/facts": {"organisation": NAME, "business_stage": "established"},
    "POST /assessments/{assessment}/erase": {"word": "erase"},
    "POST /assessments/{assessment}/team/remove": {"place": "{place}"},
    "POST /assessments/{assessment}/meeting/{question}": {"level": "3", "evidence": "A list of complaints"},
    "POST /assessments/{assessment}/more/{module}": {"field:back_office": "2"},
    "POST /assessments/{assessment}/modules/{name}": {"value": "4"},
    "POST /assessments/{assessment}/journey": {"stage": "buy", "name": "Till"},
    "POST /assessments/{assessment}/journey/{touchpoint}": {"stage": "use", "name": "Manual", "seen": "1"},
    "POST /assessments/{assessment}/journey/{touchpoint}/move": {"stage": "use", "position": "0"},
    "POST /assessments/{assessment}/journey/{touchpoint}/remove": {"seen": "1"},
    "POST /assessments/{assessment}/plan": {"text": "Call back within a day", "way": "emotional"},
    "POST /assessments/{assessment}/plan/recommended": {"preset": "delivery"},
    "POST /assessments/{assessment}/plan/stop-doing": {"stop_doing": "Printing leaflets", "seen": ""},
    "POST /assessments/{assessment}/plan/{action}": {"text": "Call back", "way": "emotional", "seen": "1"},
    "POST /assessments/{assessment}/plan/{action}/remove": {"seen": "1"},
    "POST /assessments/{assessment}/again": {"form": "pulse"},
    "POST /assessments/{assessment}/sharing": {"what": "report", "days": "30"},
    "POST /assessments/{assessment}/sharing/recipients": {"everyone": "yes", "seen": ""},
    "POST /sign-in": {"email": "{email}", "password": PASSWORD, "next": "/account"},
    "POST /setup/{token}": NEW_PASSWORD,
    "POST /reset/{token}": NEW_PASSWORD,
    "POST /account/password": {"current": PASSWORD, **NEW_PASSWORD},
    "POST /account/tokens": {"name": "A program"},
    "POST /join": {"code": "{code}"},
    "POST /join/{code}": JOINING,
    "POST /invitation/{token}": JOINING,
    "POST /team/{code}": {"role": "other"},
    "POST /cohorts/new": PLAN,
    "POST /cohorts/{cohort}/edit": PLAN | {"privacy": "{privacy}"},
    "POST /cohorts/{cohort}/archive": {"to": "away"},
    "POST /cohorts/{cohort}/share": {"email": "{colleague}", "right": "read"},
    "POST /cohorts/{cohort}/unshare": {"account": "{reader}"},
    "POST /cohorts/{cohort}/invitations": {"count": "1"},
    "POST /cohorts/{cohort}/members/merge": {"keep": "{assessment}", "drop": "{drop}"},
    "POST /cohorts/{cohort}/paper": {
        "organisation": "On paper",
        "business_stage": "growing",
        "role": "other",
        f"answer:{QUESTION}": "3",
    },
}
"""What a door's form sends, with keys to be filled in; the others send nothing."""

FILES: Mapping[str, Mapping[str, bytes]] = {
    "POST /cohorts/{cohort}/import": {"documents": json.dumps(DOCUMENT).encode()},
}
"""What is sent as files."""

SENT_AS_JSON: Mapping[str, dict[str, Any]] = {
    "POST /api/v1/cohorts": {key: value for key, value in PLAN.items() if value},
    "POST /api/v1/cohorts/{cohort}/assessments": DOCUMENT,
}
"""What a call sends."""

QUERIES = {
    "GET /compare": "cohort={cohort}&cohort={other}",
    "GET /api/v1/comparison": "cohort={cohort}&cohort={other}",
}
"""What an address says after its path, with keys to be filled in."""
