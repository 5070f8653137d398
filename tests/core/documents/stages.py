"""Stages: what holds them down, how far the floor takes them, and what the whole needs to be scored."""

from tests.core.documents.forms import DISCIPLINES, PILLARS, Case, each, full_document, step

FOURS = "4 4 4 4 4 4 4\n"
FIVES = "5 5 5 5 5 5 5\n"

CASES = [
    Case(
        "five fours and a one: a mean of 3.5, and stage 2",
        full_document(FOURS * 5 + "4 4 4 1 4 4 4\n"),
        {
            "overall": {
                "score": 55 / 14,  # (41 * 4 + 1) / 42 = 165 / 42
                "index": 1025 / 14,  # (55 - 14) / 14 * 25 = 41 / 14 * 25
                "stage": 3,  # min(3, 2 + 1)
                "held_down_by": [],  # 2 + 1 is not below 3
                "floor": {"score": 55 / 14, "stage": 3},
            },
            "dimensions": {
                "promises": {
                    "score": 3.5,  # (5 * 4 + 1) / 6 = 21 / 6
                    "index": 62.5,  # 2.5 / 4 * 100
                    "stage": 2,  # min(3, 1 + 1)
                    "held_down_by": ["understanding.promises"],
                    "gap": 0.5,
                    "priority": 1.5,
                    "floor": {"score": 3.5, "stage": 2},
                },
                "understanding": {
                    "score": 25 / 7,  # (6 * 4 + 1) / 7
                    "index": 450 / 7,  # 18 / 7 * 25
                    "stage": 2,
                    "held_down_by": ["understanding.promises"],
                    "gap": 3 / 7,
                    "priority": 9 / 7,
                },
            },
            "priorities": ["promises", "understanding"],
            "recommendations": [
                step("understanding.promises", "promises", 1, 2),
                step("strategy.promises", "promises", 4, 5),
                step("culture.promises", "promises", 4, 5),
                step("accountability.promises", "promises", 4, 5),
                step("metrics.promises", "promises", 4, 5),
                step("design.promises", "promises", 4, 5),
                step("understanding.purpose", "understanding", 4, 5),
                step("understanding.alignment", "understanding", 4, 5),
                step("understanding.journey", "understanding", 4, 5),
                step("understanding.technology", "understanding", 4, 5),
                step("understanding.cocreation", "understanding", 4, 5),
                step("understanding.management", "understanding", 4, 5),
            ],
        },
    ),
    Case(
        "how low a lowest level must be to hold a stage down",
        full_document(
            """
            3 5 4 4 4 4 4
            3 4 4 4 4 4 4
            3 5 5 5 5 5 5
            2 5 5 5 5 5 5
            2 4 4 4 4 4 4
            4 4 4 4 4 4 4
            """
        ),
        {
            "overall": {
                "score": 29 / 7,  # (28 + 27 + 33 + 32 + 26 + 28) / 42 = 174 / 42
                "index": 550 / 7,  # 22 / 7 * 25
                "stage": 3,  # min(4, 2 + 1)
                "held_down_by": ["purpose"],
                "floor": {"score": 29 / 7, "stage": 3},
            },
            "dimensions": {
                "strategy": {"score": 4.0, "stage": 4, "held_down_by": [], "gap": 0.0},  # 28 / 7; min(4, 3 + 1)
                "culture": {"score": 27 / 7, "stage": 3, "index": 500 / 7, "held_down_by": []},  # not rounded up to 4
                "accountability": {"score": 33 / 7, "stage": 4, "held_down_by": []},  # min(4, 3 + 1): 4 is not below 4
                "metrics": {"score": 32 / 7, "stage": 3, "held_down_by": ["metrics.purpose"]},  # min(4, 2 + 1)
                "design": {"score": 26 / 7, "stage": 3, "held_down_by": []},  # min(3, 2 + 1)
                "understanding": {"score": 4.0, "stage": 4},
                "purpose": {"score": 17 / 6, "stage": 2, "held_down_by": []},  # (3 + 3 + 3 + 2 + 2 + 4) / 6
                "alignment": {"score": 9 / 2, "stage": 4},  # (5 + 4 + 5 + 5 + 4 + 4) / 6 = 27 / 6
                "journey": {"score": 13 / 3, "stage": 4},  # (4 + 4 + 5 + 5 + 4 + 4) / 6 = 26 / 6
            },
            "priorities": ["purpose", "design", "culture"],  # 7/6 * 3, 2/7 * 3, 1/7 * 3
            "by_gap": ["purpose", "design", "culture"],
        },
    ),
    Case(
        "a dimension held down by two questions",
        full_document("1 1 5 5 5 5 5\n" + FIVES * 5),
        {
            "overall": {
                "score": 101 / 21,  # (210 - 8) / 42 = 202 / 42
                "stage": 3,  # min(4, 2 + 1)
                "held_down_by": ["strategy", "purpose", "alignment"],  # each of stage 2
            },
            "dimensions": {
                "strategy": {
                    "score": 27 / 7,  # (2 + 25) / 7
                    "stage": 2,  # min(3, 1 + 1)
                    "held_down_by": ["strategy.purpose", "strategy.alignment"],
                },
                "purpose": {"score": 13 / 3, "stage": 2, "held_down_by": ["strategy.purpose"]},  # (1 + 25) / 6
                "alignment": {"score": 13 / 3, "stage": 2, "held_down_by": ["strategy.alignment"]},
                "journey": {"score": 5.0, "stage": 5, "held_down_by": []},
            },
            "priorities": ["strategy"],  # 1/7 * 3
        },
    ),
    Case(
        "the whole held down by two disciplines",
        full_document("1 1 1 1 1 1 1\n" + FIVES * 3 + "1 1 1 1 1 1 1\n" + FIVES),
        {
            "overall": {
                "score": 11 / 3,  # (14 + 28 * 5) / 42 = 154 / 42
                "index": 200 / 3,  # 8 / 3 * 25
                "stage": 2,  # min(3, 1 + 1)
                "held_down_by": ["strategy", "design"],
                "floor": {"score": 11 / 3, "stage": 2},
            },
            "dimensions": {
                "strategy": {"score": 1.0, "stage": 1, "held_down_by": []},
                "design": {"score": 1.0, "stage": 1, "held_down_by": []},
                "culture": {"score": 5.0, "stage": 5},
            }
            | each(PILLARS, {"score": 11 / 3, "stage": 2, "gap": 1 / 3, "priority": 1.0}),  # (2 + 20) / 6; min(3, 2)
            # 1/3 * 3 = 1 for each pillar; purpose is the third, and the six others equal it.
            "priorities": ["strategy", "design", "purpose"],
            "tied": ["alignment", "journey", "promises", "technology", "cocreation", "management"],
        },
    ),
    Case(
        "the whole held down by a discipline and a pillar",
        full_document("1 5 5 5 5 5 5\n1 1 1 1 1 1 1\n" + "1 5 5 5 5 5 5\n" * 4),
        {
            "overall": {
                "score": 27 / 7,  # (12 * 1 + 30 * 5) / 42 = 162 / 42
                "index": 500 / 7,
                "stage": 2,  # min(3, 1 + 1)
                "held_down_by": ["culture", "purpose"],
            },
            "dimensions": {
                "culture": {"score": 1.0, "stage": 1},
                "purpose": {"score": 1.0, "stage": 1},
                "strategy": {"score": 31 / 7, "stage": 2, "held_down_by": ["strategy.purpose"]},  # (1 + 30) / 7
                "alignment": {"score": 13 / 3, "stage": 2, "held_down_by": ["culture.alignment"]},  # (1 + 25) / 6
            },
            "priorities": ["culture", "purpose"],
        },
    ),
    Case(
        "a stage given as a range, because some questions are unknown or open",
        full_document("4 4 4 4 ? ? .\n3 3 3 3 3 3 ?\n5 5 5 5 5 5 .\n" + FOURS * 3),
        {
            "overall": {
                "score": 148 / 37,  # (16 + 18 + 30 + 84) / 37 = 4
                "index": 75.0,
                "stage": 4,  # min(4, 3 + 1)
                "held_down_by": [],
                "blind_spots": 3 / 40,  # 3 of 37 + 3
                "floor": {"score": 153 / 42, "stage": 3},  # (148 + 5) / 42 = 3.6; min(3, 2 + 1)
            },
            "dimensions": {
                "strategy": {
                    "score": 4.0,
                    "stage": 4,
                    "blind_spots": 1 / 3,  # 2 of 6
                    "floor": {"score": 19 / 7, "stage": 2},  # (16 + 3) / 7; min(2, 1 + 1)
                },
                "culture": {
                    "score": 3.0,
                    "stage": 3,
                    "blind_spots": 1 / 7,
                    "floor": {"score": 19 / 7, "stage": 2},  # (18 + 1) / 7
                },
                "accountability": {
                    "score": 5.0,
                    "stage": 5,
                    "blind_spots": 0.0,
                    "floor": {"score": 31 / 7, "stage": 2},  # (30 + 1) / 7; min(4, 1 + 1)
                },
                "metrics": {"score": 4.0, "stage": 4, "floor": {"score": 4.0, "stage": 4}},
                "management": {
                    "score": 4.0,  # 12 / 3
                    "answered": 3,
                    "applicable": 6,
                    "dont_know": 1,
                    "blind_spots": 1 / 4,
                    "floor": {"score": 5 / 2, "stage": 2},  # (12 + 3) / 6
                },
            },
            "flags": [],
        },
    ),
    Case(
        "one discipline unknown: the whole is scored, and the unscored discipline does not hold it down",
        full_document("? ? ? ? ? ? ?\n" + FOURS * 5),
        {
            "overall": {
                "score": 4.0,
                "stage": 4,
                "held_down_by": [],
                "blind_spots": 1 / 6,  # 7 of 42
                "floor": {"score": 7 / 2, "stage": 2},  # (140 + 7) / 42; min(3, 1 + 1)
            },
            "dimensions": {"strategy": {"score": None, "not_scored": "unknown", "floor": {"score": 1.0, "stage": 1}}}
            | each(
                PILLARS,
                {
                    "score": 4.0,
                    "answered": 5,
                    "applicable": 6,
                    "dont_know": 1,
                    "blind_spots": 1 / 6,
                    "floor": {"score": 7 / 2, "stage": 2},  # (20 + 1) / 6
                },
            ),
            "find_out_first": ["strategy"],
            "flags": ["blind_spot:strategy"],
        },
    ),
    Case(
        "two disciplines unknown: the whole is not scored",
        full_document("? ? ? ? ? ? ?\n" * 2 + FOURS * 4),
        {
            "overall": {
                "score": None,
                "index": None,
                "stage": None,
                "held_down_by": [],
                "blind_spots": 1 / 3,  # 14 of 42
                "floor": {"score": 3.0, "stage": 2},  # (112 + 14) / 42; min(3, 1 + 1)
            },
            "dimensions": each(PILLARS, {"score": 4.0, "answered": 4, "dont_know": 2, "blind_spots": 1 / 3}),
            "find_out_first": ["strategy", "culture"],
            "flags": ["blind_spot:strategy", "blind_spot:culture"],
        },
    ),
    Case(
        "one pillar does not apply: the whole is scored",
        full_document("- 4 4 4 4 4 4\n" * 6),
        {
            "overall": {"score": 4.0, "index": 75.0, "stage": 4, "floor": {"score": 4.0, "stage": 4}},
            "dimensions": {
                "purpose": {
                    "score": None,
                    "answered": 0,
                    "applicable": 0,
                    "blind_spots": None,
                    "not_scored": "not_applicable",
                    "floor": {"score": None, "stage": None},
                }
            }
            | each(DISCIPLINES, {"score": 4.0, "answered": 6, "applicable": 6}),
            "find_out_first": [],
        },
    ),
    Case(
        "two pillars do not apply: neither the whole nor its floor is scored",
        full_document("- - 4 4 4 4 4\n" * 6),
        {
            "overall": {
                "score": None,
                "index": None,
                "stage": None,
                "blind_spots": 0.0,
                "floor": {"score": None, "stage": None},
            },
            "dimensions": each(DISCIPLINES, {"score": 4.0, "answered": 5, "applicable": 5}),
        },
    ),
    Case(
        "one discipline and one pillar do not apply: the whole is scored",
        full_document("- - - - - - -\n" + "- 4 4 4 4 4 2\n" * 5),
        {
            "overall": {
                "score": 11 / 3,  # (25 * 4 + 5 * 2) / 30 = 110 / 30
                "index": 200 / 3,
                "stage": 3,  # min(3, 2 + 1)
                "held_down_by": [],
                "floor": {"score": 11 / 3, "stage": 3},
            },
            "dimensions": {
                "strategy": {"not_scored": "not_applicable", "applicable": 0},
                "purpose": {"not_scored": "not_applicable", "applicable": 0},
                "culture": {"score": 11 / 3, "stage": 3, "applicable": 6},  # (20 + 2) / 6
                "management": {"score": 2.0, "stage": 2, "applicable": 5},
            },
        },
    ),
    Case(
        "the levels of an unscored dimension count in the whole",
        full_document("1 1 . . . . .\n" + FOURS * 5),
        {
            "overall": {
                "score": 142 / 37,  # (2 * 1 + 35 * 4) / 37
                "index": 2625 / 37,  # 105 / 37 * 25
                "stage": 3,  # min(3, 2 + 1), by purpose
                "held_down_by": [],
                "floor": {"score": 7 / 2, "stage": 2},  # (142 + 5) / 42; min(3, 1 + 1), by strategy
            },
            "dimensions": {
                "strategy": {
                    "score": None,
                    "answered": 2,
                    "not_scored": "too_few",
                    "floor": {"score": 1.0, "stage": 1},
                },
                "purpose": {"score": 7 / 2, "stage": 2, "held_down_by": ["strategy.purpose"]},  # (1 + 20) / 6
                "journey": {"score": 4.0, "answered": 5, "floor": {"score": 7 / 2, "stage": 2}},
            },
        },
    ),
]
