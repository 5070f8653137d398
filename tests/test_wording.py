"""Numbers and dates in each language's own format, and words that stay text."""

import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError

from app import wording

COMMA = ["sl", "cs", "sk", "pl"]
SPACE = "\N{NO-BREAK SPACE}"
DAY = datetime.date(2026, 11, 21)


def said(language: str, template: str, **values: object) -> str:
    """What a template says in that language."""
    return environment(language).from_string(template).render(values)


def environment(language: str) -> Environment:
    return wording.environment(language, [])


@pytest.mark.parametrize(
    ("exact", "english", "others"),
    [
        (Fraction(5, 2), "2.5", "2,5"),
        (Fraction(9, 4), "2.3", "2,3"),
        (Fraction(8, 3), "2.7", "2,7"),
        (Fraction(149, 50), "2.98", "2,98"),
        (Fraction(2996, 1000), "2.996", "2,996"),
        (Fraction(3), "3.0", "3,0"),
        (3, "3.0", "3,0"),
        (Fraction(0), "0.0", "0,0"),
        (Fraction(200, 3), "66.7", "66,7"),
    ],
)
def test_a_figure_is_written_as_the_language_writes_it(exact: Fraction | int, english: str, others: str) -> None:
    shown = {language: said(language, "{{ exact | figure }}", exact=exact) for language in ["en", *COMMA]}

    assert shown == {"en": english} | dict.fromkeys(COMMA, others)


@pytest.mark.parametrize(
    ("exact", "english", "others"),
    [(Fraction(4), "4", "4"), (4, "4", "4"), (Fraction(7, 2), "3.5", "3,5"), (Fraction(299, 100), "2.99", "2,99")],
)
def test_a_whole_level_is_bare_and_a_mean_has_its_decimal(exact: Fraction | int, english: str, others: str) -> None:
    shown = {language: said(language, "{{ exact | level }}", exact=exact) for language in ["en", *COMMA]}

    assert shown == {"en": english} | dict.fromkeys(COMMA, others)


def test_per_cent_stand_apart_where_the_language_parts_them() -> None:
    shown = {language: said(language, "{{ share | percent }}", share=Fraction(1, 3)) for language in ["en", *COMMA]}

    assert shown == {"en": "33%"} | dict.fromkeys(COMMA, f"33{SPACE}%")
    assert said("sl", "{{ share | percent }}", share=Fraction(1, 300)) == f"0,3{SPACE}%"


def test_a_day_is_written_out() -> None:
    assert {language: said(language, "{{ day | day }}", day=DAY) for language in ["en", *COMMA]} == {
        "en": "21 November 2026",
        "sl": "21. november 2026",
        "cs": "21. listopadu 2026",
        "sk": "21. novembra 2026",
        "pl": "21 listopada 2026",
    }


def test_a_language_names_itself() -> None:
    assert [wording.language_name(language) for language in ["en", *COMMA]] == [
        "English",
        "Slovenščina",
        "Čeština",
        "Slovenčina",
        "Polski",
    ]


def test_a_language_without_a_catalogue_says_the_english_words_and_is_not_offered() -> None:
    assert said("fi", '{{ _("Score") }}') == "Score"
    assert wording.languages_offered(["en", "fi"]) == ("en",)


def test_a_language_with_a_catalogue_is_offered_and_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tlh.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Score"\nmsgstr "mI‘"\n'
    )
    monkeypatch.setattr(wording, "LOCALES", tmp_path)
    wording.translations.cache_clear()

    try:
        assert wording.languages_offered(["tlh", "en", "fi"]) == ("tlh", "en")
        assert wording.translations("tlh").gettext("Score") == "mI‘"
        assert wording.translations("tlh").gettext("Gap") == "Gap"
    finally:
        wording.translations.cache_clear()


def test_whatever_people_wrote_stays_text() -> None:
    name = '<b>Ž & "ž"</b>'

    assert said("en", "{{ name }}", name=name) == "&lt;b&gt;Ž &amp; &#34;ž&#34;&lt;/b&gt;"
    assert said("en", "{% trans name=name %}Of {{ name }}{% endtrans %}", name="<i>") == "Of &lt;i&gt;"
    assert said("en", '{{ gettext("Of %(name)s", name=name) }}', name="<i>") == "Of &lt;i&gt;"


def test_a_name_that_a_page_does_not_have_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="skore"):
        said("en", "{{ skore }}")


@pytest.mark.parametrize("name", ["قهوة القاهرة", "קפה 24", "Café قهوة"])
def test_a_name_written_from_the_right_leaves_the_words_around_it_in_order(name: str) -> None:
    shown = f"\u2068{name}\u2069"

    assert said("en", "{{ name }} · 12 of 14", name=name) == f"{shown} · 12 of 14"
    assert said("en", '{{ _("Gap report: %(name)s, 3", name=name) }}', name=name) == f"Gap report: {shown}, 3"
    assert said("en", "{% trans %}{{ name }}: 3{% endtrans %}", name=name) == f"{shown}: 3"
    counted = '{{ ngettext("%(num)s of %(name)s", "%(num)s of %(name)s", 2, name=name) }}'
    assert said("en", counted, name=name) == f"2 of {shown}"


@pytest.mark.parametrize("name", ["Čebelnjak", "日本語カフェ", "Кафе", "", "<b>"])
def test_other_names_are_shown_as_they_are(name: str) -> None:
    assert said("en", "{{ name | safe }}", name=name) == name
    assert said("en", '{{ _("Of %(name)s", name=name) }}', name=name) == "Of " + name.replace("<b>", "&lt;b&gt;")
