"""Each thing that can be done, through its page: done, refused, and late."""

from datetime import timedelta

import pytest
from django.urls import reverse

from register.choices import CaseState
from register.clock import local_today
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.listing import csv_file, imported
from workflows.choices import Verb, Verdict
from workflows.models import Case, Condition, Decision
from workflows.policies import why_not
from workflows.services import amending, deciding

pytestmark = pytest.mark.once


def url(name, case, *more):
    return reverse(f"workflows:{name}", args=[case.public_id, *more])


def decision(case, verdict=Verdict.APPROVED, reasons="Useful.", **more):
    return {
        "seen": case.head_seq,
        "verdict": verdict,
        "reasons": reasons,
        "form-TOTAL_FORMS": 3,
        "form-INITIAL_FORMS": 0,
        **more,
    }


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.APPROVED, CaseState.APPROVED),
        (Verdict.REJECTED, CaseState.REJECTED),
    ],
)
def test_a_decider_decides(cast, browser, verdict, state):
    case = w.asked(cast)

    response = browser(cast.decider).post(url("decide", case), decision(case, verdict))

    assert response.status_code == 302
    assert w.fresh(case).state == state


def test_conditions_are_kept_with_owner_and_deadline(cast, browser):
    case = w.asked(cast)
    day = local_today() + timedelta(days=30)
    condition = {
        "form-0-text": "A data plan",
        "form-0-owner": cast.proposer.pk,
        "form-0-due_on": day.isoformat(),
    }

    browser(cast.decider).post(
        url("decide", case),
        decision(case, Verdict.APPROVED_WITH_CONDITIONS, **condition),
    )

    kept = Condition.objects.values_list("text", "owner", "due_on")
    assert list(kept) == [("A data plan", cast.proposer.pk, day)]
    assert w.fresh(case).state == CaseState.APPROVED


@pytest.mark.parametrize("half", [{"form-0-text": "A data plan"}, {"form-0-owner": 1}])
def test_half_a_condition_is_refused_and_nothing_typed_is_lost(cast, browser, half):
    case = w.asked(cast)
    typed = decision(case, Verdict.APPROVED_WITH_CONDITIONS, "Because of ice", **half)

    response = browser(cast.decider).post(url("decide", case), typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Because of ice" in page
    assert w.fresh(case).state == CaseState.ASSESSED


def test_conditions_without_the_verdict_that_they_belong_to_are_not_dropped(
    cast, browser
):
    case = w.asked(cast)
    condition = {
        "form-0-text": "A data plan",
        "form-0-owner": cast.proposer.pk,
        "form-0-due_on": local_today().isoformat(),
    }

    response = browser(cast.decider).post(
        url("decide", case), decision(case, Verdict.APPROVED, **condition)
    )

    assert response.status_code == 409
    assert "Conditions go with" in response.content.decode()
    assert "A data plan" in response.content.decode()


@pytest.mark.parametrize("who", ["proposer", "officer", "leader", "auditor"])
def test_nobody_else_decides_through_the_page(cast, browser, who):
    case = w.asked(cast)

    response = browser(getattr(cast, who)).post(url("decide", case), decision(case))

    assert response.status_code == 409
    assert w.fresh(case).state == CaseState.ASSESSED
    assert not Decision.objects.filter(decided_at__isnull=False).exists()


def test_a_stale_form_is_told_who_was_faster_and_keeps_what_was_typed(cast, browser):
    case = w.asked(cast)
    stale = decision(case, reasons="My careful reasons")
    amending.amend(
        case_id=case.pk, actor=cast.officer, title="Another title", reason="Typo"
    )

    response = browser(cast.decider).post(url("decide", case), stale)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody was faster: Odd Officer – Change facts" in page
    assert "My careful reasons" in page
    assert w.fresh(case).state == CaseState.ASSESSED


def test_after_looking_again_the_same_form_goes_through(cast, browser):
    case = w.asked(cast)
    amending.amend(case_id=case.pk, actor=cast.officer, title="Other", reason="Typo")
    client = browser(cast.decider)
    page = client.post(url("decide", case), decision(case)).content.decode()
    current = w.fresh(case)

    assert f'name="seen" value="{current.head_seq}"' in page
    client.post(url("decide", case), decision(current))
    assert w.fresh(case).state == CaseState.APPROVED


def test_a_second_decider_is_told_that_it_is_done(cast, browser):
    case = w.asked(cast)
    late = decision(case)
    deciding.decide(
        case_id=case.pk,
        actor=cast.decider,
        verdict=Verdict.APPROVED,
        reasons="I was first.",
    )

    response = browser(cast.other_decider).post(url("decide", case), late)

    assert response.status_code == 409
    assert "This has been done already: Dag Decider – Approve" in (
        response.content.decode()
    )
    assert Decision.objects.filter(decided_at__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("make", "verb", "who", "state"),
    [
        (w.proposed, "send_back", "officer", CaseState.RETURNED),
        (w.proposed, "withdraw", "proposer", CaseState.WITHDRAWN),
        (w.asked, "reopen_assessment", "officer", CaseState.PROPOSED),
        (w.approved, "suspend", "decider", CaseState.SUSPENDED),
        (w.suspended, "resume", "decider", CaseState.APPROVED),
    ],
)
def test_a_move_with_a_reason_is_made_once_the_reason_is_given(
    cast, browser, make, verb, who, state
):
    case = make(cast)
    client, page = browser(getattr(cast, who)), url("with-reason", case, verb)

    silent = client.post(page, {"seen": case.head_seq, "reason": " "})
    assert silent.status_code == 422
    assert w.fresh(case).state == case.state

    client.post(page, {"seen": case.head_seq, "reason": "Because."})
    assert w.fresh(case).state == state


@pytest.mark.parametrize("verb", ["approve", "nonsense", "take_in"])
def test_the_reason_page_serves_no_other_verb(cast, browser, verb):
    case = w.asked(cast)

    response = browser(cast.decider).get(url("with-reason", case, verb))

    assert response.status_code == 404


def test_a_review_ends_with_its_outcome(cast, browser):
    case = w.under_review(cast)
    w.complete_review(cast, case, cast.officer)
    answered = w.fresh(case)

    browser(cast.decider).post(
        url("conclude", case),
        {"seen": answered.head_seq, "outcome": "continue", "reasons": "All is well."},
    )

    ended = w.fresh(case)
    assert ended.state == CaseState.APPROVED
    assert ended.next_review_on > local_today()


def test_terminating_needs_ground_and_day(cast, browser):
    case = w.under_review(cast)
    outcome = {"seen": case.head_seq, "outcome": "terminate", "reasons": "Enough."}

    response = browser(cast.decider).post(url("conclude", case), outcome)

    assert response.status_code == 422
    assert response.content.decode().count("Needed when you terminate.") >= 2
    assert w.fresh(case).state == CaseState.UNDER_REVIEW


def test_notice_and_closing_take_two_people(cast, browser):
    case = w.approved(cast)
    notice = {
        "seen": case.head_seq,
        "ground": "mutual",
        "ends_on": local_today().isoformat(),
        "reasons": "Both agree.",
    }
    browser(cast.decider).post(url("give_notice", case), notice)
    w.complete_exit(cast, case)
    leaving = w.fresh(case)
    report = {"seen": leaving.head_seq, "report": "We learned much."}

    own = browser(cast.decider).post(url("close", case), report)
    assert own.status_code == 409
    assert "You gave the notice; another person must close" in own.content.decode()

    browser(cast.officer).post(url("close", case), report)
    assert w.fresh(case).state == CaseState.TERMINATED


def test_facts_that_break_a_rule_are_refused_at_their_field(cast, browser):
    case = w.approved(cast)
    facts = {
        "seen": case.head_seq,
        "title": "Kept title",
        "starts_on": "2027-01-01",
        "ends_on": "2026-01-01",
        "reason": "New dates",
    }

    response = browser(cast.officer).post(url("amend", case), facts)

    page = response.content.decode()
    assert response.status_code == 422
    assert "The end must not be before the start." in page
    assert "Kept title" in page
    assert w.fresh(case).title == case.title


def test_an_agreement_that_ends_before_it_starts_is_refused(cast, browser):
    case = w.approved(cast)
    typed = {
        "seen": case.head_seq,
        "kind": "mou",
        "status": "signed",
        "starts_on": "2027-01-01",
        "ends_on": "2026-01-01",
    }

    response = browser(cast.officer).post(url("add_agreement", case), typed)

    assert response.status_code == 422
    assert "The end must not be before the start." in response.content.decode()
    assert not case.agreements.exists()


def test_my_work_shows_what_waits_for_each(cast, browser):
    w.draft(cast, title="A draft")
    w.returned(cast, title="A returned one")
    w.proposed(cast, title="A proposed one")
    w.assessed(cast, title="An assessed one")
    w.recommend(cast, w.assessed(cast, title="A recommended one"))
    w.asked(cast, title="An asked one")
    w.under_review(cast, title="A reviewed one")
    w.suspended(cast, title="A suspended one")
    w.terminating_(cast, title="A leaving one")

    def titles(who):
        page = browser(getattr(cast, who)).get(reverse("workflows:my-work"))
        return {(x.case.title, x.verb.value) for x in page.context["waiting"]}

    assert {
        who: titles(who)
        for who in ("proposer", "leader", "officer", "decider", "auditor")
    } == {
        "proposer": {
            ("A draft", "submit"),
            ("A returned one", "submit"),
            ("A proposed one", "answer"),
            ("A reviewed one", "answer"),
            ("A leaving one", "answer"),
        },
        "leader": {("An assessed one", "recommend")},
        "officer": {
            ("A proposed one", "answer"),
            ("A recommended one", "ask_decision"),
            ("A reviewed one", "answer"),
            ("A leaving one", "answer"),
        },
        "decider": {("An asked one", "reject"), ("A suspended one", "resume")},
        "auditor": set(),
    }


def test_an_extraordinary_review_needs_a_ground_and_is_due_within_two_weeks(
    cast, browser
):
    case = w.approved(cast)
    client, page = browser(cast.officer), url("open_review", case)

    silent = client.post(page, {"seen": case.head_seq, "ground": ""})
    assert silent.status_code == 422

    client.post(page, {"seen": case.head_seq, "ground": "A new owner."})
    opened = w.fresh(case)
    assert opened.state == CaseState.UNDER_REVIEW
    assert opened.next_review_on == opened.coming_review.due_on
    assert opened.next_review_on <= local_today() + timedelta(days=14)


def test_a_review_near_its_day_is_opened_without_a_ground(cast, browser):
    case = w.approved(cast, ends_on=local_today() + timedelta(days=80))

    browser(cast.officer).post(
        url("open_review", case), {"seen": case.head_seq, "ground": ""}
    )

    review = w.fresh(case).coming_review
    assert review.trigger == "scheduled"
    assert review.due_on == case.next_review_on


def test_reasons_typed_while_the_session_ran_out_are_there_after_signing_in(
    cast, browser
):
    case = w.asked(cast)
    client, page = browser(cast.decider), url("decide", case)
    client.logout()

    client.post(page, decision(case, reasons="Long and careful reasons"))
    client.force_login(cast.decider)
    shown = client.get(page).content.decode()

    assert "Long and careful reasons" in shown
    assert "You had been signed out." in shown
    assert "Long and careful reasons" not in client.get(page).content.decode()


def legacy(cast):
    """A running cooperation that the officer took in from an old list."""
    row = "1;Old friends;01.01.2025;31.12.2029;Uppsala universitet;SE;"
    imported(cast, csv_file(row), unit=cast.department)
    case = Case.objects.select_related("unit").get()
    w.declare_none(case)
    return case


def test_whoever_took_in_an_old_case_may_handle_it_and_name_who_answers(cast, browser):
    case = legacy(cast)
    facts = {
        "seen": case.head_seq,
        "title": case.title,
        "responsible": cast.proposer.pk,
        "reason": "She leads the group.",
    }
    r.User.objects.filter(pk=cast.proposer.pk).update(unit=cast.department)

    browser(cast.officer).post(url("amend", case), facts)

    case = w.fresh(case)
    assert case.responsible == cast.proposer
    assert why_not(Verb.TAKE_CASE, case, cast.officer) is None
    assert why_not(Verb.SUSPEND, case, cast.decider) is None
    assert why_not(Verb.SUSPEND, case, cast.proposer) is not None


def test_who_answers_is_named_once_and_not_moved_out_of_the_way(cast, browser):
    case = w.approved(cast)
    facts = {
        "seen": case.head_seq,
        "title": case.title,
        "responsible": cast.officer.pk,
        "reason": "To get around it.",
    }

    browser(cast.officer).post(url("amend", case), facts)

    assert w.fresh(case).responsible == cast.proposer
