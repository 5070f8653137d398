"""Several respondents: means of means, statuses, what to discuss, and the agreed levels beside the individual ones."""

from tests.core.documents.forms import DIMENSIONS, DISCIPLINES, PULSE, Case, each, full_document, pulse_document, step

CASES = [
    Case(
        "three respondents who know, do not know, or leave questions out",
        pulse_document(
            "2 4 | 4 ? - | . . | . 3 | 1 3 5 | 1 4",
            "2 ? | - - - | - ? | . . | 3 4 5 | 5 4",
            "3 4 | 5 - - | . - | . . | 2 4 5 | ? 3",
        ),
        {
            "grid": {
                "strategy.purpose": 7 / 3,  # (2 + 2 + 3) / 3
                "strategy.promises": 4.0,  # (4 + 4) / 2
                "culture.purpose": 9 / 2,  # (4 + 5) / 2
                "culture.alignment": None,  # one does not know
                "culture.cocreation": None,  # it applies to nobody
                "accountability.alignment": None,  # open, not applicable, open: not applicable
                "accountability.promises": None,  # open, unknown, not applicable: unknown
                "metrics.technology": None,  # open
                "metrics.management": 3.0,
                "design.journey": 2.0,  # (1 + 3 + 2) / 3
                "design.technology": 11 / 3,  # (3 + 4 + 4) / 3
                "design.cocreation": 5.0,
                "understanding.journey": 3.0,  # (1 + 5) / 2
                "understanding.management": 11 / 3,  # (4 + 4 + 3) / 3
            },
            "overall": {
                # 7/3 + 4 + 9/2 + 3 + 2 + 11/3 + 5 + 3 + 11/3 = 29/3 + 43/2 = 187/6; nine levels; 5 of 6 and 6 of 7
                "score": 187 / 54,
                "index": 3325 / 54,  # 133 / 54 * 25
                "stage": 3,  # min(3, 2 + 1)
                "held_down_by": [],
                "blind_spots": 2 / 13,  # 4 answers; 5 + 2 + 0 + 1 + 9 + 5 = 22 levels
                "floor": {"score": 205 / 72, "stage": 2},  # (187 / 6 + 3) / 12; min(2, 1 + 1)
            },
            "dimensions": {
                "strategy": {
                    "score": 19 / 6,  # (7 / 3 + 4) / 2
                    "index": 325 / 6,  # 13 / 6 * 25
                    "stage": 3,  # min(3, 2 + 1)
                    "held_down_by": [],
                    "answered": 2,
                    "applicable": 2,
                    "dont_know": 0,  # one respondent's, not the question's
                    "blind_spots": 1 / 6,  # 1 of 5 + 1
                    "gap": 5 / 6,
                    "priority": 5 / 2,
                    "floor": {"score": 19 / 6, "stage": 3},
                },
                "culture": {
                    "score": 9 / 2,
                    "stage": 4,
                    "answered": 1,
                    "applicable": 2,
                    "dont_know": 1,
                    "blind_spots": 1 / 3,  # 1 of 2 + 1
                    "gap": 0.0,
                    "floor": {"score": 11 / 4, "stage": 2},  # (9 / 2 + 1) / 2; min(2, 1 + 1)
                },
                "accountability": {
                    "score": None,
                    "answered": 0,
                    "applicable": 1,
                    "dont_know": 1,
                    "blind_spots": 1.0,
                    "not_scored": "unknown",
                    "floor": {"score": 1.0, "stage": 1},
                },
                "metrics": {
                    "score": 3.0,
                    "answered": 1,
                    "applicable": 2,
                    "dont_know": 0,
                    "blind_spots": 0.0,
                    "gap": 1.0,
                    "priority": 3.0,
                    "floor": {"score": 2.0, "stage": 2},
                },
                "design": {"score": 32 / 9, "stage": 3, "gap": 4 / 9, "priority": 4 / 3},  # (2 + 11 / 3 + 5) / 3
                "understanding": {"score": 10 / 3, "stage": 3, "gap": 2 / 3, "priority": 2.0, "blind_spots": 1 / 6},
                "purpose": {"score": 41 / 12, "stage": 3, "gap": 7 / 12, "priority": 7 / 4},  # (7 / 3 + 9 / 2) / 2
                "alignment": {
                    "score": None,
                    "answered": 0,
                    "applicable": 1,
                    "dont_know": 1,
                    "blind_spots": 1.0,
                    "not_scored": "unknown",
                },
                "journey": {"score": 5 / 2, "stage": 2, "gap": 3 / 2, "priority": 9 / 2, "blind_spots": 1 / 6},
                "promises": {
                    "score": 4.0,
                    "stage": 4,
                    "answered": 1,
                    "applicable": 2,
                    "dont_know": 1,
                    "blind_spots": 1 / 2,  # 2 of 2 + 2
                    "floor": {"score": 5 / 2, "stage": 2},
                },
                "technology": {
                    "score": 11 / 3,
                    "stage": 3,
                    "gap": 1 / 3,
                    "priority": 1.0,
                    "floor": {"score": 7 / 3, "stage": 2},  # (1 + 11 / 3) / 2
                },
                "cocreation": {"score": 5.0, "stage": 5, "answered": 1, "applicable": 1, "gap": 0.0},
                "management": {"score": 10 / 3, "stage": 3, "gap": 2 / 3, "priority": 2.0},  # (3 + 11 / 3) / 2
            },
            "priorities": ["journey", "metrics", "strategy"],  # 4.5, 3, 2.5
            "tied": [],
            "by_gap": [
                "journey",  # 3/2
                "metrics",  # 1
                "strategy",  # 5/6
                "understanding",  # 2/3
                "management",  # 2/3
                "purpose",  # 7/12
                "design",  # 4/9
                "technology",  # 1/3
            ],
            "find_out_first": ["accountability", "alignment"],
            "to_discuss": ["design.journey", "understanding.journey"],
            "flags": ["blind_spot:accountability", "blind_spot:alignment", "blind_spot:promises"],
            "recommendations": [
                step("design.journey", "journey", 2, 3),
                step("understanding.journey", "journey", 3, 4),
                step("metrics.management", "metrics", 3, 4),
                step("strategy.purpose", "strategy", 2, 3),  # 7/3
                step("strategy.promises", "strategy", 4, 5),
            ],
        },
    ),
    Case(
        "the mean of a dimension is over its questions, not over the answers",
        pulse_document(
            "2 2 | 2 2 2 | 2 2 | 2 2 | 2 2 2 | 2 2",
            "5 . | . . . | . . | . . | . . . | . .",
        ),
        {
            "overall": {"score": 59 / 28, "index": 775 / 28, "stage": 2},  # (7 / 2 + 26) / 14; 31 / 28 * 25
            "dimensions": {
                "strategy": {"score": 11 / 4, "stage": 2, "gap": 5 / 4, "priority": 15 / 4},  # (7 / 2 + 2) / 2
                "purpose": {"score": 11 / 4, "stage": 2, "gap": 5 / 4, "priority": 15 / 4},
                "promises": {"score": 2.0, "stage": 2, "gap": 2.0, "priority": 6.0},
            },
            "grid": {"strategy.purpose": 7 / 2},
            "priorities": ["culture", "accountability", "metrics"],
            "tied": [
                "design",
                "understanding",
                "alignment",
                "journey",
                "promises",
                "technology",
                "cocreation",
                "management",
            ],
            "to_discuss": ["strategy.purpose"],
        },
    ),
    Case(
        "a range of two is to be discussed, a range of one is not, and one who does not know has no range",
        full_document(
            "1 2 3 4 5 1 ?\n" + "4 4 4 4 4 4 4\n" * 5,
            "3 3 3 3 3 5 1\n" + "4 4 4 4 4 4 4\n" * 4 + "4 4 4 4 4 4 2\n",
            "2 2 3 4 4 3 .\n" + ". . . . . . .\n" * 5,
        ),
        {
            "to_discuss": [
                "strategy.purpose",  # 1 to 3
                "strategy.technology",  # 3 to 5
                "strategy.cocreation",  # 1 to 5
                "understanding.management",  # 2 to 4
            ],
            "grid": {
                "strategy.purpose": 2.0,
                "strategy.alignment": 7 / 3,
                "strategy.journey": 3.0,
                "strategy.promises": 11 / 3,
                "strategy.technology": 4.0,
                "strategy.cocreation": 3.0,
                "strategy.management": 1.0,
                "understanding.management": 3.0,
            },
            "overall": {
                "score": 158 / 42,  # 19 + 28 * 4 + 6 * 4 + 3
                "stage": 3,  # min(3, 2 + 1)
                "blind_spots": 1 / 90,  # 1 of 19 + 70 levels and itself
            },
            "dimensions": {
                "strategy": {
                    "score": 19 / 7,  # (2 + 7 / 3 + 3 + 11 / 3 + 4 + 3 + 1) / 7
                    "stage": 2,  # min(2, 1 + 1)
                    "blind_spots": 1 / 20,  # 7 * 3 - 1 - 1 = 19 levels
                    "floor": {"score": 19 / 7, "stage": 2},
                },
                "management": {
                    "score": 10 / 3,  # (1 + 4 * 4 + 3) / 6 = 20 / 6
                    "stage": 2,  # min(3, 1 + 1)
                    "held_down_by": ["strategy.management"],
                },
            },
        },
    ),
    Case(
        "one who knows and one who does not: the level stands, also on the floor",
        pulse_document(
            "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 4 4",
            "? ? | ? ? ? | ? ? | ? ? | ? ? ? | ? ?",
        ),
        {
            "overall": {"score": 4.0, "stage": 4, "blind_spots": 1 / 2, "floor": {"score": 4.0, "stage": 4}},
            "dimensions": each(
                DIMENSIONS,
                {"score": 4.0, "dont_know": 0, "blind_spots": 1 / 2, "floor": {"score": 4.0, "stage": 4}},
            ),
            "grid": dict.fromkeys(PULSE, 4.0),
            "to_discuss": [],
            "find_out_first": [],
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
        "thirds that add up to a whole number: the score is 4, the stage is held down, and there is no gap",
        pulse_document(
            "4 4 | 5 4 2 | 4 4 | 4 4 | 4 4 4 | 4 4",
            "4 4 | 5 4 3 | 4 4 | 4 4 | 4 4 4 | 4 4",
            "4 4 | 5 5 3 | 4 4 | 4 4 | 4 4 4 | 4 4",
        ),
        {
            "overall": {"score": 4.0, "index": 75.0, "stage": 4},  # (11 * 4 + 12) / 14 = 56 / 14; min(4, 3 + 1)
            "dimensions": {
                "culture": {
                    "score": 4.0,  # (5 + 13 / 3 + 8 / 3) / 3 = 12 / 3
                    "index": 75.0,
                    "stage": 3,  # min(4, 2 + 1)
                    "held_down_by": ["culture.cocreation"],  # 2 + 1 is below 4
                    "gap": 0.0,
                    "priority": 0.0,
                },
                "cocreation": {"score": 10 / 3, "stage": 3, "gap": 2 / 3, "priority": 2.0},  # (8 / 3 + 4) / 2
                "alignment": {"score": 25 / 6, "stage": 4, "gap": 0.0},  # (13 / 3 + 4) / 2
            },
            "priorities": ["cocreation"],
            "by_gap": ["cocreation"],
            "recommendations": [
                step("culture.cocreation", "cocreation", 2, 3),  # 8/3
                step("design.cocreation", "cocreation", 4, 5),
            ],
        },
    ),
    Case(
        "thirds that add up to a whole number: stage 2, not 1",
        pulse_document(
            "2 2 | 2 2 1 | 2 2 | 2 2 | 2 2 2 | 2 2",
            "2 2 | 3 2 1 | 2 2 | 2 2 | 2 2 2 | 2 2",
            "2 2 | 3 2 2 | 2 2 | 2 2 | 2 2 2 | 2 2",
            default_target=2,
        ),
        {
            "overall": {"score": 2.0, "index": 25.0, "stage": 2},
            "dimensions": {
                "culture": {
                    "score": 2.0,  # (8 / 3 + 2 + 4 / 3) / 3 = 6 / 3
                    "index": 25.0,
                    "stage": 2,  # min(2, 1 + 1)
                    "held_down_by": [],
                    "gap": 0.0,
                    "priority": 0.0,
                },
                "cocreation": {"score": 5 / 3, "stage": 1, "gap": 1 / 3, "priority": 1.0},  # (4 / 3 + 2) / 2
            },
            "priorities": ["cocreation"],
            "by_gap": ["cocreation"],
        },
    ),
    Case(
        "seven thirds that add up to a whole number: stage 3, not 2, and no gap",
        full_document(
            "4 3 3 2 3 2 4\n" + "3 3 3 3 3 3 3\n" * 5,
            "4 3 3 3 3 2 3\n" + ". . . . . . .\n" * 5,
            "3 3 2 3 4 3 3\n" + ". . . . . . .\n" * 5,
            business_stage="first_customers",
        ),
        {
            "overall": {"score": 3.0, "index": 50.0, "stage": 3},  # (21 + 35 * 3) / 42; min(3, 2 + 1)
            "dimensions": {
                "strategy": {
                    "score": 3.0,  # (11 + 9 + 8 + 8 + 10 + 7 + 10) / 3 / 7 = 63 / 21
                    "index": 50.0,
                    "stage": 3,  # min(3, 2 + 1)
                    "held_down_by": [],
                    "gap": 0.0,
                    "priority": 0.0,
                },
                "purpose": {"score": 28 / 9, "stage": 3, "gap": 0.0},  # (11 / 3 + 15) / 6 = 56 / 18
                "alignment": {"score": 3.0, "stage": 3, "gap": 0.0},
                "journey": {"score": 53 / 18, "stage": 2, "gap": 1 / 18, "priority": 1 / 6},  # (8 / 3 + 15) / 6
                "promises": {"score": 53 / 18, "stage": 2, "gap": 1 / 18, "priority": 1 / 6},
                "technology": {"score": 55 / 18, "stage": 3, "gap": 0.0},  # (10 / 3 + 15) / 6
                "cocreation": {"score": 26 / 9, "stage": 2, "gap": 1 / 9, "priority": 1 / 3},  # (7 / 3 + 15) / 6
                "management": {"score": 55 / 18, "stage": 3, "gap": 0.0},
            },
            "priorities": ["cocreation", "journey", "promises"],
            "tied": [],
            "by_gap": ["cocreation", "journey", "promises"],
            "to_discuss": [],
        },
    ),
    Case(
        "two questions with different means hold a dimension down, because both have 1 as their whole part",
        full_document(
            "1 1 5 5 5 5 5\n" + "5 5 5 5 5 5 5\n" * 5,
            "1 1 5 5 5 5 5\n" + ". . . . . . .\n" * 5,
            "1 2 5 5 5 5 5\n" + ". . . . . . .\n" * 5,
        ),
        {
            "overall": {
                "score": 607 / 126,  # (82 / 3 + 35 * 5) / 42 = 607 / 3 / 42
                "stage": 3,  # min(4, 2 + 1)
                "held_down_by": ["strategy", "purpose", "alignment"],
            },
            "dimensions": {
                "strategy": {
                    "score": 82 / 21,  # (1 + 4 / 3 + 25) / 7 = 82 / 3 / 7
                    "stage": 2,  # min(3, 1 + 1)
                    "held_down_by": ["strategy.purpose", "strategy.alignment"],
                    "gap": 2 / 21,
                    "priority": 2 / 7,
                },
                "purpose": {"score": 13 / 3, "stage": 2, "held_down_by": ["strategy.purpose"]},  # (1 + 25) / 6
                "alignment": {"score": 79 / 18, "stage": 2, "held_down_by": ["strategy.alignment"]},  # 79 / 3 / 6
            },
            "priorities": ["strategy"],
            "to_discuss": [],
        },
    ),
    Case(
        "recommendations rise by the exact mean, and start from its whole part",
        pulse_document(
            "4 4 | 4 4 4 | 4 4 | 4 4 | 2 2 5 | 4 4",
            ". . | . . . | . . | . . | 3 2 5 | . .",
            ". . | . . . | . . | . . | . 3 5 | . .",
            importance={"design": 5},
        ),
        {
            "dimensions": {
                "design": {
                    "score": 59 / 18,  # (5 / 2 + 7 / 3 + 5) / 3 = 59 / 6 / 3
                    "index": 1025 / 18,  # 41 / 18 * 25
                    "stage": 3,  # min(3, 2 + 1)
                    "held_down_by": [],
                    "gap": 13 / 18,
                    "priority": 65 / 18,
                },
                "technology": {"score": 19 / 6, "gap": 5 / 6, "priority": 5 / 2},  # (4 + 7 / 3) / 2
                "journey": {"score": 13 / 4, "gap": 3 / 4, "priority": 9 / 4},  # (5 / 2 + 4) / 2
                "cocreation": {"score": 9 / 2, "gap": 0.0},
            },
            "priorities": ["design", "technology", "journey"],
            "tied": [],
            "by_gap": ["technology", "journey", "design"],
            "recommendations": [
                step("design.technology", "design", 2, 3),  # 7/3
                step("design.journey", "design", 2, 3),  # 5/2
                step("metrics.technology", "technology", 4, 5),
                step("understanding.journey", "journey", 4, 5),
            ],
            "to_discuss": [],
        },
    ),
    Case(
        "a mean just under 5 still has a step, from 4 to 5",
        pulse_document(
            "5 5 | 5 5 5 | 5 5 | 5 5 | 5 5 5 | 5 5",
            "4 5 | 5 5 5 | 5 5 | 5 5 | 5 5 5 | 5 5",
            default_target=5,
        ),
        {
            "overall": {"score": 139 / 28, "index": 2775 / 28, "stage": 4},  # (9 / 2 + 65) / 14; 111 / 28 * 25
            "dimensions": {
                "strategy": {"score": 19 / 4, "stage": 4, "gap": 1 / 4, "priority": 3 / 4},  # (9 / 2 + 5) / 2
                "purpose": {"score": 19 / 4, "stage": 4, "gap": 1 / 4, "priority": 3 / 4},
                "culture": {"score": 5.0, "stage": 5, "gap": 0.0, "priority": 0.0},
            },
            "priorities": ["strategy", "purpose"],
            "recommendations": [step("strategy.purpose", "strategy", 4, 5)],
        },
    ),
    Case(
        "agreed levels feed a second scorecard, and leave the first as it is",
        pulse_document(
            "1 4 | 4 4 4 | 4 ? | . 4 | 4 4 4 | 4 4",
            "5 4 | 4 4 4 | 4 ? | . 4 | 4 4 4 | 4 4",
            agreed={"strategy.purpose": 2, "accountability.promises": 3, "metrics.technology": 5},
        ),
        {
            "overall": {
                "score": 47 / 12,  # (3 + 11 * 4) / 12
                "stage": 3,
                "blind_spots": 1 / 13,  # 2 of 24 + 2
                "floor": {"score": 7 / 2, "stage": 3},  # (47 + 2) / 14; min(3, 2 + 1), by accountability
            },
            "dimensions": {
                "strategy": {"score": 7 / 2, "stage": 3, "gap": 1 / 2, "priority": 3 / 2},  # (3 + 4) / 2
                "accountability": {
                    "score": 4.0,
                    "answered": 1,
                    "applicable": 2,
                    "dont_know": 1,
                    "blind_spots": 1 / 2,  # 2 of 2 + 2
                    "floor": {"score": 5 / 2, "stage": 2},
                },
                "metrics": {"score": 4.0, "answered": 1, "applicable": 2, "dont_know": 0, "blind_spots": 0.0},
            },
            "grid": {"strategy.purpose": 3.0, "accountability.promises": None, "metrics.technology": None},
            "priorities": ["strategy", "purpose"],  # 1/2 * 3 each
            "tied": [],
            "to_discuss": ["strategy.purpose"],
            "flags": ["blind_spot:accountability", "blind_spot:promises"],
            "recommendations": [
                step("strategy.purpose", "strategy", 3, 4),
                step("strategy.promises", "strategy", 4, 5),
                step("culture.purpose", "purpose", 4, 5),
            ],
            "agreed": {
                "overall": {
                    "score": 27 / 7,  # (2 + 3 + 5 + 11 * 4) / 14 = 54 / 14
                    "index": 500 / 7,  # 20 / 7 * 25
                    "stage": 3,
                    "held_down_by": [],
                    "blind_spots": 1 / 13,
                    "floor": {"score": 27 / 7, "stage": 3},
                },
                "dimensions": {
                    "strategy": {"score": 3.0, "stage": 3, "gap": 1.0, "priority": 3.0},  # (2 + 4) / 2
                    "accountability": {
                        "score": 7 / 2,  # (4 + 3) / 2
                        "stage": 3,
                        "answered": 2,
                        "applicable": 2,
                        "dont_know": 0,
                        "blind_spots": 1 / 2,  # as the individual answers have it
                        "floor": {"score": 7 / 2, "stage": 3},
                    },
                    "metrics": {"score": 9 / 2, "stage": 4, "answered": 2, "blind_spots": 0.0},  # (5 + 4) / 2
                    "purpose": {"score": 3.0, "gap": 1.0, "priority": 3.0},
                    "promises": {"score": 7 / 2, "gap": 1 / 2, "priority": 3 / 2, "blind_spots": 1 / 2},  # (4 + 3) / 2
                    "technology": {"score": 9 / 2, "stage": 4},  # (5 + 4) / 2
                },
                "grid": {
                    "strategy.purpose": 2.0,
                    "accountability.promises": 3.0,
                    "metrics.technology": 5.0,
                    "strategy.promises": 4.0,
                },
                "priorities": ["strategy", "purpose", "accountability"],
                "tied": ["promises"],
                "by_gap": ["strategy", "purpose", "accountability", "promises"],
                "find_out_first": [],
                "to_discuss": ["strategy.purpose"],
                "flags": ["blind_spot:accountability", "blind_spot:promises"],
                "recommendations": [
                    step("strategy.purpose", "strategy", 2, 3),
                    step("strategy.promises", "strategy", 4, 5),
                    step("culture.purpose", "purpose", 4, 5),
                    step("accountability.promises", "accountability", 3, 4),
                    step("accountability.alignment", "accountability", 4, 5),
                ],
                "agreed": None,
            },
        },
    ),
    Case(
        "agreed levels score what nobody knew alone, while its blind spots stay",
        pulse_document(
            "? ? | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 2 4",
            agreed={"strategy.purpose": 2, "strategy.promises": 2, "understanding.journey": 3},
        ),
        {
            "overall": {
                "score": 23 / 6,  # (2 + 11 * 4) / 12 = 46 / 12
                "stage": 3,
                "blind_spots": 1 / 7,  # 2 of 14
                "floor": {"score": 24 / 7, "stage": 2},  # (46 + 2) / 14; min(3, 1 + 1)
            },
            "dimensions": {
                "strategy": {"score": None, "not_scored": "unknown", "dont_know": 2, "blind_spots": 1.0},
                "understanding": {"score": 3.0, "stage": 3, "priority": 3.0},
                "journey": {"score": 3.0, "stage": 3, "priority": 3.0},
            },
            "find_out_first": ["strategy"],
            "priorities": ["understanding", "journey"],
            "flags": [
                "map_without_listening",  # design.journey 4, understanding.journey 2
                "blind_spot:strategy",
                "blind_spot:purpose",
                "blind_spot:promises",
            ],
            "recommendations": [
                step("understanding.journey", "understanding", 2, 3),
                step("understanding.management", "understanding", 4, 5),
                step("design.journey", "journey", 4, 5),
            ],
            "agreed": {
                "overall": {
                    "score": 51 / 14,  # (2 + 2 + 3 + 11 * 4) / 14
                    "stage": 3,  # min(3, 2 + 1)
                    "held_down_by": [],
                    "blind_spots": 1 / 7,
                    "floor": {"score": 51 / 14, "stage": 3},
                },
                "dimensions": {
                    "strategy": {"score": 2.0, "stage": 2, "gap": 2.0, "priority": 6.0, "blind_spots": 1.0},
                    "understanding": {"score": 7 / 2, "gap": 1 / 2, "priority": 3 / 2},  # (3 + 4) / 2
                    "purpose": {"score": 3.0, "gap": 1.0, "priority": 3.0},  # (2 + 4) / 2
                    "promises": {"score": 3.0, "gap": 1.0, "priority": 3.0},
                    "journey": {"score": 7 / 2, "gap": 1 / 2, "priority": 3 / 2},  # (4 + 3) / 2
                },
                "find_out_first": [],
                "priorities": ["strategy", "purpose", "promises"],
                "tied": [],
                "by_gap": ["strategy", "purpose", "promises", "understanding", "journey"],
                "flags": ["blind_spot:strategy", "blind_spot:purpose", "blind_spot:promises"],
                "recommendations": [
                    step("strategy.purpose", "strategy", 2, 3),
                    step("strategy.promises", "strategy", 2, 3),
                    step("culture.purpose", "purpose", 4, 5),
                    step("accountability.promises", "promises", 4, 5),
                ],
                "agreed": None,
            },
        },
    ),
    Case(
        "a respondent without any answer changes nothing",
        full_document("3 3 3 3 3 3 3\n" * 6, ". . . . . . .\n" * 6),
        {
            "overall": {
                "score": 3.0,
                "index": 50.0,
                "stage": 3,
                "blind_spots": 0.0,
                "floor": {"score": 3.0, "stage": 3},
            },
            "dimensions": each(DISCIPLINES, {"score": 3.0, "answered": 7, "applicable": 7, "dont_know": 0}),
            "to_discuss": [],
            "agreed": None,
        },
    ),
]
