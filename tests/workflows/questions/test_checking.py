"""One small sound pack, and everything that can be wrong with it, told by its line."""

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from workflows.questions import pack
from workflows.questions.checking import check
from workflows.questions.forbidden import FORBIDDEN, plain
from workflows.questions.reading import read

SOUND = (Path(__file__).parent / "sound.yaml").read_text(encoding="utf-8")


def told(text: str) -> list[str]:
    found = read(text, "sound.yaml")
    return [str(fault) for fault in check(found.document, found.lines, "sound.yaml")]


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) == 1, "a change is made in one place"
    return SOUND.replace(old, new)


def test_sound_pack_has_no_fault_and_can_be_made():
    document = read(SOUND, "sound.yaml").document

    assert check(document) == []
    assert [question.code for question in pack.make(document)] == [
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
        "line 50: Question EXP-2 stands here twice. "
        "Give one of the two another code.",
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
        "line 25: Role S-HR is not known here. "
        "Write the code of a role of this pack.",
    ),
    (
        "cleared_by: [S-EC]",
        "cleared_by: [S-LEG]",
        "line 12: Role S-LEG is not known here. "
        "Write the code of a role of this pack.",
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
        "line 42: Question EXP-2 has less than two options. "
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
        "line 63: Question CTY-1 has less than two options. "
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

FOLLOW_UP = "show_if: EXP-1 not in (no)"
CONDITIONS = [
    (
        FOLLOW_UP,
        "show_if: EXP-1 not (no)",
        "line 41: The condition cannot be read: “(” stands where “in” is expected. "
        "Write it like “EXP-1 in (yes, unsure) and TEC-1 not in (no)”.",
    ),
    (
        FOLLOW_UP,
        f"show_if: {'(' * 11}EXP-1 in (yes){')' * 11}",
        "line 41: The condition cannot be read: it is too long or too deep. "
        "Write it like “EXP-1 in (yes, unsure) and TEC-1 not in (no)”.",
    ),
    (
        FOLLOW_UP,
        "show_if: EXP-7 in (no)",
        "line 41: Question EXP-7 is not known here. "
        "Write the code of a question of this pack, or take the condition out.",
    ),
    (
        FOLLOW_UP,
        "show_if: weather in (fine)",
        "line 41: Question weather is not known here. "
        "Write the code of a question of this pack, or take the condition out.",
    ),
    (
        "and CTY-1 in (named)",
        "and CTY-2 in (named)",
        "line 14: Question CTY-2 is not known here. "
        "Write the code of a question of this pack, or take the rule out.",
    ),
    (
        FOLLOW_UP,
        "show_if: EXP-1 in (maybe)",
        "line 41: EXP-1 has no answer “maybe”. "
        "Write one of: no, possibly, unsure, yes.",
    ),
    (
        "type in (research)",
        "type in (travel)",
        "line 54: type has no answer “travel”. "
        "Write one of: education, framework, guest, innovation, research.",
    ),
    (
        FOLLOW_UP,
        "show_if: EXP-3 in (vague)",
        "line 41: Follow-ups wait for one another: EXP-2 → EXP-3 → EXP-2. "
        "Take one of their conditions out.\n"
        "line 41: EXP-3 has no answer “vague”. "
        "It has none to choose; take the condition out.",
    ),
    (
        FOLLOW_UP,
        "show_if: EXP-2 in (parts)",
        "line 41: Follow-ups wait for one another: EXP-2 → EXP-2. "
        "Take one of their conditions out.",
    ),
    (
        FOLLOW_UP,
        "show_if: EXP-1 in (no, possibly, yes)",
        "line 41: EXP-2 disappears when EXP-1 is answered more riskily (unsure). "
        "Let the condition hold for every riskier answer as well.",
    ),
    (
        FOLLOW_UP,
        "show_if: EXP-1 not in (yes, unsure)",
        "line 41: EXP-2 disappears when EXP-1 is answered more riskily (yes, unsure). "
        "Let the condition hold for every riskier answer as well.",
    ),
    (
        "if: CTY-1 in (named) and EXP-1 in (no)",
        "if: CTY-1 in (named) and EXP-1 in (no), propose: high",
        "line 16: Rule K10 disappears when EXP-1 is answered more riskily "
        "(possibly, yes, unsure). "
        "Let the condition hold for every riskier answer as well.",
    ),
    (
        "EXP-2 in (parts) and",
        "EXP-2 not in (parts) and",
        "line 54: EXP-3 disappears when EXP-2 is answered more riskily (parts). "
        "Let the condition hold for every riskier answer as well.",
    ),
    (
        "        moments: [planning, exit]\n        case_types: [research, framework]",
        "        moments: [exit]\n        case_types: [research, framework]",
        "line 54: EXP-2 is never asked together with EXP-3. "
        "Let them share a moment and a case type.",
    ),
    (
        FOLLOW_UP,
        "show_if: EXP-1 not in (no) and type in (guest)",
        "line 41: The condition of EXP-2 can never hold. "
        "Its questions must share a moment and a case type.",
    ),
    (
        'if: "EXP-1 in (possibly, yes, unsure) and CTY-1 in (named)"',
        'if: "EXP-2 in (parts) and type in (guest)"',
        "line 14: The condition of K1 can never hold. "
        "Its questions must share a moment and a case type.",
    ),
    (
        "and CTY-1 in (named)",
        "or CTY-1 in (named)",
        "line 14: Rule K1 would decide on the country alone (K10). "
        "Join it with an answer about the cooperation or the partner.",
    ),
]

PERSONS = [
    (
        'en: "Which parts?"',
        'en: "Which Nationalities take part?"',
        "line 38: Question EXP-2 asks for what may not be asked (“nationalit”). "
        "Take it out: nobody is assessed by nationality, ethnicity, religion, "
        "birthplace or opinions.",
    ),
    (
        "{code: end-date, text: {en: Until, nb: Til, nn: Til}",
        "{code: birth-place, text: {en: Until, nb: Til, nn: Fødestad}",
        "line 46: Field birth-place of EXP-2 asks for what may not be asked "
        "(“birth place”). Take it out: nobody is assessed by nationality, ethnicity, "
        "religion, birthplace or opinions.\n"
        "line 46: Field birth-place of EXP-2 asks for what may not be asked "
        "(“fødestad”). Take it out: nobody is assessed by nationality, ethnicity, "
        "religion, birthplace or opinions.",
    ),
    (
        "title: {en: Country, nb: Land",
        "title: {en: Country, nb: Opprinnelsesland",
        "line 60: Topic CTY asks for what may not be asked (“opprinnelsesland”). "
        "Take it out: nobody is assessed by nationality, ethnicity, religion, "
        "birthplace or opinions.",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [*SHAPE, *NAMES, *ANSWERS, *EFFECTS, *CONDITIONS, *PERSONS],
)
def test_fault_is_told_with_its_line_and_what_to_do(old, new, sentence):
    sentences = [f"sound.yaml, {each}" for each in sentence.split("\n")]

    assert told(changed(old, new)) == sentences
