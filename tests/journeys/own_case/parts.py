"""By the part that somebody has in the case, or had."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from register.choices import Risk, Role
from register.clock import local_today
from tests.factories import workflows as w
from tests.journeys.own_case.scene import browser, page, posted, told, way
from tests.workflows.listing import csv_file, imported
from workflows.choices import GateResult, HandedPart, ReviewOutcome, Verb
from workflows.models import Assessment, Case, Catalogue, Gate
from workflows.policies.people import CONFLICTED, OWN_PROPOSAL
from workflows.services import (
    advising,
    amending,
    assessing,
    concluding,
    conditions,
    deciding,
    declaring,
    handing_over,
    handling,
    proposing,
    recommending,
    reviewing,
)
from workflows.services.deciding import Required

PART = "their part in the case, which comes before every role"
HISTORY = "the history: whoever prepared it does not decide it"
PREPARED = "You helped to prepare this decision; another person must make it."
ASSESSED = "You assessed this case; another person must decide."
NOT_A_DECIDER = "Only a decider of the unit may do this."
TODAY = local_today()


@way("The proposer is a decider and decides", kept_by=PART, answer=OWN_PROPOSAL)
def directly(s):
    s.decides(s.decider(s.cast.proposer))


@way("The same, on the page", kept_by=PART, answer=OWN_PROPOSAL)
def on_the_page(s):
    client = browser(s.decider(s.cast.proposer))
    return told(client.post(page("decide", s.case), posted(s.case)))


@way("The responsible person decides", kept_by=PART, answer=OWN_PROPOSAL)
def as_responsible(s):
    s.decides(s.cast.decider, s.another(responsible=s.cast.decider))


@way(
    "Whoever answered for it until it was handed over decides",
    kept_by="the list of all who ever answered for the case",
    answer=OWN_PROPOSAL,
)
def after_handing_over(s):
    case = s.another(responsible=s.cast.decider)
    handing_over.hand_over(
        case_id=case.pk,
        actor=s.cast.officer,
        part=HandedPart.RESPONSIBLE,
        to=s.given(s.cast.adviser, Role.PROPOSER),
        reason="So that it can be decided.",
    )
    s.decides(s.cast.decider, case)


@way(
    "Whoever answered for the draft, until its proposer named another, decides",
    kept_by="the list of all who ever answered for the case",
    answer=OWN_PROPOSAL,
)
def after_leaving_the_draft(s):
    draft = w.draft(s.cast, responsible=s.cast.decider)
    by = {"case_id": draft.pk, "actor": s.cast.proposer}
    amending.amend(**by, responsible=s.cast.proposer)
    proposing.submit(**by)
    by["actor"] = s.cast.officer
    assessing.complete(**by, conclusion="Harmless.")
    w.recommend(s.cast, draft)
    deciding.ask(**by)
    s.decides(s.cast.decider, draft)


@way(
    "The proposer withdraws it and proposes a copy, decided by themselves",
    kept_by=PART,
    answer=OWN_PROPOSAL,
)
def by_a_copy(s):
    first = w.quickly_sent(s.cast)
    by = {"actor": s.cast.proposer, "reason": "Anew."}
    handling.with_reason(case_id=first.pk, verb=Verb.WITHDRAW, **by)
    copy = s.another()
    s.decides(s.decider(s.cast.proposer), copy)


@way("Whoever completed the assessment decides", kept_by=HISTORY, answer=ASSESSED)
def as_assessor(s):
    s.decides(s.decider(s.cast.officer))


@way("Whoever asked for the decision decides", kept_by=HISTORY, answer=PREPARED)
def as_asker(s):
    s.decides(s.cast.decider, asked_by(s, s.cast.decider))


def asked_by(s, person):
    """Somebody else has assessed it."""
    case = w.quickly_sent(s.cast)
    assessing.complete(case_id=case.pk, actor=s.cast.officer, conclusion="Fine.")
    w.recommend(s.cast, case)
    asker = s.given(person, Role.CASE_OFFICER)
    deciding.ask(case_id=case.pk, actor=asker)
    return s.lawful(case)


@way("Whoever recommended it decides", kept_by=HISTORY, answer=PREPARED)
def as_recommender(s):
    s.decides(s.decider(s.cast.leader))


@way("Whoever mended its facts decides", kept_by=HISTORY, answer=PREPARED)
def as_editor(s):
    editor = s.given(s.cast.decider, Role.CASE_OFFICER)
    amending.amend(case_id=s.case.pk, actor=editor, title="A better title")
    s.decides(editor)


@way(
    "A decider reopens it, assesses it anew, lets it be asked for and decides",
    kept_by=HISTORY,
    answer=ASSESSED,
)
def by_reopening(s):
    person = s.given(s.cast.decider, Role.CASE_OFFICER)
    by = {"case_id": s.case.pk, "actor": person}
    handling.with_reason(**by, verb=Verb.REOPEN_ASSESSMENT, reason="Look again.")
    assessing.complete(**by, conclusion="Harmless after all.")
    recommending.recommend(
        case_id=s.case.pk, actor=s.cast.leader, is_for=True, reasons="It fits."
    )
    deciding.ask(case_id=s.case.pk, actor=s.cast.officer)
    s.decides(person)


@way(
    "A decider decides on an assessment that has been reopened",
    kept_by="the state of the case",
    answer="“Approve” is possible when a case is: Assessed. It is now: Proposed.",
)
def on_a_reopened_assessment(s):
    by = {"case_id": s.case.pk, "actor": s.cast.officer, "reason": "Look again."}
    handling.with_reason(**by, verb=Verb.REOPEN_ASSESSMENT)
    s.decides(s.cast.decider)


@way(
    "With two tabs open: decided as it stood before its facts were changed",
    kept_by="the number of the last event that the page showed",
    answer="Somebody was faster",
)
def by_two_tabs(s):
    client, old = browser(s.cast.decider), posted(s.case)
    client.get(page("decide", s.case))
    by = {"case_id": s.case.pk, "actor": s.cast.officer}
    amending.amend(**by, title="Something else altogether")
    return told(client.post(page("decide", s.case), old)).partition(":")[0]


@way(
    "Following the link of the mail decides",
    kept_by="a page that is only opened changes nothing",
    answer=200,
)
def by_a_mail_link(s):
    return browser(s.cast.decider).get(page("decide", s.case)).status_code


@way(
    "Somebody who declared a conflict of interest decides",
    kept_by="their own declaration",
    answer=CONFLICTED,
)
def in_spite_of_a_conflict(s):
    grounds = {"has_conflict": True, "grounds": ["family"], "text": "A sister."}
    declaring.declare(case_id=s.case.pk, actor=s.cast.decider, **grounds)
    s.decides(s.cast.decider)


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
