"""Questionnaires of other subjects and shapes than ours, written to a folder as an operator would write them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

EDITION = "2026-1"
LEVELS = ("Not yet", "Now and then", "Settled", "Checked", "Second nature")
ANCHORS = (
    "Nobody has thought of it yet.",
    "Somebody does it when there is time.",
    "It is settled, and happens every time.",
    "We look once a month whether it worked, and mend what did not.",
    "Besides, decisions rest on it, and people outside notice.",
)
STEPS = (
    "This week, put it on the list of the next meeting, and name somebody who tries it once.",
    "Write in five lines how it goes, and hang them where everybody sees them.",
    "Look at it once a month for a quarter, with one figure that shows whether it worked.",
    "Name it as a reason in the next decision, and tell those outside what changed.",
)


@dataclass(frozen=True)
class Side:
    """A framework: what its dimensions are called together and one of them, what it looks at, id to name of each."""

    id: str
    name: str
    one: str
    about: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True)
class Shelf:
    """What one questionnaire is made of. `crossings`: question id to the dimensions that it counts for."""

    id: str
    title: str
    sides: Sequence[Side]
    crossings: Mapping[str, Sequence[str]]
    asks: Mapping[str, str]
    pulse: Sequence[str] = ()
    scored_from: int = 1
    structure: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[str, object] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Its files below `folder`; returns the edition's folder."""
        edition = folder / self.id / EDITION
        (edition / "en").mkdir(parents=True)
        forms: dict[str, object] = {"full": {"minutes": 10, "scored_from": self.scored_from}}
        if self.pulse:
            forms["pulse"] = {"minutes": 3, "scored_from": 1, "questions": list(self.pulse)}
        steps = [{"effort": effort, "way": "groundwork"} for effort in ("S", "S", "M", "L")]
        _dump(
            edition / "questionnaire.yaml",
            {
                "id": self.id,
                "edition": EDITION,
                "languages": ["en"],
                "frameworks": [{"id": side.id, "dimensions": list(side.dimensions)} for side in self.sides],
                "forms": forms,
                "sources": ["001"],
                "standard_flags": ["blind_spot"],
                "questions": [
                    {"id": id_, "counts_for": list(counts_for), "source": "001", "steps": steps}
                    for id_, counts_for in self.crossings.items()
                ],
            }
            | dict(self.structure),
        )
        names = {id_: name for side in self.sides for id_, name in side.dimensions.items()}
        _dump(
            edition / "en/questionnaire.yaml",
            {
                "title": self.title,
                "levels": list(LEVELS),
                "stages": [f"{anchor[:-1]}: that is how it mostly goes." for anchor in ANCHORS],
                "frameworks": {
                    side.id: {"name": side.name, "one": side.one, "about": side.about} for side in self.sides
                },
                "dimensions": {
                    id_: {
                        "name": name,
                        "short": name.split()[-1][:13].capitalize(),
                        "about": f"What is done for it: {name}.",
                    }
                    for id_, name in names.items()
                },
                "forms": {name: {"name": f"The {name} round", "about": "What there is to tell."} for name in forms},
                "flags": {
                    "blind_spot": "More than a third of the answers on {dimension} are not known. Ask around first."
                },
                "sources": {"001": "A handbook of one’s own."},
            }
            | dict(self.words),
        )
        _dump(
            edition / "en/questions.yaml",
            {
                id_: {
                    "question": self.asks[id_],
                    "why": "What nobody looks at goes wrong when it matters.",
                    "levels": list(ANCHORS),
                    "recommendations": list(STEPS),
                }
                for id_ in self.crossings
            },
        )
        return edition


def _dump(file: Path, content: object) -> None:
    """JSON is YAML, too."""
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


BRIGADE_SIDE = Side(
    "readiness",
    "Readiness",
    "field of readiness",
    "The three things that a volunteer fire brigade lives on.",
    {"people": "Our people", "gear": "Our gear", "drill": "Our drill"},
)
_BRIGADE_ASKS = {
    "people.roster": ("people", "Who is on call tonight, and does everybody know?"),
    "people.new": ("people", "How does somebody new learn the trade?"),
    "gear.checked": ("gear", "When was each hose last under pressure?"),
    "gear.spare": ("gear", "What happens when the pump fails on the way?"),
    "drill.often": ("drill", "How often do you practise with the lights out?"),
    "drill.lesson": ("drill", "What becomes of what a call has taught you?"),
}
BRIGADE = Shelf(
    "brigade",
    "Fire brigade readiness",
    [BRIGADE_SIDE],
    {id_: (dimension,) for id_, (dimension, _) in _BRIGADE_ASKS.items()},
    {id_: asked for id_, (_, asked) in _BRIGADE_ASKS.items()},
    pulse=("people.roster", "gear.checked", "drill.often"),
    structure={"targets": 4},
    words={
        "start": {
            "headline": "Would you be there in eight minutes?",
            "lead": "Answer plain questions about what your brigade really does, and see what to do first.",
            "picture": "Each answer shows on which of the three legs you stand less firmly.",
        },
        "before": ["The brigade is everybody who answers the siren, in whatever role."],
        "importance": "How much would it help at the next call if this were better?",
        "glossary": [{"term": "Call", "meaning": "Whatever the siren is sounded for."}],
    },
)
"""One framework of three dimensions, without any module."""

_ROOMS = {
    "welcome": "A good welcome",
    "reading": "Reading together",
    "quiet": "Room to be quiet",
    "loans": "Lending things",
    "lessons": "Lessons for all",
    "children": "Children first",
    "elders": "Company for elders",
    "digital": "Digital help",
    "language": "Learning languages",
    "work": "Looking for work",
    "stage": "A stage for locals",
    "archive": "The town’s memory",
    "garden": "The reading garden",
    "mobile": "The travelling bus",
    "partners": "Partners in town",
}
_DUTIES = {"plan": "Planning", "do": "Doing", "staff": "Staffing", "listen": "Listening", "mend": "Mending"}
_DUTY_ASKS = {
    "plan": "Who has thought ahead about it",
    "do": "What happens on an ordinary day",
    "staff": "Who is there for it when two are ill",
    "listen": "What do visitors say about it",
    "mend": "What was mended last",
}
LIBRARY = Shelf(
    "library",
    "The town library’s check",
    [
        Side("duties", "Duties", "duty", "The five things that a library does about everything.", _DUTIES),
        Side("rooms", "Rooms", "room", "The fifteen things that a town comes to its library for.", _ROOMS),
    ],
    {f"{duty}.{room}": (duty, room) for duty in _DUTIES for room in _ROOMS}
    | {"listen.welcome-again": ("listen", "welcome"), "mend.archive-again": ("mend", "archive")},
    {f"{duty}.{room}": f"{asked}: {name}?" for duty, asked in _DUTY_ASKS.items() for room, name in _ROOMS.items()}
    | {
        "listen.welcome-again": "What do those say who came only once?",
        "mend.archive-again": "Which old picture was saved last?",
    },
    structure={
        "modules": ["profile", "after"],
        "targets": {"pre_revenue": 2, "first_customers": 2, "growing": 3, "established": 4},
    },
)
"""Five by fifteen, with two questions at two of the crossings, and no pulse."""

_ACTS = {"plan": "Planning ahead", "grow": "Growing food", "share": "Sharing the harvest"}
_YEAR = {"spring": "In spring", "summer": "In summer", "autumn": "In autumn", "winter": "In winter"}
GARDEN = Shelf(
    "garden",
    "The community garden’s year",
    [
        Side("acts", "Acts", "act", "What a garden is made of.", _ACTS),
        Side("year", "Seasons", "season", "When it is done.", _YEAR),
    ],
    {f"{act}.{season}": (act, season) for act in _ACTS for season in _YEAR},
    {
        f"{act}.{season}": f"{name}, {when.lower()}: what do you really do?"
        for act, name in _ACTS.items()
        for season, when in _YEAR.items()
    },
    pulse=("plan.spring", "grow.summer", "share.autumn", "plan.winter"),
    structure={"modules": ["journey", "after"]},
    words={"brand": "Garden year"},
)
"""A grid of three by four."""
