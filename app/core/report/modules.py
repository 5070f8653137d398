"""What a report says of the modules beside the grid: where something was told, and nobody is given away."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Literal, TypeVar, get_args

from app.core.answers.modules import (
    LARGEST_SHARE_ESTIMATED,
    AfterReport,
    AtStake,
    Basic,
    Channel,
    Cxm,
    OfficeView,
    Place,
    Profile,
    TouchpointCheck,
    amount_at_stake,
    service_basics,
)
from app.core.questionnaire.model import BusinessStage
from app.core.report.model import CheckReport, OfficesReport, StakeReport

CXM: Literal["cxm"] = "cxm"
"""The right answer to which of the descriptions is CXM."""

_Told = TypeVar("_Told", Profile, AfterReport)


def told_anything(module: _Told) -> _Told | None:
    """The module, or None where nothing was told in it."""
    return None if module == type(module)() else module


def check(told: TouchpointCheck) -> CheckReport | None:
    """The touchpoint check, in the order asked."""
    if not told.places and not told.basics:
        return None
    places: tuple[Place, ...] = get_args(Place)
    basics: tuple[Basic, ...] = get_args(Basic)
    return CheckReport(
        places={place: told.places[place] for place in places if place in told.places},
        basics={basic: told.basics[basic] for basic in basics if basic in told.basics},
        service_basics=service_basics(told),
    )


def offices(views: Sequence[OfficeView], respondents: int) -> OfficesReport | None:
    """Front and back office as those asked see them; in a team only where two or more said so."""
    if not views:
        return None
    from_ = _told_from(views, respondents)
    front = [view.front_office for view in views if view.front_office is not None]
    back = [view.back_office for view in views if view.back_office is not None]
    taken = [view.took_for_cxm for view in views if view.took_for_cxm is not None]
    choices: tuple[Cxm, ...] = get_args(Cxm)
    used = {channel for view in views for channel in view.channels}
    channels: tuple[Channel, ...] = get_args(Channel)
    return OfficesReport(
        asked=len(views),
        front_office=_mean(front, from_),
        front_office_by=len(front),
        back_office=_mean(back, from_),
        back_office_by=len(back),
        channels=tuple(channel for channel in channels if channel in used) if len(views) >= from_ else (),
        took_for_cxm={choice: Counter(taken)[choice] for choice in choices} if len(taken) >= from_ else {},
    )


def barrier_may_be_told(views: Sequence[OfficeView], respondents: int) -> bool:
    """Whether a report may say that the front office is rated above the back office: not of one person in a team."""
    rated = [view for view in views if view.front_office is not None and view.back_office is not None]
    return len(rated) >= _told_from(views, respondents)


def at_stake(told: AtStake, stage: BusinessStage) -> StakeReport | None:
    """What is at stake; None before revenue, and until revenue and share are both told."""
    amount = amount_at_stake(told)
    if amount is None or told.revenue is None or told.share is None or stage == "pre_revenue":
        return None
    return StakeReport(
        revenue=told.revenue,
        share=Fraction(told.share, 100),
        currency=told.currency,
        amount=floor(amount + Fraction(1, 2)),
        largest=Fraction(LARGEST_SHARE_ESTIMATED, 100),
    )


def _told_from(views: Sequence[OfficeView], respondents: int) -> int:
    return 1 if respondents == 1 and len(views) == 1 else 2


def _mean(ratings: Sequence[int], from_: int) -> Fraction | None:
    return Fraction(sum(ratings), len(ratings)) if len(ratings) >= from_ else None
