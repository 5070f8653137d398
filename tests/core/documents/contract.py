"""The example of the contract, with what its abridged lists leave out worked out beside it."""

import json
from pathlib import Path

from tests.core.documents.forms import Case, step

# `document` and `expected` stand there word for word. The contract abridges two lists (it leaves out strategy.promises,
# which equals strategy.purpose, and the map flag): those stand under `abridged`, and in full here.
EXAMPLE = json.loads((Path(__file__).parent / "contract_example.json").read_text(encoding="utf-8"))
ABRIDGED: dict[str, list[object]] = EXAMPLE["abridged"]

CASES = [
    Case("the example of the contract, as it is printed", EXAMPLE["document"], EXAMPLE["expected"]),
    Case(
        "the example of the contract, in full",
        EXAMPLE["document"],
        {
            "overall": {
                "score": 11 / 3,  # 4 * 9 + 1 + 5 + 2 = 44, over 12
                "index": 200 / 3,  # 8 / 3 * 25
                "stage": 2,  # min(3, 1 + 1)
                "held_down_by": ["accountability"],
                "blind_spots": 1 / 13,
                "floor": {"score": 45 / 13, "stage": 2},  # (44 + 1) / 13; min(3, 1 + 1)
            },
            "dimensions": {
                "strategy": {"score": 4.0, "target": 5, "gap": 1.0, "importance": 3, "priority": 3.0},
                "culture": {"score": 4.0, "stage": 4, "answered": 3, "applicable": 3, "gap": 0.0},
                "metrics": {
                    "score": 4.0,
                    "answered": 1,
                    "applicable": 1,
                    "blind_spots": 0.0,
                    "floor": {"score": 4.0, "stage": 4},
                },
                "design": {"score": 13 / 3, "index": 250 / 3, "stage": 4, "gap": 0.0},  # (4 + 4 + 5) / 3; 10 / 3 * 25
                "understanding": {
                    "score": 3.0,
                    "stage": 3,
                    "importance": 5,
                    "gap": 0.0,
                    "priority": 0.0,
                },  # (4 + 2) / 2
                "purpose": {"score": 4.0, "stage": 4},
                "alignment": {
                    "score": 5 / 2,
                    "stage": 2,
                    "gap": 1 / 2,
                    "priority": 3 / 2,
                },  # (4 + 1) / 2; min(2, 1 + 1)
                "journey": {"score": 4.0, "stage": 4},
                "technology": {"score": 4.0, "answered": 1, "applicable": 1},
                "cocreation": {"score": 9 / 2, "stage": 4},  # (4 + 5) / 2
                "management": {"score": 3.0, "stage": 3, "importance": 3, "gap": 0.0},  # (4 + 2) / 2
            },
            "flags": [
                "map_without_listening",  # design.journey 4 >= 4, understanding.management 2 <= 2
                "blind_spot:accountability",  # 1/2
                "blind_spot:promises",  # 1/2
            ],
            "recommendations": [
                step("accountability.alignment", "accountability", 1, 2),
                step("strategy.purpose", "strategy", 4, 5),
                step("strategy.promises", "strategy", 4, 5),
                step("culture.alignment", "alignment", 4, 5),
            ],
        },
    ),
]
