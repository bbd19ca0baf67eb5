"""Three cases through the pages from beginning to end, as docs/domain/three-cases.md
tells them. Every bold figure of that document is measured here."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from register.choices import CaseState, Risk
from register.clock import local_today
from register.models import User
from tests.factories import register as r
from tests.journeys import answers, paper
from tests.journeys.steps import ask, clear_gates, give_opinions, lower_together
from tests.journeys.walking import Walk, months_until, told, working_days_until
from workflows import deadlines
from workflows.models import Condition

STILL_TO_DO = "Answer these questions first:"
pytestmark = [pytest.mark.once, pytest.mark.slow]


def agrees_with_the_document(number: int, walk: Walk, measured: dict) -> None:
    """Its figures are those that were measured, and what it quotes was on a page."""
    told = paper.chapter(number)
    assert paper.figures(told) == measured
    unseen = [q for q in paper.quotations(told) if not walk.has_seen(q)]
    assert unseen == []


def about(title: str, kind: str, *, years: int) -> dict[str, object]:
    start = local_today() + timedelta(days=60)
    end = deadlines.add_months(start, 12 * years)
    return {"title": title, "case_type": kind, "starts_on": start, "ends_on": end}


# 1. An Erasmus exchange ---------------------------------------------------------------
def test_an_exchange_with_a_university_in_spain(walk: Walk):
    academic, officer, decider = walk.people("proposer", "officer", "decider")
    r.partner("Universidad de Valdelmar", country="ES")
    walk.propose(
        academic,
        "valdelmar",
        about("Student exchange in physics", "education", years=7),
        {"purpose": "Five students each way every year."},
    )
    screen = walk.read(academic, "proposal-questions")
    walk.answer(academic, answers.EXCHANGE, "proposal-questions")
    sent = walk.do(academic, "proposal-summary", has_conflict="no")
    track = walk.read(officer, "assess")
    walk.answer(officer, answers.office(local_today(), "exchange"))
    confirmed = walk.confirm(officer)
    mine, offices, everything = walk.shares(academic, officer)
    ask(walk, officer, conclusion="An ordinary exchange.")
    own, table = walk.read(officer, "decide"), walk.read(decider, "decide")
    walk.do(decider, "decide", verdict="approved", reasons="Good for the students.")
    case = walk.fresh()

    assert "Sent. Its case number is" in sent
    assert "Light track. Every answer of the quick screen is harmless" in track
    assert "Only a decider of the unit may do this." in own
    assert "It cannot be approved now." not in table
    assert (case.state, case.risk) == (CaseState.APPROVED, Risk.LOW)
    decision = case.decisions.get()
    assert (decision.asked_by, decision.decided_by) == (officer, decider)
    assert everything == paper.number("so {} questions are asked in all", track)
    measured = {
        "questions for the academic": mine,
        "questions in the quick screen": paper.number("{} questions decide", screen),
        "questions for the administration": offices,
        "questions in all": everything,
        "answers confirmed by the administration": confirmed,
        "answer left as a proposal": paper.number(" {} answer ", table),
        "advisers asked": case.last_assessment.opinions.count(),
        "gates": case.gates.count(),
        "months": months_until(case.next_review_on),
    }
    agrees_with_the_document(1, walk, measured)


# 2. A guest researcher in underwater technology ---------------------------------------
SHUT = (
    "It cannot be approved now. The gate “Export licence” stands open. Approval is "
    "blocked until the licence is recorded (number, authority, scope, conditions, "
    "valid from and to), or the adviser has recorded, with reasons, that none is "
    "needed."
)
ACCESS = (
    "Access for partner staff is restricted (physical, network, data); an owner and a "
    "date for checking it are named. (EXP-4, INF-3, MOB-1, MOB-2)"
)


def test_a_guest_researcher_in_underwater_technology(walk: Walk):
    academic, officer, adviser = walk.people("proposer", "officer", "specialist")
    second, dean, rector = walk.people("other_specialist", "decider", "other_decider")
    r.partner("Haneul Institute of Marine Technology", country="KR")
    walk.propose(
        academic,
        "haneul",
        about("Guest researcher: positioning under water", "guest", years=2),
        {"purpose": "Find instruments again under the sea ice."},
    )
    walk.answer(academic, answers.GUEST, "proposal-questions")
    track = walk.read(academic, "proposal-questions")
    walk.do(academic, "proposal-summary", has_conflict="no")
    asked = {each.role: each.due_on for each in walk.fresh().waiting_opinions}
    waiting = walk.read(officer, "complete")
    days = {role: working_days_until(day) for role, day in asked.items()}
    walk.answer(officer, answers.office(local_today(), "research"))
    walk.confirm(officer)
    advise_on_the_guest(walk, adviser)
    mine, offices, advisers, everything = walk.shares(academic, officer, adviser)
    ask(walk, officer, conclusion="Worth it.", mitigation="Kept to the tank hall.")
    shut = walk.read(rector, "decide")
    refused = walk.do(
        rector, "decide", verdict="approved", reasons="Worth it.", refused=True
    )
    lifted, own = walk.read(dean, "decide"), walk.read(academic, "clear_gate")
    walk.do(
        second,
        "clear_gate",
        result="documented",
        reason="The licence covers the array and this guest.",
        reference="L 2026/118",
        valid_until=local_today() + timedelta(days=800),
    )
    proposed = paper.proposed_on(walk.open(rector, walk.at("decide")))
    approve_with_restricted_access(walk, rector)
    case = walk.fresh()

    assert "Full track. All questions that fit are asked, because of:" in track
    assert "in the control lists" in track
    assert "courses on the sensitive list? – Yes." in track
    assert [f"adviser Due {told(day)}" in waiting for day in asked.values()] == [
        *(True, True)
    ]
    assert (SHUT in shut, SHUT in refused) == (True, True)
    assert "The answers lift this decision to the institution's top management." in (
        lifted
    )
    assert (
        "You proposed this cooperation or answer for it; somebody else must act." in own
    )
    assert (case.state, case.risk) == (CaseState.APPROVED, Risk.HIGH)
    assert proposed == [ACCESS]
    assert Condition.objects.get().text == ACCESS
    assert "Stig Specialist cleared the gate “Export licence”" in walk.read(
        walk.cast.auditor, "case-tab", "history"
    )
    measured = {
        "questions for the academic": mine,
        "questions for the administration": offices,
        "questions for the advisers": advisers,
        "questions in all": everything,
        "advisers asked": case.last_assessment.opinions.count(),
        "working days for export control": days["S-EC"],
        "working days for security": days["S-SEC"],
        "gate": case.gates.count(),
        "condition": Condition.objects.count(),
        "months": months_until(case.next_review_on),
    }
    agrees_with_the_document(2, walk, measured)


def advise_on_the_guest(walk: Walk, adviser: User) -> None:
    """What only advisers may conclude; the licence comes after the opinion."""
    walk.answer(adviser, answers.GUEST_ADVISER, leave=["EXP-8"])
    walk.confirm(adviser)
    walk.do(
        adviser,
        "give_opinion",
        conclusion="licence_needed",
        text="The array stands on the list; to let a guest use it is to export it.",
    )
    walk.do(
        adviser,
        "give_opinion",
        conclusion="with_measures",
        text="Acceptable when the guest is kept to the tank hall.",
    )
    walk.answer(adviser, answers.licence(local_today() + timedelta(days=800)))


def approve_with_restricted_access(walk: Walk, rector: User) -> None:
    """The proposed text is left as it stands; who and by when are filled in."""
    walk.do(
        rector,
        "decide",
        verdict="conditions",
        reasons="The work is open and worth it; the access is licensed and watched.",
        **{
            "form-0-owner": walk.cast.leader.pk,
            "form-0-due_on": local_today() + timedelta(days=90),
        },
    )


# 3. Shared data with a hospital outside the EEA ---------------------------------------
def test_shared_data_with_a_hospital_outside_the_eea(walk: Walk):
    academic, officer, adviser = walk.people("proposer", "officer", "specialist")
    decider = walk.cast.decider
    r.partner("Protea Ridge Teaching Hospital", country="ZA")
    walk.propose(
        academic,
        "protea",
        about("Heart failure: ten years of records", "research", years=4),
        {"purpose": "Which treatment works for whom.", "funder": "A heart fund"},
    )
    walk.answer(academic, answers.HOSPITAL, "proposal-questions")
    walk.do(academic, "proposal-summary", has_conflict="no")
    gates, early = walk.read(officer, "clear_gate"), walk.read(officer, "lower_risk")
    walk.answer(officer, answers.office(local_today(), "data"))
    walk.confirm(officer)
    walk.answer(adviser, answers.HOSPITAL_ADVISER)
    walk.confirm(adviser)
    mine, offices, advisers, everything = walk.shares(academic, officer, adviser)
    give_opinions(walk, adviser)
    cleared = clear_gates(walk, walk.cast.other_specialist)
    own, agreed = lower_together(walk, officer, decider)
    ask(walk, officer, conclusion="Useful.", mitigation="No names; key kept here.")
    walk.do(decider, "decide", verdict="approved", reasons="It may save lives.")
    case = walk.fresh()

    assert [gate in gates for gate in cleared] == [True, True, True]
    assert "The risk is not lowered while a gate stands open." in early
    assert "You proposed the lower risk; another person must confirm it." in own
    assert "The lower risk is confirmed." in agreed
    assert (case.state, case.risk) == (CaseState.APPROVED, Risk.LOW)
    assert case.last_assessment.inherent == Risk.MEDIUM
    assert not Condition.objects.exists()
    measured = {
        "questions for the academic": mine,
        "questions for the administration": offices,
        "questions for the advisers": advisers,
        "questions in all": everything,
        "advisers asked": case.last_assessment.opinions.count(),
        "gates": len(cleared),
        "months": months_until(case.next_review_on),
    }
    soon = timezone.now() + (case.next_review_on - local_today()) - timedelta(days=30)
    with time_machine.travel(soon):
        agrees_with_the_document(3, walk, measured | midway(walk))


def midway(walk: Walk) -> dict[str, int]:
    """Two years later the questions are asked again."""
    academic, officer, adviser = walk.people("proposer", "officer", "specialist")
    walk.come_back()
    walk.do(officer, "open_review")
    refused = walk.do(officer, "complete", refused=True)
    walk.send(academic, walk.at("assess"))  # saved as it stands, without a tick
    assert not walk.fresh().open_assessment.answers.exists()
    assert STILL_TO_DO in refused
    walk.answer(academic, answers.LATER)
    half = walk.do(officer, "complete", refused=True)
    assert STILL_TO_DO in half
    walk.answer(officer, {})
    confirmed = walk.confirm(officer)
    walk.answer(adviser, {})
    confirmed += walk.confirm(adviser)
    *_each, everything = walk.shares(academic, officer, adviser)
    ticked = walk.fresh().open_assessment.answers.filter(is_as_before=True).count()
    give_opinions(walk, adviser)
    lower_together(walk, officer, walk.cast.decider)
    walk.do(officer, "complete", conclusion="Useful.", mitigation="As agreed.")
    rows = paper.rows_on(walk.open(officer, walk.at("compare")))
    questions = [row for row in rows if paper.code_in(row[0])]
    changed = [row for row in questions if row[1] != "not asked"]
    walk.do(walk.cast.decider, "conclude", outcome="continue", reasons="It goes well.")

    assert walk.fresh().state == CaseState.APPROVED
    assert not walk.fresh().open_gates
    assert ticked == walk.still
    assert [paper.code_in(row[0]) for row in changed] == ["IPR-3"]
    assert (changed[0][1][:7], changed[0][2][:3]) == ("Planned", "Yes")
    return {
        "questions midway": everything,
        "answers that still hold": walk.still,
        "answers of these confirmed by the right office": confirmed,
        "changed answer": len(changed),
        "new questions midway": len(questions) - len(changed),
    }
