"""One respondent: what is scored, and what the score, the index, the stage and the floor are."""

from tests.core.documents.forms import (
    DIMENSIONS,
    DISCIPLINES,
    FULL,
    PILLARS,
    PULSE,
    Case,
    each,
    full_document,
    pulse_document,
    step,
)

CASES = [
    Case(
        "all five in the full form",
        full_document("5 5 5 5 5 5 5\n" * 6),
        {
            "overall": {
                "score": 5.0,
                "index": 100.0,  # (5 - 1) / 4 * 100
                "stage": 5,  # min(5, 5 + 1)
                "held_down_by": [],
                "blind_spots": 0.0,  # 0 of 42
                "floor": {"score": 5.0, "stage": 5},
            },
            "dimensions": each(
                DISCIPLINES,
                {
                    "score": 5.0,
                    "index": 100.0,
                    "stage": 5,
                    "held_down_by": [],
                    "answered": 7,
                    "applicable": 7,
                    "dont_know": 0,
                    "blind_spots": 0.0,
                    "target": 4,
                    "gap": 0.0,  # max(0, 4 - 5)
                    "importance": 3,
                    "priority": 0.0,
                    "floor": {"score": 5.0, "stage": 5},
                },
            )
            | each(PILLARS, {"score": 5.0, "stage": 5, "answered": 6, "applicable": 6, "gap": 0.0, "priority": 0.0}),
            "grid": dict.fromkeys(FULL, 5.0),
            "priorities": [],
            "tied": [],
            "by_gap": [],
            "find_out_first": [],
            "to_discuss": [],
            "flags": [],
            "recommendations": [],
            "agreed": None,
        },
    ),
    Case(
        "all one in the full form: everything ties, and the questionnaire's order decides",
        full_document("1 1 1 1 1 1 1\n" * 6),
        {
            "overall": {
                "score": 1.0,
                "index": 0.0,
                "stage": 1,  # min(1, 1 + 1)
                "held_down_by": [],  # 1 + 1 is not below 1
                "blind_spots": 0.0,
                "floor": {"score": 1.0, "stage": 1},
            },
            "dimensions": each(
                DIMENSIONS,
                {
                    "score": 1.0,
                    "index": 0.0,
                    "stage": 1,
                    "held_down_by": [],
                    "target": 4,
                    "gap": 3.0,  # 4 - 1
                    "importance": 3,
                    "priority": 9.0,  # 3 * 3
                    "floor": {"score": 1.0, "stage": 1},
                },
            ),
            "priorities": ["strategy", "culture", "accountability"],
            "tied": [
                "metrics",
                "design",
                "understanding",
                "purpose",
                "alignment",
                "journey",
                "promises",
                "technology",
                "cocreation",
                "management",
            ],
            "by_gap": list(DIMENSIONS),
            "recommendations": [step(f"strategy.{pillar}", "strategy", 1, 2) for pillar in PILLARS]
            + [step(f"culture.{pillar}", "culture", 1, 2) for pillar in PILLARS]
            + [step(f"accountability.{pillar}", "accountability", 1, 2) for pillar in PILLARS],
        },
    ),
    Case(
        "nobody knows anything: unknown everywhere, and a floor of one",
        full_document("? ? ? ? ? ? ?\n" * 6),
        {
            "overall": {
                "score": None,
                "index": None,
                "stage": None,
                "held_down_by": [],
                "blind_spots": 1.0,  # 42 of 42
                "floor": {"score": 1.0, "stage": 1},
            },
            "dimensions": each(
                DISCIPLINES,
                {
                    "score": None,
                    "index": None,
                    "stage": None,
                    "held_down_by": [],
                    "answered": 0,
                    "applicable": 7,
                    "dont_know": 7,
                    "blind_spots": 1.0,
                    "target": 4,
                    "gap": None,
                    "importance": 3,
                    "priority": None,
                    "not_scored": "unknown",
                    "floor": {"score": 1.0, "stage": 1},
                },
            )
            | each(PILLARS, {"score": None, "applicable": 6, "dont_know": 6, "not_scored": "unknown"}),
            "grid": dict.fromkeys(FULL),
            "priorities": [],
            "tied": [],
            "by_gap": [],
            "find_out_first": list(DIMENSIONS),
            "recommendations": [],
            "flags": [
                "blind_spot:strategy",
                "blind_spot:culture",
                "blind_spot:accountability",
                "blind_spot:metrics",
                "blind_spot:design",
                "blind_spot:understanding",
                "blind_spot:purpose",
                "blind_spot:alignment",
                "blind_spot:journey",
                "blind_spot:promises",
                "blind_spot:technology",
                "blind_spot:cocreation",
                "blind_spot:management",
            ],
        },
    ),
    Case(
        "nothing applies: not even the floor is scored",
        full_document("- - - - - - -\n" * 6),
        {
            "overall": {
                "score": None,
                "index": None,
                "stage": None,
                "held_down_by": [],
                "blind_spots": None,
                "floor": {"score": None, "stage": None},
            },
            "dimensions": each(
                DIMENSIONS,
                {
                    "score": None,
                    "index": None,
                    "stage": None,
                    "answered": 0,
                    "applicable": 0,
                    "dont_know": 0,
                    "blind_spots": None,
                    "target": 4,
                    "gap": None,
                    "importance": 3,
                    "priority": None,
                    "not_scored": "not_applicable",
                    "floor": {"score": None, "stage": None},
                },
            ),
            "grid": dict.fromkeys(FULL),
            "priorities": [],
            "by_gap": [],
            "find_out_first": [],
            "flags": [],
            "recommendations": [],
        },
    ),
    Case(
        "nothing is answered in the full form: too few, and a floor of one",
        full_document(". . . . . . .\n" * 6),
        {
            "overall": {"score": None, "stage": None, "blind_spots": None, "floor": {"score": 1.0, "stage": 1}},
            "dimensions": each(
                DISCIPLINES,
                {
                    "score": None,
                    "answered": 0,
                    "applicable": 7,
                    "dont_know": 0,
                    "blind_spots": None,
                    "not_scored": "too_few",
                    "floor": {"score": 1.0, "stage": 1},
                },
            )
            | each(PILLARS, {"score": None, "applicable": 6, "not_scored": "too_few"}),
            "grid": dict.fromkeys(FULL),
            "find_out_first": [],
            "flags": [],
        },
    ),
    Case(
        "nothing is answered in the pulse",
        pulse_document(". . | . . . | . . | . . | . . . | . ."),
        {
            "overall": {"score": None, "stage": None, "blind_spots": None, "floor": {"score": 1.0, "stage": 1}},
            "dimensions": each(DIMENSIONS, {"score": None, "answered": 0, "not_scored": "too_few"})
            | {"culture": {"applicable": 3}, "design": {"applicable": 3}, "strategy": {"applicable": 2}}
            | each(PILLARS, {"applicable": 2, "not_scored": "too_few", "floor": {"score": 1.0, "stage": 1}}),
            "grid": dict.fromkeys(PULSE),
            "find_out_first": [],
        },
    ),
    Case(
        "one answer in the full form scores nothing",
        full_document("3 . . . . . .\n" + ". . . . . . .\n" * 5),
        {
            "overall": {
                "score": None,
                "index": None,
                "stage": None,
                "blind_spots": 0.0,  # 0 of 1
                "floor": {"score": 22 / 21, "stage": 1},  # (3 + 41 * 1) / 42 = 44 / 42
            },
            "dimensions": {
                "strategy": {
                    "score": None,
                    "answered": 1,
                    "applicable": 7,
                    "dont_know": 0,
                    "blind_spots": 0.0,
                    "not_scored": "too_few",
                    "floor": {"score": 9 / 7, "stage": 1},  # (3 + 6 * 1) / 7
                },
                "purpose": {
                    "score": None,
                    "answered": 1,
                    "applicable": 6,
                    "blind_spots": 0.0,
                    "not_scored": "too_few",
                    "floor": {"score": 4 / 3, "stage": 1},  # (3 + 5 * 1) / 6 = 8 / 6
                },
                "culture": {"score": None, "answered": 0, "blind_spots": None, "not_scored": "too_few"},
            },
            "grid": {"strategy.purpose": 3.0, "strategy.alignment": None},
            "priorities": [],
            "recommendations": [],
        },
    ),
    Case(
        "one answer in the pulse scores its discipline and its pillar, not the whole",
        pulse_document("3 . | . . . | . . | . . | . . . | . ."),
        {
            "overall": {
                "score": None,
                "index": None,
                "stage": None,
                "held_down_by": [],
                "blind_spots": 0.0,
                "floor": {"score": 8 / 7, "stage": 1},  # (3 + 13 * 1) / 14 = 16 / 14
            },
            "dimensions": {
                "strategy": {
                    "score": 3.0,
                    "index": 50.0,  # (3 - 1) / 4 * 100
                    "stage": 3,
                    "held_down_by": [],
                    "answered": 1,  # 1 * 2 >= 2
                    "applicable": 2,
                    "dont_know": 0,
                    "blind_spots": 0.0,
                    "target": 4,
                    "gap": 1.0,
                    "importance": 3,
                    "priority": 3.0,
                    "floor": {"score": 2.0, "stage": 2},  # (3 + 1) / 2; min(2, 1 + 1)
                },
                "purpose": {"score": 3.0, "stage": 3, "priority": 3.0, "floor": {"score": 2.0, "stage": 2}},
                "promises": {
                    "score": None,
                    "answered": 0,
                    "applicable": 2,
                    "not_scored": "too_few",
                    "floor": {"score": 1.0, "stage": 1},
                },
            },
            "priorities": ["strategy", "purpose"],
            "tied": [],
            "by_gap": ["strategy", "purpose"],
            "find_out_first": [],
            "recommendations": [step("strategy.purpose", "strategy", 3, 4)],
        },
    ),
    Case(
        "one of three in the pulse is less than half",
        pulse_document("4 4 | 3 . . | 4 4 | 4 4 | 4 4 4 | 4 4"),
        {
            "dimensions": {
                "culture": {
                    "score": None,  # 1 * 2 < 3
                    "index": None,
                    "stage": None,
                    "gap": None,
                    "priority": None,
                    "target": 4,
                    "importance": 3,
                    "answered": 1,
                    "applicable": 3,
                    "dont_know": 0,
                    "blind_spots": 0.0,
                    "not_scored": "too_few",
                    "floor": {"score": 5 / 3, "stage": 1},  # (3 + 1 + 1) / 3
                },
                "purpose": {"score": 3.5, "stage": 3},  # (4 + 3) / 2
            },
            "overall": {
                "score": 47 / 12,  # 11 fours and the three = 47, over 12 levels, though culture has no score
                "index": 875 / 12,  # (47 - 12) / 12 * 25
                "stage": 3,  # min(3, 3 + 1)
                "floor": {"score": 7 / 2, "stage": 2},  # (47 + 2) / 14; min(3, 1 + 1), by culture
            },
            "find_out_first": [],
            "priorities": ["purpose"],  # gap 1/2
            "recommendations": [step("culture.purpose", "purpose", 3, 4), step("strategy.purpose", "purpose", 4, 5)],
        },
    ),
    Case(
        "one of three in the pulse, another unknown: it would be scored if that were a level",
        pulse_document("4 4 | 3 ? . | 4 4 | 4 4 | 4 4 4 | 4 4"),
        {
            "dimensions": {
                "culture": {
                    "score": None,
                    "answered": 1,
                    "applicable": 3,
                    "dont_know": 1,
                    "blind_spots": 1 / 2,
                    "not_scored": "unknown",  # (1 + 1) * 2 >= 3
                    "floor": {"score": 5 / 3, "stage": 1},
                },
            },
            "find_out_first": ["culture"],
            "flags": ["blind_spot:culture", "blind_spot:alignment"],  # 1/2 and 1/2
        },
    ),
    Case(
        "one of three in the pulse, another does not apply: half of the applicable two",
        pulse_document("4 4 | 3 - . | 4 4 | 4 4 | 4 4 4 | 4 4"),
        {
            "dimensions": {
                "culture": {
                    "score": 3.0,  # 1 * 2 >= 2
                    "stage": 3,
                    "answered": 1,
                    "applicable": 2,
                    "dont_know": 0,
                    "blind_spots": 0.0,
                    "gap": 1.0,
                    "priority": 3.0,
                    "floor": {"score": 2.0, "stage": 2},  # (3 + 1) / 2
                },
                "alignment": {
                    "score": 4.0,
                    "answered": 1,
                    "applicable": 1,
                    "dont_know": 0,
                    "blind_spots": 0.0,
                    "floor": {"score": 4.0, "stage": 4},
                },
            },
            "priorities": ["culture", "purpose"],  # 1 * 3 and 1/2 * 3
            "flags": [],
        },
    ),
    Case(
        "three of seven everywhere: no discipline is scored, three pillars are",
        full_document("4 4 4 . . . .\n" * 6),
        {
            "overall": {
                "score": None,
                "index": None,
                "stage": None,
                "blind_spots": 0.0,
                "floor": {"score": 16 / 7, "stage": 2},  # (18 * 4 + 24 * 1) / 42 = 96 / 42; min(2, 1 + 1)
            },
            "dimensions": each(
                DISCIPLINES,
                {
                    "score": None,  # 3 * 2 < 7
                    "answered": 3,
                    "applicable": 7,
                    "not_scored": "too_few",
                    "floor": {"score": 16 / 7, "stage": 2},  # (3 * 4 + 4 * 1) / 7; min(2, 1 + 1)
                },
            )
            | each(
                ["purpose", "alignment", "journey"],
                {"score": 4.0, "stage": 4, "answered": 6, "gap": 0.0, "floor": {"score": 4.0, "stage": 4}},
            )
            | each(
                ["promises", "technology", "cocreation", "management"],
                {"score": None, "answered": 0, "blind_spots": None, "floor": {"score": 1.0, "stage": 1}},
            ),
            "priorities": [],
        },
    ),
    Case(
        "four of seven everywhere: every discipline is scored, but three pillars are not",
        full_document("4 4 4 4 . . .\n" * 6),
        {
            "overall": {
                "score": None,
                "stage": None,
                "floor": {"score": 19 / 7, "stage": 2},  # (24 * 4 + 18 * 1) / 42 = 114 / 42; min(2, 1 + 1)
            },
            "dimensions": each(
                DISCIPLINES,
                {
                    "score": 4.0,  # 4 * 2 >= 7
                    "stage": 4,
                    "answered": 4,
                    "applicable": 7,
                    "floor": {"score": 19 / 7, "stage": 2},  # (16 + 3) / 7
                },
            )
            | each(["technology", "cocreation", "management"], {"score": None, "not_scored": "too_few"}),
        },
    ),
    Case(
        "exactly half of the six that apply to a discipline",
        full_document("4 3 2 . . . -\n" + "4 4 4 4 4 4 4\n" * 5),
        {
            "overall": {
                "score": 149 / 38,  # (4 + 3 + 2 + 35 * 4) / 38
                "index": 2775 / 38,  # (149 - 38) / 38 * 25 = 111 / 38 * 25
                "stage": 3,  # min(3, 3 + 1)
                "held_down_by": [],
                "floor": {"score": 152 / 41, "stage": 3},  # (149 + 3) / 41 = 3.7; min(3, 2 + 1), by strategy
            },
            "dimensions": {
                "strategy": {
                    "score": 3.0,  # (4 + 3 + 2) / 3; 3 * 2 >= 6
                    "index": 50.0,
                    "stage": 3,  # min(3, 2 + 1)
                    "held_down_by": [],
                    "answered": 3,
                    "applicable": 6,
                    "floor": {"score": 2.0, "stage": 2},  # (9 + 3) / 6
                },
                "alignment": {"score": 23 / 6, "stage": 3, "index": 425 / 6},  # (3 + 20) / 6; 17 / 6 * 25
                "journey": {"score": 11 / 3, "stage": 3, "held_down_by": []},  # (2 + 20) / 6; min(3, 2 + 1)
                "promises": {
                    "score": 4.0,
                    "stage": 4,
                    "answered": 5,
                    "applicable": 6,
                    "floor": {"score": 7 / 2, "stage": 2},  # (5 * 4 + 1) / 6 = 21 / 6; min(3, 1 + 1)
                },
                "management": {"score": 4.0, "answered": 5, "applicable": 5, "floor": {"score": 4.0, "stage": 4}},
            },
        },
    ),
    Case(
        "exactly half of the six of a pillar, and one fewer of another",
        full_document(
            """
            4 4 4 4 4 4 4
            4 4 4 4 4 4 4
            4 . 4 4 4 4 4
            . . 4 4 4 4 4
            . . 4 4 4 4 4
            . . 4 4 4 4 4
            """
        ),
        {
            "overall": {
                "score": 4.0,  # six disciplines and six of seven pillars
                "stage": 4,
                "floor": {"score": 7 / 2, "stage": 3},  # (35 * 4 + 7 * 1) / 42 = 147 / 42; min(3, 2 + 1)
            },
            "dimensions": {
                "purpose": {
                    "score": 4.0,  # 3 * 2 >= 6
                    "answered": 3,
                    "applicable": 6,
                    "floor": {"score": 5 / 2, "stage": 2},  # (12 + 3) / 6
                },
                "alignment": {
                    "score": None,  # 2 * 2 < 6
                    "answered": 2,
                    "applicable": 6,
                    "not_scored": "too_few",
                    "floor": {"score": 2.0, "stage": 2},  # (8 + 4) / 6
                },
                "metrics": {"score": 4.0, "answered": 5, "floor": {"score": 22 / 7, "stage": 2}},  # (20 + 2) / 7
            },
        },
    ),
    Case(
        "what does not apply shrinks what must be answered, but never under three in the full form",
        full_document("5 5 5 - - - -\n5 5 - - - - -\n" + "3 3 3 3 3 3 3\n" * 4),
        {
            "overall": {
                "score": 109 / 33,  # (5 * 5 + 28 * 3) / 33 = (25 + 84) / 33
                "index": 1900 / 33,  # (109 - 33) / 33 * 25 = 76 / 33 * 25
                "stage": 3,  # min(3, 3 + 1)
                "floor": {"score": 109 / 33, "stage": 3},
            },
            "dimensions": {
                "strategy": {
                    "score": 5.0,
                    "stage": 5,
                    "answered": 3,
                    "applicable": 3,
                    "floor": {"score": 5.0, "stage": 5},
                },
                "culture": {
                    "score": None,  # all that applies is answered, but it is only two
                    "answered": 2,
                    "applicable": 2,
                    "dont_know": 0,
                    "blind_spots": 0.0,
                    "not_scored": "too_few",
                    "floor": {"score": None, "stage": None},
                },
                "purpose": {"score": 11 / 3, "stage": 3, "applicable": 6},  # (5 + 5 + 4 * 3) / 6 = 22 / 6
                "journey": {"score": 17 / 5, "stage": 3, "applicable": 5},  # (5 + 4 * 3) / 5
                "promises": {"score": 3.0, "stage": 3, "answered": 4, "applicable": 4},
            },
        },
    ),
    Case(
        "two levels and one unknown are three, so the dimension is unknown and has a floor",
        full_document("5 5 ? - - - -\n" + "5 5 5 5 5 5 5\n" * 5),
        {
            "overall": {
                "score": 5.0,
                "stage": 5,
                "floor": {"score": 186 / 38, "stage": 3},  # (37 * 5 + 1) / 38 = 4.9; min(4, 2 + 1)
            },
            "dimensions": {
                "strategy": {
                    "score": None,
                    "answered": 2,
                    "applicable": 3,
                    "dont_know": 1,
                    "blind_spots": 1 / 3,
                    "not_scored": "unknown",
                    "floor": {"score": 11 / 3, "stage": 2},  # (5 + 5 + 1) / 3; min(3, 1 + 1)
                },
                "journey": {
                    "score": 5.0,
                    "blind_spots": 1 / 6,
                    "floor": {"score": 13 / 3, "stage": 2},  # (25 + 1) / 6 = 26 / 6; min(4, 1 + 1)
                },
            },
            "find_out_first": ["strategy"],
            "flags": [],  # a third is not more than a third
        },
    ),
    Case(
        "unknown, too few and not applicable, side by side",
        full_document(
            """
            4 4 ? ? ? . .
            4 4 ? . . . .
            4 ? ? . . . -
            ? ? . - - - -
            4 4 4 4 4 4 4
            4 4 4 4 4 4 4
            """
        ),
        {
            "overall": {
                "score": None,  # two of six disciplines
                "stage": None,
                "blind_spots": 8 / 27,  # 3 + 2 + 1 + 2 = 8 unknown; 2 + 2 + 1 + 14 = 19 levels
                "floor": {"score": 94 / 37, "stage": 2},  # (19 * 4 + 18 * 1) / 37; min(2, 1 + 1)
            },
            "dimensions": {
                "strategy": {
                    "not_scored": "unknown",  # 2 + 3 = 5 of 7
                    "answered": 2,
                    "applicable": 7,
                    "dont_know": 3,
                    "blind_spots": 3 / 5,
                    "floor": {"score": 13 / 7, "stage": 1},  # (8 + 5) / 7
                },
                "culture": {
                    "not_scored": "too_few",  # 2 + 1 = 3 of 7
                    "dont_know": 1,
                    "blind_spots": 1 / 3,
                    "floor": {"score": 13 / 7, "stage": 1},
                },
                "accountability": {
                    "not_scored": "unknown",  # 1 + 2 = 3 of 6
                    "answered": 1,
                    "applicable": 6,
                    "dont_know": 2,
                    "blind_spots": 2 / 3,
                    "floor": {"score": 3 / 2, "stage": 1},  # (4 + 5) / 6
                },
                "metrics": {
                    "not_scored": "too_few",  # 2 of 3: half, but under three
                    "answered": 0,
                    "applicable": 3,
                    "dont_know": 2,
                    "blind_spots": 1.0,
                    "floor": {"score": 1.0, "stage": 1},
                },
                "purpose": {"score": 4.0, "answered": 5, "applicable": 6, "dont_know": 1, "blind_spots": 1 / 6},
                "alignment": {"score": 4.0, "answered": 4, "applicable": 6, "dont_know": 2, "blind_spots": 1 / 3},
                "journey": {
                    "not_scored": "unknown",  # 2 * 2 < 6; 2 + 3 = 5
                    "answered": 2,
                    "applicable": 6,
                    "dont_know": 3,
                    "blind_spots": 3 / 5,
                },
                "promises": {"not_scored": "unknown", "answered": 2, "applicable": 5, "blind_spots": 1 / 3},  # 2 + 1
                "technology": {"not_scored": "unknown", "answered": 2, "applicable": 5, "blind_spots": 1 / 3},
                "cocreation": {"not_scored": "too_few", "answered": 2, "applicable": 5, "blind_spots": 0.0},
                "management": {
                    "not_scored": "too_few",  # 2 of 4: half, but under three
                    "answered": 2,
                    "applicable": 4,
                    "floor": {"score": 5 / 2, "stage": 2},  # (4 + 4 + 1 + 1) / 4
                },
            },
            "find_out_first": ["strategy", "accountability", "journey", "promises", "technology"],
            "priorities": [],
            "flags": [
                "blind_spot:strategy",
                "blind_spot:accountability",
                "blind_spot:metrics",
                "blind_spot:journey",
            ],
        },
    ),
    Case(
        "three of seven are known and four are not: unknown questions apply",
        full_document("4 4 4 ? ? ? ?\n" + "4 4 4 4 4 4 4\n" * 5),
        {
            "overall": {
                "score": 4.0,
                "stage": 4,
                "blind_spots": 2 / 21,  # 4 of 42
                "floor": {"score": 26 / 7, "stage": 3},  # (38 * 4 + 4) / 42 = 156 / 42; min(3, 2 + 1)
            },
            "dimensions": {
                "strategy": {
                    "score": None,  # 3 * 2 < 7
                    "answered": 3,
                    "applicable": 7,
                    "dont_know": 4,
                    "blind_spots": 4 / 7,
                    "not_scored": "unknown",
                    "floor": {"score": 16 / 7, "stage": 2},  # (12 + 4) / 7; min(2, 1 + 1)
                },
            },
            "find_out_first": ["strategy"],
            "flags": ["blind_spot:strategy"],
        },
    ),
    Case(
        "an unknown discipline stands beside the priorities, never among them",
        pulse_document("? ? | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 4 4", targets={"strategy": 5, "culture": 5}),
        {
            "overall": {
                "score": 4.0,  # 12 fours; five of six disciplines, seven of seven pillars
                "index": 75.0,
                "stage": 4,
                "held_down_by": [],
                "blind_spots": 1 / 7,  # 2 of 14
                "floor": {"score": 25 / 7, "stage": 2},  # (48 + 2) / 14; min(3, 1 + 1)
            },
            "dimensions": {
                "strategy": {
                    "score": None,
                    "gap": None,
                    "priority": None,
                    "target": 5,
                    "importance": 3,
                    "answered": 0,
                    "applicable": 2,
                    "dont_know": 2,
                    "blind_spots": 1.0,
                    "not_scored": "unknown",
                    "floor": {"score": 1.0, "stage": 1},
                },
                "purpose": {
                    "score": 4.0,
                    "stage": 4,
                    "answered": 1,
                    "applicable": 2,
                    "dont_know": 1,
                    "blind_spots": 1 / 2,
                    "floor": {"score": 5 / 2, "stage": 2},  # (4 + 1) / 2
                },
            },
            "find_out_first": ["strategy"],
            "priorities": ["culture"],
            "by_gap": ["culture"],
            "flags": ["blind_spot:strategy", "blind_spot:purpose", "blind_spot:promises"],
            "recommendations": [
                step("culture.purpose", "culture", 4, 5),
                step("culture.alignment", "culture", 4, 5),
                step("culture.cocreation", "culture", 4, 5),
            ],
        },
    ),
]
