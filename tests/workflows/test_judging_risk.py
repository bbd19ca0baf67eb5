"""The risk as people judge it: raised by one, lowered by two, and never past what was
answered since."""

import pytest
from django.db import IntegrityError, transaction

from register.choices import Risk, Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.advisers import (
    NO_ACCESS,
    OWN,
    answer,
    clear,
    give,
    listed_technology,
    residual,
    told,
    with_answers,
)
from tests.workflows.ledger import everything
from workflows.choices import Conclusion, GateResult, Verb
from workflows.models import RiskChange
from workflows.services import advising
from workflows.services.moving import NotAllowed
from workflows.sheets import Sheet

pytestmark = pytest.mark.once


@pytest.fixture
def unfree(cast):
    """High by one answer, without gate and without adviser."""
    return with_answers(cast, FRE_1="no")


@pytest.fixture
def listed(cast):
    return listed_technology(cast)


def raise_to(case, actor, risk, reason="Two people left.") -> RiskChange:
    return advising.raise_risk(case_id=case.pk, actor=actor, risk=risk, reason=reason)


def lower_to(case, actor, risk, reason="Closed lab.") -> RiskChange:
    return advising.lower_risk(case_id=case.pk, actor=actor, risk=risk, reason=reason)


def confirm(case, actor, *, agrees=True) -> None:
    advising.confirm_lowering(case_id=case.pk, actor=actor, agrees=agrees)


def refusal_of(act, *args, **facts) -> str:
    before = everything()
    with pytest.raises(NotAllowed) as refusal:
        act(*args, **facts)
    assert everything() == before
    return str(refusal.value)


def test_an_adviser_raises_the_risk_and_it_counts_at_once(cast, unfree):
    raise_to(unfree, cast.adviser, Risk.CRITICAL)

    assert residual(unfree) == Risk.CRITICAL
    assert told(unfree, Verb.RAISE_RISK) == {"risk": 4, "reason": "Two people left."}


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("proposer", OWN),
        ("officer", "Only an adviser may do this."),
        ("decider", "Only an adviser may do this."),
        ("stranger", NO_ACCESS),
    ],
)
def test_only_advisers_raise_the_risk(cast, unfree, who, sentence):
    actor = getattr(cast, who)

    assert refusal_of(raise_to, unfree, actor, Risk.CRITICAL) == sentence


@pytest.mark.parametrize(
    ("risk", "reason", "sentence"),
    [
        (Risk.HIGH, "Why", "Choose a level above the present one: High."),
        (Risk.LOW, "Why", "Choose a level above the present one: High."),
        (5, "Why", "Choose a level above the present one: High."),
        (Risk.CRITICAL, " ", "Give a reason, so that the others understand."),
    ],
)
def test_the_risk_is_raised_and_with_a_reason(cast, unfree, risk, reason, sentence):
    assert refusal_of(raise_to, unfree, cast.adviser, risk, reason) == sentence


def test_a_lower_risk_counts_when_a_second_person_agrees(cast, unfree):
    lower_to(unfree, cast.officer, Risk.MEDIUM)
    assert residual(unfree) == Risk.HIGH

    confirm(unfree, cast.decider)

    assert residual(unfree) == Risk.MEDIUM
    change = RiskChange.objects.get()
    assert (change.proposed_by, change.confirmed_by) == (cast.officer, cast.decider)
    assert told(unfree, Verb.CONFIRM_LOWERING) == {"risk": 2, "agrees": True}


def test_a_proposal_that_is_not_agreed_to_falls_and_stands_in_the_history(cast, unfree):
    lower_to(unfree, cast.officer, Risk.MEDIUM)

    confirm(unfree, cast.decider, agrees=False)

    assert residual(unfree) == Risk.HIGH
    assert not RiskChange.objects.exists()
    assert told(unfree, Verb.LOWER_RISK) == {"risk": 2, "reason": "Closed lab."}
    assert told(unfree, Verb.CONFIRM_LOWERING) == {"risk": 2}


@pytest.mark.parametrize(
    ("risk", "reason", "sentence"),
    [
        (Risk.HIGH, "Why", "Choose a level below the present one: High."),
        (Risk.NONE, "Why", "Choose a level below the present one: High."),
        (
            Risk.LOW,
            "Why",
            "Without an adviser's written opinion it is lowered one level at most.",
        ),
        (Risk.MEDIUM, " ", "Give a reason, so that the others understand."),
    ],
)
def test_the_risk_is_lowered_by_one_level_and_with_a_reason(
    cast, unfree, risk, reason, sentence
):
    assert refusal_of(lower_to, unfree, cast.officer, risk, reason) == sentence


def test_two_steps_of_one_level_are_not_two_levels(cast, unfree):
    lower_to(unfree, cast.officer, Risk.MEDIUM)
    confirm(unfree, cast.decider)

    assert refusal_of(lower_to, unfree, cast.officer, Risk.LOW) == (
        "Without an adviser's written opinion it is lowered one level at most."
    )


def test_what_an_adviser_raised_is_lowered_by_one_level_at_most(cast, unfree):
    raise_to(unfree, cast.adviser, Risk.CRITICAL)

    assert refusal_of(lower_to, unfree, cast.officer, Risk.MEDIUM) == (
        "Without an adviser's written opinion it is lowered one level at most."
    )


def test_with_a_written_opinion_it_may_be_lowered_further(cast):
    case = with_answers(cast, PAR_6="yes")
    give(case, cast.specialist, conclusion=Conclusion.NO_OBJECTION)

    lower_to(case, cast.officer, Risk.LOW)
    confirm(case, cast.decider)

    assert residual(case) == Risk.LOW


def test_the_risk_is_not_lowered_while_a_gate_stands_open(cast, listed):
    assert refusal_of(lower_to, listed, cast.officer, Risk.LOW) == (
        "The risk is not lowered while a gate stands open."
    )


def test_what_is_forbidden_stays_critical(cast, listed):
    give(listed, cast.specialist, conclusion=Conclusion.FORBIDDEN)
    clear(listed, cast.specialist, result=GateResult.NOT_NEEDED)

    assert refusal_of(lower_to, listed, cast.officer, Risk.HIGH) == (
        "An adviser concluded that it is forbidden; the risk stays critical."
    )


def test_a_gate_that_opened_meanwhile_stops_the_confirmation(cast, unfree):
    lower_to(unfree, cast.officer, Risk.MEDIUM)
    answer(unfree, cast.proposer, EXP_1="possibly")

    assert refusal_of(confirm, unfree, cast.decider) == (
        "The risk is not lowered while a gate stands open."
    )


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("proposer", OWN),
        ("officer", "A lower risk has been proposed already."),
        ("stranger", NO_ACCESS),
    ],
)
def test_who_may_not_propose_a_lower_risk(cast, unfree, who, sentence):
    if who == "officer":
        lower_to(unfree, cast.officer, Risk.MEDIUM)

    assert refusal_of(lower_to, unfree, getattr(cast, who), Risk.MEDIUM) == sentence


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("officer", "You proposed the lower risk; another person must confirm it."),
        ("adviser", "Only a decider of the unit may confirm a lower risk."),
        ("proposer", OWN),
        ("stranger", NO_ACCESS),
    ],
)
def test_a_lower_risk_is_confirmed_by_a_decider_who_did_not_propose_it(
    cast, unfree, who, sentence
):
    lower_to(unfree, cast.officer, Risk.MEDIUM)
    r.role(cast.officer, Role.DECIDER, cast.institution)
    r.role(cast.proposer, Role.DECIDER, cast.institution)

    assert refusal_of(confirm, unfree, getattr(cast, who)) == sentence


def test_nothing_is_confirmed_that_nobody_proposed(cast, unfree):
    assert refusal_of(confirm, unfree, cast.decider) == (
        "Nobody has proposed a lower risk."
    )


@pytest.mark.engine
def test_the_database_itself_asks_for_a_second_person(cast, unfree):
    change = lower_to(unfree, cast.officer, Risk.MEDIUM)
    rows = RiskChange.objects.filter(pk=change.pk)

    for change, constraint in [
        ({"confirmed_by": cast.officer}, "lowering_four_eyes"),
        ({"reason": ""}, "risk_has_reason"),
    ]:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            rows.update(**change)

    assert residual(unfree) == Risk.HIGH


def test_a_lower_risk_does_not_outlast_a_new_answer_behind_the_risk(cast):
    """What nobody has judged is not lowered: neither by a higher answer nor by another
    one of the same level; an answer below it changes nothing."""
    case = with_answers(cast, PUR_6="yes")
    lower_to(case, cast.officer, Risk.LOW)
    confirm(case, cast.decider)

    answer(case, cast.proposer, PUR_5="partly")
    assert residual(case) == Risk.LOW
    answer(case, cast.proposer, FRE_1="no")
    assert residual(case) == Risk.HIGH


def test_a_lower_risk_confirmed_by_hand_would_be_found(cast, unfree):
    """The twin: without the service's check, two levels at once go into the table; the
    same question that the service asks finds it."""
    change = lower_to(unfree, cast.officer, Risk.MEDIUM)
    sheet = Sheet.of(w.fresh(unfree))
    assert advising.why_not_lower_to(sheet, change.to_risk) == ""

    RiskChange.objects.filter(pk=change.pk).update(to_risk=Risk.LOW)

    forged = RiskChange.objects.get(pk=change.pk)
    assert advising.why_not_lower_to(sheet, forged.to_risk) == (
        "Without an adviser's written opinion it is lowered one level at most."
    )
    assert refusal_of(confirm, unfree, cast.decider) == (
        "Without an adviser's written opinion it is lowered one level at most."
    )


@pytest.mark.parametrize("act", [raise_to, lower_to])
def test_the_risk_of_a_frozen_assessment_is_not_judged_anew(cast, act):
    case = w.assessed(cast)
    label = {raise_to: "Raise the risk", lower_to: "Propose a lower risk"}[act]

    assert refusal_of(act, case, cast.adviser, Risk.HIGH) == (
        f"“{label}” is possible when a case is: Proposed, Under review. "
        "It is now: Assessed."
    )
