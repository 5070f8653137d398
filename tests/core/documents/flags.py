"""Flags: each one on, and just off."""

from tests.core.documents.forms import Case, full_document, pulse_document

FOURS = "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 4 4"


def _actions(*ways: str) -> list[dict[str, str]]:
    return [{"text": f"Action {number}", "way": way} for number, way in enumerate(ways, start=1)]


def _ratings(*pairs: tuple[int, int]) -> dict[str, object]:
    return {"front_back_office": [{"front_office": front, "back_office": back} for front, back in pairs]}


CASES = [
    Case(
        "a map without listening: the journey is known from inside only",
        pulse_document("4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 2 4"),
        {"flags": ["map_without_listening"]},
    ),
    Case(
        "a map without listening: insight is not managed",
        full_document("4 4 4 4 4 4 4\n" * 5 + "4 4 4 4 4 4 1\n"),
        {"flags": ["map_without_listening"]},
    ),
    Case(
        "a map with some listening: both at 3",
        pulse_document("4 4 | 4 4 4 | 4 4 | 4 4 | 5 4 4 | 3 3"),
        {"flags": []},
    ),
    Case(
        "no map, so nothing is missing beside it",
        pulse_document("4 4 | 4 4 4 | 4 4 | 4 4 | 3 4 4 | 1 1"),
        {"flags": []},
    ),
    Case(
        "a team's map of exactly 4 and its listening of exactly 2",
        pulse_document("4 4 | 4 4 4 | 4 4 | 4 4 | 5 4 4 | 4 1", "4 4 | 4 4 4 | 4 4 | 4 4 | 3 4 4 | 4 3"),
        {
            "grid": {"design.journey": 4.0, "understanding.management": 2.0},
            "flags": ["map_without_listening"],
            "to_discuss": ["design.journey", "understanding.management"],
        },
    ),
    Case(
        "a team's map just under 4",
        pulse_document(
            "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 4 1",
            "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 4 1",
            "4 4 | 4 4 4 | 4 4 | 4 4 | 3 4 4 | 4 1",
        ),
        {"grid": {"design.journey": 11 / 3, "understanding.management": 1.0}, "flags": []},
    ),
    Case(
        "a team's listening just over 2",
        pulse_document(
            "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 2 3",
            "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 2 2",
            "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 3 2",
        ),
        {"grid": {"understanding.journey": 7 / 3, "understanding.management": 7 / 3}, "flags": []},
    ),
    Case(
        "listening that is unknown is a blind spot, not a low level",
        pulse_document("4 4 | 4 4 4 | 4 4 | 4 4 | 5 4 4 | ? ?"),
        {
            # understanding 2 of 2, journey 1 of 2, management 1 of 2
            "flags": ["blind_spot:understanding", "blind_spot:journey", "blind_spot:management"],
            "find_out_first": ["understanding"],
        },
    ),
    Case(
        "one respondent rates the back office two lower",
        pulse_document(FOURS, modules=_ratings((4, 2))),
        {"flags": ["back_office_barrier"], "overall": {"score": 4.0}},
    ),
    Case(
        "one respondent rates the back office one lower", pulse_document(FOURS, modules=_ratings((4, 3))), {"flags": []}
    ),
    Case(
        "one respondent rates the back office higher",
        pulse_document(FOURS, modules=_ratings((1, 5))),
        {"flags": []},
    ),
    Case(
        "two respondents rate the back office two lower on average",
        pulse_document(FOURS, FOURS, modules=_ratings((4, 3), (5, 2))),  # (1 + 3) / 2 = 2
        {"flags": ["back_office_barrier"]},
    ),
    Case(
        "two respondents rate the back office one and a half lower",
        pulse_document(FOURS, FOURS, modules=_ratings((4, 3), (4, 2))),  # (1 + 2) / 2 = 1.5
        {"flags": []},
    ),
    Case(
        "three respondents rate the back office exactly one lower",
        pulse_document(FOURS, FOURS, FOURS, modules=_ratings((4, 4), (5, 2), (3, 3))),  # (0 + 3 + 0) / 3 = 1
        {"flags": ["back_office_barrier"]},
    ),
    Case(
        "three respondents rate the back office two thirds lower",
        pulse_document(FOURS, FOURS, FOURS, modules=_ratings((4, 4), (5, 3), (3, 3))),  # (0 + 2 + 0) / 3
        {"flags": []},
    ),
    Case(
        "two actions, both financial",
        pulse_document(FOURS, actions=_actions("financial", "financial")),
        {"flags": ["discounts_only"]},
    ),
    Case("a single financial action", pulse_document(FOURS, actions=_actions("financial")), {"flags": []}),
    Case(
        "two financial actions and one for the emotions",
        pulse_document(FOURS, actions=_actions("financial", "emotional", "financial")),
        {"flags": []},
    ),
    Case(
        "blind spots of exactly a third are not flagged",
        pulse_document("4 4 | 4 4 ? | 4 4 | 4 4 | 4 4 5 | 4 4", "4 4 | . . . | 4 4 | 4 4 | 4 4 5 | 4 4"),
        {
            "dimensions": {
                "culture": {"score": 4.0, "answered": 2, "dont_know": 1, "blind_spots": 1 / 3},  # 1 of 2 + 1
                "cocreation": {"score": 5.0, "blind_spots": 1 / 3},  # 1 of 2 + 1
            },
            "overall": {"blind_spots": 1 / 25},  # 1 of 13 + 11 + 1
            "flags": [],
        },
    ),
    Case(
        "blind spots of two fifths are flagged, of the discipline and of the pillar alike",
        pulse_document("4 4 | 4 ? 4 | ? 4 | 4 4 | 4 4 4 | 4 4", "4 4 | 4 ? . | 4 4 | 4 4 | 4 4 4 | 4 4"),
        {
            "dimensions": {
                "culture": {"score": 4.0, "dont_know": 1, "blind_spots": 2 / 5},  # 2 of 3 + 2
                "accountability": {"score": 4.0, "dont_know": 0, "blind_spots": 1 / 4},  # 1 of 3 + 1
                "alignment": {"score": 4.0, "blind_spots": 3 / 4},  # 3 of 1 + 3
                "cocreation": {"score": 4.0, "blind_spots": 0.0},
            },
            "flags": ["blind_spot:culture", "blind_spot:alignment"],
        },
    ),
    Case(
        "all flags at once, in their order",
        pulse_document(
            "4 4 | 4 4 4 | 4 4 | 4 4 | 4 ? 4 | 4 2",
            actions=_actions("financial", "financial", "financial"),
            modules=_ratings((5, 1)),
        ),
        {
            "dimensions": {
                "design": {"score": 4.0, "blind_spots": 1 / 3},
                "technology": {"score": 4.0, "blind_spots": 1 / 2},
            },
            "flags": ["map_without_listening", "back_office_barrier", "discounts_only", "blind_spot:technology"],
        },
    ),
]
