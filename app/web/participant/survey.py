"""Taking the survey: one page a part, every answer saved as it is given; review, finish."""

import datetime
import re
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from app.core.answers.values import DONT_KNOW, Answer, accept
from app.core.questionnaire import flow
from app.core.questionnaire.model import Question
from app.store import assessments
from app.store.assessments import ChangedElsewhereError, ClosedError, StoredAnswer
from app.web.shell.frame import frame
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.visits import Posted, Visit, Visiting

router = APIRouter(prefix="/assessments/{assessment}")

NUMBER = re.compile(r"[0-9]{1,10}")
"""Python refuses to read a number of thousands of digits."""
LARGEST_NUMBER = 2**31 - 1
WRITER = re.compile(r"[0-9A-Za-z-]{0,40}")
"""An open page's name for itself. (PostgreSQL keeps not every character.)"""


@dataclass(frozen=True)
class Asked:
    """A question on a page: what is stored, what is shown as chosen, and whether the two are at odds."""

    question: Question
    stored: StoredAnswer | None
    chosen: Answer | None
    conflict: bool = False

    @property
    def revision(self) -> int:
        """The stored answer's revision, 0 where there is none."""
        return self.stored.revision if self.stored else 0


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _answers(visit: Visit) -> dict[str, StoredAnswer]:
    with visit.house.database.reading() as session:
        return dict(assessments.answers_of(session, visit.respondent))


def _given(answers: dict[str, StoredAnswer]) -> set[str]:
    return {id_ for id_, stored in answers.items() if stored.answer is not None}


def progress(visit: Visit, answers: dict[str, StoredAnswer]) -> dict[str, object]:
    """What a page shows of how far one has come."""
    given = _given(answers)
    return {"answered": given, "progress": flow.progress(visit.questionnaire, visit.sitting.form, given)}


def own_progress(visit: Visit) -> dict[str, object]:
    """The same, of what is kept."""
    return progress(visit, _answers(visit))


@router.get("")
def go_on(visit: Visiting) -> Response:
    """Where this assessment goes on: the first open question, else the review, else the result."""
    if visit.own_finished:
        return RedirectResponse(visit.path("result"), 303)
    given = _given(_answers(visit))
    part = flow.first_open(flow.parts(visit.questionnaire, visit.sitting.form), given)
    if part is None:
        return RedirectResponse(visit.path("review"), 303)
    anchor = f"#{element_id(part.open(given)[0].id)}" if given else ""
    return RedirectResponse(visit.path("questions", part.id) + anchor, 303)


def element_id(question: str) -> str:
    """A question's id as an HTML id that selectors can name."""
    return "q-" + question.replace(".", "-")


@router.get("/questions/{part}")
def show_part(request: Request, visit: Visiting, part: str) -> Response:
    """One page of questions."""
    answers = _answers(visit)
    asked = [
        Asked(question, stored := answers.get(question.id), stored.answer if stored else None)
        for question in _part(visit, part).questions
    ]
    return _part_page(request, visit, part, asked, answers)


@router.post("/questions/{part}")
def save_part(request: Request, visit: Visiting, part: str, fields: Posted) -> Response:
    """Save a page at its button; what another device changed meanwhile is shown, never overwritten."""
    then = fields.pop("then", "next")
    this = _part(visit, part)
    sent = {question.id: _sent(fields, question.id) for question in this.questions}
    if fields or then not in {"next", "back", "link", "review", "result"}:
        raise HTTPException(422, "fields")
    asked: list[Asked] = []
    with visit.house.database.writing() as session:
        for question in this.questions:
            answer, seen = sent[question.id]
            stored = assessments.answers_of(session, visit.respondent).get(question.id)
            conflict = False
            if answer is not None:
                try:
                    stored = assessments.save_answer(
                        session, visit.respondent, question.id, answer, seen=seen, writer=None, sequence=0, now=_now()
                    )
                except ChangedElsewhereError as changed:
                    stored, conflict = changed.stored, True
            asked.append(Asked(question, stored, answer, conflict))
    if any(one.conflict for one in asked):
        return _part_page(request, visit, part, asked, _answers(visit), status=409)
    return RedirectResponse(_after(visit, this, then), 303)


@router.get("/answers/{question}")
def find_answer(visit: Visiting, question: str) -> Response:
    """Where the question stands."""
    for part in flow.parts(visit.questionnaire, visit.sitting.form):
        if any(one.id == question for one in part.questions):
            return RedirectResponse(visit.path("questions", part.id) + f"#{element_id(question)}", 303)
    raise HTTPException(404)


@router.post("/answers/{question}")
def save_answer(request: Request, visit: Visiting, question: str, fields: Posted) -> Response:
    """Save one answer the moment it is given."""
    asked = next((one for one in visit.questionnaire.in_form(visit.sitting.form) if one.id == question), None)
    if asked is None:
        raise HTTPException(404)
    writer = fields.get("writer", "")
    if set(fields) - {"answer", "seen", "writer", "sequence"} or not WRITER.fullmatch(writer):
        raise HTTPException(422, "fields")
    answer = _answer(fields.get("answer", ""))
    conflict = False
    try:
        with visit.house.database.writing() as session:
            stored = assessments.save_answer(
                session,
                visit.respondent,
                question,
                answer,
                seen=_number(fields.get("seen", "0")),
                writer=writer or None,
                sequence=_number(fields.get("sequence", "0")),
                now=_now(),
            )
    except ChangedElsewhereError as changed:
        stored, conflict = changed.stored, True
    except ClosedError:
        if not is_htmx(request):
            raise
        return partial(visit.language, "participant/survey/_closed.html", {"question": question}, status=409)
    if not is_htmx(request):
        part = next(one for one in flow.parts(visit.questionnaire, visit.sitting.form) if asked in one.questions)
        return RedirectResponse(visit.path("questions", part.id) + f"#{element_id(question)}", 303)
    context = (
        frame(visit) | progress(visit, _answers(visit)) | {"asked": Asked(asked, stored, answer, conflict), "oob": True}
    )
    return partial(visit.language, "participant/survey/_saved.html", context, status=409 if conflict else 200)


@router.get("/review")
def review(request: Request, visit: Visiting) -> Response:
    """What is still open, before finishing."""
    return _review_page(request, visit)


@router.post("/finish")
def finish(request: Request, visit: Visiting, fields: Posted) -> Response:
    """Finish one's own answers: the owner's finish is the assessment's, which counts from now on.

    Answers may still be changed; without any, nothing is finished. In a team, every question has one.
    """
    if fields:
        raise HTTPException(422, "fields")
    given = _given(_answers(visit))
    asked = {question.id for question in visit.questionnaire.in_form(visit.sitting.form)}
    if not given or (visit.is_team and not visit.is_fixed and not visit.own_finished and not asked <= given):
        return _review_page(request, visit, refused=True)
    with visit.house.database.writing() as session:
        assessments.finish_own(session, visit.respondent, _now())
    return RedirectResponse(visit.path("result"), 303)


def _review_page(request: Request, visit: Visit, *, refused: bool = False) -> Response:
    answers = _answers(visit)
    unknown = {
        part.id: sum(one.id in answers and answers[one.id].answer == DONT_KNOW for one in part.questions)
        for part in flow.parts(visit.questionnaire, visit.sitting.form)
    }
    context = frame(visit) | progress(visit, answers) | {"unknown": unknown, "refused": refused}
    return page(request, visit.language, "participant/survey/review.html", context, 422 if refused else 200)


def _part(visit: Visit, id_: str) -> flow.Part:
    for part in flow.parts(visit.questionnaire, visit.sitting.form):
        if part.id == id_:
            return part
    raise HTTPException(404)


def _part_page(
    request: Request,
    visit: Visit,
    part: str,
    asked: list[Asked],
    answers: dict[str, StoredAnswer],
    status: int = 200,
) -> Response:
    this = _part(visit, part)
    context = (
        frame(visit)
        | progress(visit, answers)
        | {
            "part": this,
            "asked": asked,
            "conflicts": [one for one in asked if one.conflict],
        }
    )
    return page(request, visit.language, "participant/survey/part.html", context, status)


def _after(visit: Visit, this: flow.Part, then: str) -> str:
    pages = flow.parts(visit.questionnaire, visit.sitting.form)
    if then in {"link", "review", "result"}:
        return visit.path(then)
    wanted = this.number + (1 if then == "next" else -1)
    if wanted > len(pages):
        return visit.path("aims" if visit.is_owner else "review")
    return visit.path("questions", pages[max(wanted, 1) - 1].id)


def _sent(fields: dict[str, str], question: str) -> tuple[Answer | None, int]:
    return _answer(fields.pop(f"answer:{question}", "")), _number(fields.pop(f"seen:{question}", "0"))


def _answer(text: str) -> Answer | None:
    if text == "":
        return None
    try:
        return accept(int(text) if NUMBER.fullmatch(text) else text)
    except ValueError:
        raise HTTPException(422, "fields") from None


def _number(text: str) -> int:
    if NUMBER.fullmatch(text) and int(text) <= LARGEST_NUMBER:
        return int(text)
    raise HTTPException(422, "fields")
