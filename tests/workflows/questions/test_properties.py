"""What must hold whatever is answered: risk goes up only, order does not matter, a
country never lifts a case by itself."""

import os
from itertools import chain, product
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.choices import Risk
from tests.workflows.questions.drawn import Drawn, cases, options, steps_up
from tests.workflows.questions.shipped import (
    TIMES,
    facts,
    harmless,
    question,
    scope,
    shipped,
)
from workflows.choices import Track
from workflows.questions.asking import asked, by_topic, choose_track, counted
from workflows.questions.weighing import Weighing, weigh

COUNTRY_FACTS = [each.code for each in shipped() if each.is_country_fact]
# MIDTVEIS_TEST_EXAMPLES=5000 for a long, random search.
EXAMPLES = int(os.environ.get("MIDTVEIS_TEST_EXAMPLES", "0"))
often = settings(max_examples=EXAMPLES or 60, deadline=None, derandomize=not EXAMPLES)


def weighed(case: Drawn) -> Weighing:
    return weigh(case.scope, case.given)


# More or riskier answers --------------------------------------------------------------
@often
@given(steps_up())
def test_one_more_or_riskier_answer_never_lowers_anything(step):
    before, after, _code = step
    old, new = weighed(before), weighed(after)

    assert new.inherent >= old.inherent
    assert {t: new.topics.get(t, -1) >= level for t, level in old.topics.items()} == (
        dict.fromkeys(old.topics, True)
    )
    assert set(old.levels) <= set(new.levels)
    assert set(old.actions) <= set(new.actions)
    assert {r.code for r in old.rules if r.raises_to} <= {r.code for r in new.rules}


@often
@given(steps_up())
def test_one_more_or_riskier_answer_never_makes_full_light(step):
    before, after, _code = step
    old, new = (choose_track(case.scope, case.given) for case in (before, after))

    if old.track == Track.FULL:
        assert new.track == Track.FULL
    assert set(old.because) <= set(new.because)
    assert set(new.missing) <= set(old.missing)


@often
@given(steps_up())
def test_one_more_answer_only_adds_questions(step):
    before, after, code = step

    for track in Track.values:
        old, new = (set(codes(case, track)) for case in (before, after))
        assert old <= new, f"{code} takes questions away on the track “{track}”"


def codes(case: Drawn, track: str) -> list[str]:
    required = weighed(case).required
    questions = asked(case.scope, case.given, track=track, required=required)
    return [each.code for each in questions]


@often
@given(cases())
def test_screen_is_in_light_is_in_full_is_in_what_applies(case):
    screen, light, full = (
        codes(case, track) for track in (Track.UNDECIDED, Track.LIGHT, Track.FULL)
    )

    assert set(screen) <= set(light) <= set(full)
    assert {each.code for each in case.scope.screen} <= set(screen)
    assert full == [q.code for q in case.scope.questions if q.code in set(full)]
    assert set(full) <= {
        q.code
        for q in shipped()
        if not q.is_off
        and case.scope.moment in q.moments
        and case.scope.case_type in q.case_types
    }


@often
@given(cases(is_full=True))
def test_what_weighs_is_asked_on_the_full_track(case):
    """Nothing that nobody is shown has an effect."""
    weighing = weighed(case)

    assert set(weighing.levels) <= set(codes(case, Track.FULL))
    named = set(chain.from_iterable(weighing.actions.values()))
    assert named <= set(weighing.levels) | {rule.code for rule in weighing.rules}


# The order ----------------------------------------------------------------------------
@often
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_does_not_matter(case, random):
    shuffled = list(case.given.items())
    random.shuffle(shuffled)
    other = Drawn(case.scope, dict(shuffled))

    assert weighed(other) == weighed(case)
    assert choose_track(other.scope, other.given) == choose_track(
        case.scope, case.given
    )
    for track in Track.values:
        assert codes(other, track) == codes(case, track)


@often
@given(cases())
def test_the_inherent_risk_is_the_highest_that_lifts_and_no_sum(case):
    weighing = weighed(case)
    levels = [n for code, n in weighing.levels.items() if code not in COUNTRY_FACTS]
    lifted = [rule.raises_to for rule in weighing.rules]

    expected = max([Risk.LOW, *levels, *lifted]) if weighing.levels else Risk.NONE
    assert weighing.inherent == expected
    assert weighing.topics == {
        topic: max(weighing.levels[each.code] for each in questions)
        for topic, questions in by_topic(
            shipped(), [shipped().by_code[code] for code in weighing.levels]
        ).items()
    }


# The country --------------------------------------------------------------------------
def every_country():
    """Every way to answer what is asked about a country, also not at all. Of the
    indicators each alone and all together: with several options the highest counts."""
    ways = []
    for code in COUNTRY_FACTS:
        alone = [frozenset({option.code}) for option in question(code).options]
        together = (
            [frozenset().union(*alone)] if question(code).kind == "several" else []
        )
        ways.append([None, *alone, *together])
    for chosen in product(*ways):
        yield {c: o for c, o in zip(COUNTRY_FACTS, chosen, strict=True) if o}


def lifted_by_country(weigh, here, base) -> list[dict]:
    """The answers about a country that lift this otherwise harmless case."""
    return [
        answers
        for answers in every_country()
        if weigh(here, base | answers).inherent > Risk.LOW
    ]


@pytest.mark.parametrize(("moment", "kind"), TIMES)
def test_no_country_lifts_a_case_of_which_nothing_else_is_known(moment, kind):
    here = scope(moment, kind)

    assert lifted_by_country(weigh, here, facts(here)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["research", "education"])
def test_no_country_lifts_a_harmless_case(kind):
    here = scope("planning", kind)

    assert lifted_by_country(weigh, here, harmless(here)) == []


def weigh_by_the_highest(here, given) -> SimpleNamespace:
    """A broken twin: the highest of all answers lifts the case, the country's too."""
    weighing = weigh(here, given)
    highest = max([weighing.inherent, *weighing.levels.values()])
    return SimpleNamespace(
        inherent=highest, levels=weighing.levels, rules=weighing.rules
    )


def test_a_twin_in_which_the_country_lifts_is_caught():
    here = scope()

    lifted = lifted_by_country(weigh_by_the_highest, here, facts(here))

    assert {"CTY-1": frozenset({"named-in-general"})} in lifted
    assert {"CTY-2": frozenset({"yes"})} in lifted


@st.composite
def two_countries(draw) -> tuple[Drawn, Drawn]:
    """The same case, with two answers to each question about the country."""
    case = draw(cases())
    about = [q for q in case.scope.questions if q.code in COUNTRY_FACTS]
    plain = {c: o for c, o in case.given.items() if c not in COUNTRY_FACTS}
    of_countries = st.fixed_dictionaries(
        {}, optional={each.code: options(each) for each in about}
    )
    one, other = (Drawn(case.scope, plain | draw(of_countries)) for _ in range(2))
    return one, other


def explained(weigh, one: Drawn, other: Drawn) -> bool:
    """Where only the country differs, the risk differs because of a rule that joins the
    country with something else, or of another question that then had to be asked."""
    first, second = (weigh(case.scope, case.given) for case in (one, other))
    if first.inherent == second.inherent:
        return True
    higher, lower = sorted((first, second), key=lambda w: w.inherent, reverse=True)
    joined = [
        rule
        for rule in higher.rules
        if rule not in lower.rules
        and rule.raises_to == higher.inherent
        and {test.name for test in rule.condition.tests()} - set(COUNTRY_FACTS)
    ]
    further = [
        code
        for code, level in higher.levels.items()
        if code not in lower.levels
        and code not in COUNTRY_FACTS
        and level == higher.inherent
    ]
    return bool(joined or further)


@often
@given(two_countries())
def test_another_country_alone_never_changes_the_risk(pair):
    one, other = pair
    if not weighed(one).levels or not weighed(other).levels:
        return  # of a case without any answer nothing is said

    assert explained(weigh, one, other)


def test_the_twin_is_caught_by_this_one_as_well():
    base = facts(scope())
    one = Drawn(scope(), base | {"CTY-1": frozenset({"no"})})
    other = Drawn(scope(), base | {"CTY-1": frozenset({"named-for-research"})})

    assert explained(weigh, one, other)
    assert not explained(weigh_by_the_highest, one, other)


def test_a_list_of_countries_is_no_part_of_any_rule_alone():
    for rule in shipped().rules:
        names = {t.name for t in rule.condition.tests()} if rule.condition else set()
        assert not names or names - set(COUNTRY_FACTS), rule.code


# Follow-ups ---------------------------------------------------------------------------
def test_two_hidden_answers_do_not_bring_each_other_up():
    """SAN-4 brings EXP-8 up; behind a SAN-4 that is not shown itself it stays away."""
    here = scope()
    chosen = {"SAN-4": frozenset({"needed"}), "EXP-8": frozenset({"expired"})}

    assert counted(here, facts(here) | chosen) == facts(here)
    shown = counted(here, facts(here) | chosen | {"CTY-2": frozenset({"yes"})})
    assert set(shown) == {"type", "CTY-2", "SAN-4", "EXP-8"}


def test_the_exit_goes_by_what_was_answered_before():
    """PRI-1 is not asked at the end; data that left bring up their deletion."""
    here = scope("exit")
    earlier = facts(here) | {"PRI-1": frozenset({"outside-EEA"})}

    before = {q.code for q in asked(here, facts(here), track=Track.FULL)}
    after = {q.code for q in asked(here, earlier, track=Track.FULL)}

    assert after - before == {"PRI-3", "PRI-5"}
    assert weigh(here, earlier).levels == {}  # it is not answered anew
    assert here.earlier == {"EXP-1", "SAN-4", "PRI-1"}
    assert {at: scope(*at).earlier for at in TIMES if at[0] != "exit"} == {
        at: frozenset() for at in TIMES if at[0] != "exit"
    }
