"""Which of several questionnaires is meant, before there is a form to fill in."""

from collections.abc import Sequence

from fastapi import Request, Response

from app.core.questionnaire.model import Questionnaire
from app.web.shell.render import page


def which_one(
    request: Request, language: str, offered: Sequence[Questionnaire], path: str, *, wrong: bool = False
) -> Response:
    """A page with a link to `path` for each; `wrong`: what was asked for is not among them (422)."""
    context = {"offered": [(one, one.wording(language)) for one in offered], "path": path}
    return page(request, language, "shell/which_one.html", context, status=422 if wrong else 200)
