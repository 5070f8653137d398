"""How a journey is laid out: words never wider than they are taken for, stages side by side, sheets that hold them."""

from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types

from app.core.answers.modules import MOST_TOUCHPOINTS, Channel, JourneyStage, Touchpoint
from app.core.journey.layout import FEELINGS, STAGES, across, down, in_order, one_line, width_of, wrapped
from app.core.journey.sheet import Entry, aligned, in_columns, on_sheet
from app.settings import PACKAGE

FONTS = PACKAGE / "static" / "fonts"
STAGE_NAMES: dict[str, str] = {stage: stage.replace("_", " ").capitalize() for stage in STAGES}
CHANNELS: dict[str, str] = {channel: channel for channel in get_args(Channel)}
TEXTS = [
    "Uzyskiwanie pomocy, Międzynarodowe Centrum Obsługi Przedsiębiorców",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Kŕdeľ šťastných ďatľov učí pri ústí Váhu mĺkveho koňa obhrýzať kôru a žrať čerstvé mäso",
    "Šerif bo za domačo vajo spet kuhal žgance (2–9), 100 % in €",
    "WWWW mmmm MMMM @@@@ %%%% ———— ……",
]


def point(stage: JourneyStage, name: str = "Till", **told: object) -> Touchpoint:
    return Touchpoint.model_validate({"stage": stage, "name": name, **told})


def many(stage: JourneyStage | None = None) -> list[Touchpoint]:
    return [
        point(stage or STAGES[number // 5], f"Touchpoint number {number}", feeling=FEELINGS[number % 5])
        for number in range(MOST_TOUCHPOINTS)
    ]


def real_width(font: Path, text: str) -> float:
    loaded = TTFont(font)
    names, widths = loaded.getBestCmap(), loaded["hmtx"]
    return float(sum(widths[names[ord(letter)]][0] for letter in text) / loaded["head"].unitsPerEm)


@pytest.mark.parametrize("font", ["SourceSans3-Regular.ttf", "SourceSans3-Semibold.ttf"])
@pytest.mark.parametrize("text", TEXTS)
def test_no_text_is_wider_than_it_is_taken_for(font: str, text: str) -> None:
    real = real_width(FONTS / font, text)
    assert real <= width_of(text, 1, bold="Semibold" in font) <= 1.08 * real


def test_lines_keep_every_letter_and_none_is_too_wide() -> None:
    for text in TEXTS:
        for width in (40, 90, 300):
            lines = wrapped(text, width, 10)
            assert "".join("".join(lines).split()) == "".join(text.split())
            assert max(width_of(line, 10) for line in lines) <= width


def test_touchpoints_stand_in_the_order_of_the_way() -> None:
    told = [point("return", "b"), point("discover", "c"), point("return", "a")]
    assert [one.name for one in in_order(told)] == ["c", "b", "a"]


@pytest.mark.parametrize("told", [many(), many("use"), many("return")[:1], [*many("use")[:28], *many("buy")[:2]], []])
@pytest.mark.parametrize(("width", "size"), [(760, 11), (785, 8.5), (1111, 11), (493, 7.5)])
def test_stages_and_dots_share_the_width_and_no_two_dots_meet(
    told: list[Touchpoint], width: float, size: float
) -> None:
    drawing = across(told, STAGE_NAMES, CHANNELS, width, size)
    assert [band.stage for band in drawing.bands] == list(STAGES)
    ends = [band.start + band.length for band in drawing.bands]
    assert ends[-1] == pytest.approx(width)
    assert [band.start for band in drawing.bands[1:]] == pytest.approx(ends[:-1])
    for band in drawing.bands:
        assert all(width_of(line, size, bold=True) <= band.length for line in band.name)
    places = [dot.x for dot in drawing.dots]
    assert places == sorted(places)
    assert all(later - one >= 2 * drawing.radius for one, later in pairwise(places))


def test_names_stand_under_the_curve_only_where_they_fit() -> None:
    few = [point(stage, "Queue and till") for stage in STAGES]
    assert across(few, STAGE_NAMES, CHANNELS, 760, 11).has_names
    assert not across(many(), STAGE_NAMES, CHANNELS, 760, 11).has_names
    assert not across([*few, point("use", "W" * 60)], STAGE_NAMES, CHANNELS, 760, 11).has_names


def test_the_curve_leaps_over_touchpoints_without_a_feeling() -> None:
    told = [point("buy", feeling=2), point("buy"), point("buy", feeling=-2), point("use", feeling=0)]
    for drawing in (
        across(told, STAGE_NAMES, CHANNELS, 760, 11),
        down(told, STAGE_NAMES, CHANNELS, 350, 15),
    ):
        assert [dot.is_felt for dot in drawing.dots] == [True, False, True, True]
        assert drawing.apart is not None
        assert drawing.dashed.count("M") == 1
        assert drawing.solid.count("M") == 1


def test_from_top_to_bottom_every_name_has_its_own_room() -> None:
    drawing = down(
        [point(stage, "Międzynarodowe " * 7, channel="shop") for stage in STAGES], STAGE_NAMES, CHANNELS, 350, 15
    )
    tops = [dot.top for dot in drawing.dots]
    for dot, below in zip(drawing.dots, [*tops[1:], drawing.height], strict=True):
        assert dot.top + (len(dot.name) * 15 + len(dot.channel) * 15 * 0.86) * 1.25 < below
        assert max(width_of(line, 15) for line in dot.name) <= dot.width


def entries(count: int, text: str) -> list[Entry]:
    return [Entry("Use", number, text, "website", (("Wants", text),)) for number in range(1, count + 1)]


def test_words_stand_in_the_largest_type_that_fits() -> None:
    found = [in_columns(entries(count, "An answer the same day"), 785, 300, (10, 8, 6.5)) for count in (3, 40, 80, 400)]
    assert [one and one.size for one in found] == [10, 8, 6.5, None]


def test_columns_have_every_entry_once_and_in_order() -> None:
    found = in_columns(entries(30, "An answer the same day, from somebody who knows"), 785, 400, (10, 8, 6.5))
    assert found is not None
    placed = [one.entry.number for column in found.columns for one in column]
    assert placed == list(range(1, 31))
    assert all(column[0].heading == "Use" for column in found.columns)


def test_a_short_journey_is_a_table_and_a_long_one_columns() -> None:
    few = [point(stage, "Queue and till") for stage in STAGES]
    layouts = [
        on_sheet(
            told,
            [(one.stage, number, one.name, "", []) for number, one in enumerate(told, start=1)],
            STAGE_NAMES,
            CHANNELS,
            785,
            470,
            8.5,
            (10, 8.5, 7.5, 6.5),
        )
        for told in (few, many())
    ]
    assert [(layout.table is None, layout.columns is None) for layout in layouts] == [(False, True), (True, False)]


def test_notes_that_do_not_fit_are_left_to_further_sheets() -> None:
    told = many()
    long = "Why does nobody call back? " * 30
    words = [(one.stage, number, one.name, "", [("Wants", long)]) for number, one in enumerate(told, start=1)]
    layout = on_sheet(told, words, STAGE_NAMES, CHANNELS, 785, 470, 8.5, (10, 8.5, 7.5, 6.5))
    assert layout.is_short
    assert layout.columns is not None
    assert sum(map(len, layout.columns.columns)) == MOST_TOUCHPOINTS


def test_a_table_needs_room_for_its_longest_word() -> None:
    told = [point(stage, "Niezrozumiałegopostanowienia") for stage in STAGES]
    drawing = across(told, STAGE_NAMES, CHANNELS, 300, 8.5, names=False)
    words = [Entry("Use", number, one.name, "", ()) for number, one in enumerate(told, start=1)]
    assert aligned(words, drawing, 500, (10, 8)) is None


def test_a_texts_lines_become_one() -> None:
    assert one_line("To pay,\n\n  and  go \nhome") == "To pay, / and go / home"
    assert one_line("One") == "One"
