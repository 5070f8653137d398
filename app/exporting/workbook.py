"""A cohort as a workbook: answers, scores, code book, rules, and what cohort it is."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from app import wording
from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE
from app.core.cohort.release import RELEASED_FROM
from app.core.questionnaire.model import Questionnaire
from app.exporting import rows
from app.exporting.rows import Cell, CohortData, Facts, ReleasedData
from app.exporting.sheets import WIDE, WIDEST, Book

Say = Callable[[str], str]
TEXTS = dict.fromkeys(("organisation", "held_down_by", "dimension"), WIDE)


def as_xlsx(data: CohortData, now: datetime.datetime) -> bytes:
    """The workbook of an open cohort. Figures are exact; how many decimals are shown goes by the figure."""
    book = _CohortBook(data.facts, data.questionnaire, now)
    _ = book.say
    book.facts([(_("Organisations that count"), len(data.organisations))])
    facts = {
        "number": _("No."),
        "organisation": _("Organisation"),
        "business_stage": _("Stage of business"),
        "date": _("Date"),
        "respondent": _("Respondent"),
        "role": _("Role"),
        "respondents": _("Respondents"),
        "dimension": _("Dimension"),
    }
    questions = [question.id for question in data.questionnaire.in_form(data.facts.form)]
    first = ("number", "organisation", "business_stage")
    book.rows(
        _("Answers"),
        {key: facts[key] for key in (*first, "date", "respondent", "role")} | {id_: id_ for id_ in questions},
        rows.answers(data),
    )
    figures_ = _figure_names(_)
    whole = {key: figures_[key] for key in rows.WHOLE}
    names = {id_: words.name for id_, words in book.words.dimensions.items()}
    book.rows(
        _("Scores"),
        {key: facts[key] for key in (*first, "respondents")}
        | whole
        | {id_: names[id_] for id_ in data.questionnaire.dimensions},
        rows.scores(data),
    )
    book.rows(
        _("Dimensions"),
        {key: facts[key] for key in ("number", "organisation", "dimension")}
        | {key: figures_[key] for key in rows.DIMENSION},
        rows.dimensions(data),
    )
    summary = {
        "n": _("Scored"),
        "mean": _("Mean"),
        "median": _("Median"),
        "q1": _("Lower quartile"),
        "q3": _("Upper quartile"),
        "sd": _("Standard deviation"),
        "alpha": _("Cronbach’s alpha"),
    }
    book.rows(
        _("Summary"),
        {"id": _("Id"), "dimension": facts["dimension"]} | summary,
        (row | {"dimension": names.get(str(row["id"]), _("The whole"))} for row in rows.summary(data)),
    )
    levels = {f"level_{level}": name for level, name in enumerate(book.level_names(), 1)}
    rest = {"dont_know": _("Don’t know"), "not_applicable": _("Does not apply"), "open": _("Open")}
    book.rows(
        _("Questions"),
        {"id": _("Id"), "n": _("With a level"), "mean": _("Mean")} | levels | rest,
        rows.questions(data),
    )
    book.code_book()
    book.lines(_("Rules"), _rules(_))
    return book.closed()


def released_xlsx(data: ReleasedData, now: datetime.datetime) -> bytes:
    """The workbook of a confidential cohort: its release."""
    book = _CohortBook(data.facts, data.questionnaire, now)
    _ = book.say
    book.facts([(_("Organisations in the averages"), data.release.n)])
    names = {"overall": _("The whole")} | {id_: words.name for id_, words in book.words.dimensions.items()}
    bounds = {"under": _("under"), "over": _("over"), None: None}
    means: list[dict[str, Cell]] = [
        {
            "dimension": names[id_],
            "n": data.release.n,
            "bound": bounds[one.bound] if one else _("held back"),
            "mean": Fraction(one.value) if one else None,
        }
        for id_, one in rows.released(data).items()
    ]
    held_back = {
        "overlapping": _(
            "The other means are held back: put together, they would let somebody work out how a single organisation "
            "scored."
        ),
        "everything": _("The means are held back: from them somebody could work out how a single organisation scored."),
    }
    heads = {"dimension": _("Dimension"), "n": _("Organisations"), "bound": _("Bound"), "mean": _("Mean")}
    book.rows(_("Averages"), heads, means)
    book.lines(
        _("Rules"),
        [
            _("A confidential cohort shows averages only, once, frozen when it was closed."),
            _(
                "All averages are over the same organisations: those with every dimension scored, {least} at least."
            ).format(least=RELEASED_FROM),
            _("A mean near an end of the scale is told only as under or over a figure."),
            *([held_back[data.release.held_back]] if data.release.held_back else []),
        ],
    )
    return book.closed()


def _figure_names(_: Say) -> dict[str, str]:
    return {
        "score": _("Score"),
        "index": _("On 0–100"),
        "stage": _("Stage"),
        "not_scored": _("Not scored because"),
        "floor_score": _("Score at worst"),
        "floor_stage": _("Stage at worst"),
        "answered": _("With a level"),
        "applicable": _("Applicable"),
        "dont_know": _("Don’t know"),
        "blind_spots": _("Blind spots"),
        "target": _("Target"),
        "gap": _("Gap"),
        "importance": _("Importance"),
        "priority": _("Priority"),
        "held_down_by": _("Held down by"),
    }


def _rules(_: Say) -> list[str]:
    return [
        _(
            "An answer is a level from 1 to 5, {dont_know} or {not_applicable}; an empty cell is an open question."
        ).format(dont_know=DONT_KNOW, not_applicable=NOT_APPLICABLE),
        _("Where several people answered, a question’s level is the mean of the levels they gave."),
        _("Summary: over the organisations scored there. Quartiles lie between neighbours linearly; sd has n − 1."),
        _("Cronbach’s alpha of a dimension’s questions: from 30 organisations with a level at each of them."),
        _("Questions: how many organisations are at which level; a level between two counts as the lower one."),
        _("A dimension’s score is the mean of its levels, if at least half of its applicable questions have one."),
        _("The overall score is the mean of all levels, if all but one dimension of each framework are scored."),
        _("On 0–100: (score − 1) / 4 × 100."),
        _("A dimension’s stage is its score rounded down, but at most one above its lowest level rounded down."),
        _("The stage of the whole is the overall score rounded down, but at most one above its lowest dimension’s."),
        _("At worst: as if every “we don’t know” and every open question were a level 1."),
        _("Blind spots: “we don’t know” as a share of levels and “we don’t know”."),
        _("Gap: target less score, at least 0. A target nobody set goes by the stage of business: 3, 3, 4 or 4."),
        _("Importance is 1 to 5, and 3 where nobody set it. Priority: gap × importance."),
        _("Not scored because: not_applicable (no question applies)."),
        _("Not scored because: unknown (it would be scored if what nobody knows were known)."),
        _("Not scored because: too_few (too few levels)."),
        _("Figures are kept exact; one decimal is shown, and more where rounding would cross a stage’s boundary."),
    ]


class _CohortBook(Book):
    """A cohort's workbook in the making."""

    def __init__(self, facts: Facts, questionnaire: Questionnaire, now: datetime.datetime) -> None:
        super().__init__(facts.name, now)
        self.say: Say = wording.translations(facts.language).gettext
        self.words = questionnaire.wording(facts.language)
        self._told, self._questionnaire = facts, questionnaire

    def facts(self, counted: Sequence[tuple[str, int]]) -> None:
        """The first sheet: which cohort this is, and plainly whether it is made up."""
        _, told = self.say, self._told
        yes, no = _("yes"), _("no")
        lines: list[tuple[str, Cell]] = [
            (_("Cohort"), told.name),
            (_("Date"), told.date),
            (_("Questionnaire"), f"{self.words.title} ({self._questionnaire.id}, {self._questionnaire.edition})"),
            (_("Form"), self.words.forms[told.form].name),
            (_("Privacy"), _("confidential") if told.is_confidential else _("open")),
            (_("Joining and answering"), _("still going on") if told.is_open else _("closed")),
            (_("Default target"), told.default_target or _("by stage of business")),
            *counted,
            (_("Made up, to try things out"), yes if told.is_demo else no),
        ]
        sheet = self.sheet(_("Cohort"))
        sheet.set_column(0, 0, WIDE)
        sheet.set_column(1, 1, WIDEST)
        for place, (name, value) in enumerate(lines):
            sheet.write_string(place, 0, name, self.bold)
            self.write(sheet, place, 1, value)
        if told.is_demo:
            self.lines(
                _("Made up"),
                [_("These organisations do not exist. Their answers were made up to show what the product does.")],
            )

    def rows(self, name: str, heads: Mapping[str, str], body: Iterable[Mapping[str, Cell]]) -> None:
        """A table; where it names organisations, their names stay in sight."""
        self.table(name, heads, body, widths=TEXTS, stays=2 if "organisation" in heads else 1)

    def code_book(self) -> None:
        """Every question of the form: its words, where it stands, and which levels there are."""
        _, questionnaire = self.say, self._questionnaire
        frameworks = [self.words.frameworks[framework.id].one.capitalize() for framework in questionnaire.frameworks]
        heads = [_("Id"), _("Question"), *frameworks, *self.level_names(), _("In the pulse"), _("Source")]
        sheet = self.sheet(_("Code book"))
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.head)
            sheet.set_column(column, column, WIDE)
        pulse = questionnaire.forms["pulse"].questions if "pulse" in questionnaire.forms else ()
        for row, question in enumerate(questionnaire.in_form(self._told.form), 1):
            words = self.words.questions[question.id]
            crossing = [
                next(
                    (self.words.dimensions[id_].name for id_ in question.counts_for if id_ in framework.dimensions), ""
                )
                for framework in questionnaire.frameworks
            ]
            in_pulse = _("yes") if question.id in pulse else _("no")
            cells = [question.id, words.question, *crossing, *words.levels, in_pulse, question.source]
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, self.wrapped)
        sheet.freeze_panes(1, 1)

    def level_names(self) -> list[str]:
        """The levels, each with its number."""
        return [f"{level} {name}" for level, name in enumerate(self.words.levels, 1)]
