"""The interface's words and numbers in each language: gettext catalogues, formats, and the Jinja environment."""

import datetime
import gettext
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.core.journey import layout, sheet
from app.core.scoring import rounding
from app.settings import PACKAGE
from app.time_zone import day_of

SOURCE_LANGUAGE = "en"
LOCALES = PACKAGE / "locales"
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_FROM_THE_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u200f\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters of the scripts that are written from the right: Hebrew, Arabic and the like."""


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; the source language, and one without a catalogue, say the English words."""
    file = LOCALES / f"{language}.po"
    if not file.is_file():
        return gettext.NullTranslations()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def language_name(language: str) -> str:
    """A language's own name for itself, as one would find it in a list: `English`, `Slovenščina`."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[0].upper() + name[1:]


def languages_offered(available: Sequence[str]) -> tuple[str, ...]:
    """Those of a questionnaire's languages in which the interface speaks too."""
    return tuple(code for code in available if code == SOURCE_LANGUAGE or (LOCALES / f"{code}.po").is_file())


def environment(language: str, folders: Sequence[Path]) -> Environment:
    """A Jinja environment over `folders` that escapes everything, speaks `language` and formats its numbers.

    Filters: `figure` (a score, one decimal by the rule), `tenth` (an index, a gap, a priority: one decimal), `signed`
    (a difference with its sign), `level` (a whole level bare, a mean with a decimal), `percent`, `chance` (a p), `day`;
    `amount` (a sum in whole units), and what lays out a journey for its drawing: `journey_across`, `journey_down`,
    `journey_sheet`; `one_line` (a text's lines joined).

    A value that is written from the right is shown apart, so that the words and figures around it keep their order.
    """
    env = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        finalize=apart,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    for name in ("gettext", "ngettext"):
        env.globals[name] = _saying(cast("Callable[..., str]", env.globals[name]))
    env.filters.update(_filters(language))
    env.filters.update(
        journey_across=layout.across,
        journey_down=layout.down,
        journey_sheet=sheet.on_sheet,
        one_line=layout.one_line,
    )
    env.globals["language"] = language
    return env


def apart(value: object) -> object:
    """A value; a text that has letters written from the right, between the signs that isolate it (Unicode, annex 9).

    Otherwise a figure behind an Arabic name stands before it. What is typed never has these signs (`core.given`), and
    they fall away where a shown text is sent back.
    """
    if not isinstance(value, str) or isinstance(value, Markup) or not _FROM_THE_RIGHT.search(value):
        return value
    return f"\N{FIRST STRONG ISOLATE}{value}\N{POP DIRECTIONAL ISOLATE}"


def _saying(say: Callable[..., str]) -> Callable[..., str]:
    """`gettext` or `ngettext` of a template, with what is put into the sentence shown apart."""

    @pass_context
    def said(context: Context, *words: object, **values: object) -> str:
        return say(context, *words, **{name: apart(value) for name, value in values.items()})

    return said


def _locale(language: str) -> Locale:
    """English is written as in Britain: 21 November 2026."""
    return Locale.parse("en_GB" if language == SOURCE_LANGUAGE else language)


def _filters(language: str) -> dict[str, Callable[..., str]]:
    locale = _locale(language)

    def decimal(value: Decimal) -> str:
        decimals = max(0, -int(value.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=locale)

    def figure(value: Fraction | int) -> str:
        return decimal(rounding.rounded(Fraction(value)))

    def tenth(value: Fraction | int, decimals: int = 1) -> str:
        return decimal(rounding.tenth(Fraction(value), decimals))

    def level(value: Fraction | int) -> str:
        exact = Fraction(value)
        return decimal(rounding.rounded(exact, 0 if exact.denominator == 1 else 1))

    def percent(value: Fraction) -> str:
        gap = "" if language == SOURCE_LANGUAGE else _NO_BREAK_SPACE
        return f"{decimal(rounding.percent(value))}{gap}%"

    def signed(value: Fraction | float, decimals: int = 1) -> str:
        # What a double is off by is no figure.
        exact = Fraction(repr(round(value, 9))) if isinstance(value, float) else value
        sign = "" if exact == 0 else "+" if exact > 0 else _MINUS
        return sign + decimal(rounding.tenth(abs(exact), decimals))

    def chance(value: float) -> str:
        return decimal(rounding.chance(Fraction(repr(value))))

    def amount(value: Fraction | int) -> str:
        return decimal(rounding.tenth(Fraction(value), 0))

    def day(value: datetime.date) -> str:
        """A day, or the day that an instant is here."""
        value = day_of(value) if isinstance(value, datetime.datetime) else value
        return format_date(value, format="long", locale=locale)

    return {
        "figure": figure,
        "tenth": tenth,
        "level": level,
        "percent": percent,
        "day": day,
        "signed": signed,
        "chance": chance,
        "amount": amount,
    }
