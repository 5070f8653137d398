"""Priorities: ties, the order behind them, gaps against priorities, and the recommendations that follow."""

from tests.core.documents.forms import DIMENSIONS, PILLARS, Case, each, full_document, pulse_document, step

CASES = [
    Case(
        "three dimensions tie for the third place",
        pulse_document(
            "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 4 4",
            targets={"strategy": 5, "culture": 5, "metrics": 5, "design": 5, "journey": 5},
            importance={"strategy": 5, "culture": 4},
        ),
        {
            "dimensions": {
                "strategy": {"target": 5, "gap": 1.0, "importance": 5, "priority": 5.0},
                "culture": {"target": 5, "gap": 1.0, "importance": 4, "priority": 4.0},
                "accountability": {"target": 4, "gap": 0.0, "importance": 3, "priority": 0.0},
                "metrics": {"target": 5, "gap": 1.0, "importance": 3, "priority": 3.0},
                "journey": {"target": 5, "gap": 1.0, "importance": 3, "priority": 3.0},
            },
            "priorities": ["strategy", "culture", "metrics"],
            "tied": ["design", "journey"],
            "by_gap": ["strategy", "culture", "metrics", "design", "journey"],
            "recommendations": [
                step("strategy.purpose", "strategy", 4, 5),
                step("strategy.promises", "strategy", 4, 5),
                step("culture.purpose", "culture", 4, 5),
                step("culture.alignment", "culture", 4, 5),
                step("culture.cocreation", "culture", 4, 5),
                step("metrics.technology", "metrics", 4, 5),
                step("metrics.management", "metrics", 4, 5),
            ],
        },
    ),
    Case(
        "of equal priorities the lower score goes first; an equal third with an equal score is tied",
        pulse_document("4 4 | 4 4 4 | 3 3 | 4 4 | 4 4 4 | 4 4", targets={"strategy": 5}),
        {
            "overall": {"score": 27 / 7, "stage": 3},  # (12 * 4 + 2 * 3) / 14 = 54 / 14; min(3, 3 + 1)
            "dimensions": {
                "accountability": {"score": 3.0, "gap": 1.0, "priority": 3.0},
                "strategy": {"score": 4.0, "target": 5, "gap": 1.0, "priority": 3.0},
                "alignment": {"score": 3.5, "gap": 0.5, "priority": 1.5},
                "promises": {"score": 3.5, "gap": 0.5, "priority": 1.5},
            },
            "priorities": ["accountability", "strategy", "alignment"],
            "tied": ["promises"],
            "by_gap": ["accountability", "strategy", "alignment", "promises"],
            "recommendations": [
                step("accountability.alignment", "accountability", 3, 4),
                step("accountability.promises", "accountability", 3, 4),
                step("strategy.purpose", "strategy", 4, 5),
                step("strategy.promises", "strategy", 4, 5),
                step("culture.alignment", "alignment", 4, 5),
            ],
        },
    ),
    Case(
        "an equal priority with a higher score than the third is not tied",
        pulse_document(
            "4 4 | 4 4 4 | 3 3 | 4 4 | 4 4 4 | 4 4",
            targets={"strategy": 5, "alignment": 5, "promises": 5},
            importance={"alignment": 2, "promises": 2},
        ),
        {
            "dimensions": {
                "accountability": {"score": 3.0, "gap": 1.0, "importance": 3, "priority": 3.0},
                "alignment": {"score": 3.5, "gap": 1.5, "importance": 2, "priority": 3.0},
                "promises": {"score": 3.5, "gap": 1.5, "importance": 2, "priority": 3.0},
                "strategy": {"score": 4.0, "gap": 1.0, "importance": 3, "priority": 3.0},
            },
            "priorities": ["accountability", "alignment", "promises"],
            "tied": [],
            "by_gap": ["alignment", "promises", "accountability", "strategy"],
            "recommendations": [
                step("accountability.alignment", "accountability", 3, 4),
                step("accountability.promises", "accountability", 3, 4),
                step("culture.alignment", "alignment", 4, 5),
                step("strategy.promises", "promises", 4, 5),
            ],
        },
    ),
    Case(
        "one third times three equals one: an exact tie, which the lower score wins",
        pulse_document(
            "4 4 | 4 4 3 | 3 3 | 4 4 | 4 4 4 | 4 4",
            importance={"accountability": 1, "alignment": 1, "promises": 1, "cocreation": 1},
        ),
        {
            "dimensions": {
                "culture": {
                    "score": 11 / 3,
                    "index": 200 / 3,  # 8 / 3 * 25
                    "gap": 1 / 3,  # 4 - 11 / 3
                    "importance": 3,
                    "priority": 1.0,  # 1 / 3 * 3
                },
                "accountability": {"score": 3.0, "gap": 1.0, "importance": 1, "priority": 1.0},
                "alignment": {"score": 3.5, "gap": 0.5, "importance": 1, "priority": 0.5},
            },
            "priorities": ["accountability", "culture", "alignment"],
            "tied": ["promises", "cocreation"],  # 1/2 * 1 each
            "by_gap": ["accountability", "alignment", "promises", "cocreation", "culture"],
            "recommendations": [
                step("accountability.alignment", "accountability", 3, 4),
                step("accountability.promises", "accountability", 3, 4),
                step("culture.cocreation", "culture", 3, 4),
                step("culture.purpose", "culture", 4, 5),
                step("culture.alignment", "culture", 4, 5),
            ],
        },
    ),
    Case(
        "four thirds times one equals one third times four: an exact tie for the third place",
        pulse_document(
            "4 4 | 4 4 3 | 4 4 | 4 4 | 4 4 3 | 4 4",
            targets={"strategy": 5, "culture": 5},
            importance={"strategy": 2, "culture": 1, "design": 4},
        ),
        {
            "dimensions": {
                "cocreation": {"score": 3.0, "gap": 1.0, "importance": 3, "priority": 3.0},
                "strategy": {"score": 4.0, "gap": 1.0, "importance": 2, "priority": 2.0},
                "culture": {"score": 11 / 3, "target": 5, "gap": 4 / 3, "importance": 1, "priority": 4 / 3},
                "design": {"score": 11 / 3, "target": 4, "gap": 1 / 3, "importance": 4, "priority": 4 / 3},
            },
            "priorities": ["cocreation", "strategy", "culture"],
            "tied": ["design"],
            "by_gap": ["culture", "cocreation", "strategy", "design"],  # 4/3; 1 at 3.0; 1 at 4.0; 1/3
            "recommendations": [
                step("culture.cocreation", "cocreation", 3, 4),
                step("design.cocreation", "cocreation", 3, 4),
                step("strategy.purpose", "strategy", 4, 5),
                step("strategy.promises", "strategy", 4, 5),
                step("culture.purpose", "culture", 4, 5),
                step("culture.alignment", "culture", 4, 5),
            ],
        },
    ),
    Case(
        "the largest gap is not the first priority",
        pulse_document(
            "1 1 | 4 4 4 | 3 3 | 4 4 | 4 4 4 | 4 4",
            importance={"strategy": 1, "accountability": 5, "purpose": 1, "promises": 1},
        ),
        {
            "overall": {
                "score": 24 / 7,  # (2 * 1 + 2 * 3 + 10 * 4) / 14 = 48 / 14
                "stage": 2,  # min(3, 1 + 1)
                "held_down_by": ["strategy"],
            },
            "dimensions": {
                "strategy": {"score": 1.0, "stage": 1, "gap": 3.0, "importance": 1, "priority": 3.0},
                "accountability": {"score": 3.0, "gap": 1.0, "importance": 5, "priority": 5.0},
                "purpose": {"score": 2.5, "stage": 2, "gap": 1.5, "importance": 1, "priority": 1.5},  # (1 + 4) / 2
                "alignment": {"score": 3.5, "gap": 0.5, "importance": 3, "priority": 1.5},  # (4 + 3) / 2
                "promises": {"score": 2.0, "stage": 2, "gap": 2.0, "importance": 1, "priority": 2.0},  # (1 + 3) / 2
            },
            "priorities": ["accountability", "strategy", "promises"],  # 5, 3, 2
            "tied": [],
            "by_gap": ["strategy", "promises", "purpose", "accountability", "alignment"],  # 3, 2, 1.5, 1, 0.5
            "recommendations": [
                step("accountability.alignment", "accountability", 3, 4),
                step("accountability.promises", "accountability", 3, 4),
                step("strategy.purpose", "strategy", 1, 2),
                step("strategy.promises", "strategy", 1, 2),
            ],
        },
    ),
    Case(
        "a question under two priorities is recommended once, under the first",
        full_document(
            """
            2 2 2 1 2 2 2
            4 4 4 2 4 4 4
            4 4 4 2 4 4 4
            4 4 4 2 4 4 4
            4 4 4 2 4 4 4
            4 4 4 2 4 4 4
            """
        ),
        {
            "overall": {
                "score": 143 / 42,  # 13 + 5 * 2 + 30 * 4 = 143
                "index": 2525 / 42,  # 101 / 42 * 25
                "stage": 2,  # min(3, 1 + 1)
                "held_down_by": ["strategy", "promises"],
            },
            "dimensions": {
                "strategy": {"score": 13 / 7, "stage": 1, "gap": 15 / 7, "priority": 45 / 7},  # 6 * 2 + 1
                "promises": {"score": 11 / 6, "stage": 1, "gap": 13 / 6, "priority": 13 / 2},  # 1 + 5 * 2
                "purpose": {"score": 11 / 3, "stage": 3, "gap": 1 / 3, "priority": 1.0},  # (2 + 20) / 6
                "culture": {"score": 26 / 7, "stage": 3, "gap": 2 / 7, "priority": 6 / 7},  # (24 + 2) / 7
            },
            "priorities": ["promises", "strategy", "purpose"],  # 6.5, 6.43, 1
            "tied": ["alignment", "journey", "technology", "cocreation", "management"],
            "by_gap": [
                "promises",
                "strategy",
                "purpose",
                "alignment",
                "journey",
                "technology",
                "cocreation",
                "management",
                "culture",
                "accountability",
                "metrics",
                "design",
                "understanding",
            ],
            "recommendations": [
                step("strategy.promises", "promises", 1, 2),
                step("culture.promises", "promises", 2, 3),
                step("accountability.promises", "promises", 2, 3),
                step("metrics.promises", "promises", 2, 3),
                step("design.promises", "promises", 2, 3),
                step("understanding.promises", "promises", 2, 3),
                step("strategy.purpose", "strategy", 2, 3),
                step("strategy.alignment", "strategy", 2, 3),
                step("strategy.journey", "strategy", 2, 3),
                step("strategy.technology", "strategy", 2, 3),
                step("strategy.cocreation", "strategy", 2, 3),
                step("strategy.management", "strategy", 2, 3),
                step("culture.purpose", "purpose", 4, 5),
                step("accountability.purpose", "purpose", 4, 5),
                step("metrics.purpose", "purpose", 4, 5),
                step("design.purpose", "purpose", 4, 5),
                step("understanding.purpose", "purpose", 4, 5),
            ],
        },
    ),
    Case(
        "recommendations rise by level, fall back on the order, and leave out level 5 and what has no level",
        full_document("5 3 2 ? 3 . 2\n" + "4 4 4 4 4 4 4\n" * 5, default_target=3, targets={"strategy": 5}),
        {
            "dimensions": {
                "strategy": {
                    "score": 3.0,  # (5 + 3 + 2 + 3 + 2) / 5
                    "stage": 3,  # min(3, 2 + 1)
                    "answered": 5,
                    "applicable": 7,
                    "dont_know": 1,
                    "blind_spots": 1 / 6,
                    "gap": 2.0,
                    "priority": 6.0,
                    "floor": {"score": 17 / 7, "stage": 2},  # (15 + 2) / 7
                },
                "journey": {"score": 11 / 3, "target": 3, "gap": 0.0, "priority": 0.0},  # (2 + 20) / 6
            },
            "priorities": ["strategy"],
            "by_gap": ["strategy"],
            "recommendations": [
                step("strategy.journey", "strategy", 2, 3),
                step("strategy.management", "strategy", 2, 3),
                step("strategy.alignment", "strategy", 3, 4),
                step("strategy.technology", "strategy", 3, 4),
            ],
        },
    ),
    Case(
        "only two dimensions have a priority, so two are named and none is tied",
        full_document(
            "3 3 3 3 3 3 3\n" + "4 4 4 4 4 4 4\n" * 5, default_target=3, targets={"strategy": 4, "culture": 5}
        ),
        {
            "dimensions": {
                "strategy": {"score": 3.0, "target": 4, "gap": 1.0, "priority": 3.0},
                "culture": {"score": 4.0, "target": 5, "gap": 1.0, "priority": 3.0},
                "metrics": {"score": 4.0, "target": 3, "gap": 0.0, "priority": 0.0},
            }
            | each(PILLARS, {"score": 23 / 6, "gap": 0.0}),  # (3 + 20) / 6
            "priorities": ["strategy", "culture"],
            "tied": [],
            "by_gap": ["strategy", "culture"],
        },
    ),
    Case(
        "at most three are named where only the importance differs",
        pulse_document(
            "2 2 | 2 2 2 | 2 2 | 2 2 | 2 2 2 | 2 2",
            importance={
                "understanding": 5,
                "promises": 5,
                "management": 5,
                "strategy": 1,
                "culture": 1,
                "purpose": 1,
            },
        ),
        {
            "overall": {"score": 2.0, "index": 25.0, "stage": 2},
            "dimensions": {
                "understanding": {"gap": 2.0, "importance": 5, "priority": 10.0},
                "strategy": {"gap": 2.0, "importance": 1, "priority": 2.0},
                "design": {"gap": 2.0, "importance": 3, "priority": 6.0},
            },
            "priorities": ["understanding", "promises", "management"],
            "tied": [],
            "by_gap": list(DIMENSIONS),  # all of them 2.0
            "recommendations": [
                step("understanding.journey", "understanding", 2, 3),
                step("understanding.management", "understanding", 2, 3),
                step("strategy.promises", "promises", 2, 3),
                step("accountability.promises", "promises", 2, 3),
                step("metrics.management", "management", 2, 3),
            ],
        },
    ),
]
