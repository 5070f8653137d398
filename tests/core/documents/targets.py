"""Targets: by the stage of business, by the document's default, one by one; and gaps that are never below nothing."""

from tests.core.documents.forms import DIMENSIONS, Case, each, pulse_document, step

THREES = "3 3 | 3 3 3 | 3 3 | 3 3 | 3 3 3 | 3 3"
FOURS = "4 4 | 4 4 4 | 4 4 | 4 4 | 4 4 4 | 4 4"
AFTER_ACCOUNTABILITY = list(DIMENSIONS[3:])

CASES = [
    Case(
        "before revenue the target is 3, so that a decent beginning leaves with something to do",
        pulse_document("3 2 | 2 3 2 | 2 3 | 2 2 | 3 2 2 | 2 3", business_stage="pre_revenue"),
        {
            "overall": {"score": 33 / 14, "index": (33 / 14 - 1) * 25, "stage": 2},
            "dimensions": {
                # Metrics 2 and 2, technology 2 and 2, co-creation 2 and 2: all at 2, in the order of the questionnaire.
                "strategy": {"score": 2.5, "target": 3, "gap": 0.5, "priority": 1.5},
                "culture": {"score": 7 / 3, "target": 3, "gap": 2 / 3, "priority": 2.0},
                "metrics": {"score": 2.0, "target": 3, "gap": 1.0, "priority": 3.0},
            },
            "priorities": ["metrics", "technology", "cocreation"],
        },
    ),
    Case(
        "before revenue a score of 3 has no gap",
        pulse_document(THREES, business_stage="pre_revenue"),
        {
            "overall": {"score": 3.0, "index": 50.0, "stage": 3},
            "dimensions": each(DIMENSIONS, {"score": 3.0, "target": 3, "gap": 0.0, "importance": 3, "priority": 0.0}),
            "priorities": [],
            "tied": [],
            "by_gap": [],
            "recommendations": [],
        },
    ),
    Case(
        "with the first customers the target is 3, and a score that meets it has no gap",
        pulse_document(THREES, business_stage="first_customers"),
        {
            "dimensions": each(DIMENSIONS, {"target": 3, "gap": 0.0, "priority": 0.0}),
            "priorities": [],
            "tied": [],
            "by_gap": [],
        },
    ),
    Case(
        "a growing organisation's target is 4",
        pulse_document(THREES, business_stage="growing"),
        {
            "dimensions": each(DIMENSIONS, {"target": 4, "gap": 1.0, "priority": 3.0}),
            "priorities": ["strategy", "culture", "accountability"],
            "tied": AFTER_ACCOUNTABILITY,
            "by_gap": list(DIMENSIONS),
        },
    ),
    Case(
        "an established organisation's target is 4 as well",
        pulse_document(THREES, business_stage="established"),
        {
            "dimensions": each(DIMENSIONS, {"target": 4, "gap": 1.0, "priority": 3.0}),
            "priorities": ["strategy", "culture", "accountability"],
            "tied": AFTER_ACCOUNTABILITY,
        },
    ),
    Case(
        "a default target goes before the stage of business, a dimension's own target before both",
        pulse_document(FOURS, business_stage="pre_revenue", default_target=5, targets={"culture": 3, "journey": 4}),
        {
            "dimensions": each(DIMENSIONS, {"target": 5, "gap": 1.0, "priority": 3.0})
            | {
                "culture": {"target": 3, "gap": 0.0, "priority": 0.0},
                "journey": {"target": 4, "gap": 0.0, "priority": 0.0},
            },
            "priorities": ["strategy", "accountability", "metrics"],
            "tied": [
                "design",
                "understanding",
                "purpose",
                "alignment",
                "promises",
                "technology",
                "cocreation",
                "management",
            ],
        },
    ),
    Case(
        "a low default target goes before a demanding stage of business",
        pulse_document(FOURS, business_stage="established", default_target=1),
        {
            "dimensions": each(DIMENSIONS, {"score": 4.0, "target": 1, "gap": 0.0, "priority": 0.0}),
            "priorities": [],
            "by_gap": [],
        },
    ),
    Case(
        "targets below the scores leave no gap, however important the dimension",
        pulse_document(
            FOURS,
            targets={"strategy": 1, "culture": 2, "accountability": 3, "metrics": 4, "design": 5},
            importance={"strategy": 5, "culture": 5, "accountability": 5, "metrics": 5, "design": 1},
        ),
        {
            "dimensions": {
                "strategy": {"target": 1, "gap": 0.0, "importance": 5, "priority": 0.0},
                "culture": {"target": 2, "gap": 0.0, "importance": 5, "priority": 0.0},
                "accountability": {"target": 3, "gap": 0.0, "importance": 5, "priority": 0.0},
                "metrics": {"target": 4, "gap": 0.0, "importance": 5, "priority": 0.0},
                "design": {"target": 5, "gap": 1.0, "importance": 1, "priority": 1.0},
            },
            "priorities": ["design"],
            "tied": [],
            "by_gap": ["design"],
            "recommendations": [
                step("design.journey", "design", 4, 5),
                step("design.technology", "design", 4, 5),
                step("design.cocreation", "design", 4, 5),
            ],
        },
    ),
    Case(
        "three that customers would notice most and three that they would notice least",
        pulse_document(
            THREES,
            business_stage="pre_revenue",
            default_target=4,
            targets={"cocreation": 5},
            importance={
                "understanding": 5,
                "journey": 5,
                "promises": 5,
                "strategy": 1,
                "metrics": 1,
                "cocreation": 1,
            },
        ),
        {
            "dimensions": {
                "understanding": {"gap": 1.0, "importance": 5, "priority": 5.0},
                "journey": {"gap": 1.0, "importance": 5, "priority": 5.0},
                "promises": {"gap": 1.0, "importance": 5, "priority": 5.0},
                "culture": {"gap": 1.0, "importance": 3, "priority": 3.0},
                "strategy": {"gap": 1.0, "importance": 1, "priority": 1.0},
                "cocreation": {"target": 5, "gap": 2.0, "importance": 1, "priority": 2.0},
            },
            "priorities": ["understanding", "journey", "promises"],
            "tied": [],
            "by_gap": [
                "cocreation",
                "strategy",
                "culture",
                "accountability",
                "metrics",
                "design",
                "understanding",
                "purpose",
                "alignment",
                "journey",
                "promises",
                "technology",
                "management",
            ],
            "recommendations": [
                step("understanding.journey", "understanding", 3, 4),
                step("understanding.management", "understanding", 3, 4),
                step("design.journey", "journey", 3, 4),
                step("strategy.promises", "promises", 3, 4),
                step("accountability.promises", "promises", 3, 4),
            ],
        },
    ),
]
