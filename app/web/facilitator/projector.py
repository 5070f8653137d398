"""What the room sees, from the first minute to the last: the code, what to do and for how long, results."""

import asyncio
import datetime
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from app.core.questionnaire.map_layout import map_layout
from app.core.questionnaire.model import Questionnaire
from app.exporting import NEXT_SITTING_AFTER
from app.reporting import cohort_report
from app.store import cohorts
from app.store.cohorts import Cohort, CohortProgress
from app.store.database import Database
from app.store.errors import DatabaseUnavailableError
from app.store.secrets.tokens import hashed
from app.web.shell.cohort_plan import edition_of
from app.web.shell.facilitators import InHand, sign_in_of
from app.web.shell.frame import phones_can_reach, qr_code
from app.web.shell.render import page, rendered
from app.web.shell.visits import VisitorLanguage, own_address

router = APIRouter(prefix="/cohorts/{cohort}/projector")

Slide = Literal["join", "about", "live", "picture", "agree", "journey", "aims", "steps", "dots", "map", "blind", "end"]
"""In the order of a workshop of two hours (domain rules, section 5)."""
RESULTS: frozenset[Slide] = frozenset({"dots", "map", "blind"})
OF_OPEN_ONES: frozenset[Slide] = frozenset({"map", "blind"})
"""What a confidential cohort never has."""
SHOWN_FROM = 3
"""Organisations: of fewer everybody in the room would know whose figures these are."""
MINUTES: Mapping[Slide, int] = {
    "about": 10,
    "picture": 10,
    "agree": 20,
    "journey": 20,
    "aims": 10,
    "steps": 20,
    "end": 5,
}
"""How long the teams have for what a slide tells them to do; these slides have a timer."""

EVERY = 1.0
"""Seconds between two looks at the database, however many watch."""
ASKED_AGAIN = 3.0
"""Seconds after which it is looked up anew who may watch a cohort: for all its watchers together as well."""
BEAT = 5.0
"""Seconds after which a line on which nothing changes says that it is there and up to date."""
SILENCE = 12
"""Seconds without a word after which a watcher takes the line for dead, and says so: two beats were missed."""
LONGEST = 15 * 60.0
"""Seconds after which a watcher connects anew, and is asked again who they are."""


@dataclass
class Watch:
    """How far cohorts are, looked up at most once a second for all watchers of this process together."""

    database: Database
    _known: dict[str, tuple[float, CohortProgress]] = field(default_factory=dict)
    _admitted: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def progress(self, cohort: str) -> CohortProgress:
        """As it was a second ago at the most."""
        with self._lock:
            at, known = self._known.get(cohort, (0.0, None))
            if known is None or time.monotonic() - at >= EVERY:
                with self.database.reading() as session:
                    known = cohorts.progress(session, cohort)
                self._known[cohort] = (time.monotonic(), known)
            return known

    def admits(self, cohort: str, token: str) -> bool:
        """Whether the browser that is signed in with this token may watch, as it was a few seconds ago at the most."""
        with self._lock:
            at, admitted = self._admitted.get(cohort, (0.0, frozenset()))
            if hashed(token) not in admitted or time.monotonic() - at >= ASKED_AGAIN:
                with self.database.reading() as session:
                    admitted = cohorts.browsers_with_right(session, cohort, datetime.datetime.now(datetime.UTC))
                self._admitted[cohort] = (time.monotonic(), admitted)
            return hashed(token) in admitted


@router.get("")
def show(request: Request, hand: InHand, language: VisitorLanguage, slide: Slide | None = None) -> Response:
    """One slide; the keyboard turns them. The first is the code, or what came out once the cohort is closed."""
    cohort, questionnaire = hand.cohort, edition_of(hand)
    slide = slide or ("join" if cohort.is_open else "dots")
    report = None
    if slide in RESULTS:
        with hand.house.database.reading() as session:
            report = cohort_report(session, questionnaire, cohort, language)
    link = f"{own_address(request, hand.house)}/join"
    context = {
        "hand": hand,
        "cohort": cohort,
        "slide": slide,
        "left_out": _left_out(questionnaire, cohort),
        "words": questionnaire.wording(language),
        "shown_from": SHOWN_FROM,
        "progress": _watch(request).progress(cohort.id),
        "link": link,
        "qr": qr_code(f"{link}/{cohort.join_code}") if phones_can_reach(request, hand.house) else None,
        "report": report,
        "dimensions": sum(len(framework.dimensions) for framework in questionnaire.frameworks),
        "minutes": MINUTES.get(slide),
        "silence": SILENCE,
        "next_sitting": cohort.date + NEXT_SITTING_AFTER,
    }
    return page(request, language, "facilitator/projector/slide.html", context)


def _left_out(questionnaire: Questionnaire, cohort: Cohort) -> frozenset[Slide]:
    """The slides for which there is nothing to show, whatever anybody answers."""
    left_out: set[Slide] = set(OF_OPEN_ONES) if cohort.is_confidential else set()
    if "introduction" not in questionnaire.modules:
        left_out.add("about")
    if "journey" not in questionnaire.modules:
        left_out.add("journey")
    if map_layout(questionnaire, cohort.form) is None:
        left_out.add("map")
    return frozenset(left_out)


@router.get("/live")
async def live(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """The counts as they change, and beats between, as server-sent events as long as there is a right to see them."""
    events = _events(_watch(request), hand.cohort.id, language, sign_in_of(request) or "")
    return StreamingResponse(events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _watch(request: Request) -> Watch:
    watch: Watch = request.app.state.watch
    return watch


async def _events(watch: Watch, cohort: str, language: str, token: str) -> AsyncIterator[str]:
    told: CohortProgress | None = None
    started = said = time.monotonic()
    while time.monotonic() - started < LONGEST:
        progress = None
        with suppress(DatabaseUnavailableError):  # a busy second; the next one tells
            if not await run_in_threadpool(watch.admits, cohort, token):
                return
            progress = await run_in_threadpool(watch.progress, cohort)
        if progress is not None and progress != told:
            told, said = progress, time.monotonic()
            html = rendered(language, "facilitator/projector/_counts.html", {"progress": progress})
            yield "".join(f"data: {line}\n" for line in html.splitlines()) + "\n"
        elif progress is not None and time.monotonic() - said > BEAT:
            said = time.monotonic()
            yield "event: beat\ndata: \u2713\n\n"
        await asyncio.sleep(EVERY)
