"""Random answer documents to print, hard on the room on paper: for the drill in the suite, and for more by hand.

By hand, from the checkout: `.venv/bin/python -m tests.printing.many 200` prints the documents of the seeds 0 to 199,
says how many reports take how many pages, and names every seed whose report takes more than it may. `many 200 folder`
also keeps those, as seed-N.json and seed-N.pdf. 200 take some minutes.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from app import content, reporting
from app.core.answers.document import read_document
from app.core.questionnaire.model import Questionnaire
from app.printing import Printer
from tests.printing.reading import pages

MOST_PAGES = 10
MOST_PAGES_OF_A_TEAM = 12
ROLES = ("leadership", "front_office", "back_office", "other")
TEAMS = (1, 1, 1, 2, 5, 8)
NAMES = ("Short", "Růžičková zahrada a pražírna " * 4)


def document(questionnaire: Questionnaire, seed: int) -> str:
    """A full form's answers by one to eight people, of one random kind: weak, blind, unfinished, at odds, uneven …"""
    chance = random.Random(seed)  # noqa: S311 - made-up answers
    questions = [question.id for question in questionnaire.questions]
    dimensions = [id_ for framework in questionnaire.frameworks for id_ in framework.dimensions]
    kinds: list[Any] = [1, 2, 3, 4, 5, "dont_know", "not_applicable", None]
    weights = [chance.random() ** 2 for _ in kinds]
    uneven = chance.random() < 0.3
    respondents = []
    for _ in range(chance.choice(TEAMS)):
        given = {id_: chance.choices(kinds, weights)[0] for id_ in questions}
        if uneven:
            given = {id_: chance.choice((1, 4, 5, 5, 5, "dont_know")) for id_ in questions}
        answers = {id_: answer for id_, answer in given.items() if answer is not None}
        respondents.append({"role": chance.choice(ROLES), "answers": answers})
    made = {
        "questionnaire": questionnaire.id,
        "edition": questionnaire.edition,
        "form": "full",
        "organisation": chance.choice(NAMES).strip(),
        "language": "en",
        "business_stage": chance.choice(("pre_revenue", "first_customers", "growing", "established")),
        "date": "2026-11-21",
        "respondents": respondents,
        "importance": {id_: chance.randint(1, 5) for id_ in dimensions},
        "default_target": chance.randint(3, 5),
    }
    if chance.random() < 0.4:
        made["targets"] = {id_: chance.randint(2, 5) for id_ in chance.sample(dimensions, 6)}
    if chance.random() < 0.4:
        made["agreed"] = {id_: chance.randint(1, 5) for id_ in chance.sample(questions, chance.randint(1, 42))}
    if chance.random() < 0.3:
        made["actions"] = [
            {"text": f"Do step {n}", "way": "emotional", "owner": "Ana", "date": "2027-02-01", "measure": "Count it."}
            for n in range(3)
        ]
    return json.dumps(made)


def most_pages(catalogue: content.Catalogue, seed: int) -> int:
    """How many pages the report of a seed's document may take: one more where several answered, or agreed."""
    read, _ = read_document(document(_grid(catalogue), seed), catalogue.edition)
    return MOST_PAGES_OF_A_TEAM if len(read.respondents) > 1 or read.agreed else MOST_PAGES


def printed(catalogue: content.Catalogue, printer: Printer, seed: int) -> bytes:
    """The printed report of a seed's document."""
    read, questionnaire = read_document(document(_grid(catalogue), seed), catalogue.edition)
    return printer.pdf(reporting.printed(reporting.report_for(questionnaire, read, "en")))


def _grid(catalogue: content.Catalogue) -> Questionnaire:
    questionnaire = catalogue.edition("cx-grid", "2026-1")
    assert questionnaire is not None
    return questionnaire


def _main(number: int, folder: Path | None) -> None:
    catalogue, printer, found = content.catalogue(), Printer(), Counter[int]()
    for seed in range(number):
        pdf = printed(catalogue, printer, seed)
        found[len(pages(pdf))] += 1
        if len(pages(pdf)) > most_pages(catalogue, seed):
            print(f"seed {seed}: {len(pages(pdf))} pages", flush=True)  # noqa: T201 - a script's answer
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"seed-{seed}.json").write_text(document(_grid(catalogue), seed), encoding="utf-8")
                (folder / f"seed-{seed}.pdf").write_bytes(pdf)
    print(dict(sorted(found.items())))  # noqa: T201 - a script's answer


if __name__ == "__main__":
    _main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
