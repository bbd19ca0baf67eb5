"""A decision: of an assessed case, asked by one person and made by another."""

import pytest
from django.db import IntegrityError, transaction

from register.choices import CaseState, Risk, Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from tests.workflows.tampering import refused, sql
from workflows.choices import Verdict
from workflows.models import Case, Condition, Decision
from workflows.services import deciding, handling
from workflows.services.deciding import Required
from workflows.services.moving import AlreadyThere, NotAllowed

FOUR_EYES = "decision_four_eyes"
WHOLE = "decision_is_whole"


def decide(case: Case, actor: object, **given: object) -> Decision:
    given = {"verdict": Verdict.APPROVED, "reasons": "Useful."} | given
    return deciding.decide(case_id=case.pk, actor=actor, **given)


def condition(cast, text: str = "Keep the data here.") -> Required:
    return Required(text, cast.proposer, w.local_today())


def test_an_approval_is_written_down_whole(cast):
    case = w.asked(cast)

    decide(case, cast.decider, reasons=" Useful. ")

    case = w.fresh(case)
    decision = Decision.objects.get()
    assert case.state == CaseState.APPROVED
    assert (decision.verdict, decision.reasons) == (Verdict.APPROVED, "Useful.")
    assert (decision.asked_by, decision.decided_by) == (cast.officer, cast.decider)
    assert decision.assessment == case.last_assessment
    assert not decision.is_open


def test_an_approval_with_conditions_keeps_them(cast):
    case = w.asked(cast)

    decide(
        case,
        cast.decider,
        verdict=Verdict.APPROVED_WITH_CONDITIONS,
        conditions=[condition(cast)],
    )

    assert w.fresh(case).state == CaseState.APPROVED
    assert list(Condition.objects.values_list("text", "owner", "due_on")) == [
        ("Keep the data here.", cast.proposer.pk, w.local_today())
    ]


def test_a_rejection_ends_the_case_and_plans_no_review(cast):
    case = w.asked(cast)

    decide(case, cast.decider, verdict=Verdict.REJECTED)

    case = w.fresh(case)
    assert (case.state, case.next_review_on) == (CaseState.REJECTED, None)
    assert case.reviews.count() == 0


UNASSESSED = "“Approve” is possible when a case is: Assessed. It is now: {now}."


@pytest.mark.parametrize("state", ["draft", "proposed", "returned"])
def test_an_unassessed_case_is_not_decided(cast, state):
    case = w.in_state(cast, state)
    decider = cast.decider
    if state == "draft":  # seen by its own people only
        decider = case.proposer
        r.role(decider, Role.DECIDER, cast.institution)
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        decide(case, decider)

    assert str(refusal.value) == UNASSESSED.format(now=case.get_state_display())
    assert everything() == before


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reasons": ""}, "Give the reasons for your decision."),
        ({"reasons": " \n"}, "Give the reasons for your decision."),
        (
            {"verdict": Verdict.REJECTED, "reasons": ""},
            "Give the reasons for your decision.",
        ),
        (
            {"verdict": Verdict.APPROVED_WITH_CONDITIONS},
            "Write at least one condition, or approve without any.",
        ),
        (
            {"verdict": Verdict.APPROVED, "conditions": True},
            "Conditions go with “approve with conditions” only.",
        ),
        (
            {"verdict": Verdict.REJECTED, "conditions": True},
            "Conditions go with “approve with conditions” only.",
        ),
    ],
)
def test_half_a_decision_is_refused_and_nothing_is_written(cast, given, sentence):
    case = w.asked(cast)
    if given.get("conditions"):
        given = given | {"conditions": [condition(cast)]}
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        decide(case, cast.decider, **given)

    assert str(refusal.value) == sentence
    assert everything() == before


def test_a_critical_risk_is_not_approved_and_can_be_rejected(cast):
    case = w.asked(cast, given={"EXP_5": "yes"})
    assert case.risk == Risk.CRITICAL

    with pytest.raises(NotAllowed, match="The risk is critical"):
        decide(case, cast.decider)
    decide(case, cast.other_decider, verdict=Verdict.REJECTED)

    assert w.fresh(case).state == CaseState.REJECTED


def test_whoever_asked_does_not_decide(cast):
    r.role(cast.officer, Role.DECIDER, cast.institution)
    case = w.assessed(cast)
    other = r.person_with(Role.CASE_OFFICER, cast.institution)
    r.role(other, Role.DECIDER, cast.institution)
    w.recommend(cast, case)
    deciding.ask(case_id=case.pk, actor=other)

    with pytest.raises(NotAllowed, match="You helped to prepare this decision"):
        decide(case, other)
    with pytest.raises(NotAllowed, match="You assessed this case"):
        decide(case, cast.officer)


def test_the_responsible_person_does_not_decide(cast):
    case = w.asked(cast, responsible=cast.decider)

    with pytest.raises(NotAllowed, match="You proposed this cooperation or answer"):
        decide(case, cast.decider)


def test_a_decision_is_asked_for_once(cast):
    case = w.asked(cast)

    with pytest.raises(NotAllowed, match="A decision has already been asked for"):
        deciding.ask(case_id=case.pk, actor=cast.officer)


def test_a_decision_is_made_once(cast):
    case = w.asked(cast)
    decide(case, cast.decider)

    with pytest.raises(AlreadyThere):
        decide(case, cast.other_decider)


def test_reopening_lets_the_question_to_the_decider_fall(cast):
    case = w.asked(cast)

    handling.with_reason(
        case_id=case.pk, verb="reopen_assessment", actor=cast.decider, reason="Unclear."
    )

    case = w.fresh(case)
    assert (case.state, case.open_decision) == (CaseState.PROPOSED, None)
    assert Decision.objects.get().withdrawn_at is not None
    assert case.open_assessment is not None
    with pytest.raises(NotAllowed):
        decide(case, cast.decider)


# What the database keeps although services are walked past ----------------------------


def test_the_database_keeps_asker_and_decider_apart(cast):
    decision = w.asked(cast).open_decision
    decision.decided_by, decision.decided_at = decision.asked_by, decision.asked_at
    decision.verdict, decision.reasons = Verdict.APPROVED, "I say so."

    with refused(FOUR_EYES):
        decision.save()
    with refused(FOUR_EYES):
        Decision.objects.filter(pk=decision.pk).update(
            decided_by=decision.asked_by,
            decided_at=decision.asked_at,
            verdict="approved",
            reasons="I say so.",
        )
    with refused(FOUR_EYES):
        sql(
            "UPDATE workflows_decision SET decided_by_id = asked_by_id, "
            "decided_at = asked_at, verdict = 'approved', reasons = 'I say so.'"
        )


def test_the_database_refuses_a_decision_born_with_two_eyes(cast):
    case = w.assessed(cast)

    with refused(FOUR_EYES):
        Decision.objects.create(
            case=case,
            assessment=case.last_assessment,
            asked_by=cast.decider,
            asked_at=case.last_event_at,
            decided_by=cast.decider,
            decided_at=case.last_event_at,
            verdict=Verdict.APPROVED,
            reasons="I say so.",
        )


@pytest.mark.parametrize("lacking", ["verdict", "reasons", "decided_by", "decided_at"])
def test_the_database_refuses_half_a_decision(cast, lacking):
    decision = w.asked(cast).open_decision
    whole = {
        "decided_by": cast.decider,
        "decided_at": decision.asked_at,
        "verdict": Verdict.APPROVED,
        "reasons": "Useful.",
    }
    half = whole | {lacking: "" if lacking in ("verdict", "reasons") else None}

    with refused(WHOLE):
        Decision.objects.filter(pk=decision.pk).update(**half)

    assert Decision.objects.filter(pk=decision.pk).update(**whole) == 1


def test_the_database_keeps_one_open_decision_a_case(cast):
    case = w.asked(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            case=case,
            assessment=case.last_assessment,
            asked_by=cast.adviser,
            asked_at=case.last_event_at,
        )

    assert Decision.objects.count() == 1
