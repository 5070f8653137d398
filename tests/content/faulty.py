"""Broken questionnaires, and the lines that say what is wrong with each."""

import pytest

from tests.content.breaking import PLAN, STRUCTURE, WORDS, Broken, add, copy, cut, put, remove, write

LAST_LEVEL = '    - "We choose trees by it, and they thrive."\n'
LAST_STEP = '    - "Before the next tree, read the map."\n'
SIXTEEN_WORDS = '    - "one two three four five six seven eight nine ten eleven twelve 13 14 15 16"\n'
PULSE = "[plan.soil, care.trees]"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{inner}'] * 9)}]\n"
    for inner, name in zip("abcdefghijk", "bcdefghijkl", strict=True)
)

MISSING = [
    Broken(
        "a question without words in one of the languages",
        cut("sl/questions.yaml", r"^care\.tools:\n(  .*\n)+"),
        ["sl:care.tools: missing translation: no words for this question in sl"],
    ),
    Broken(
        "a language that has no folder",
        remove("sl"),
        ["questionnaire.yaml:languages: missing translation: there is no folder 'sl'"],
    ),
    Broken(
        "a folder for a language that is not named",
        copy("sl", "cs"),
        ["questionnaire.yaml:languages: does not name 'cs', which has a folder"],
    ),
    Broken(
        "a language without its general words",
        remove("sl/questionnaire.yaml"),
        ["sl/questionnaire.yaml:(file): missing translation: no such file"],
    ),
    Broken(
        "a dimension without a name in one of the languages",
        cut("sl/questionnaire.yaml", r"^  soil:\n(    .*\n)+"),
        ["sl/questionnaire.yaml:dimensions.soil: missing translation"],
    ),
    Broken(
        "a flag without a sentence",
        cut(WORDS, r"^  planted_in_sand:.*\n"),
        ["en/questionnaire.yaml:flags.planted_in_sand: missing translation"],
    ),
    Broken(
        "a source that nobody cites",
        cut(WORDS, r'^  "002":.*\n'),
        ["en/questionnaire.yaml:sources.002: missing translation"],
    ),
    Broken(
        "a question without its levels",
        cut(PLAN, r"(?<=fifty years\.\"\n)  levels:\n(    .*\n){5}"),
        ["en/plan.yaml:plan.soil.levels: missing"],
    ),
    Broken(
        "no structure above the words",
        remove(STRUCTURE),
        ["questionnaire.yaml:(file): missing: no such file, but the words of a language in a folder beside it"],
    ),
    Broken(
        "an edition without a name", cut(STRUCTURE, '^edition: "2026-1"\n'), ["questionnaire.yaml:edition: missing"]
    ),
    Broken(
        "a form without its minutes",
        cut(STRUCTURE, "^    minutes: 5\n"),
        ["questionnaire.yaml:forms.full.minutes: missing"],
    ),
    Broken(
        "a question without a source",
        cut(STRUCTURE, '(?<=\\[care\\]\n)    source: "002"\n'),
        ["questionnaire.yaml:questions.care.tools.source: missing"],
    ),
    Broken("no full form", cut(STRUCTURE, "^  full:\n(    .*\n)+"), ["questionnaire.yaml:forms.full: missing"]),
]

UNKNOWN = [
    Broken("a key of the structure", add(STRUCTURE, "colour: green\n"), ["questionnaire.yaml:colour: unknown key"]),
    Broken(
        "a key of a question in the structure",
        put(STRUCTURE, "    counts_for: [plan, soil]\n", "    counts_for: [plan, soil]\n    weight: 2\n"),
        ["questionnaire.yaml:questions.plan.soil.weight: unknown key"],
    ),
    Broken(
        "a key of a question's words",
        put(PLAN, "  why: ", '  hint: "Dig."\n  why: '),
        ["en/plan.yaml:plan.soil.hint: unknown key"],
    ),
    Broken("a key of the general words", add(WORDS, 'motto: "Grow."\n'), ["en/questionnaire.yaml:motto: unknown key"]),
    Broken(
        "words for a question that is not asked",
        add(PLAN, "plan.weather:\n  question: What comes?\n"),
        ["en/plan.yaml:plan.weather: unknown key: no question of this questionnaire"],
    ),
    Broken(
        "words for a dimension that is not there",
        put(
            WORDS, "  trees:\n", '  birds:\n    name: "Birds"\n    short: "Birds"\n    about: "They sing."\n  trees:\n'
        ),
        ["en/questionnaire.yaml:dimensions.birds: unknown key"],
    ),
    Broken(
        "the full form's questions, which are all of them",
        put(STRUCTURE, "    minutes: 5\n", "    minutes: 5\n    questions: [plan.soil]\n"),
        ["questionnaire.yaml:forms.full.questions: unknown key: the full form has every question"],
    ),
    Broken(
        "another form",
        put(
            STRUCTURE,
            "  pulse:\n",
            "  short:\n    minutes: 2\n    scored_from: 1\n    questions: [plan.soil]\n  pulse:\n",
        ),
        ["""questionnaire.yaml:forms.short: must be 'full' or 'pulse', not "short\""""],
    ),
    Broken(
        "a dimension that a question is to count for",
        put(STRUCTURE, "counts_for: [plan, soil]", "counts_for: [plan, soli]"),
        ["questionnaire.yaml:questions.plan.soil.counts_for: unknown dimension 'soli'"],
    ),
    Broken(
        "a question's source",
        put(STRUCTURE, 'source: "001"\n    steps', 'source: "003"\n    steps'),
        ["questionnaire.yaml:questions.plan.soil.source: unknown source '003'"],
    ),
    Broken(
        "a question of the pulse that the full form has not",
        put(STRUCTURE, PULSE, "[plan.soil, care.trees, care.birds]"),
        ["questionnaire.yaml:forms.pulse.questions: 'care.birds' is no question of the full form"],
    ),
    Broken(
        "a flag's question",
        put(STRUCTURE, "{plan.trees: 4}", "{plan.birds: 4}"),
        ["questionnaire.yaml:flags.planted_in_sand.at_least: unknown question 'plan.birds'"],
    ),
    Broken(
        "a flag's source",
        put(STRUCTURE, 'source: "002"\n    at_least', 'source: "003"\n    at_least'),
        ["questionnaire.yaml:flags.planted_in_sand.source: unknown source '003'"],
    ),
    Broken(
        "a step's effort",
        put(STRUCTURE, "effort: L", "effort: XL"),
        ["""questionnaire.yaml:questions.plan.soil.steps.4.effort: must be 'S', 'M' or 'L', not "XL\""""],
    ),
]

DOUBLE = [
    Broken(
        "a key",
        put(PLAN, "  why: ", '  why: "Roots."\n  why: '),
        ["en/plan.yaml:plan.soil.why: duplicate key (line 4)"],
    ),
    Broken(
        "a question in the structure",
        put(STRUCTURE, "  - id: plan.trees\n", "  - id: plan.soil\n"),
        ["questionnaire.yaml:questions: 'plan.soil' stands twice"],
    ),
    Broken(
        "a question's words in one file",
        add(PLAN, "plan.soil: again\n"),
        ["en/plan.yaml:plan.soil: duplicate key (line 30)"],
    ),
    Broken(
        "a question's words in two files",
        lambda edition: (edition / "en/more.yaml").write_text((edition / PLAN).read_text().split("plan.trees:")[0]),
        ["en/plan.yaml:plan.soil: duplicate id: stands in more.yaml too"],
    ),
    Broken(
        "a question in the pulse",
        put(STRUCTURE, PULSE, "[plan.soil, care.trees, plan.soil]"),
        ["questionnaire.yaml:forms.pulse.questions: 'plan.soil' stands twice"],
    ),
    Broken(
        "a language", put(STRUCTURE, "[en, sl]", "[en, sl, en]"), ["questionnaire.yaml:languages: 'en' stands twice"]
    ),
    Broken(
        "a source",
        put(STRUCTURE, '["001", "002"]', '["001", "002", "001"]'),
        ["questionnaire.yaml:sources: '001' stands twice"],
    ),
    Broken(
        "a framework", put(STRUCTURE, "id: ground", "id: work"), ["questionnaire.yaml:frameworks: 'work' stands twice"]
    ),
    Broken(
        "a dimension",
        put(STRUCTURE, "[soil, trees]", "[soil, trees, plan]"),
        ["questionnaire.yaml:frameworks.dimensions: 'plan' stands twice"],
    ),
    Broken(
        "a flag",
        put(
            STRUCTURE,
            "questions:\n  - id",
            '  - {id: planted_in_sand, source: "001", at_least: {plan.soil: 1}, any_at_most: {plan.soil: 1}}\n'
            "questions:\n  - id",
        ),
        ["questionnaire.yaml:flags: 'planted_in_sand' stands twice"],
    ),
    Broken(
        "a flag that every questionnaire has",
        put(STRUCTURE, "id: planted_in_sand", "id: blind_spot"),
        ["questionnaire.yaml:flags.blind_spot: a flag of this id has no rule; choose another id"],
    ),
    Broken(
        "a question in one framework",
        put(STRUCTURE, "counts_for: [plan, soil]", "counts_for: [plan, care]"),
        [
            "questionnaire.yaml:questions.plan.soil.counts_for: "
            "more than one dimension of 'work'; a question counts for one of each"
        ],
    ),
]

NUMBERS = [
    Broken(
        "six levels", put(PLAN, LAST_LEVEL, LAST_LEVEL * 2), ["en/plan.yaml:plan.soil.levels: needs 5 entries, has 6"]
    ),
    Broken("four levels", put(PLAN, LAST_LEVEL, ""), ["en/plan.yaml:plan.soil.levels: needs 5 entries, has 4"]),
    Broken(
        "two levels",
        cut(PLAN, r"(?<=one place\.\"\n)(    .*\n){3}"),
        ["en/plan.yaml:plan.soil.levels: needs 5 entries, has 2"],
    ),
    Broken(
        "three recommendations",
        put(PLAN, LAST_STEP, ""),
        ["en/plan.yaml:plan.soil.recommendations: needs 4 entries, has 3"],
    ),
    Broken(
        "five recommendations",
        put(PLAN, LAST_STEP, LAST_STEP * 2),
        ["en/plan.yaml:plan.soil.recommendations: needs 4 entries, has 5"],
    ),
    Broken(
        "three steps",
        cut(STRUCTURE, r"^      - \{effort: L, way: emotional\}\n"),
        ["questionnaire.yaml:questions.plan.soil.steps: needs 4 entries, has 3"],
    ),
    Broken(
        "a level of 16 words",
        put(PLAN, LAST_LEVEL, SIXTEEN_WORDS),
        ["en/plan.yaml:plan.soil.levels.5: 16 words; a level has at most 15"],
    ),
    Broken(
        "a title too long",
        put(WORDS, '"The orchard"', f'"{"o" * 61}"'),
        ["en/questionnaire.yaml:title: 61 characters; at most 60"],
    ),
    Broken("an empty level", put(PLAN, '"Nothing yet."', '" "'), ["en/plan.yaml:plan.soil.levels.1: is empty"]),
    Broken(
        "a question that counts for nothing",
        put(STRUCTURE, "[care]", "[]"),
        ["questionnaire.yaml:questions.care.tools.counts_for: needs 1 or more entries, has 0"],
    ),
    Broken(
        "an empty pulse",
        put(STRUCTURE, PULSE, "[]"),
        ["questionnaire.yaml:forms.pulse.questions: needs 1 or more entries, has 0"],
    ),
    Broken(
        "a pulse of every question",
        put(STRUCTURE, PULSE, "[plan.soil, plan.trees, care.soil, care.trees, care.tools]"),
        ["questionnaire.yaml:forms.pulse.questions: has every question; a pulse asks fewer than the full form"],
    ),
    Broken(
        "a dimension that no pulse can score",
        put(STRUCTURE, PULSE, "[plan.soil, care.soil]"),
        ["questionnaire.yaml:forms.pulse.scored_from: 1, but 'trees' has 0 of this form's questions"],
    ),
    Broken(
        "dimensions that no sitting can score",
        put(STRUCTURE, "scored_from: 2", "scored_from: 3"),
        [
            f"questionnaire.yaml:forms.full.scored_from: 3, but {dimension!r} has 2 of this form's questions"
            for dimension in ("plan", "soil", "trees")
        ],
    ),
    Broken(
        "a level 7",
        put(STRUCTURE, "{plan.trees: 4}", "{plan.trees: 7}"),
        ["questionnaire.yaml:flags.planted_in_sand.at_least.plan.trees: must be 5 or less, not 7"],
    ),
    Broken(
        "no minutes",
        put(STRUCTURE, "minutes: 5", "minutes: 0"),
        ["questionnaire.yaml:forms.full.minutes: must be 1 or more, not 0"],
    ),
    Broken(
        "minutes and a half",
        put(STRUCTURE, "minutes: 5", "minutes: 5.5"),
        ["questionnaire.yaml:forms.full.minutes: must be a whole number, not 5.5"],
    ),
    Broken(
        "an edition that is read as a number",
        put(STRUCTURE, '"2026-1"', "2026.10"),
        ["questionnaire.yaml:edition: is read as 2026.1 and must be text: put it in quotes"],
    ),
    Broken(
        "a source that is read as a number",
        put(STRUCTURE, '["001", "002"]', "[001, 002]"),
        [
            "questionnaire.yaml:sources.1: is read as 1 and must be text: put it in quotes",
            "questionnaire.yaml:sources.2: is read as 2 and must be text: put it in quotes",
        ],
    ),
    Broken(
        "a key that is read as a number",
        put(WORDS, '"001": ', "001: "),
        ["en/questionnaire.yaml:sources.001: this key is not read as text: put it in quotes (line 49)"],
    ),
]

WORDING = [
    Broken(
        "a level that is left empty", put(PLAN, '"Nothing yet."', ""), ["en/plan.yaml:plan.soil.levels.1: is empty"]
    ),
    Broken(
        "a level with a colon and without quotes",
        put(PLAN, '"Nothing yet."', "Nothing: we wait"),
        ["en/plan.yaml:plan.soil.levels.1: must be text: a text with a colon needs quotes around it"],
    ),
    Broken(
        "one sentence instead of a list",
        put(STRUCTURE, "counts_for: [care]", "counts_for: care"),
        ['questionnaire.yaml:questions.care.tools.counts_for: must be a list, not "care"'],
    ),
    Broken(
        "one sentence instead of a question's words",
        write("sl/questions.yaml", "plan.soil: Kaj veste?\n"),
        ['sl/questions.yaml:plan.soil: must have keys of its own, not "Kaj veste?"'],
    ),
    Broken(
        "an id in capitals",
        put(STRUCTURE, "id: orchard", "id: Orchard"),
        ['questionnaire.yaml:id: must be lower-case letters, digits, - and _, beginning with a letter, not "Orchard"'],
    ),
    Broken(
        "a question's id in capitals",
        put(STRUCTURE, "id: care.tools", "id: Care.tools"),
        [
            "questionnaire.yaml:questions.Care.tools.id: must be parts of lower-case letters, digits, - and _, "
            'each from a letter on, joined by dots, not "Care.tools"'
        ],
    ),
    Broken(
        "a language's code with a country",
        put(STRUCTURE, "[en, sl]", "[en, sl-SI]"),
        ['questionnaire.yaml:languages.2: must be a language\'s code of two or three lower-case letters, not "sl-SI"'],
    ),
    Broken(
        "a translated place for the dimension's name",
        put("sl/questionnaire.yaml", "{dimension}", "{razsežnost}"),
        ["sl/questionnaire.yaml:flags.blind_spot: lacks {dimension}, where the dimension's name is put in"],
    ),
]

FILES = [
    Broken("an empty file", write(PLAN, ""), ["en/plan.yaml:(file): must be a mapping of question ids"]),
    Broken("a list", write(STRUCTURE, "- a\n- b\n"), ["questionnaire.yaml:(file): must be a mapping of keys"]),
    Broken(
        "an alias",
        put(PLAN, '  why: "Trees stand in it for fifty years."', "  why: *roots"),
        ["en/plan.yaml:line 3: an alias or anchor (&roots, *roots): not allowed; write it out"],
    ),
    Broken(
        "an anchor",
        put(PLAN, '  why: "', '  why: &roots "'),
        ["en/plan.yaml:line 3: an alias or anchor (&roots, *roots): not allowed; write it out"],
    ),
    Broken(
        "a billion laughs",
        write(PLAN, BOMB),
        ["en/plan.yaml:line 1: an alias or anchor (&a, *a): not allowed; write it out"],
    ),
    Broken(
        "a tag that would run a program",
        write(PLAN, "plan.soil: !!python/object/apply:os.system [exit]\n"),
        [
            "en/plan.yaml:line 1: a tag (tag:yaml.org,2002:python/object/apply:os.system): not allowed; "
            "put quotes around a text that begins with !"
        ],
    ),
    Broken(
        "nesting of 21",
        write(PLAN, f"plan.soil: {'[' * 20}{']' * 20}\n"),
        ["en/plan.yaml:line 1: nested deeper than 20 levels"],
    ),
    Broken("nesting without an end", write(PLAN, "[" * 200_000), ["en/plan.yaml:line 1: nested deeper than 20 levels"]),
    Broken(
        "nesting by lines",
        write(PLAN, "".join(f"{' ' * depth}a:\n" for depth in range(600))),
        ["en/plan.yaml:line 21: nested deeper than 20 levels"],
    ),
    Broken(
        "a list without an end",
        write(PLAN, "plan.soil: [" + "x," * 100_000 + "x]"),
        ["en/plan.yaml:line 1: more than 20000 entries in one file"],
    ),
    Broken("257 KiB", write(PLAN, "#" * 257 * 1024), ["en/plan.yaml:(file): 263168 bytes; a file has at most 262144"]),
    Broken(
        "no UTF-8", write(PLAN, "plan.soil: žaga\n".encode("cp1250")), ["en/plan.yaml:(file): not UTF-8 at byte 11"]
    ),
    Broken("UTF-16", write(PLAN, "plan.soil: žaga\n".encode("utf-16")), ["en/plan.yaml:(file): not UTF-8 at byte 0"]),
    Broken(
        "a character of control",
        put(PLAN, "Nothing yet.", "Nothing\x07yet."),
        ["en/plan.yaml:line 5: a character that cannot be shown: U+0007"],
    ),
    Broken(
        "a character of control, spelled out",
        put(PLAN, "Nothing yet.", r"Nothing\0yet."),
        ["en/plan.yaml:line 5: a character that cannot be shown: U+0000"],
    ),
    Broken(
        "half a character",
        put(PLAN, "Nothing yet.", r"Nothing\ud800yet."),
        ["en/plan.yaml:line 5: a character that cannot be shown: U+D800"],
    ),
    Broken(
        "a number of 5,000 digits",
        put(STRUCTURE, "minutes: 5", f"minutes: {'5' * 5000}"),
        ["questionnaire.yaml:(file): has a number with too many digits"],
    ),
    Broken(
        "a tab",
        put(PLAN, "  why", "\twhy"),
        [
            "en/plan.yaml:line 3: not YAML: found character '\\t' that cannot start any token "
            "(indent with spaces, and put quotes around a text that begins with a sign)"
        ],
    ),
    Broken(
        "a colon inside a text without quotes",
        put(PLAN, '"What do you know about your soil?"', "What do you know: your soil?"),
        [
            "en/plan.yaml:line 2: not YAML: mapping values are not allowed here "
            "(a text with a colon needs quotes around it)"
        ],
    ),
    Broken(
        "a quote that is not closed",
        put(PLAN, 'your soil?"', "your soil?"),
        [
            "en/plan.yaml:line 3: not YAML: expected <block end>, but found '<scalar>' "
            "(look for a quote that is not closed or a line that is indented otherwise)"
        ],
    ),
    Broken(
        "two documents",
        add(PLAN, "---\nplan.soil: again\n"),
        [
            "en/plan.yaml:line 30: not YAML: but found another document "
            "(a file holds one document, so without a line of ---)"
        ],
    ),
    Broken(
        "a key on two lines",
        write(PLAN, '"plan\\nsoil": x\n'),
        [r"en/plan.yaml:plan\u000asoil: unknown key: no question of this questionnaire"],
    ),
]

EVERY = [
    pytest.param(broken, id=f"{kind}: {broken.name}")
    for kind, cases in {
        "missing": MISSING,
        "unknown": UNKNOWN,
        "twice": DOUBLE,
        "numbers": NUMBERS,
        "words": WORDING,
        "files": FILES,
    }.items()
    for broken in cases
]
