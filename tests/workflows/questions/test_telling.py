"""Conditions and differences in the reader's words."""

import pytest

from tests.workflows.questions.test_checking import SOUND
from workflows.questions import comparing, telling
from workflows.questions.conditions import parse
from workflows.questions.making import make
from workflows.questions.reading import read


def sound() -> dict:
    return read(SOUND, "sound.yaml").document


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("type in (research, guest)", "the kind of cooperation: {guest} or {research}"),
        ("funder in (named)", "the funder: named"),
        ("agreement not in (any)", "an agreement on the case: anything but any"),
        (
            "funder in (named) and (type in (guest) or agreement in (any))",
            "the funder: named; and (the kind of cooperation: {guest}; or "
            "an agreement on the case: any)",
        ),
    ],
)
def test_a_condition_on_the_case_reads_as_a_sentence(condition, sentence):
    names = {"guest": "Guest or recruitment", "research": "Research"}

    told = telling.condition(parse(condition), make(sound()))

    assert told == sentence.format(**names)


def test_a_condition_names_the_question_and_its_answers():
    made = make(sound())
    question = made.by_code["EXP-1"]
    first, second = question.options[:2]

    told = telling.condition(parse(f"EXP-1 in ({second.code}, {first.code})"), made)

    assert told == f"“{question.text}” (EXP-1): {first.text} or {second.text}"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("text.nb", "Text (bokmål)"),
        ("options.yes.text.nn", "Answer “yes”: Text (nynorsk)"),
        ("options.yes.level", "Answer “yes”: Level"),
        ("fields.end-date.kind", "Fact “end-date”: Kind"),
        ("if_topics.count", "Topics: Number"),
        ("something", "something"),
    ],
)
def test_the_name_of_a_value_reads_as_words(name, label):
    assert telling.name(name) == label


def test_a_side_from_which_nothing_differs_is_left_out():
    old, new = sound(), sound()
    new["topics"][0]["questions"][0]["text"]["en"] += " Really?"

    (change,) = (
        telling.change(found, make(old), make(new))
        for found in comparing.compare(old, new)
    )
    (line,) = change.lines

    assert (change.kind, change.what, change.code) == ("changed", "Question", "EXP-1")
    assert line.old == ()
    assert [words.text for words in line.new if words.is_marked] == ["Really?"]
