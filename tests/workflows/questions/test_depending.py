"""What a pack may not make depend on what, told by its line."""

import pytest

from tests.workflows.questions.faulty import FOLLOW_UP, changed, lines_of, told
from workflows.questions import conditions, depending

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


@pytest.mark.parametrize(("old", "new", "sentence"), CONDITIONS)
def test_fault_is_told_with_its_line_and_what_to_do(old, new, sentence):
    assert told(changed(old, new)) == lines_of(sentence)


def test_circle_of_three_is_told_once_and_names_each_step():
    text = changed(FOLLOW_UP, "show_if: CTY-1 in (named)")
    text = text.replace(
        "        country_fact: true",
        "        show_if: EXP-3 in (vague)\n        country_fact: true",
    )

    assert [sentence for sentence in told(text) if "wait for" in sentence] == [
        "sound.yaml, line 41: Follow-ups wait for one another: "
        "EXP-2 → CTY-1 → EXP-3 → EXP-2. Take one of their conditions out."
    ]


def test_rule_that_only_explains_may_name_harmless_answers_and_a_country_alone():
    text = changed("if: CTY-1 in (named) and EXP-1 in (no)", "if: CTY-1 in (named)")

    assert told(text) == []


@pytest.mark.parametrize(
    "condition",
    [
        "CTY-1 in (named) or CTY-1 not in (no)",
        "EXP-1 in (yes) and CTY-1 in (named) or CTY-1 in (named)",
        "(EXP-1 in (yes) or CTY-1 in (named)) and CTY-1 in (named)",
    ],
)
def test_no_disguise_lets_the_country_decide(condition):
    old = "EXP-1 in (possibly, yes, unsure) and CTY-1 in (named)"

    (sentence,) = told(changed(old, condition))

    assert sentence.startswith("sound.yaml, line 14: Rule K1 would decide")


def test_facts_that_a_condition_may_name_have_values():
    assert depending.FACT_VALUES.keys() == conditions.FACTS.keys()
