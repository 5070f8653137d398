"""What can be told beside the grid, each part optional; it never enters a score (domain rules, section 3).

Simple modules are kept field by field, so that each is saved as it is given: `FIELDS` has those of the organisation,
`OWN_FIELDS` those that every respondent tells alone. `modules_of` puts fields together, `fields_of` takes apart.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal, cast, get_args

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from app.core.answers.values import Day, Name, Respondent, SaidText, WholeLevel
from app.core.questionnaire.model import FormName, Value

Sector = Literal[
    "retail", "hospitality", "food", "software", "manufacturing", "business_services", "personal_services", "health",
    "education", "culture_tourism", "public_nonprofit", "other",
]  # fmt: skip
Size = Literal["1", "2-9", "10-49", "50-249", "250+"]
Customers = Literal["consumers", "businesses"]
# Source 003's, and two that no other holds.
Channel = Literal[
    "web_search", "website", "shop", "online_purchase", "social_media", "customer_service", "print", "other"
]
Model = Literal["sale", "subscription", "sharing"]
# Where experience arises, and the basics of service (source 004).
Place = Literal["buying", "advertising", "service", "product", "hearsay"]
Basic = Literal["waiting", "attitude", "understanding", "staff", "honesty", "quality", "clarity"]
# Six stages of our own: no source names stages.
JourneyStage = Literal["discover", "choose", "buy", "use", "get_help", "return"]
Feeling = Annotated[int, Field(strict=True, ge=-2, le=2)]
Point = Literal["love", "pain"]
Cxm = Literal["crm", "cxm", "dont_know"]
Usefulness = Literal["very_useful", "useful", "indifferent", "not_useful"]
Recipient = Literal["leadership", "front_office", "back_office", "everyone", "outside"]

MOST_TOUCHPOINTS = 30
MOST_EARLIER = 40
"""Sittings before this one: ten years of them, where one sits every 90 days."""
BASICS_NEEDED = 4
LARGEST_REVENUE = 10**12
LARGEST_SHARE_ESTIMATED = 21
"""Per cent of revenue: the upper end of what corporate managers estimated to lose (source 002); never a forecast."""


def _once(given: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(given)) < len(given):
        msg = "must not name anything twice"
        raise ValueError(msg)
    return given


_ONCE, _UNIQUE = AfterValidator(_once), Field(json_schema_extra={"uniqueItems": True})
Revenue = Annotated[int, Field(strict=True, ge=0, le=LARGEST_REVENUE)]
Share = Annotated[int, Field(strict=True, ge=0, le=100)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]


class Profile(Value):
    """What kind of organisation it is (sources 002, 004; the models of selling: 003)."""

    sector: Sector | None = Field(default=None, description="The line of business.")
    size: Size | None = Field(default=None, description="How many people work in it.")
    customers: Annotated[tuple[Customers, ...], _ONCE, _UNIQUE] = Field(default=(), description="Whom it serves.")
    channels: Annotated[tuple[Channel, ...], _ONCE, _UNIQUE] = Field(
        default=(), description="Where it meets customers."
    )
    model: Annotated[tuple[Model, ...], _ONCE, _UNIQUE] = Field(
        default=(), description="How customers get at it: they buy, subscribe, or share the use."
    )


class TouchpointCheck(Value):
    """Ratings 1-5 of where experience arises and of the basics of service (source 004)."""

    places: dict[Place, WholeLevel] = Field(default_factory=dict, description="The five places where it arises.")
    basics: dict[Basic, WholeLevel] = Field(default_factory=dict, description="The seven basics of service.")


class Touchpoint(Value):
    """One contact on the customer's way, as the customer lives it (sources 000, 001, 003)."""

    stage: JourneyStage = Field(description="Where on the way it lies.")
    name: Name = Field(description="What it is.")
    channel: Channel | None = Field(default=None, description="Through what the two meet.")
    feeling: Feeling | None = Field(default=None, description="From -2 to +2.")
    point: Point | None = Field(default=None, description="A love point or a pain point.")
    moment_of_truth: bool = Field(default=False, strict=True, description="Here it is decided whether they stay.")
    wants: SaidText | None = Field(default=None, description="What the customer wants here.")
    thinks: SaidText | None = Field(default=None, description="What the customer thinks here.")
    ours: bool = Field(default=True, strict=True, description="Whether the organisation can change it itself.")
    environment: SaidText | None = Field(default=None, description="What is around it.")


class OfficeView(Value):
    """How one respondent sees front and back office (source 002); both ratings make it count for the flag."""

    front_office: WholeLevel | None = Field(default=None, description="The part that customers meet, rated 1-5.")
    back_office: WholeLevel | None = Field(default=None, description="The part that works behind it, rated 1-5.")
    channels: Annotated[tuple[Channel, ...], _ONCE, _UNIQUE] = Field(
        default=(), description="Through which this person meets customers."
    )
    took_for_cxm: Cxm | None = Field(default=None, description="Which description was taken for CXM's; unscored.")


class AtStake(Value):
    """Revenue x share: a sum to think about, never a forecast (source 002)."""

    revenue: Revenue | None = Field(default=None, description="A year's revenue, in whole units of the currency.")
    currency: Currency | None = Field(default=None, description="Its three letters, like EUR.")
    share: Share | None = Field(default=None, description="Per cent that one thinks would be lost.")


class AfterReport(Value):
    """Whether it was useful, and who gets it (source 001)."""

    useful: Usefulness | None = None
    results_to: Annotated[tuple[Recipient, ...], _ONCE, _UNIQUE] = Field(
        default=(), description="Who gets the results."
    )


class EarlierSitting(Value):
    """A sitting that this one follows, as it was when this one began; of the same edition."""

    form: FormName = Field(description="The form that was sat.")
    date: Day = Field(description="The day of the sitting.")
    respondents: tuple[Respondent, ...] = Field(min_length=1, description="Everybody who answered then.")


class Modules(Value):
    """What was answered beside the grid; it never enters the overall score."""

    profile: Profile = Profile()
    touchpoint_check: TouchpointCheck = TouchpointCheck()
    journey: tuple[Touchpoint, ...] = Field(
        default=(), max_length=MOST_TOUCHPOINTS, description="The journey sheet, in the order of the customer's way."
    )
    front_back_office: tuple[OfficeView, ...] = Field(default=(), description="One entry for each person asked.")
    at_stake: AtStake = AtStake()
    after_report: AfterReport = AfterReport()
    stop_doing: SaidText | None = Field(default=None, description="What the organisation stops doing (source 001).")
    evidence: dict[str, SaidText] = Field(
        default_factory=dict, description="Question id to what its agreed level rests on."
    )
    earlier: tuple[EarlierSitting, ...] = Field(
        default=(), max_length=MOST_EARLIER, description="The sittings before, the oldest first."
    )


FieldValue = int | str | bool
"""What one field holds: a number, a choice or text; True for an option that was ticked."""


def service_basics(check: TouchpointCheck) -> Fraction | None:
    """The mean of the rated basics, where at least four of the seven are rated."""
    rated = list(check.basics.values())
    return Fraction(sum(rated), len(rated)) if len(rated) >= BASICS_NEEDED else None


def amount_at_stake(at_stake: AtStake) -> Fraction | None:
    """Revenue x share, in the currency's units; None until both are told."""
    if at_stake.revenue is None or at_stake.share is None:
        return None
    return Fraction(at_stake.revenue * at_stake.share, 100)


def _ticked(name: str, options: object) -> dict[str, object]:
    return {f"{name}.{option}": Literal[True] for option in get_args(options)}


def _rated(name: str, things: object) -> dict[str, object]:
    return {f"{name}.{thing}": WholeLevel for thing in get_args(things)}


FIELDS: Mapping[str, object] = {
    "profile.sector": Sector,
    "profile.size": Size,
    **_ticked("profile.customers", Customers),
    **_ticked("profile.channels", Channel),
    **_ticked("profile.model", Model),
    **_rated("touchpoint_check.places", Place),
    **_rated("touchpoint_check.basics", Basic),
    "at_stake.revenue": Revenue,
    "at_stake.currency": Currency,
    "at_stake.share": Share,
    "after_report.useful": Usefulness,
    **_ticked("after_report.results_to", Recipient),
    "stop_doing": SaidText,
}
"""The organisation's fields, by name, with the type of each."""

OWN_FIELDS: Mapping[str, object] = {
    "front_office": WholeLevel,
    "back_office": WholeLevel,
    **_ticked("channels", Channel),
    "took_for_cxm": Cxm,
}
"""What each respondent tells alone of front and back office, by name, with the type of each."""


def accept_field(name: str, value: object) -> FieldValue:
    """A legal value of the field `name` of `FIELDS` or `OWN_FIELDS`. Raises ValueError; KeyError for no field."""
    kind = FIELDS[name] if name in FIELDS else OWN_FIELDS[name]
    try:
        accepted: FieldValue = TypeAdapter[FieldValue](kind).validate_python(value)  # type: ignore[arg-type]  # made of literals
    except ValidationError as error:
        raise ValueError(error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")) from None
    return accepted


def modules_of(fields: Mapping[str, FieldValue], own: Sequence[Mapping[str, FieldValue]]) -> dict[str, object]:
    """The arguments of `Modules` that are kept by fields: the organisation's, and one `own` for each respondent.

    A respondent who told nothing has no entry.
    """
    told = _nested(fields, FIELDS)
    views = [OfficeView.model_validate(_nested(one, OWN_FIELDS)) for one in own if one]
    return told | {"front_back_office": tuple(views)}


def fields_of(modules: Modules) -> tuple[dict[str, FieldValue], list[dict[str, FieldValue]]]:
    """What `modules_of` put together, apart again: the organisation's fields, and each office view's."""
    views = [_flat(view.model_dump(), OWN_FIELDS) for view in modules.front_back_office]
    return _flat(modules.model_dump(), FIELDS), views


def _nested(fields: Mapping[str, FieldValue], known: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in known:  # in the order in which options are offered
        if name in fields:
            _put(found, name.split("."), fields[name])
    return found


def _put(into: dict[str, object], way: list[str], value: FieldValue) -> None:
    first, *rest = way
    if not rest:
        into[first] = value
    elif value is True and len(rest) == 1:
        into[first] = (*cast("tuple[str, ...]", into.get(first, ())), rest[0])
    else:
        _put(cast("dict[str, object]", into.setdefault(first, {})), rest, value)


def _flat(told: Mapping[str, object], known: Mapping[str, object]) -> dict[str, FieldValue]:
    found: dict[str, FieldValue] = {}
    for name in known:
        value: object = told
        for step in name.split("."):
            if isinstance(value, tuple):
                value = True if step in value else None
            else:
                value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, (int, str)):
            found[name] = value
    return found
