"""No case with an open gate is approved, whatever people do in whatever order.

Hypothesis drives people through the services, mostly in ways that should be refused;
after every step the database must be in order. MIDTVEIS_TEST_EXAMPLES=2000 walks long
and at random.
"""

import os
from collections import Counter
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from register.choices import CaseState, Risk, Role
from tests.factories import register as r
from tests.factories import workflows as w
from workflows import policies
from workflows.choices import Conclusion, GateResult, ReviewOutcome, Verb
from workflows.models import Assessment, Case, Decision, Gate
from workflows.policies.delegating import still_to_speak
from workflows.services import (
    advising,
    answering,
    assessing,
    concluding,
    deciding,
    handling,
    proposing,
    recommending,
    reviewing,
    terminating,
    verifying,
)
from workflows.services.answering import Given
from workflows.services.moving import WorkflowError
from workflows.services.recording import digest
from workflows.services.snapshotting import SNAPSHOT_DOMAIN
from workflows.services.terminating import Notice
from workflows.sheets import Sheet

EXAMPLES = int(os.environ.get("MIDTVEIS_TEST_EXAMPLES", "0"))
PEOPLE = [
    *("proposer", "leader", "officer", "adviser", "decider", "other_decider"),
    *("specialist", "other_specialist", "auditor", "stranger"),
]
# Answers that open gates, ask for opinions, stop everything, and their way back.
TOUCHY = [
    *(("EXP-1", "possibly"), ("EXP-1", "yes"), ("EXP-1", "no")),
    *(("PRI-1", "outside-EEA"), ("PRI-1", "none")),
    *(("SAN-1", "possible-match"), ("SAN-1", "no-match")),
    *(("ETH-1", "yes"), ("ETH-1", "no")),
    *(("TEC-4", "yes"), ("TEC-4", "no"), ("TEC-4", "no")),
    *(("EXP-5", "unsure"), ("EXP-5", "no")),
    *(("PAR-3", "yes"), ("PAR-3", "no")),
    *(("AGR-5", "too-low"), ("FOL-1", "sanctions"), ("EXP-8", "expired")),
]
REASON = "Because of what was found."
MOVES = [
    *(["carry_on"] * 3 + ["answer_rightly"] * 3 + ["turn_back"] * 3),
    *(["decide"] * 3 + ["conclude"] * 2 + ["answer"] * 2 + ["judge"] * 2),
    *("give_opinion", "clear", "clear_rightly", "complete", "end"),
    *("confirm_lowering", "lower_together"),
]
DECIDERS = ["decider", "other_decider"] * 3
DICE = st.randoms(use_true_random=False)


class Walk(RuleBasedStateMachine):
    cast: r.Cast
    start: Case
    seen: Counter

    @initialize()
    def begin(self) -> None:
        """Every walk begins from the same case; what it did is rolled back."""
        self.point = transaction.savepoint()
        self.case, self.checked, self.frozen = self.start, -1, set()

    def teardown(self) -> None:
        assert list(verifying.breaks()) == []
        transaction.savepoint_rollback(self.point)

    # What people try ------------------------------------------------------------------
    @rule(names=st.lists(st.sampled_from(MOVES), min_size=3, max_size=6), dice=DICE)
    def try_some(self, names: list[str], dice: Random) -> None:
        for name in names:
            getattr(self, name)(dice)
            self.everything_is_in_order()

    def attempt(self, name: str, service, who: str, /, **given) -> None:
        """Done, or refused; anything else is a fault."""
        self.seen["steps"] += 1
        try:
            service(case_id=self.case.pk, actor=getattr(self.cast, who), **given)
        except WorkflowError:
            self.seen[f"{name} refused"] += 1
        else:
            self.seen[name] += 1
            if service == reviewing.open_review:
                w.declare_none(self.case)

    def with_reason(self, verb: str, who: str) -> None:
        self.attempt(verb, handling.with_reason, who, verb=verb, reason=REASON)

    def answer(self, dice: Random) -> None:
        self.save(dice.choice(PEOPLE), dice)

    def answer_rightly(self, dice: Random) -> None:
        """By people whose answers count at once."""
        self.save(dice.choice(["proposer", "officer", "specialist"]), dice)

    def save(self, who: str, dice: Random) -> None:
        code, option = dice.choice(TOUCHY)
        given = {code: Given([option], REASON)}
        self.attempt("answer", answering.save_answers, who, answers=given)

    def carry_on(self, dice: Random) -> None:
        """What the state leads to, by people who may."""
        case = w.fresh(self.case)
        if case.state in (CaseState.DRAFT, CaseState.RETURNED):
            self.attempt("submit", proposing.submit, "proposer")
        elif case.open_assessment:
            self.carry_through(dice)
        elif case.state == CaseState.ASSESSED:
            self.bring_to_a_decision(dice)
        elif case.state == CaseState.APPROVED:
            review = reviewing.open_review
            self.attempt("open review", review, "officer", ground="Ownership.")
        elif case.state == CaseState.UNDER_REVIEW:
            self.conclude_as("other_decider", ReviewOutcome.CONTINUE)
        elif case.state == CaseState.SUSPENDED:
            self.with_reason(Verb.RESUME, "other_decider")

    def carry_through(self, dice: Random) -> None:
        self.answer_the_rest()
        for opinion in w.fresh(self.case).waiting_opinions:
            self.opine("specialist", opinion, advising.conclusions_of(opinion.role)[0])
        if dice.randrange(4) == 1:
            self.lower_together(dice)
        self.complete_as("officer")

    def lower_together(self, dice: Random) -> None:
        self.clear_rightly(dice)
        lower, confirm = advising.lower_risk, advising.confirm_lowering
        risk = max(Sheet.of(w.fresh(self.case)).residual - 1, Risk.LOW)
        self.attempt("lower", lower, "officer", risk=risk, reason=REASON)
        self.attempt("confirm lowering", confirm, "decider", agrees=True)

    def bring_to_a_decision(self, dice: Random) -> None:
        for level in still_to_speak(w.fresh(self.case)):
            who = {"department": "leader", "faculty": "faculty_leader"}
            said = {"is_for": True, "reasons": REASON}
            recommend = recommending.recommend
            self.attempt("recommend", recommend, who.get(level, "adviser"), **said)
        self.attempt("ask", deciding.ask, "officer")
        if dice.randrange(2):
            self.clear_rightly(dice)
        self.decide_as("other_decider", "approved")

    def answer_the_rest(self) -> None:
        """What is missing, harmlessly; the right people confirm what is not theirs."""
        for _round in range(3):
            sheet = Sheet.of(w.fresh(self.case))
            missing = {q.code: w.answer(q) for q in sheet.unanswered}
            if not missing:
                break
            save = answering.save_answers
            self.attempt("answer", save, "specialist", answers=missing)
        for who in ("proposer", "officer", "specialist"):
            theirs = [
                code
                for code, answer in sheet.answers.items()
                if answer.is_proposal
                and sheet.is_for(sheet.pack.by_code[code], getattr(self.cast, who))
            ]
            if theirs:
                self.attempt("confirm", answering.confirm, who, questions=theirs)

    def give_opinion(self, dice: Random) -> None:
        who = dice.choice(["specialist", "other_specialist", "proposer", "officer"])
        for opinion in w.fresh(self.case).waiting_opinions:
            self.opine(who, opinion, dice.choice(list(Conclusion)))

    def opine(self, who: str, opinion, conclusion: str) -> None:
        given = {"opinion_id": opinion.pk, "conclusion": conclusion, "text": REASON}
        self.attempt("opinion", advising.give_opinion, who, **given)

    def clear(self, dice: Random) -> None:
        for gate in w.fresh(self.case).open_gates:
            result = dice.choice(GateResult.values)
            self.clear_as(dice.choice(PEOPLE), gate, result, dice.choice(["26/7", ""]))

    def clear_rightly(self, dice: Random) -> None:
        people = ["officer", "leader", "specialist", "other_specialist"]
        for gate in w.fresh(self.case).open_gates:
            for who in people:
                self.clear_as(who, gate, GateResult.DOCUMENTED, "26/7")

    def clear_as(self, who: str, gate, result: str, reference: str) -> None:
        given = {"result": result, "reference": reference, "reason": REASON}
        self.attempt("clear", advising.clear_gate, who, gate_id=gate.pk, **given)

    def judge(self, dice: Random) -> None:
        who = dice.choice(["specialist", "adviser", "proposer", "officer"])
        risk = dice.choice([*Risk.values, Risk.LOW, Risk.MEDIUM])
        for name, judge in (
            ("lower", advising.lower_risk),
            ("raise", advising.raise_risk),
        ):
            self.attempt(name, judge, who, risk=risk, reason=REASON)

    def confirm_lowering(self, dice: Random) -> None:
        who, agrees = dice.choice([*PEOPLE, *DECIDERS]), dice.randrange(5) != 3
        confirm = advising.confirm_lowering
        self.attempt("confirm lowering", confirm, who, agrees=agrees)

    def complete(self, dice: Random) -> None:
        self.complete_as(dice.choice(["officer", "leader", "specialist", "proposer"]))

    def complete_as(self, who: str) -> None:
        words = dict.fromkeys(["conclusion", "mitigation", "not_raised"], REASON)
        is_first = w.fresh(self.case).state == CaseState.PROPOSED
        service = assessing.complete if is_first else reviewing.complete_questions
        self.attempt("complete", service, who, **words)

    def decide(self, dice: Random) -> None:
        verdicts = ["approved", "approved", "approved", "conditions", "rejected"]
        verdict = dice.choice(verdicts if dice.randrange(4) == 3 else verdicts[:4])
        self.decide_as(dice.choice([*PEOPLE, "other_decider"]), verdict)

    def decide_as(self, who: str, verdict: str) -> None:
        needed = [deciding.Required("Check it.", self.cast.officer, w.local_today())]
        conditions = needed if verdict == "conditions" else []
        given = {"verdict": verdict, "reasons": REASON, "conditions": conditions}
        name = "reject" if verdict == "rejected" else "approve"
        self.attempt(name, deciding.decide, who, **given)

    def conclude(self, dice: Random) -> None:
        outcome = dice.choice([ReviewOutcome.CONTINUE, ReviewOutcome.SUSPEND])
        self.conclude_as(dice.choice([*PEOPLE, "other_decider"]), outcome)

    def conclude_as(self, who: str, outcome: str) -> None:
        given = {"outcome": outcome, "reasons": REASON}
        self.attempt(str(outcome), concluding.conclude, who, **given)

    def turn_back(self, dice: Random) -> None:
        who = dice.choice([*PEOPLE, "other_decider", "officer"])
        verbs = [Verb.SEND_BACK, Verb.REOPEN_ASSESSMENT, Verb.SUSPEND, Verb.RESUME]
        self.with_reason(dice.choice(verbs), who)

    def end(self, dice: Random) -> None:
        who, notice = dice.choice(PEOPLE), Notice("mutual", w.local_today())
        if dice.randrange(12) == 7:
            give = terminating.give_notice
            self.attempt("end", give, who, notice=notice, reasons=REASON)

    # What must hold -------------------------------------------------------------------
    @invariant()
    def everything_is_in_order(self) -> None:
        case = w.fresh(self.case)
        if case.head_seq == self.checked:
            return
        self.checked = case.head_seq
        self.seen[case.state] += 1
        gates = list(Gate.objects.filter(case=case))
        no_running_case_has_an_open_gate(case, gates)
        for gate in gates:
            nobody_cleared_their_own(case, gate)
        frozen = Assessment.objects.filter(case=case, completed_at__isnull=False)
        for assessment in frozen.exclude(pk__in=self.frozen):
            is_what_it_was(assessment)
            self.frozen.add(assessment.pk)
        for decision in Decision.objects.filter(case=case, decided_at__isnull=False):
            rests_on_frozen_answers(decision)


def no_running_case_has_an_open_gate(case, gates) -> None:
    still_open = [gate.code for gate in gates if gate.is_open]
    assert case.state != CaseState.APPROVED or not still_open, still_open


def nobody_cleared_their_own(case, gate) -> None:
    if gate.cleared_by is not None:
        assert gate.cleared_by != gate.opened_by
        assert gate.cleared_by not in (case.proposer, case.responsible)
        roles = policies.roles_in(case, gate.cleared_by)
        assert roles.intersection(gate.action.cleared_by)


def is_what_it_was(assessment) -> None:
    hashed = digest(SNAPSHOT_DOMAIN, assessment.snapshot)
    assert assessment.snapshot_hash == hashed
    sheet = Sheet(assessment)
    assert assessment.inherent == sheet.weighing.inherent
    assert assessment.risk >= least(sheet)


def least(sheet: Sheet) -> int:
    """What the answers and the advisers give, less what two people have lowered; an
    answer that was written after they agreed is not lowered."""
    risk = sheet.weighing.inherent
    for change in sheet.assessment.risk_changes.order_by("id"):
        if not change.is_lowering:
            risk = max(risk, change.to_risk)
        elif change.confirmed_at:
            assert change.confirmed_by != change.proposed_by
            risk = max(change.to_risk, written_since(sheet, change.confirmed_at))
    return risk


def written_since(sheet: Sheet, at) -> int:
    questions = sheet.pack.by_code
    return max(
        (
            questions[code].level_of(answer.chosen)
            for code, answer in sheet.answers.items()
            if answer.answered_at > at
            and code in sheet.weighing.levels
            and not questions[code].is_country_fact
        ),
        default=0,
    )


def rests_on_frozen_answers(decision) -> None:
    assessment = decision.assessment
    assert assessment.completed_at is not None
    assert assessment.completed_at <= decision.decided_at
    assert decision.decided_by not in (decision.asked_by, assessment.completed_by)
    assert decision.decided_by not in (
        decision.case.proposer,
        decision.case.responsible,
    )
    if decision.verdict != "rejected":
        assert assessment.risk < Risk.CRITICAL
        assert assessment.stops == []


def walk(cast) -> Counter:
    """Most walks begin before the decision."""
    for role in (*Role.SPECIALISTS, Role.CASE_OFFICER, Role.DECIDER):
        r.role(cast.proposer, role, cast.institution)  # and still only the proposer
    w.speaker(cast, "faculty")
    Walk.cast, Walk.seen = cast, Counter()
    touched = {"EXP_1": "possibly", "ETH_1": "yes"}
    for case, examples in (
        (w.proposed(cast, given=touched), 8),
        (w.asked(cast, given=touched), 8),
        (w.asked(cast), 5),
        (w.approved(cast), 3),
        (w.under_review(cast), 3),
    ):
        Walk.start = w.fresh(case)
        run_state_machine_as_test(Walk, settings=walking(EXAMPLES or examples))
    return Walk.seen


def walking(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=10,
        deadline=None,
        derandomize=not EXAMPLES,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.slow
def test_no_case_with_an_open_gate_is_approved_by_any_path(cast):
    seen = walk(cast)

    come_to = {state for state in CaseState.values if seen[state]}
    assert come_to >= {"proposed", "assessed", "approved", "under_review", "suspended"}
    assert seen["steps"] > 1000, seen
    for verb in ("approve", "clear", "opinion", "complete", "continue", "lower"):
        assert seen[verb], f"no walk has come to “{verb}”: {seen}"
        assert seen[f"{verb} refused"], f"“{verb}” was never refused: {seen}"


@pytest.mark.slow
def test_a_twin_that_does_not_ask_for_gates_is_caught(cast, monkeypatch):
    monkeypatch.setattr(policies.deciding, "not_in_order", lambda case: None)

    with pytest.raises(AssertionError, match=r"\['G-"):
        walk(cast)
