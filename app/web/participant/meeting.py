"""The agreement meeting: where the answers lie apart, question by question, and the level that the team agrees on."""

import datetime
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError

from app.core.answers.document import AnswerDocument
from app.core.answers.values import DONT_KNOW, SaidText
from app.core.questionnaire import flow
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL
from app.core.team.spread import MOST_IN_A_MEETING, Spread, levels_given, spread, widest_first
from app.store import assessments
from app.store.assessments import Agreed, AgreedElsewhereError, ClosedError
from app.web.participant.result import own_answers_first
from app.web.shell.forms import Problem, problems_of
from app.web.shell.frame import frame
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.saying import done
from app.web.shell.visits import Owning, Posted, Visit

router = APIRouter(prefix="/assessments/{assessment}/meeting")

LOWEST_TO_TALK_ABOUT = 5
"""So many of the lowest answers are given to somebody who answers alone."""

LEVELS = frozenset(str(level) for level in range(LOWEST_LEVEL, HIGHEST_LEVEL + 1))


class Grounds(BaseModel):
    """What an agreed level rests on, where something is said."""

    evidence: SaidText


@dataclass(frozen=True)
class Topic:
    """A question to talk about: what was said there, without who, and what was agreed on."""

    id: str
    spread: Spread
    agreed: int | None


@dataclass(frozen=True)
class Settling:
    """What is settled at a question: what is kept, what is shown as chosen, and whether the two are at odds."""

    stored: Agreed | None
    level: int | None
    evidence: str
    conflict: bool = False
    problem: Problem | None = None


@router.get("")
def show(request: Request, visit: Owning) -> Response:
    """What to talk about: the widest questions first. For somebody alone, the lowest and the unknown ones."""
    if not visit.may_see_result:
        return own_answers_first(request, visit)
    document = _document(visit)
    if not visit.is_team and not document.agreed:
        return page(request, visit.language, "participant/meeting/alone.html", frame(visit) | _alone(visit, document))
    topics = {id_: _topic(document, id_) for id_ in _asked(visit)}
    apart = widest_first(topics, document.respondents)
    context = frame(visit) | {
        "apart": [topics[id_] for id_ in apart],
        "others": {
            part.id: [topics[one.id] for one in part.questions if one.id not in apart]
            for part in flow.parts(visit.questionnaire, visit.sitting.form)
        },
        "most": MOST_IN_A_MEETING,
        "unfinished": visit.unfinished,
        "compared": any(topic.spread.agreement for topic in topics.values()),
        "agreed": len(document.agreed),
    }
    return page(request, visit.language, "participant/meeting/page.html", context)


@router.get("/{question}")
def show_question(request: Request, visit: Owning, question: str) -> Response:
    """One question to talk about, to be shown on a wall."""
    if not _is_open(visit, question):
        return RedirectResponse(visit.path("meeting"), 303)  # which says why
    stored = _stored(visit, question)
    settling = Settling(stored, stored.level if stored else None, (stored and stored.evidence) or "")
    return _question_page(request, visit, question, settling)


@router.post("/{question}")
def settle(request: Request, visit: Owning, question: str, fields: Posted) -> Response:
    """Keep what was agreed on, or take it back; what was agreed elsewhere meanwhile is never overwritten unasked."""
    then = fields.pop("then", "stay")
    level, seen_level = _level(fields.pop("level", "")), _level(fields.pop("seen_level", ""))
    evidence, seen_evidence = fields.pop("evidence", ""), fields.pop("seen_evidence", "")
    if fields or then not in {"stay", "next"}:
        raise HTTPException(422, "fields")
    if not _is_open(visit, question):
        return RedirectResponse(visit.path("meeting"), 303)  # which says why
    try:
        said, seen_said = _said(evidence), _said(seen_evidence)
    except ValidationError as error:
        [problem] = problems_of(error).values()
        return _settled(request, visit, question, Settling(_stored(visit, question), level, evidence, problem=problem))
    if level is None and said != seen_said:
        stored = _stored(visit, question)
        return _settled(request, visit, question, Settling(stored, level, evidence, problem="choose"))
    seen = Agreed(seen_level, seen_said) if seen_level is not None else None
    try:
        with visit.house.database.writing() as session:
            stored = assessments.agree(session, visit.assessment, question, level, said, seen, _now())
    except AgreedElsewhereError as changed:
        return _settled(request, visit, question, Settling(changed.stored, level, evidence, conflict=True))
    except ClosedError:
        if not is_htmx(request):
            raise
        return partial(visit.language, "participant/meeting/_closed.html", {}, status=409)
    if is_htmx(request):
        return _settled(request, visit, question, Settling(stored, level, evidence))
    onward = _around(_document(visit), visit, question)[1] if then == "next" else question
    return done(visit.path("meeting", onward) if onward else visit.path("meeting"), "agreed")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _document(visit: Visit) -> AnswerDocument:
    with visit.house.database.reading() as session:
        return assessments.document(session, visit.assessment)


def _stored(visit: Visit, question: str) -> Agreed | None:
    with visit.house.database.reading() as session:
        return assessments.agreed_of(session, visit.assessment).get(question)


def _asked(visit: Visit) -> list[str]:
    return [question.id for question in visit.questionnaire.in_form(visit.sitting.form)]


def _topic(document: AnswerDocument, question: str) -> Topic:
    return Topic(question, spread(question, document.respondents), document.agreed.get(question))


def _alone(visit: Visit, document: AnswerDocument) -> dict[str, object]:
    """The lowest answers and the unknown ones of somebody who answers alone."""
    levels = {id_: levels_given(id_, document.respondents) for id_ in _asked(visit)}
    low = [(given[0], id_) for id_, given in levels.items() if given and given[0] < HIGHEST_LEVEL]
    unknown = [id_ for id_ in _asked(visit) if document.respondents[0].answers.get(id_) == DONT_KNOW]
    answered = any(document.respondents[0].answers.values())
    return {
        "answered": answered,
        "lowest": sorted(low, key=lambda one: one[0])[:LOWEST_TO_TALK_ABOUT],
        "unknown": unknown,
    }


def _is_open(visit: Visit, question: str) -> bool:
    """Whether there is anybody to agree with, and nobody to be led. Raises HTTPException 404 for another question."""
    if question not in _asked(visit):
        raise HTTPException(404)
    return visit.may_see_result and (visit.is_team or _stored(visit, question) is not None)


def _around(document: AnswerDocument, visit: Visit, question: str) -> tuple[str | None, str | None, int, int]:
    """The question before and after among those that lie apart, its number there (0: it does not), and how many."""
    apart = widest_first(_asked(visit), document.respondents)
    if question not in apart:
        return None, None, 0, len(apart)
    at = apart.index(question)
    before = apart[at - 1] if at else None
    return before, apart[at + 1] if at + 1 < len(apart) else None, at + 1, len(apart)


def _settled(request: Request, visit: Visit, question: str, settling: Settling) -> Response:
    status = 409 if settling.conflict else 422 if settling.problem else 200
    if not is_htmx(request):
        return _question_page(request, visit, question, settling, status)
    context = frame(visit) | {"question": question, "settling": settling}
    return partial(visit.language, "participant/meeting/_settled.html", context, status)


def _question_page(request: Request, visit: Visit, question: str, settling: Settling, status: int = 200) -> Response:
    document = _document(visit)
    before, after, number, count = _around(document, visit, question)
    context = frame(visit) | {
        "question": question,
        "topic": _topic(document, question),
        "settling": settling,
        "before": before,
        "after": after,
        "number": number,
        "most": MOST_IN_A_MEETING,
        "count": count,
    }
    return page(request, visit.language, "participant/meeting/question.html", context, status)


def _said(text: str) -> str | None:
    """What the agreed level rests on, as it is kept; None for nothing. Raises ValidationError."""
    return Grounds(evidence=text).evidence if text.strip() else None


def _level(text: str) -> int | None:
    if text == "":
        return None
    if text in LEVELS:
        return int(text)
    raise HTTPException(422, "fields")
