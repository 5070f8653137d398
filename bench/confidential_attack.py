"""The attacker of `tests/core/cohort/attacker.py` against what confidential cohorts of every kind release.

    .venv/bin/python bench/confidential_attack.py [--sizes 5 6] [--seeds 3] [--members 1000] [--cohorts 100]

For each size, form and kind of cohort: whether anything had to be held back, the narrowest interval that an outsider or
any member works out for another organisation's score, in levels (1.5 is the law's least), and how long the guard took.
Exits with 1 where an interval is narrower. Then how often holding back is needed in cohorts as workshops are.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from app.core.cohort.release import Release, Sitting, release
from app.core.questionnaire.model import FormName
from tests.core.cohort.attacker import OPEN, Said, counted, intervals, narrowest, told_in
from tests.core.cohort.cohort_examples import questionnaire
from tests.core.secretive import KINDS, constructed, realistic, sittings

FORMS: tuple[FormName, ...] = ("pulse", "full")
SIZES = (5, 6, 8, 10, 12, 20, 30)
UNKNOWN = (0.0, 0.03, 0.07)
"""The share of “We don't know” in realistic cohorts; organisations that it leaves unscored do not count."""


def attacked(form: FormName, sat: Sequence[Sitting], told: Release, most: int) -> float:
    """The narrowest interval, for an outsider and for so many of the members, those at the ends of the scale first."""
    members = {tuple(one.scores.items()): one for one in sorted(sat, key=lambda one: one.overall)}
    by_score = list(members.values())
    ends = [by_score[place // 2 if place % 2 == 0 else -1 - place // 2] for place in range(len(by_score))][:most]
    said = [Said(told_in(told), told.n)]
    views = (None, *(one.scores for one in ends))
    return float(min(narrowest(intervals(counted(form), said, own)) for own in views))


def attack(form: FormName, n: int, seeds: int, most: int) -> bool:
    """One line for each kind of cohort; whether all held."""
    held = True
    for kind, make in KINDS.items():
        found: Counter[str] = Counter()
        least, slowest = 4.0, 0.0
        for seed in range(1 if kind == "all at 1" else seeds):
            sat = sittings(make(form, n, seed), form)
            begun = time.perf_counter()
            told = release(questionnaire(), form, sat)
            slowest = max(slowest, time.perf_counter() - begun)
            if isinstance(told, Release):
                found[told.held_back or "nothing"] += 1
                least = min(least, attacked(form, sat, told, most))
        held &= least >= OPEN
        what = ", ".join(f"{how}: {times}" for how, times in sorted(found.items()))
        print(f"{form:5} n={n:<3} {kind:20} narrowest {least:.3f}   held back {what}   {slowest:.2f} s", flush=True)
    return held


def how_often(sizes: Sequence[int], cohorts: int) -> None:
    """How often something is held back in realistic cohorts."""
    for form in FORMS:
        for n in sizes:
            for unknown in UNKNOWN:
                found: Counter[str] = Counter()
                for seed in range(1000, 1000 + cohorts):
                    # Enough of them that so many are scored throughout.
                    sat = sittings(realistic(form, 4 * n, seed, unknown), form)[:n]
                    told = release(questionnaire(), form, sat)
                    found[told.held_back or "nothing" if isinstance(told, Release) else "too few"] += 1
                print(f"{form:5} n={n:<3} {unknown:.0%} don't know   held back {dict(found)}", flush=True)


def main() -> None:
    """All of it; the options say how much."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many organisations")
    asked.add_argument("--seeds", type=int, default=3, help="cohorts of each kind")
    asked.add_argument("--members", type=int, default=1000, help="members who attack each cohort, at most")
    asked.add_argument("--cohorts", type=int, default=100, help="realistic cohorts of each size")
    given = asked.parse_args()
    sat = sittings(constructed(), "full")
    told = release(questionnaire(), "full", sat)
    least = attacked("full", sat, told, given.members) if isinstance(told, Release) else 4.0
    print(f"the constructed one   narrowest {least:.3f}   {told!r:.60}")
    held = [attack(form, n, given.seeds, given.members) for form in FORMS for n in given.sizes]
    how_often(given.sizes, given.cohorts)
    sys.exit(0 if all([least >= OPEN, *held]) else 1)


if __name__ == "__main__":
    main()
