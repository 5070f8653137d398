"""The one place where these tests touch the engine: an answer document in, its scorecard as JSON out."""

import json
from functools import cache

from app import content
from app.core.answers.document import read_document
from app.core.scoring.scorecard import as_json, score


def scorecard_of(document: dict[str, object]) -> dict[str, object]:
    """The scorecard of an answer document in the contract's JSON form, by the way that `cxm score` takes."""
    accepted, questionnaire = read_document(json.dumps(document), _catalogue().edition)
    return as_json(score(questionnaire, accepted))


@cache
def _catalogue() -> content.Catalogue:
    return content.catalogue()
