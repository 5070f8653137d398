"""A cohort's data as files, and all its organisations' reports as one ZIP that is made in the background."""

import datetime
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from app import exporting
from app.core.cohort.release import Standing
from app.exporting import CohortData, ReleasedData
from app.reporting.bundles import KIND, Bundles, left_out
from app.reporting.exports import data_of
from app.store import cohorts
from app.store.exports import jobs
from app.store.idempotency import id_by
from app.store.secrets.tokens import new_token
from app.web.shell.cohort_plan import edition_of
from app.web.shell.downloads import XLSX, attachment
from app.web.shell.facilitators import CohortVisit, InHand
from app.web.shell.forms import once_of
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.visits import Posted, VisitorLanguage

router = APIRouter(prefix="/cohorts/{cohort}")


def bundles_of(request: Request) -> Bundles:
    """What makes ZIPs in the background."""
    bundles: Bundles = request.app.state.bundles
    return bundles


InBundles = Annotated[Bundles, Depends(bundles_of)]


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get("/data.xlsx")
def data_xlsx(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """Answers, scores and the code book as a workbook; of a confidential cohort its release."""
    return _data(
        request,
        hand,
        language,
        "xlsx",
        lambda data: exporting.as_xlsx(data, _now()),
        lambda data: exporting.released_xlsx(data, _now()),
    )


@router.get("/data.csv")
def data_csv(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """A row for each organisation; of a confidential cohort its release."""
    return _data(request, hand, language, "csv", exporting.as_csv, exporting.released_csv)


@router.get("/data.json")
def data_json(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """The answer documents as a cohort file; of a confidential cohort its release."""
    return _data(request, hand, language, "json", exporting.as_json, exporting.released_json)


@router.get("/reports")
def show_bundle(request: Request, hand: InHand, language: VisitorLanguage, bundles: InBundles) -> Response:
    """How far the ZIP of all reports is; there where it is made."""
    refuse_confidential(hand)
    with hand.house.database.reading() as session:
        job = jobs.newest(session, hand.cohort.id)
        finished = cohorts.progress(session, hand.cohort.id).finished
    file = bundles.file(job) if job else None
    lost = job is not None and job.state == "done" and file is None
    context = {
        "hand": hand,
        "job": None if lost else job,
        "finished": finished,
        "left_out": left_out(file) if file else [],
        "once": new_token(),
        "megabytes": file.stat().st_size / 1e6 if file else 0,
    }
    if is_htmx(request):
        return partial(language, "facilitator/exports/_bundle.html", context)
    return page(request, language, "facilitator/exports/bundle.html", context)


@router.post("/reports")
def start_bundle(hand: InHand, bundles: InBundles, fields: Posted) -> Response:
    """Have the ZIP made, unless it is being made already. Whoever may look at the reports may take them home."""
    refuse_confidential(hand)
    once = once_of(fields)
    if fields:
        raise HTTPException(422, "fields")
    with hand.house.database.writing() as session:
        finished = cohorts.progress(session, hand.cohort.id).finished
        if finished:
            wanted = id_by(once, "reports", hand.cohort.id, hand.account.id) if once else None
            jobs.start(session, hand.cohort.id, hand.account.id, KIND, finished, _now(), wanted)
    bundles.hurry()
    return RedirectResponse(hand.path("reports"), 303)


@router.get("/reports/{job}/reports.zip")
def bundle_zip(hand: InHand, bundles: InBundles, job: str) -> Response:
    """The finished ZIP; a part of it to whoever asks for a range."""
    refuse_confidential(hand)
    with hand.house.database.reading() as session:
        found = jobs.job(session, job)
    file = bundles.file(found) if found and found.cohort_id == hand.cohort.id else None
    if file is None:
        raise HTTPException(404)
    return FileResponse(file, media_type="application/zip", headers=attachment(hand.cohort.name, "zip"))


def refuse_confidential(hand: CohortVisit) -> None:
    """Nothing of a single organisation leaves a confidential cohort (404)."""
    if hand.cohort.is_confidential:
        raise HTTPException(404)


def _data(
    request: Request,
    hand: CohortVisit,
    language: str,
    ending: str,
    of_open: Callable[[CohortData], bytes],
    of_released: Callable[[ReleasedData], bytes],
) -> Response:
    questionnaire = edition_of(hand)
    with hand.house.database.reading() as session:
        data = data_of(session, questionnaire, hand.cohort)
    kinds = {
        "xlsx": XLSX,
        "csv": "text/csv; charset=utf-8",
        "json": "application/json",
    }
    headers = attachment(hand.cohort.name, ending)
    match data:
        case CohortData():
            return Response(of_open(data), media_type=kinds[ending], headers=headers)
        case ReleasedData():
            return Response(of_released(data), media_type=kinds[ending], headers=headers)
        case Standing():
            return page(
                request, language, "facilitator/exports/nothing.html", {"hand": hand, "why": data.state}, status=404
            )
