"""Answer documents with the scorecards that the law (scoring, exact) gives them, worked out by hand."""

from tests.core.documents import contract, flags, single, stages, targets, team, ties

CASES = [
    *contract.CASES,
    *single.CASES,
    *stages.CASES,
    *ties.CASES,
    *targets.CASES,
    *team.CASES,
    *flags.CASES,
]
