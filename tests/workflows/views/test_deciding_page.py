"""The page of the decider: value beside risk, and what must be answered."""

from datetime import timedelta

import pytest
from django.utils import translation

from register.choices import CaseState
from register.clock import local_today
from tests.factories import workflows as w
from tests.workflows.test_looking import complete_and_ask, flagged
from tests.workflows.views.test_acting import decision
from tests.workflows.views.test_looking_pages import text, url
from workflows.choices import GateResult, Verdict
from workflows.models import Condition
from workflows.services import advising, answering, deciding

# The pages say the same on both engines.
pytestmark = pytest.mark.once

TRAVEL = "The travel routine is followed: loan devices, registration of the journey"
ETHICS = "The cooperation cannot start until the required ethics approval"


def page_of(browser, case, who):
    return text(browser(who).get(url("decide", case)))


def test_value_stands_beside_risk(cast, browser):
    case = w.asked(cast, expected_value="New ice cores", given={"TEC_1": "yes"})

    page = page_of(browser, case, cast.decider)

    known = w.shipped().by_code
    for words in (
        *("Shared measurements", "New ice cores"),  # purpose and expected value
        known["PUR-1"].text,
        *("The risk, and why", "Medium, because:", known["TEC-1"].text),
        *("Watched closely.", "Seen through."),  # what is done; the conclusion
        *("Security adviser", "Looked into; it can be done."),
        "Full",
    ):
        assert words in page
    assert "Red flags" not in page
    assert 'name="to_red_flags"' not in page
    assert "independent assessment" not in page


def test_a_harmless_case_is_decided_without_anything_to_wade_through(cast, browser):
    page = page_of(browser, w.asked(cast), cast.decider)

    for words in ("It cannot be approved now.", "What the answers brought about"):
        assert words not in page
    assert "every answer of the quick screen is harmless" in page


def test_answers_that_nobody_confirmed_are_told_as_proposals(cast, browser):
    case = w.asked(cast)

    page = page_of(browser, case, cast.decider)

    assert "Answers that nobody of the right role has confirmed" in page
    assert "Odd Officer; counts when confirmed by: Academic" in page


def test_an_open_gate_is_told_as_the_reason_why_not(cast, browser):
    case = w.asked(cast, given={"ETH_1": "yes"})
    gate = case.open_gates[0]

    page = page_of(browser, case, cast.decider)

    told = f"The gate “{gate.action.title}” stands open. {gate.action.text}"
    assert f"It cannot be approved now.</strong> {told}" in page


# Conditions that the case asks for ---------------------------------------------------
def rows(response):
    return [row["text"].value() or "" for row in response.context["conditions"]]


def test_conditions_that_the_answers_ask_for_are_proposed_with_the_reason(
    cast, browser
):
    case = w.asked(cast, given={"TRV_1": "yes", "TRV_3": "no"})

    response = browser(cast.decider).get(url("decide", case))

    proposed, *empty = rows(response)
    assert proposed.startswith(TRAVEL)
    assert proposed.endswith("(TRV-1, TRV-3)")
    assert empty == ["", "", ""]
    questions = [w.shipped().by_code[code].text for code in ("TRV-1", "TRV-3")]
    assert f"Because of: {'; '.join(questions)}" in text(response)


def test_conditions_are_proposed_in_the_deciders_language(cast, browser):
    case = w.asked(cast, given={"TRV_1": "yes"})

    with translation.override("nb"):
        proposed = deciding.proposed_conditions(case)

    assert [one.text for one in proposed] == [
        "Reiserutinen følges: låneutstyr, registrering av reisen og orientering. "
        "(TRV-1)"
    ]


def proposing(response, **typed):
    """What the page posts when nothing but `typed` is changed."""
    shown = rows(response)
    return {
        "form-TOTAL_FORMS": len(shown),
        "form-INITIAL_FORMS": response.context["conditions"].initial_form_count(),
        **{f"form-{place}-text": words for place, words in enumerate(shown)},
        **typed,
    }


def test_a_proposed_condition_that_is_left_alone_is_not_set(cast, browser):
    case = w.asked(cast, given={"TRV_1": "yes"})
    client = browser(cast.decider)
    shown = client.get(url("decide", case))

    client.post(url("decide", case), decision(case, **proposing(shown)))

    assert w.fresh(case).state == CaseState.APPROVED
    assert not Condition.objects.exists()


def test_a_proposed_condition_that_is_emptied_is_not_set(cast, browser):
    case = w.asked(cast, given={"TRV_1": "yes"})
    client = browser(cast.decider)
    emptied = proposing(client.get(url("decide", case))) | {"form-0-text": ""}

    client.post(url("decide", case), decision(case, **emptied))

    assert w.fresh(case).state == CaseState.APPROVED
    assert not Condition.objects.exists()


def test_a_proposed_condition_is_set_with_owner_and_deadline(cast, browser):
    case = w.asked(cast, given={"TRV_1": "yes"})
    client, day = browser(cast.decider), local_today() + timedelta(days=30)
    owner = {"form-0-owner": cast.proposer.pk, "form-0-due_on": day.isoformat()}
    filled = proposing(client.get(url("decide", case)), **owner)

    client.post(
        url("decide", case),
        decision(case, Verdict.APPROVED_WITH_CONDITIONS, **filled),
    )

    kept = Condition.objects.get()
    assert kept.text.startswith(TRAVEL)
    assert (kept.owner, kept.due_on) == (cast.proposer, day)


def test_a_proposed_condition_without_a_deadline_is_half_a_condition(cast, browser):
    case = w.asked(cast, given={"TRV_1": "yes"})
    client = browser(cast.decider)
    half = proposing(
        client.get(url("decide", case)), **{"form-0-owner": cast.proposer.pk}
    )

    response = client.post(
        url("decide", case), decision(case, Verdict.APPROVED_WITH_CONDITIONS, **half)
    )

    assert response.status_code == 422
    assert "A condition needs a text, a person who sees to it" in text(response)


def test_conditions_that_are_only_proposed_are_none(cast, browser):
    case = w.asked(cast, given={"TRV_1": "yes"})
    client = browser(cast.decider)
    shown = proposing(client.get(url("decide", case)))

    response = client.post(
        url("decide", case), decision(case, Verdict.APPROVED_WITH_CONDITIONS, **shown)
    )

    assert response.status_code == 409
    assert "Write at least one condition" in text(response)


def test_a_gate_that_became_a_condition_is_proposed_as_one_and_not_forgotten(
    cast, browser
):
    case = w.asked(cast, given={"ETH_1": "yes"})
    for gate in case.open_gates:
        advising.clear_gate(
            case_id=case.pk,
            actor=cast.other_specialist,
            gate_id=gate.pk,
            result=GateResult.AS_CONDITION,
            reason="REK answers in May.",
        )
    case, client = w.fresh(case), browser(cast.decider)

    shown = client.get(url("decide", case))
    response = client.post(url("decide", case), decision(case, **proposing(shown)))

    assert [words for words in rows(shown) if words.startswith(ETHICS)]
    assert "Because of: REK answers in May." in text(shown)
    assert response.status_code == 409
    assert "A gate was cleared to become a condition: write it as one." in (
        text(response)
    )


# Red flags ---------------------------------------------------------------------------
def test_a_red_flag_stands_on_top_and_an_approval_answers_it(cast, browser):
    case = flagged(cast)
    client, page = browser(cast.decider), url("decide", case)

    shown = text(client.get(page))
    silent = client.post(page, decision(case, reasons="My careful reasons"))

    assert "Ada Adviser:</strong> The owner is a front." in shown
    assert "1 independent assessment, side by side" in shown
    assert silent.status_code == 409
    assert "say why it is overruled, or reject." in text(silent)
    assert "My careful reasons" in text(silent)
    assert w.fresh(case).state == CaseState.ASSESSED

    client.post(page, decision(case, to_red_flags="The owner changed."))
    assert w.fresh(case).state == CaseState.APPROVED
    compared = text(client.get(url("assessors", case)))
    assert "Dag Decider decided:</strong> The owner changed." in compared


def test_a_rejection_needs_no_answer_to_a_red_flag(cast, browser):
    case = flagged(cast)

    browser(cast.decider).post(url("decide", case), decision(case, Verdict.REJECTED))

    assert w.fresh(case).state == CaseState.REJECTED


@pytest.mark.parametrize("who", ["proposer", "officer", "auditor"])
def test_the_table_is_laid_for_those_who_may_decide(cast, browser, who):
    case = w.asked(cast)

    page = page_of(browser, case, getattr(cast, who))

    assert "The value" not in page
    assert 'name="verdict"' not in page


def test_what_the_assessor_wrote_to_a_harmless_answer_is_read_on_the_page(
    cast, browser
):
    case = w.proposed(cast)
    given = {"PUR-1": answering.Given(comment="Without it no ice cores.")}
    answering.save_answers(case_id=case.pk, actor=cast.proposer, answers=given)
    complete_and_ask(cast, case)

    page = page_of(browser, w.fresh(case), cast.decider)

    assert "As told." in page  # the officer answered last
