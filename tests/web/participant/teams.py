"""Teams for the tests of the web: an owner who has invited, and colleagues who have joined in browsers of their own."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import FastAPI

from app.core.answers.values import Answer
from app.store import assessments
from tests.web.visiting import Holder, begin, cookie_of, house_of, stranger


@dataclass(frozen=True)
class Made:
    """A team: its owner, its colleagues, and the code by which more may join."""

    owner: Holder
    colleagues: tuple[Holder, ...]
    code: str

    @property
    def everybody(self) -> tuple[Holder, ...]:
        """The owner first."""
        return (self.owner, *self.colleagues)

    def finish(self) -> None:
        """All of them finish."""
        for one in self.everybody:
            finish(one)


def finish(holder: Holder) -> None:
    """Finishes; what is still open does not apply."""
    fill(holder)
    assert holder.browser.post(holder.path("finish")).headers["location"] == holder.path("result")


def fill(holder: Holder, answer: Answer = "not_applicable") -> None:
    """Answers whatever is still open."""
    app = holder.browser.app
    assert isinstance(app, FastAPI)
    now = datetime.datetime.now(datetime.UTC)
    with house_of(app).database.writing() as session:
        place, sitting = assessments.place_of(session, holder.token), assessments.sitting(session, holder.assessment)
        assert place is not None
        assert sitting is not None
        edition = house_of(app).catalogue.edition(sitting.questionnaire, sitting.edition)
        assert edition is not None
        kept = assessments.answers_of(session, place.respondent)
        for question in edition.in_form(sitting.form):
            stored = kept.get(question.id)
            if stored is None or stored.answer is None:
                seen = stored.revision if stored else 0
                assessments.save_answer(
                    session, place.respondent, question.id, answer, seen=seen, writer=None, sequence=0, now=now
                )


def code_of(app: FastAPI, owner: Holder) -> str:
    """The code by which colleagues join."""
    with house_of(app).database.reading() as session:
        sitting = assessments.sitting(session, owner.assessment)
    assert sitting is not None
    assert sitting.team_code is not None
    return sitting.team_code


def invite(app: FastAPI, owner: Holder, colleagues: Sequence[str] = ("front_office",)) -> Made:
    """The owner invites; a colleague of each role joins."""
    assert owner.browser.post(owner.path("team")).status_code == 303
    code = code_of(app, owner)
    return Made(owner, tuple(join(app, owner.assessment, code, role) for role in colleagues), code)


def team(app: FastAPI, *colleagues: str, form: str = "pulse", **fields: str) -> Made:
    """A new team of an owner and a colleague of each role."""
    return invite(app, begin(app, form=form, **fields), colleagues or ("front_office",))


def join(app: FastAPI, assessment: str, code: str, role: str = "front_office") -> Holder:
    """A colleague joins in a new browser."""
    browser = stranger(app)
    response = browser.post(f"/team/{code}", data={"role": role})
    assert response.headers["location"] == f"/assessments/{assessment}", response.text
    return Holder(browser, assessment, cookie_of(browser.cookies, assessment))
