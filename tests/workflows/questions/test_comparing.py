import copy
from pathlib import Path

import pytest

from workflows.questions.comparing import (
    Change,
    FieldChange,
    changed_questions,
    compare,
)
from workflows.questions.making import make
from workflows.questions.reading import read

SOUND = (Path(__file__).parent / "sound.yaml").read_text(encoding="utf-8")
OLD = read(SOUND, "sound.yaml").document


@pytest.fixture
def new():
    return copy.deepcopy(OLD)


def question(document, code):
    questions = [each for topic in document["topics"] for each in topic["questions"]]
    return next(each for each in questions if each["code"] == code)


def test_same_pack_has_no_changes(new):
    assert compare(OLD, new) == []


def test_each_changed_value_is_named_with_what_it_was_and_is(new):
    changed = question(new, "EXP-1")
    changed["text"]["nb"] = "Er det hemmelig?"
    changed["options"][1]["level"] = "medium"
    changed["moments"] = ["planning"]
    changed["core"] = False
    del changed["help"]

    assert compare(OLD, new) == [
        Change(
            "changed",
            "question",
            "EXP-1",
            (
                FieldChange("text.nb", "Er det følsomt?", "Er det hemmelig?"),
                FieldChange("options.possibly.level", "low", "medium"),
                FieldChange("moments", "planning, midway", "planning"),
                FieldChange("core", "true", "false"),
                FieldChange("help.en", "Look it up.", ""),
                FieldChange("help.nb", "Slå det opp.", ""),
                FieldChange("help.nn", "Slå det opp.", ""),
            ),
        )
    ]


def test_new_and_lost_options_and_their_order_are_told(new):
    options = question(new, "EXP-2")["options"]
    options[1]["code"] = "some"

    (change,) = compare(OLD, new)

    assert [(field.name, field.old, field.new) for field in change.fields] == [
        ("options", "none, parts", "none, some"),
        *((f"options.some.text.{code}", "", text) for code, text in YES.items()),
        ("options.some.level", "", "medium"),
        ("options.some.stored_as", "", "none"),
        *((f"options.parts.text.{code}", text, "") for code, text in YES.items()),
        ("options.parts.level", "medium", ""),
        ("options.parts.stored_as", "none", ""),
    ]


YES = {"en": "Yes", "nb": "Ja", "nn": "Ja"}


def test_changes_come_in_the_order_of_the_new_pack_and_what_is_gone_last(new):
    new["topics"].reverse()
    new["topics"][0]["title"]["en"] = "Land"
    new["topics"][1]["questions"].pop(1)
    new["topics"][1]["questions"].append(
        {**question(OLD, "EXP-2"), "code": "EXP-4", "kind": "one"}
    )
    new["actions"]["A-EC"]["days"] = 5
    new["actions"]["A-IS"] = new["actions"].pop("G-LIC")
    new["rules"] = [{**new["rules"][0], "code": "K2"}, *new["rules"][1:]]

    assert [(each.kind, each.what, each.code) for each in compare(OLD, new)] == [
        ("changed", "topic", "CTY"),
        ("added", "question", "EXP-4"),
        ("changed", "action", "A-EC"),
        ("added", "action", "A-IS"),
        ("added", "rule", "K2"),
        ("removed", "question", "EXP-2"),
        ("removed", "action", "G-LIC"),
        ("removed", "rule", "K1"),
    ]


def test_of_what_is_new_or_gone_every_value_is_told(new):
    gone = new["rules"].pop(0)

    (removed,), (added,) = compare(OLD, new), compare(new, OLD)

    assert [(field.name, field.old) for field in removed.fields] == [
        ("text.en", "Both"),
        ("text.nb", "Begge"),
        ("text.nn", "Begge"),
        ("if", gone["if"]),
        ("raise_to", "high"),
        ("actions", "A-EC"),
        ("requires", "EXP-2"),
    ]
    assert added.fields == tuple(
        FieldChange(field.name, "", field.old) for field in removed.fields
    )


def change_text(told):
    told["text"]["en"] = "Which of the parts?"


def change_kind(told):
    told["kind"] = "one"


def change_level(told):
    told["options"][1]["level"] = "high"


def change_option(told):
    told["options"][1]["code"] = "some"


def add_field(told):
    told["fields"].append({"code": "who", "text": YES})


def change_field(told):
    told["fields"][0]["kind"] = "text"


def ask_rows(told):
    told["rows"] = True


@pytest.mark.parametrize(
    "change",
    [
        *(change_text, change_kind, change_level, change_option),
        *(add_field, change_field, ask_rows),
    ],
)
def test_question_that_asks_something_else_is_opened_again(new, change):
    change(question(new, "EXP-2"))

    assert changed_questions(make(OLD), make(new)) == {"EXP-2"}


def translate_better(told):
    told["text"]["nb"] = "Hvilke av delene?"


def help_better(told):
    told["help"] = YES


def word_an_option_better(told):
    told["options"][0]["text"] = YES


def turn_the_options(told):
    told["options"].reverse()


def take_another_action(told):
    told["actions"] = ["A-EC"]


@pytest.mark.parametrize(
    "change",
    [
        *(translate_better, help_better, word_an_option_better),
        *(turn_the_options, take_another_action),
    ],
)
def test_answer_still_stands_where_the_question_asks_the_same(new, change):
    change(question(new, "EXP-2"))

    assert changed_questions(make(OLD), make(new)) == frozenset()


def test_new_question_is_opened_and_one_that_is_gone_is_not(new):
    questions = new["topics"][0]["questions"]
    questions[1]["code"] = "EXP-9"

    assert changed_questions(make(OLD), make(new)) == {"EXP-9"}
