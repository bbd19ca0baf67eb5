"""The pack that ships asks, weighs and brings about what the shared catalogue says.

The tables beside this file are made from the catalogue's own data, never from the pack.
In `expected_levels.csv`, `from` is `json` for what stands there word for word (`our
code` where it has the level in words only), `1.1` for an unsure answer that gets the
low level of section 1.1, and `ours` for an option that the catalogue leaves out.
"""

from collections import Counter

import pytest

from register.choices import CaseType, Risk
from tests.workflows.questions.shipped import (
    LEVELS,
    TIMES,
    facts,
    openers,
    scope,
    shipped,
    single_answers,
    table,
)
from workflows.questions.asking import Scope, asked, is_shown
from workflows.questions.weighing import weigh

WEIGHS = {(row["question"], row["option"]): row for row in table("levels")}
OPENERS = openers()


def test_topics_questions_actions_and_rules_are_all_there():
    pack = shipped()

    assert [topic.code for topic in pack.topics] == [
        *("PUR", "PAR", "CTY", "FRE", "ETH", "EXP", "SAN", "TEC"),
        *("INF", "PRI", "IPR", "FUN", "MOB", "TRV", "AGR", "FOL"),
    ]
    assert [question.code for question in pack] == [
        row["question"] for row in table("questions")
    ]
    assert [(a.code, a.kind, a.fires_at) for a in pack.actions.values()] == [
        (row["action"], row["kind"], LEVELS[row["fires_at"]])
        for row in table("actions")
    ]
    assert [rule.code for rule in pack.rules] == [f"K{n}" for n in range(1, 11)]
    assert (len(list(pack)), len(pack.actions)) == (99, 33)


def test_each_question_stands_where_the_catalogue_puts_it():
    """Topic, who answers, when, for whom, core and quick screen, actions, sources."""
    told = {
        question.code: {
            "question": question.code,
            "topic": question.topic,
            "who": question.who,
            "core": "core" if question.is_core else "",
            "screen": "screen" if question.is_screen else "",
            "moments": set(question.moments),
            "case_types": set(question.case_types),
            "actions": list(question.actions),
            "sources": list(question.sources),
        }
        for question in shipped()
    }

    assert told == {
        row["question"]: {
            **{key: row[key] for key in ("question", "topic", "who", "core", "screen")},
            "moments": set(row["moments"].split()),
            "case_types": set(row["case_types"].split()),
            "actions": row["actions"].split(),
            "sources": row["sources"].split(),
        }
        for row in table("questions")
    }


def test_the_quick_screen_is_twelve_and_the_core_thirty_nine():
    assert {question.code for question in shipped() if question.is_screen} == {
        *("PAR-2", "PAR-3", "CTY-1", "CTY-2", "SAN-1", "EXP-1"),
        *("EXP-5", "TEC-1", "TEC-4", "PRI-1", "MOB-2", "FUN-1"),
    }
    assert sum(question.is_core for question in shipped()) == 39
    assert {q.code: q.confirmed_by for q in shipped() if q.confirmed_by} == {
        "CTY-1": ("M",),
        "CTY-2": ("M",),
        "SAN-1": ("M",),
    }


def test_every_option_has_the_level_of_the_catalogue():
    assert {
        (question.code, option.code): option.level
        for question in shipped()
        for option in question.options
    } == {answer: LEVELS[row["level"]] for answer, row in WEIGHS.items()}


def test_what_the_pack_adds_is_marked_as_ours():
    assert Counter(row["from"] for row in WEIGHS.values()) == {
        "json": 250,
        "json, our code": 27,
        "1.1": 4,
        "ours": 87,
    }


def test_an_unsure_answer_is_never_harmless():
    unsure = [o for question in shipped() for o in question.options if o.is_unsure]

    assert {option.level for option in unsure} == {Risk.LOW, Risk.MEDIUM, Risk.HIGH}
    assert {o.code for o in unsure} == {"unsure", "unknown", "not-screened"} | {
        "no-declaration"
    }


@pytest.mark.parametrize(("moment", "kind"), TIMES)
def test_every_single_answer_weighs_what_the_table_says(moment, kind):
    """Alone, or behind the one answer that brings the question up."""
    here, told, expected = scope(moment, kind), {}, {}
    for code, option in WEIGHS:
        question = shipped().by_code[code]
        if not here.applies(question):
            continue
        before = opened(code, here)
        weighing = weigh(here, facts(here) | before | {code: frozenset({option})})
        told[code, option] = (
            weighing.levels,
            weighing.topics,
            weighing.inherent,
            {name: set(why) for name, why in weighing.actions.items()},
            weighing.rules,
        )
        expected[code, option] = weighed(
            {c: o for c, (o,) in before.items() if weighs(c, here)} | {code: option}
        )

    assert told == expected
    assert told


def opened(code, here) -> dict[str, frozenset[str]]:
    """The answer that brings a follow-up up here, by the table."""
    pack = shipped()
    for name, option in OPENERS.get(code, []):
        if name == "type":
            if option == here.case_type:
                return {}
        elif name in ("agreement", "funder") or (
            name not in OPENERS and is_known(pack.by_code[name], here)
        ):
            return {name: frozenset({option})}
    assert code not in OPENERS, f"{code} is never asked at {here.moment}"
    return {}


def is_known(question, here) -> bool:
    """Asked here, or at an earlier moment, whose answers hold until the exit."""
    return here.applies(question) or here.moment not in question.moments


def weighs(code, here) -> bool:
    return code.isupper() and here.applies(shipped().by_code[code])


def weighed(answers: dict[str, str]) -> tuple:
    """By the table alone: levels, topics, inherent risk, actions with why, no rule."""
    rows = {code: WEIGHS[code, option] for code, option in answers.items()}
    levels = {code: LEVELS[row["level"]] for code, row in rows.items()}
    topics: dict[str, int] = {}
    actions: dict[str, set[str]] = {}
    for code, row in rows.items():
        topic = code.partition("-")[0]
        topics[topic] = max(topics.get(topic, 0), levels[code])
        for action in row["actions"].split():
            actions.setdefault(action, set()).add(code)
    lifting = [n for code, n in levels.items() if code not in COUNTRY_FACTS]
    return levels, topics, max([Risk.LOW, *lifting]), actions, ()


COUNTRY_FACTS = {"CTY-1", "CTY-2", "CTY-3", "CTY-4", "CTY-6"}


def test_country_facts_are_marked():
    assert {q.code for q in shipped() if q.is_country_fact} == COUNTRY_FACTS


@pytest.mark.parametrize("follow_up", sorted(OPENERS))
def test_a_follow_up_comes_with_its_answers_and_no_other(follow_up):
    question = shipped().by_code[follow_up]

    assert [
        (name, option)
        for name, option in single_answers()
        if is_shown(question, {name: frozenset({option})})
    ] == sorted(OPENERS[follow_up], key=single_answers().index)
    assert not is_shown(question, {})


def test_everything_else_waits_for_nothing():
    assert {q.code for q in shipped() if q.show_if} == set(OPENERS) | {"MOB-2"}
    assert is_shown(shipped().by_code["MOB-2"], {})  # it is in the quick screen


@pytest.mark.parametrize(
    "follow_up",
    sorted(
        code for code, by in OPENERS.items() if {name for name, _ in by} != {"type"}
    ),
)
def test_an_answer_behind_a_follow_up_that_is_not_shown_weighs_nothing(follow_up):
    here = elsewhere(shipped().by_code[follow_up])
    every = frozenset(option.code for option in shipped().by_code[follow_up].options)

    weighing = weigh(here, facts(here) | {follow_up: every})

    assert (weighing.levels, weighing.actions, weighing.inherent) == ({}, {}, 0)


def elsewhere(question) -> Scope:
    """A case that is asked the question, but does not bring it up by its type."""
    return next(
        scope(moment, kind)
        for moment, kind in TIMES
        if scope(moment, kind).applies(question)
        and ("type", kind) not in OPENERS[question.code]
    )


@pytest.mark.parametrize(("moment", "kind"), TIMES)
def test_screen_in_light_in_full_and_nothing_that_does_not_apply(moment, kind):
    here = scope(moment, kind)
    none_given = facts(here)

    screen, light, full = (
        [question.code for question in asked(here, none_given, track=track)]
        for track in ("", "light", "full")
    )

    wanted = [
        row
        for row in table("questions")
        if moment in row["moments"].split() and kind in row["case_types"].split()
    ]
    at_once = [
        row
        for row in wanted
        if not row["follows"] or f"type={kind}" in row["follows"].split()
    ]
    assert screen == [row["question"] for row in wanted if row["screen"]]
    assert light == [row["question"] for row in at_once if row["core"]]
    assert full == [row["question"] for row in at_once]


def test_every_case_type_has_a_quick_screen_when_it_is_planned():
    whole = {question.code for question in shipped() if question.is_screen}

    assert {
        kind: whole - {question.code for question in scope("planning", kind).screen}
        for kind in CaseType.values
    } == {
        "research": set(),
        "education": {"PAR-3", "EXP-5", "FUN-1"},
        "guest": {"TEC-1", "FUN-1"},
        "innovation": {"MOB-2"},
        "framework": {"EXP-1", "EXP-5", "TEC-1", "MOB-2"},
    }
