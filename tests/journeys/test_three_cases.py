"""Three cases through the pages from beginning to end, as docs/domain/three-cases.md
tells them. Every bold figure in that document is measured here."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from register.choices import CaseState, Risk
from register.clock import local_today
from tests.factories import register as r
from tests.journeys import paper
from tests.journeys.walking import Said, Walk, months_until
from workflows import deadlines

DOC = Path(__file__).parents[2] / "docs/domain/three-cases.md"
pytestmark = pytest.mark.slow


def in_the_doc(chapter: str) -> dict[str, int]:
    return paper.figures(chapter, DOC.read_text(encoding="utf-8"))


def about(title: str, kind: str, *, years: int) -> dict[str, object]:
    start = local_today() + timedelta(days=60)
    end = deadlines.add_months(start, 12 * years)
    return {"title": title, "case_type": kind, "starts_on": start, "ends_on": end}


def whom(walk: Walk) -> tuple:
    return walk.cast.proposer, walk.cast.officer, walk.cast.specialist


# 1. An Erasmus exchange ---------------------------------------------------------------
EXCHANGE = {
    "PRI-1": Said("inside-EEA"),
    "MOB-1": Said(["incoming", "outgoing"], facts={"role": "Students", "number": 10}),
}
OFFICE = {
    "AGR-1": Said(["exchange"]),
    "SAN-5": Said("within", facts={"screened_on": local_today()}),
}


def test_an_exchange_with_a_university_in_spain(walk: Walk):
    academic, officer, _specialist = whom(walk)
    r.partner("Universidad de Valdelmar", country="ES")
    walk.propose(
        academic,
        "valdelmar",
        about("Student exchange in physics", "education", years=7),
        {"purpose": "Five students each way every year."},
    )
    screen = walk.read(academic, "proposal-questions")
    walk.answer(academic, EXCHANGE, "proposal-questions")
    assert "Sent. Its case number is" in walk.do(academic, "proposal-summary")
    page = walk.read(officer, "assess")
    walk.answer(officer, OFFICE)
    confirmed = walk.confirm(officer)
    mine, theirs, everything = walk.shares(academic, officer)
    before = walk.read(officer, "complete")
    walk.do(officer, "complete", conclusion="An ordinary exchange.")
    walk.do(officer, "ask_decision")
    refused = walk.read(officer, "decide")
    table = walk.read(walk.cast.decider, "decide")
    walk.decide(walk.cast.decider, "approved", reasons="Good for the students.")
    case = walk.fresh()

    assert paper.number("so {} questions are asked in all", page) == everything
    assert "Light track. Every answer of the quick screen is harmless" in page
    assert "Still to do" not in before
    assert "Only a decider of the unit may do this." in refused
    assert "1 answer" in table
    assert (case.state, case.risk) == (CaseState.APPROVED, Risk.LOW)
    assert in_the_doc("1.") == {
        "questions for the academic": mine,
        "of them in the quick screen": paper.number("{} questions decide", screen),
        "questions for the administration": theirs,
        "answers confirmed by the administration": confirmed,
        "questions in all": everything,
        "advisers asked": case.last_assessment.opinions.count(),
        "gates opened": case.gates.count(),
        "months to the next look at most": months_until(case.next_review_on),
    }


# 2. A guest researcher in underwater technology ---------------------------------------
GUEST = {
    "EXP-1": Said("possibly", "Acoustic positioning may stand under “marine”."),
    "MOB-1": Said(["incoming", "sensitive-areas"], "The acoustic tank."),
    "MOB-2": Said("yes", "The acoustic tank and its signal processing code."),
    "EXP-4": Said("yes", "The positioning array in the tank."),
    "INF-1": Said(["internal"]),
    "INF-3": Said("yes-restricted", "The tank hall, with a card."),
}
GUEST_ADVISER = {
    "PAR-3": Said("civil-only-with-links", "A naval shipyard pays for half the lab."),
    "EXP-2": Said("checked", facts={"entries": "8A002", "edition": "2026"}),
    "EXP-3": Said("open-material"),
    "MOB-4": Said("required-and-done", "Done by HR; kept outside the case."),
}
LICENCE = {
    "EXP-8": Said("valid", facts={"number": "L 2026/118", "authority": "The licensing"})
}
SHUT = (
    "The gate “Export licence” stands open. Approval is blocked until the licence is "
    "recorded (number, authority, scope, conditions, valid from and to), or the "
    "adviser has recorded, with reasons, that none is needed."
)


def test_a_guest_researcher_in_underwater_technology(walk: Walk):
    academic, officer, adviser = whom(walk)
    r.partner("Haneul Institute of Marine Technology", country="KR")
    walk.propose(
        academic,
        "haneul",
        about("Guest researcher: positioning under water", "guest", years=2),
        {"purpose": "Positioning of instruments under sea ice."},
    )
    walk.answer(academic, GUEST, "proposal-questions")
    summary = walk.read(academic, "proposal-questions")
    walk.do(academic, "proposal-summary")
    waiting = walk.read(officer, "complete")
    walk.answer(officer, OFFICE)
    walk.confirm(officer)
    walk.answer(adviser, GUEST_ADVISER, leave=["EXP-8"])
    walk.confirm(adviser)
    print(summary, waiting, sep="\n\n")
    print(walk.read(adviser, "give_opinion"))
    walk.do(
        adviser,
        "give_opinion",
        conclusion="licence_needed",
        text="8A002 covers the array: a licence is needed for the access.",
    )
    print(walk.read(adviser, "give_opinion"))
    walk.do(
        adviser,
        "give_opinion",
        conclusion="with_measures",
        text="Acceptable when kept to the tank hall.",
    )
    walk.answer(adviser, LICENCE)
    print(walk.shares(academic, officer, adviser))
    print(walk.read(officer, "complete"))
    walk.do(
        officer,
        "complete",
        conclusion="Valuable, and possible with a licence.",
        mitigation="Kept to the tank hall.",
    )
    walk.do(officer, "ask_decision")
    print(walk.read(walk.cast.decider, "decide"))
    print(walk.read(walk.cast.other_decider, "decide"))
    print(walk.decide(walk.cast.other_decider, "approved", reasons="x", refused=True))
    print(walk.read(walk.cast.other_specialist, "clear_gate"))


HOSPITAL = {
    "PRI-1": Said("outside-EEA", "Pseudonymised records of 4,000 patients."),
    "PRI-2": Said("yes", "Health data."),
    "ETH-1": Said("yes", "Health data of patients."),
    "INF-1": Said(["restricted"], "Kept on the platform for sensitive data."),
    "IPR-3": Said("planned", "Written before the first transfer."),
    "IPR-5": Said("yes-with-agreement", "Data sharing agreement."),
    "TEC-3": Said(["information"]),
    "CTY-5": Said("no", "The hospital's own board has approved it; no permit more."),
}
HOSPITAL_ADVISER = {
    "PRI-3": Said(comment="Joint controllers; the agreement is signed."),
    "PRI-4": Said("standard-clauses", "Access law assessed on 3 pages."),
}


def test_hospital(walk: Walk):
    academic, officer, adviser = whom(walk)
    other = walk.cast.other_specialist
    r.partner("Protea Ridge Teaching Hospital", country="ZA")
    walk.propose(
        academic,
        "protea",
        about("Shared data on heart failure", "research", years=4),
        {"purpose": "Compare treatments.", "funder": "The Fjordheim heart fund"},
    )
    walk.answer(academic, HOSPITAL, "proposal-questions")
    print(walk.read(academic, "proposal-questions"))
    walk.do(academic, "proposal-summary")
    print(walk.read(officer, "lower_risk"))
    print(walk.read(officer, "clear_gate"))
    walk.answer(officer, OFFICE)
    walk.confirm(officer)
    walk.answer(adviser, HOSPITAL_ADVISER)
    walk.confirm(adviser)
    while walk.fresh().waiting_opinions:
        walk.do(adviser, "give_opinion", conclusion="with_measures", text="Fine.")
    print(walk.shares(academic, officer, adviser))
    while gates := walk.fresh().open_gates:
        print(gates[0].action.title)
        walk.do(
            other,
            "clear_gate",
            gates[0].pk,
            result="documented",
            reason="Seen.",
            reference="2026/301",
        )
    print(walk.read(officer, "lower_risk"))
    walk.do(
        officer, "lower_risk", risk=Risk.LOW, reason="Pseudonymised, key stays here."
    )
    print(walk.read(officer, "complete"))
    print(walk.read(officer, "confirm_lowering"))
    print(walk.do(walk.cast.decider, "confirm_lowering", agrees="yes"))
    walk.do(officer, "complete", conclusion="x", mitigation="Kept to the tank hall.")
    walk.do(officer, "ask_decision")
    print(walk.read(walk.cast.decider, "decide"))
    walk.decide(walk.cast.decider, "approved", reasons="x")
    due = walk.fresh().next_review_on
    print(due, months_until(due))
    with time_machine.travel(
        timezone.now() + (due - local_today()) - timedelta(days=30)
    ):
        walk.come_back()
        print(walk.do(officer, "open_review"))
        print(walk.do(officer, "complete", refused=True))
        walk.send(academic, walk.at("assess"))
        print(walk.fresh().open_assessment.answers.count())
        walk.answer(academic, {"IPR-3": Said("yes", "Written and in use.")})
        print(walk.still)
        print([(a.question, str(a.confirmed_by)) for a in walk.fresh().open_assessment.answers.all()])
        walk.answer(officer, {})
        print([(a.question, str(a.confirmed_by)) for a in walk.fresh().open_assessment.answers.all()])
        walk.confirm(officer)
        walk.answer(adviser, {})
        walk.confirm(adviser)
        print(walk.still, walk.shares(academic, officer, adviser))
        print(walk.read(officer, "complete"))
        while walk.fresh().waiting_opinions:
            walk.do(adviser, "give_opinion", conclusion="with_measures", text="Fine.")
        walk.do(officer, "lower_risk", risk=Risk.LOW, reason="As before.")
        walk.do(walk.cast.decider, "confirm_lowering", agrees="yes")
        walk.do(officer, "complete", conclusion="y", mitigation="As before.")
        for row in paper.rows_on(walk.open(officer, walk.at("compare"))):
            print(row)
