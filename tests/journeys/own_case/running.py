"""By the risk, a gate or a condition, and in what runs already."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from register.choices import Risk, Role
from tests.factories import workflows as w
from tests.journeys.own_case.parts import PART, TODAY
from tests.journeys.own_case.scene import way
from tests.workflows.listing import csv_file, imported
from workflows.choices import GateResult, HandedPart, ReviewOutcome, Verb
from workflows.models import Assessment, Case, Catalogue, Gate
from workflows.policies.people import OWN_PROPOSAL
from workflows.services import (
    advising,
    concluding,
    conditions,
    deciding,
    handing_over,
    handling,
    reviewing,
)
from workflows.services.deciding import Required


# The risk, the gates and the conditions -----------------------------------------------
@way(
    "A decider proposes a lower risk and confirms it",
    kept_by="a lower risk is confirmed by another person",
    answer="You proposed the lower risk; another person must confirm it.",
)
def by_lowering_the_risk(s):
    case = w.quickly_sent(s.cast)
    person = s.given(s.cast.decider, Role.UNIT_LEADER)
    by = {"case_id": case.pk, "reason": "As I see it."}
    advising.raise_risk(**by, actor=s.cast.adviser, risk=Risk.HIGH)
    advising.lower_risk(**by, actor=person, risk=Risk.MEDIUM)
    advising.confirm_lowering(case_id=case.pk, actor=person, agrees=True)


@way(
    "Whoever's answer opened a gate clears it",
    kept_by="a gate is cleared by another person",
    answer="Your answer opened this gate; another person must clear it.",
)
def by_clearing_ones_own_gate(s):
    gate = gate_of(s, "G-ETH", opened_by=s.cast.specialist)
    clear(s, gate, s.cast.specialist)


def gate_of(s, code, *, opened_by):
    """As the shipped pack has it, opened in an assessment that was set aside."""
    now = timezone.now()
    set_aside = Assessment.objects.create(
        case=s.case,
        catalogue=Catalogue.objects.exclude(version="none").get(institution=None),
        moment="planning",
        begun_at=now,
        abandoned_at=now,
    )
    return Gate.objects.create(
        case=s.case,
        assessment=set_aside,
        code=code,
        blocks="signing",
        opened_by=opened_by,
        opened_at=now,
    )


def clear(s, gate, person):
    advising.clear_gate(
        case_id=s.case.pk,
        actor=person,
        gate_id=gate.pk,
        result=GateResult.DOCUMENTED,
        reason="In order.",
        reference="2026/7",
    )


@way(
    "Whoever set a condition marks it as met",
    kept_by="a condition is met by another person's word",
    answer="You set this condition; another person must mark it as met.",
)
def by_meeting_ones_own_condition(s):
    condition = conditional(s, s.cast.proposer)
    person = s.given(s.cast.decider, Role.CASE_OFFICER)
    meet(condition, person)


def conditional(s, owner):
    """Approved by the decider, with a condition that somebody owns."""
    deciding.decide(
        case_id=s.case.pk,
        actor=s.cast.decider,
        verdict="conditions",
        reasons="Useful.",
        conditions=[Required("A data plan.", owner, TODAY + timedelta(days=30))],
    )
    s.lawful(s.case)
    return s.case.decisions.get().conditions.get()


def meet(condition, person):
    case = condition.decision.case
    conditions.meet(
        case_id=case.pk, actor=person, condition_id=condition.pk, how="It is there."
    )


@way(
    "The same in the row itself, past the services",
    kept_by="a constraint in the database",
    answer="condition_four_eyes",
)
def by_the_row_of_the_condition(s):
    condition = conditional(s, s.cast.proposer)
    condition.met_by, condition.met_at = s.cast.decider, s.case.last_event_at
    condition.met_how = "It is there."
    with transaction.atomic():
        condition.save()


# What runs already --------------------------------------------------------------------
def approved(s, **facts):
    case = w.quickly_asked(s.cast, **facts)
    deciding.decide(
        case_id=case.pk, actor=s.cast.decider, verdict="approved", reasons="Useful."
    )
    return case


@way(
    "The proposer, a decider, lets it go on after its review",
    kept_by=PART,
    answer=OWN_PROPOSAL,
)
def by_the_review(s):
    case = reviewed(s, approved(s))
    go_on(case, s.decider(s.cast.proposer))


def reviewed(s, case, officer=None):
    """Under review, with its questions completed."""
    by = {"case_id": case.pk, "actor": officer or s.cast.officer}
    reviewing.open_review(**by, ground="New owners.")
    s.lawful(case)
    reviewing.complete_questions(**by, conclusion="Seen.")
    return s.lawful(case)


def go_on(case, person):
    w.declare_none(case, person)
    concluding.conclude(
        case_id=case.pk, actor=person, outcome=ReviewOutcome.CONTINUE, reasons="Good."
    )


@way("The proposer, a decider, resumes it", kept_by=PART, answer=OWN_PROPOSAL)
def by_resuming(s):
    case = approved(s)
    by = {"case_id": case.pk, "reason": "For now."}
    handling.with_reason(**by, verb=Verb.SUSPEND, actor=s.cast.decider)
    s.lawful(case)
    by["actor"] = s.decider(s.cast.proposer)
    handling.with_reason(**by, verb=Verb.RESUME)


@way(
    "Whoever imported an old cooperation and was then named to answer for it lets it "
    "go on",
    kept_by="being named makes it their own; only standing in does not",
    answer=OWN_PROPOSAL,
)
def by_an_import_that_became_ones_own(s):
    imported(s.cast, csv_file("1;Old;2024-01-01;2029-01-01;A;DE;1"))
    case = Case.objects.get(legacy=True)
    leader = s.given(s.cast.leader, Role.CASE_OFFICER, s.cast.institution)
    for person in (s.cast.decider, s.cast.officer):
        handing_over.hand_over(
            case_id=case.pk,
            actor=leader,
            part=HandedPart.RESPONSIBLE,
            to=person,
            reason="Named.",
        )
    s.lawful(case)
    reviewed(s, case, leader)
    go_on(case, s.given(s.cast.officer, Role.DECIDER, s.cast.institution))


@way(
    "A case officer imports a list over their own case",
    kept_by=PART,
    answer=OWN_PROPOSAL,
)
def by_importing_over_it(s):
    key = f"{s.cast.institution.pk}/7"
    proposer = s.given(s.cast.proposer, Role.CASE_OFFICER, s.cast.institution)
    Case.objects.filter(pk=s.case.pk).update(import_key=key)
    row = csv_file("7;Mine;2024-01-01;2029-01-01;A;DE;1")
    batch = imported(s.cast, row, actor=proposer)
    return batch.report["lines"][0][4]
