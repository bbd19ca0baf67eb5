"""Everything that can be wrong with a pack, told by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.questions.faulty import FOLLOW_UP, SOUND, changed, lines_of, told
from workflows.questions.checking import check
from workflows.questions.making import make
from workflows.questions.reading import read


def test_sound_pack_has_no_fault_and_can_be_made():
    document = read(SOUND, "sound.yaml").document

    assert check(document) == []
    assert [question.code for question in make(document)] == [
        *("EXP-1", "EXP-2", "EXP-3", "CTY-1"),
    ]


# What is changed in the text, and the whole sentence that comes of it.
SHAPE = [
    (
        'version: "2026.1"',
        'version: "2026.1"\nauthor: me',
        "line 2: The pack has a key “author” that is not known here. Write one of: "
        "version, roles, topics, name, licence, sources, actions, rules.",
    ),
    (
        'version: "2026.1"',
        "version: 2026",
        "line 1: The pack: “version” has not the right form. Write a text.",
    ),
    (
        'version: "2026.1"',
        "version: the twenty-first of them",
        "line 1: The pack: “version” has not the right form. "
        "Write a text of at most 20 characters.",
    ),
    (
        "  A: {en: Academic, nb: Fagperson, nn: Fagperson}",
        "  A: {en: Academic, nb: Fagperson}",
        "line 4: Role A has no “name” in nynorsk. "
        "Write it; every text stands in all three languages.",
    ),
    (
        'nb: "Hvilke deler?"',
        'nb: " "',
        "line 38: Question EXP-2 has no “text” in bokmål. "
        "Write it; every text stands in all three languages.",
    ),
    (
        'en: "Which parts?", nb: "Hvilke deler?", nn: "Kva delar?"',
        'en: "Which parts?", nb: "Hvilke deler?", no: "Kva delar?"',
        "line 38: Question EXP-2 has a key “no” that is not known here. "
        "Write one of: en, nb, nn.\n"
        "line 38: Question EXP-2 has no “text” in nynorsk. "
        "Write it; every text stands in all three languages.",
    ),
    (
        "{en: Unsure, nb: Usikker, nn: Usikker}",
        "{nb: Usikker, nn: Usikker}",
        "line 30: Option unsure of EXP-1 has no “text” in English. "
        "Write it; every text stands in all three languages.",
    ),
    (
        'text: {en: "Which parts?", nb: "Hvilke deler?", nn: "Kva delar?"}',
        "text: Which parts",
        "line 38: Question EXP-2: “text” has not the right form. "
        "Write a text in each language (en, nb, nn).",
    ),
    (
        "nn: Kanskje}, level: low}",
        "nn: Kanskje}, level: lowest}",
        "line 28: Option possibly of EXP-1: “level” cannot be “lowest”. "
        "Write one of: low, medium, high, critical.",
    ),
    (
        "kind: date}",
        "kind: time}",
        "line 46: Field end-date of EXP-2: “kind” cannot be “time”. "
        "Write one of: text, long, date, number.",
    ),
    (
        "moments: [planning, exit]",
        "moments: [planning, later]",
        "line 55: Question EXP-3: “moments” cannot be “later”. "
        "Write one of: planning, midway, exit.",
    ),
    (
        "case_types: [research, framework]",
        "case_types: research",
        "line 56: Question EXP-3: “case_types” has not the right form. Write a list.",
    ),
    (
        "case_types: [research, framework]",
        "case_types: []",
        "line 56: Question EXP-3: “case_types” has not the right form. "
        "Write a list with at least one entry.",
    ),
    (
        "        off: true\n",
        "        off: yes\n",
        "line 57: Question EXP-3: “off” has not the right form. Write true or false.",
    ),
    (
        "days: 10",
        "days: 0",
        "line 10: Action A-EC: “days” has not the right form. "
        "Write a whole number above zero.",
    ),
    (
        '{title: Export regulations, address: "https://example.no", edition: "2024"}',
        "[Export regulations]",
        "line 7: The pack: “sources” has not the right form. Write a group of keys.",
    ),
    (
        "          - {code: none, text: *no}",
        "          - none",
        "line 43: Question EXP-2: “options” has not the right form. "
        "Write a group of keys.",
    ),
    (
        "        who: A\n        kind: several\n",
        "        kind: several\n",
        "line 37: Question EXP-2 has no “who”. Write it.",
    ),
    (
        "{level: medium, count: 2}",
        "{level: medium}",
        "line 15: Rule K9 has no “count”. Write it.",
    ),
]

NAMES = [
    (
        "code: EXP-3",
        "code: EXP-2",
        "line 50: Question EXP-2 stands here twice. Give one of the two another code.",
    ),
    (
        "{code: parts, text: *yes",
        "{code: none, text: *yes",
        "line 44: Option none of EXP-2 stands here twice. "
        "Give one of the two another code.\n"
        "line 54: EXP-2 has no answer “parts”. Write one of: none.",
    ),
    (
        "code: EXP-3",
        "code: EXP3",
        "line 50: Question EXP3: the code has not the right form. "
        "Write it like “EXP-1”.\n"
        "line 50: Question EXP3 stands in topic EXP. "
        "Begin its code with “EXP-”, or move it.",
    ),
    (
        "code: EXP-3",
        "code: CTY-3",
        "line 50: Question CTY-3 stands in topic EXP. "
        "Begin its code with “EXP-”, or move it.",
    ),
    (
        "code: K9",
        "code: R9",
        "line 15: Rule R9: the code has not the right form. Write it like “K1”.",
    ),
    (
        "code: end-date",
        "code: end date",
        "line 46: Field end date of EXP-2: the code has not the right form. "
        "Write it like “end-date”.",
    ),
    (
        "  A: {en: Academic",
        "  B: {en: Reader, nb: Leser, nn: Lesar}\n  A: {en: Academic",
        "line 4: Role B cannot be held by anyone. Write one of: A, M, S-EC, S-SEC, "
        "S-IS, S-DPO, S-LEG, S-ETH, S-HR, S-FIN.",
    ),
    (
        "confirmed_by: [S-EC]",
        "confirmed_by: [S-HR]",
        "line 25: Role S-HR is not known here. Write the code of a role of this pack.",
    ),
    (
        "cleared_by: [S-EC]",
        "cleared_by: [S-LEG]",
        "line 12: Role S-LEG is not known here. Write the code of a role of this pack.",
    ),
    (
        "actions: [A-EC, G-LIC]",
        "actions: [A-EC, G-SAN]",
        "line 35: Action G-SAN is not known here. "
        "Write the code of an action of this pack.",
    ),
    (
        "actions: [A-EC], requires: [EXP-2]",
        "actions: [A-IS], requires: [EXP-9]",
        "line 14: Action A-IS is not known here. "
        "Write the code of an action of this pack.\n"
        "line 14: Question EXP-9 is not known here. "
        "Write the code of a question of this pack, or take the rule out.",
    ),
    (
        "        off: true\n        sources: [LAW]",
        "        off: true\n        sources: [LORE]",
        "line 58: Source LORE is not known here. "
        "Write the key of a source of this pack.",
    ),
]

ANSWERS = [
    (
        "          - {code: parts, text: *yes, level: medium, stored_as: none}\n",
        "",
        "line 42: Question EXP-2 has fewer than two options. "
        "Write two or more, or make it a question of kind “text”.\n"
        "line 53: EXP-2 has no answer “parts”. Write one of: none.",
    ),
    (
        "        options:\n          - {code: no, text: *no}\n"
        "          - {code: named, text: *yes, level: medium}\n",
        "",
        "line 14: CTY-1 has no answer “named”. "
        "It has none to choose; take the condition out.\n"
        "line 16: CTY-1 has no answer “named”. "
        "It has none to choose; take the condition out.\n"
        "line 63: Question CTY-1 has fewer than two options. "
        "Write two or more, or make it a question of kind “text”.",
    ),
    (
        "{code: none, text: *no}",
        "{code: none, text: *no, level: low}",
        "line 42: Question EXP-2 has no harmless option. "
        "Leave the level out of one of them.",
    ),
    (
        "level: medium, unsure: true",
        "unsure: true",
        "line 30: Option unsure of EXP-1 is unsure, and yet harmless. Give it a level.",
    ),
    (
        "stored_as: none",
        "stored_as: nothing",
        "line 44: Option parts of EXP-2 is stored as “nothing”, which is no option. "
        "Write one of: none, parts.",
    ),
]

EFFECTS = [
    (
        "role: S-EC, days: 10, ",
        "",
        "line 9: Action A-EC (assign) has no “role”. Write it.\n"
        "line 9: Action A-EC (assign) has no “days”. Write it.",
    ),
    (
        "blocks: approval, ",
        "",
        "line 11: Action G-LIC (gate) has no “blocks”. Write it.",
    ),
    (
        "if_topics: {level: medium, count: 2}, ",
        "",
        "line 15: Rule K9 has not just one condition. "
        "Write either “if” or “if_topics”.",
    ),
    (
        "count: 2}, propose: high",
        "count: 2}, raise_to: high",
        "line 15: Rule K9 cannot raise the risk here. "
        "Leave “raise_to” out; a rule on topics only proposes.",
    ),
    (
        "raise_to: high, actions",
        "raise_to: high, propose: critical, actions",
        "line 14: Rule K1 cannot raise the risk here. "
        "Write either “raise_to” or “propose”.",
    ),
    (
        "        core: true\n",
        "",
        "line 33: Question EXP-1 is in the quick screen but not in the core. "
        "Write “core: true”.",
    ),
    (
        "        off: true\n",
        "",
        "line 17: The quick screen asks nothing of the case type “framework”. "
        "Write “screen: true” at a question that it is asked.",
    ),
    (
        "country_fact: true",
        "country_fact: false",
        "line 72: Question CTY-1 is filled in from facts about a country. "
        "Write “country_fact: true”.",
    ),
]

FAULTS = [*SHAPE, *NAMES, *ANSWERS, *EFFECTS]


@pytest.mark.parametrize(("old", "new", "sentence"), FAULTS)
def test_fault_is_told_with_its_line_and_what_to_do(old, new, sentence):
    assert told(changed(old, new)) == lines_of(sentence)


def test_everything_is_told_at_once_in_the_order_of_the_lines():
    text = SOUND.replace("who: A\n        kind", "who: B\n        kind")
    text = text.replace("kind: assign", "kind: order").replace("[LAW]", "[LORE]")

    assert [sentence.split(":")[0] for sentence in told(text)] == [
        f"sound.yaml, line {number}" for number in (10, 36, 39, 49, 58, 73)
    ]


def test_missing_translation_does_not_hide_what_else_is_wrong_with_the_question():
    text = changed('nb: "Hvilke deler?", ', "").replace(
        FOLLOW_UP, "show_if: EXP-8 in (no)"
    )

    assert [sentence.split(".")[1] for sentence in told(text)] == [
        "yaml, line 38: Question EXP-2 has no “text” in bokmål",
        "yaml, line 41: Question EXP-8 is not known here",
    ]


def test_without_lines_a_fault_says_in_which_question_or_rule_it_stands():
    document = read(changed(FOLLOW_UP, "show_if: EXP-8 in (no)"), "x").document

    (fault,) = check(document)

    assert str(fault) == (
        "pack, Question EXP-2: Question EXP-8 is not known here. "
        "Write the code of a question of this pack, or take the condition out."
    )
    assert fault.line is None


def spots(value, path=()):
    """Every place in a document below its root."""
    for key, each in (
        (value.items() if isinstance(value, dict) else enumerate(value))
        if isinstance(value, dict | list)
        else ()
    ):
        yield (*path, key)
        yield from spots(each, (*path, key))


DOCUMENT = read(SOUND, "sound.yaml").document
SPOTS = list(spots(DOCUMENT))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["code", "en", "text", "if", "options", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def put(value, path, new):
    """The document with something else in one place."""
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


@given(st.sampled_from(SPOTS), ANYTHING)
def test_whatever_stands_somewhere_is_told_or_can_be_made(spot, anything):
    document = put(DOCUMENT, spot, anything)

    if not check(document):
        make(document)


@given(st.dictionaries(st.sampled_from(list(DOCUMENT)), ANYTHING))
def test_no_document_is_too_strange_to_be_checked(document):
    assert check(document)
