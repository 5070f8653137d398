"""The API, `/api/v1`: what a facilitator's programs may do, by a personal token, under the same rules as the pages."""

from fastapi import APIRouter, Depends

from app.web.api import assessments, cohorts, comparing, describing
from app.web.api.door import only_known_parameters
from app.web.api.refusals import PREFIX, is_asked, refusal
from app.web.api.shapes import Refused

router = APIRouter(prefix=PREFIX)
_calls = APIRouter(
    dependencies=[Depends(only_known_parameters)],
    responses={
        401: {"model": Refused, "description": "No token, or one that has ended."},
        413: {"model": Refused, "description": "The request has more than 1 MiB; nothing was changed."},
        422: {"model": Refused, "description": "What was sent does not fit; nothing was changed."},
        503: {"model": Refused, "description": "Busy just now; `Retry-After` says when to try again."},
    },
)
for _module in (cohorts, assessments, comparing):
    _calls.include_router(_module.router)
router.include_router(_calls)
router.include_router(describing.pages(_calls))

__all__ = ["is_asked", "refusal", "router"]
