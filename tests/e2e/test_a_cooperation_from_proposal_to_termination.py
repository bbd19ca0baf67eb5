"""The story, through real pages in real browsers, with the mails that were sent."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from register.choices import CaseState
from register.clock import local_today
from tests.factories import register as r
from workflows.models import Case
from workflows.services import verifying

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def mails_to(person):
    return [sent for sent in mail.outbox if sent.to == [person.email]]


def link_in(sent):
    return re.search(r"https?://[^/\s]+(/\S+)", sent.body)[1]


# The harmless answer to what is not harmless by its first option.
HARMLESS = {
    "EXP-5": "no",
    "MOB-2": "no",
    "PAR-6": "no",
    "FRE-2": "no",
    "ETH-1": "no",
    "ETH-3": "no",
    "SAN-2": "no",
    "FRE-1": "yes",
}


def answer_all_harmlessly(page):
    """Each question that has no answer yet; those that save themselves may bring more,
    so it looks again."""
    seen = set()
    while new := [c for c in codes_on(page) if c not in seen]:
        for code in new:
            seen.add(code)
            answer_one(page, code)


def codes_on(page):
    return [one.get_attribute("id") for one in page.locator("section.question").all()]


def answer_one(page, code):
    options, still = (page.locator(f"[name='{mark}_{code}']") for mark in "ok")
    if still.count():
        still.check()
    elif (
        options.count() == 0
        or page.locator(f"textarea[name='c_{code}'][rows='3']").count()
    ):
        page.locator(f"[name='c_{code}']").fill("As the proposal says.")
    elif not page.locator(f"[name='o_{code}']:checked").count():
        chosen = HARMLESS.get(code)
        mark = (
            f"[name='o_{code}'][value='{chosen}']" if chosen else f"[name='o_{code}']"
        )
        page.locator(mark).first.check()


def no_conflict(page):
    """Asked before the first act, and again at a review."""
    page.get_by_label("I have no conflict of interest").check()
    page.get_by_role("button", name="Save and go on").click()


def propose(proposer) -> Case:
    """A professor registers a new partnership: four steps."""
    proposer.get_by_role("link", name="New partnership").first.click()
    proposer.get_by_label("Name, city or identifier").press_sequentially("eksempel")
    proposer.get_by_role("button", name="Choose Universitetet i Eksempelby").click()
    proposer.get_by_label("Title").fill("Sea ice seen from below")
    proposer.get_by_label("Start").fill(local_today().isoformat())
    end = local_today() + timedelta(days=4 * 365)
    proposer.get_by_label("End").fill(end.isoformat())
    proposer.get_by_role("button", name="Save and go on").click()
    proposer.locator("[name=purpose]").fill("Measure together what neither can alone.")
    proposer.get_by_role("button", name="Save and go on").click()
    for part in ("Quick screen", "Yours to answer"):
        proposer.get_by_role("heading", name=part).wait_for()
        answer_all_harmlessly(proposer)
        proposer.get_by_role("button", name="Save and go on").click()
    assert "Light track." in proposer.locator("#track").inner_text()
    proposer.get_by_label("I have no conflict of interest").check()
    proposer.get_by_role("button", name="Send", exact=True).click()
    case = Case.objects.get()
    assert proposer.url.endswith(case.get_absolute_url())
    assert (case.state, case.number) == (
        CaseState.PROPOSED,
        f"{local_today().year}/0001",
    )
    return case


def assess(officer, case, cast):
    """The office is told by mail, follows its one link, and assesses."""
    told = mails_to(cast.officer)[-1]
    assert case.number in told.subject
    assert "Sea ice" not in told.subject + told.body
    officer.goto(link_in(told))
    officer.get_by_role("link", name="Answer the questions").click()
    no_conflict(officer)
    officer.get_by_role("link", name="All on one page").click()
    answer_all_harmlessly(officer)
    officer.get_by_role("button", name="Save", exact=True).click()
    officer.get_by_role("link", name="Look through and complete").first.click()
    officer.get_by_label("Conclusion").fill("Open research with a known partner.")
    officer.get_by_role("button", name="Complete and freeze").click()


def recommend(leader, case):
    """The unit stands behind it before it is decided."""
    leader.goto(f"{case.get_absolute_url()}recommend/")
    no_conflict(leader)
    leader.get_by_label("I recommend it").check()
    leader.get_by_label("Reasons").fill("It fits what we do.")
    leader.get_by_role("button", name="Confirm").click()


def ask(officer, case):
    officer.goto(case.get_absolute_url())
    officer.get_by_role("link", name="Ask for a decision").click()
    officer.get_by_label("What should the decider look at?").fill("The data plan.")
    officer.get_by_role("button", name="Ask for a decision").click()


def approve(decider, case, cast):
    """The decider is asked by mail, and approves with a condition."""
    decider.goto(link_in(mails_to(cast.decider)[-1]))
    decider.get_by_role("link", name="Decide").click()
    no_conflict(decider)
    decider.get_by_label("Approve with conditions").check()
    decider.get_by_label("Reasons").fill("Much value, little risk.")
    decider.get_by_label("Condition", exact=True).first.fill("A shared data plan")
    decider.get_by_label("Who sees to it").first.select_option(str(cast.proposer.pk))
    month = local_today() + timedelta(days=30)
    decider.get_by_label("Deadline").first.fill(month.isoformat())
    decider.get_by_role("button", name="Confirm the decision").click()
    case = Case.objects.get()
    assert case.state == CaseState.APPROVED
    assert local_today() < case.next_review_on <= local_today() + timedelta(days=730)
    assert "a decision has been made" in mails_to(cast.proposer)[-1].subject


def remind(proposer, case, cast):
    """Two months before the day, the mail leads to the case."""
    before = mails_to(cast.proposer)
    day = Case.objects.get().next_review_on - timedelta(days=60)
    for early in (timedelta(days=1), timedelta()):
        call_command("send_reminders", "--on", (day - early).isoformat(), verbosity=0)
    (told,) = mails_to(cast.proposer)[len(before) :]
    assert case.number in told.subject
    assert "Sea ice" not in told.subject + told.body
    proposer.goto(link_in(told))
    assert "Sea ice seen from below" in proposer.locator("h1").inner_text()


def still_so(page):
    """Last time's answers are confirmed by a person, one by one, when the page has come
    to rest."""
    page.wait_for_load_state("networkidle")
    for box in page.get_by_label("Still so").all():
        box.check()
    page.get_by_role("button", name="Save", exact=True).click()


def review(officer, decider, case):
    """Midway: opened, answered with last time's answers beside, concluded."""
    officer.goto(case.get_absolute_url())
    officer.get_by_role("link", name="Open review").click()
    officer.get_by_label("Why now?").fill("A new owner at the partner.")
    officer.get_by_role("button", name="Open the review").click()
    officer.get_by_role("link", name="Answer the questions").first.click()
    no_conflict(officer)
    assert officer.get_by_label("Still so").count() == 12
    still_so(officer)
    officer.get_by_role("link", name="All on one page").click()
    still_so(officer)
    answer_all_harmlessly(officer)
    officer.get_by_role("button", name="Save", exact=True).click()
    officer.get_by_role("link", name="Look through and complete").first.click()
    officer.get_by_role("button", name="Complete and freeze").click()
    decider.goto(case.get_absolute_url())
    decider.get_by_role("link", name="Conclude the review").click()
    no_conflict(decider)
    decider.get_by_label("Terminate", exact=True).check()
    decider.get_by_label("Reasons").fill("The aims are reached.")
    decider.get_by_label("Ground").select_option("mutual")
    decider.get_by_label("Last day of the cooperation").fill(local_today().isoformat())
    decider.get_by_role("button", name="Confirm the outcome").click()


def close(officer, proposer, case):
    """Another person closes it, and everybody reads the whole history."""
    officer.goto(case.get_absolute_url())
    officer.get_by_role("link", name="Answer the questions").first.click()
    officer.get_by_role("link", name="All on one page").click()
    answer_all_harmlessly(officer)
    officer.get_by_role("button", name="Save", exact=True).click()
    officer.get_by_role("link", name="Look through and complete").first.click()
    officer.get_by_role("button", name="Complete and freeze").click()
    officer.get_by_role("link", name="Close", exact=True).click()
    officer.get_by_label("Closing report").fill("Two papers and a lasting friendship.")
    officer.get_by_role("button", name="Close the case").click()
    history = ""
    for number in (1, 2):
        proposer.goto(f"{case.get_absolute_url()}history/?page={number}")
        history += proposer.locator(".timeline").inner_text()
    for sentence in (
        "Pia Proposer began a proposal.",
        "Odd Officer completed the assessment: risk Low.",
        "Dag Decider approved the cooperation.",
        "Odd Officer opened a review.",
        "Dag Decider gave notice: By mutual agreement.",
        "Odd Officer closed the case.",
    ):
        assert sentence in history


def test_two_people_and_an_office_bring_a_cooperation_from_proposal_to_its_end(
    cast, window
):
    r.partner("Universitetet i Eksempelby", country="SE", city="Eksempelby")
    proposer, decider, officer, leader = map(
        window, (cast.proposer, cast.decider, cast.officer, cast.leader)
    )

    case = propose(proposer)
    assess(officer, case, cast)
    recommend(leader, case)
    ask(officer, case)
    proposer.goto(f"{case.get_absolute_url()}decide/")
    assert "You proposed this cooperation" in proposer.locator("main").inner_text()
    approve(decider, case, cast)
    remind(proposer, case, cast)
    review(officer, decider, case)
    close(officer, proposer, case)

    assert Case.objects.get().state == CaseState.TERMINATED
    assert list(verifying.breaks()) == []
