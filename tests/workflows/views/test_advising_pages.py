"""Opinions, gates and the judgement of the risk through their pages, and the two parts
of pages that tell why the risk is what it is and what the answers brought about."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse

from register.choices import Risk
from register.clock import local_today
from tests.factories import workflows as w
from tests.workflows.advisers import (
    answer,
    clear,
    give,
    listed_technology,
    residual,
    with_answers,
)
from workflows.choices import Conclusion, GateResult
from workflows.models import Gate
from workflows.services import advising, looking
from workflows.sheets import Sheet

# The pages say the same on both engines.
pytestmark = pytest.mark.once

PAGES = ["give_opinion", "clear_gate", "raise_risk", "lower_risk", "confirm_lowering"]
FORM = '<form class="form'


def url(name, case, *more):
    return reverse(f"workflows:{name}", args=[case.public_id, *more])


def words(page: str) -> str:
    """What is read, without the marks around it."""
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))
    return re.sub(r" ([:;,.)])", r"\1", text)


def read(client, address) -> str:
    return words(client.get(address).content.decode())


def opinion(case, opinion, **changed):
    facts = {"conclusion": "no_licence", "text": "Category 6 does not cover it."}
    seen = {"seen": case.head_seq, "opinion_id": opinion.pk}
    return seen | facts | changed


def clearance(case, **changed):
    facts = {"result": "documented", "reason": "Seen.", "reference": "DEKSA 7"}
    return {"seen": case.head_seq} | facts | changed


@pytest.fixture
def listed(cast):
    return listed_technology(cast)


@pytest.fixture
def unfree(cast):
    """High by one answer, without gate and without adviser."""
    return with_answers(cast, FRE_1="no")


@pytest.fixture
def lowered(cast, unfree):
    """High, with medium proposed and not agreed to."""
    advising.lower_risk(
        case_id=unfree.pk, actor=cast.officer, risk=2, reason="The lab is closed."
    )
    return w.fresh(unfree)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("who", "status"), [("auditor", 200), ("stranger", 404)])
def test_who_may_only_read_is_told_so_and_a_stranger_finds_no_case(
    cast, browser, lowered, name, who, status
):
    response = browser(getattr(cast, who)).get(url(name, lowered))

    assert response.status_code == status
    assert FORM not in response.content.decode()


# Opinions ---------------------------------------------------------------------------
def test_the_page_of_an_opinion_shows_what_calls_for_it(cast, browser, listed):
    looking.add_evidence(
        case_id=listed.pk,
        actor=cast.proposer,
        question="EXP-1",
        confidence="medium",
        seen_on=local_today(),
        address="https://lovdata.no/1",
        quotation="Category 6A",
    )

    page = read(browser(cast.specialist), url("give_opinion", listed))

    told = [
        "You are asked as: Export-control adviser",
        "control lists (dual-use categories 0-9, or defence material)? Possibly EXP-1",
        "Looked into.",
        "Answered by Pia Proposer",
        "Category 6A",
        "It is forbidden",
    ]
    assert [sentence for sentence in told if sentence not in page] == []
    assert "No objection" not in page


def test_an_adviser_gives_the_opinion_with_a_document(cast, browser, listed):
    asked = listed.waiting_opinions[0]
    upload = SimpleUploadedFile("signed.pdf", b"%PDF-1.7")

    response = browser(cast.specialist).post(
        url("give_opinion", listed), opinion(listed, asked, upload=upload)
    )

    asked.refresh_from_db()
    assert response.url == listed.get_absolute_url()
    assert (asked.given_by, asked.conclusion) == (cast.specialist, "no_licence")
    assert [str(e.document.filename) for e in asked.evidence.all()] == ["signed.pdf"]


def test_a_refused_document_is_named_and_nothing_typed_is_lost(cast, browser, listed):
    asked = listed.waiting_opinions[0]
    typed = opinion(listed, asked, upload=SimpleUploadedFile("a.exe", b"MZ"))

    response = browser(cast.specialist).post(url("give_opinion", listed), typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Files of this kind are not kept." in page
    assert "Category 6 does not cover it." in page
    assert not w.fresh(listed).documents.exists()


def test_who_advises_in_several_fields_gives_one_opinion_after_the_other(cast, browser):
    case = w.fresh(w.proposed(cast, given={"EXP_1": "possibly", "PRI_1": "unsure"}))
    first, second = case.waiting_opinions
    client, page = browser(cast.specialist), url("give_opinion", case)

    shown = client.get(f"{page}?opinion={second.pk}").context["opinion"]
    after_first = client.post(page, opinion(case, first))
    case = w.fresh(case)
    after_second = client.post(page, opinion(case, second, conclusion="no_objection"))

    assert shown == second
    assert (after_first.url, after_second.url) == (page, case.get_absolute_url())
    assert w.fresh(case).waiting_opinions == []


def test_an_opinion_that_a_colleague_gave_meanwhile_is_refused_and_kept_typed(
    cast, browser
):
    case = w.fresh(w.proposed(cast, given={"EXP_1": "possibly", "PRI_1": "unsure"}))
    first = case.waiting_opinions[0]
    late = opinion(case, first)
    give(case, cast.other_specialist)

    response = browser(cast.specialist).post(
        url("give_opinion", case), late | {"seen": w.fresh(case).head_seq}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "This opinion is not yours to give, or is given." in page
    assert "Category 6 does not cover it." in page


def test_an_opinion_sent_by_somebody_who_was_not_asked_is_refused(
    cast, browser, listed
):
    asked = listed.waiting_opinions[0]

    response = browser(cast.officer).post(
        url("give_opinion", listed), opinion(listed, asked)
    )

    assert response.status_code == 409
    assert (
        "Only an adviser of the field may give this opinion."
        in response.content.decode()
    )


# Gates ------------------------------------------------------------------------------
def test_the_gates_tell_what_they_stand_before_who_opened_them_and_why(
    cast, browser, listed
):
    page = read(browser(cast.specialist), url("clear_gate", listed))

    told = [
        "Export licence",
        "Approval is blocked until the licence is recorded",
        "Stands before the approval",
        "Opened Pia Proposer",
        "May be cleared by Export-control adviser",
        "or defence material)? Possibly EXP-1",
    ]
    assert [sentence for sentence in told if sentence not in page] == []
    assert "Becomes a condition" not in page


def test_what_was_answered_since_stands_beside_what_opened_the_gate(
    cast, browser, listed
):
    answer(listed, cast.proposer, EXP_1="no")

    page = read(browser(cast.specialist), url("clear_gate", listed))

    since = page.partition("Answered differently since")[2]
    assert "defence material)? Possibly EXP-1" in page
    assert "defence material)? No EXP-1" in since


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("proposer", "You proposed this cooperation or answer for it"),
        ("officer", "This gate is cleared by: Export-control adviser."),
        ("auditor", "This gate is cleared by: Export-control adviser."),
    ],
)
def test_who_may_not_clear_a_gate_reads_it_and_why_not(
    cast, browser, listed, who, sentence
):
    response = browser(getattr(cast, who)).get(url("clear_gate", listed))

    page = words(response.content.decode())
    assert sentence in page
    assert "Approval is blocked until the licence is recorded" in page
    assert FORM not in response.content.decode()


def test_each_gate_says_for_itself_why_not(cast, browser, listed):
    answer(listed, cast.specialist, CTY_2="yes")

    page = read(browser(cast.specialist), url("clear_gate", listed))

    sanctions = page.partition("Sanctions match")[2]
    assert "Your answer opened this gate; another person must clear it." in sanctions
    assert page.count("another person must clear it") == 1


def test_a_gate_is_cleared_and_stands_below_with_its_reference(cast, browser, listed):
    gate, client = listed.open_gates[0], browser(cast.specialist)
    day = local_today() + timedelta(days=90)
    facts = clearance(listed, valid_until=day.isoformat())

    response = client.post(url("clear_gate", listed, gate.pk), facts)

    assert response.url == listed.get_absolute_url()
    page = read(client, url("clear_gate", listed))
    assert "No gate stands open" in page
    assert (
        "Export licence: In order, with reference Seen. DEKSA 7 · valid until" in page
    )
    assert Gate.objects.get(pk=gate.pk).valid_until == day


def test_a_clearance_without_reference_is_refused_and_nothing_typed_is_lost(
    cast, browser, listed
):
    gate = listed.open_gates[0]
    facts = clearance(listed, reference="", reason="My careful reason")

    response = browser(cast.specialist).post(url("clear_gate", listed, gate.pk), facts)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Give the reference: a number, a document, an archive key." in page
    assert "My careful reason" in page
    assert Gate.objects.get(pk=gate.pk).is_open


def test_a_gate_of_another_case_is_not_found(cast, browser, listed):
    other = listed_technology(cast)

    response = browser(cast.specialist).get(
        url("clear_gate", listed, other.open_gates[0].pk)
    )

    assert response.status_code == 404


def test_a_gate_before_the_start_may_become_a_condition(cast, browser):
    case = with_answers(cast, AGR_3="no")
    gate = case.open_gates[0]
    facts = clearance(case, result="as_condition", reference="")

    browser(cast.officer).post(url("clear_gate", case, gate.pk), facts)

    assert Gate.objects.get(pk=gate.pk).result == GateResult.AS_CONDITION


def test_who_assesses_blind_does_not_read_the_answers_behind_a_gate(
    cast, browser, listed
):
    looking.invite_assessor(
        case_id=listed.pk, actor=cast.officer, user=cast.other_specialist
    )

    page = read(browser(cast.other_specialist), url("clear_gate", listed))

    assert "You were asked to assess for yourself." in page
    assert "EXP-1" not in page


# The risk as people judge it --------------------------------------------------------
def levels(client, page) -> list[str]:
    form = client.get(page).context["form"]
    return [str(label) for _value, label in form.fields["risk"].widget.choices]


def test_only_the_levels_that_are_possible_are_offered(cast, browser):
    case = with_answers(cast, PUR_6="yes")

    raising = levels(browser(cast.adviser), url("raise_risk", case))
    lowering = levels(browser(cast.officer), url("lower_risk", case))

    assert (raising, lowering) == (["High", "Critical"], ["Low"])


def test_an_adviser_raises_the_risk(cast, browser, unfree):
    browser(cast.adviser).post(
        url("raise_risk", unfree),
        {"seen": unfree.head_seq, "risk": 4, "reason": "Two people left."},
    )

    assert residual(unfree) == Risk.CRITICAL
    page = read(browser(cast.adviser), url("raise_risk", unfree))
    assert "The risk is critical already." in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "The risk is low already."),
        ({"EXP_1": "possibly"}, "The risk is not lowered while a gate stands open."),
    ],
)
def test_where_no_lower_level_is_possible_the_page_says_why(
    cast, browser, given, sentence
):
    case = w.proposed(cast, given=given)

    assert sentence in read(browser(cast.officer), url("lower_risk", case))


def test_a_level_too_low_is_refused_with_the_sentence(cast, browser, unfree):
    response = browser(cast.officer).post(
        url("lower_risk", unfree),
        {"seen": unfree.head_seq, "risk": 1, "reason": "My reason"},
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "it is lowered one level at most." in words(page)
    assert "My reason" in page


def test_the_second_person_reads_the_proposal_and_agrees(cast, browser, lowered):
    client, address = browser(cast.decider), url("confirm_lowering", lowered)

    page = read(client, address)
    client.post(address, {"seen": lowered.head_seq, "agrees": "yes"})

    assert "From High To Medium Proposed by Odd Officer" in page
    assert "Reason The lab is closed." in page
    assert residual(lowered) == Risk.MEDIUM


def test_the_second_person_does_not_agree(cast, browser, lowered):
    browser(cast.decider).post(
        url("confirm_lowering", lowered), {"seen": lowered.head_seq, "agrees": "no"}
    )

    assert residual(lowered) == Risk.HIGH
    assert w.fresh(lowered).pending_lowering is None


def test_neither_button_is_no_answer(cast, browser, lowered):
    response = browser(cast.decider).post(
        url("confirm_lowering", lowered), {"seen": lowered.head_seq}
    )

    assert response.status_code == 422
    assert "Say whether you agree" in response.content.decode()


def test_who_proposed_it_does_not_confirm_it(cast, browser, lowered):
    response = browser(cast.officer).post(
        url("confirm_lowering", lowered), {"seen": lowered.head_seq, "agrees": "yes"}
    )

    assert response.status_code == 409
    assert "You proposed the lower risk; another person must confirm it." in (
        response.content.decode()
    )


# Why the risk is what it is ---------------------------------------------------------
def why(case) -> str:
    sheet = Sheet.of(w.fresh(case))
    return words(render_to_string("workflows/risk_why.html", {"sheet": sheet}))


def test_the_risk_is_told_with_the_answers_that_give_it(cast, unfree):
    page = why(unfree)

    assert "Inherent risk: what the answers give High" in page
    assert "High, because:" in page
    assert re.search(r"High, because: .*\? No FRE-1", page)
    assert "Academic freedom and institutional values" in page


def test_a_rule_is_told_with_the_answers_that_it_joins(cast):
    case = w.proposed(cast, given={"EXP_1": "possibly", "PAR_3": "unknown"})

    page = why(case)

    rule = page.partition("so military end use cannot be ruled out")[2]
    assert re.search(r"K3 .*\? Possibly EXP-1 .*\? Unknown PAR-3", rule)


def test_a_country_alone_does_not_lift_the_risk_and_the_page_says_so(cast):
    case = w.proposed(cast, given={"CTY_1": "named-in-general"})
    answer(case, cast.specialist, PAR_4="no-match")

    page = why(case)

    assert "Inherent risk: what the answers give Low" in page
    held = page.partition("Not lifted because of the country alone:")[2]
    assert "Named in general CTY-1 Medium" in held
    assert "the country alone is no reason to raise the risk above medium. K10" in held


def test_several_doubts_propose_a_higher_risk(cast):
    doubts = {"PUR_6": "yes", "CTY_5": "yes", "IPR_6": "yes", "TRV_1": "yes"}

    page = why(with_answers(cast, **doubts))

    assert "A higher risk is proposed: High." in page
    assert "Doubts in four or more topics add up" in page


def test_what_people_judged_is_told_and_what_no_longer_counts(cast, lowered):
    assert "Odd Officer proposes Medium" in why(lowered)

    advising.confirm_lowering(case_id=lowered.pk, actor=cast.decider, agrees=True)
    assert "Lowered to Medium by Odd Officer and Dag Decider" in why(lowered)
    assert "No longer counts" not in why(lowered)

    answer(lowered, cast.proposer, FRE_2="yes")
    assert "No longer counts: an answer behind the risk was written" in why(lowered)


def test_nothing_answered_is_not_called_low(cast):
    case = w.draft(cast)

    assert "No question that counts has been answered yet." in why(case)


# What the answers brought about ------------------------------------------------------
def brought_about(case) -> str:
    about = Sheet.of(w.fresh(case))
    return words(render_to_string("workflows/consequences.html", {"sheet": about}))


def test_consequences_are_told_by_kind_with_what_became_of_them(cast):
    case = w.proposed(cast, given={"EXP_5": "yes", "TEC_4": "outside"})
    answer(case, cast.proposer, PUR_6="yes")
    before = brought_about(case)
    give(case, cast.specialist, conclusion=Conclusion.LICENCE_NEEDED, text="Ask first.")
    clear(case, cast.specialist)

    after = brought_about(case)

    assert "Export-control adviser Due" in before
    assert "Export licence: stands open before the approval" in before
    for sentence in (
        "Stop: Security Act.",
        "Export-control adviser: A licence is needed Ask first.",
        "Export licence: In order, with reference Seen.",
        "Who must decide Decision at faculty level",
        "Decision by the rector",
        "Proposed conditions and measures Clause in the agreement",
    ):
        assert sentence in after


def test_a_draft_is_told_what_will_be_asked_when_it_is_sent(cast):
    case = w.draft(cast)
    answer(case, cast.proposer, EXP_1="possibly")

    page = brought_about(case)

    assert "When it is sent, these are asked and opened" in page
    assert "Export-control adviser" in page
    assert "Export licence" in page
    assert not case.gates.exists()


def test_a_frozen_assessment_tells_its_consequences_as_they_were_frozen(cast):
    case = w.assessed(cast, given={"CTY_1": "named-for-research"})
    about = {"assessment": case.last_assessment}

    page = words(render_to_string("workflows/consequences.html", about))

    assert "The next review Review in six months" in page
    assert "Security adviser: No objection" in page


def test_the_history_tells_what_advisers_and_deciders_did(cast, browser, lowered):
    advising.confirm_lowering(case_id=lowered.pk, actor=cast.decider, agrees=False)
    advising.raise_risk(case_id=lowered.pk, actor=cast.adviser, risk=4, reason="Worse.")
    answer(lowered, cast.proposer, EXP_1="possibly")
    give(lowered, cast.specialist)
    clear(lowered, cast.specialist)

    page = read(browser(cast.officer), url("case-tab", lowered, "history"))

    sentences = [
        "Odd Officer proposed a lower risk: Medium. The lab is closed.",
        "Dag Decider did not agree to the lower risk (Medium); the proposal fell.",
        "Ada Adviser raised the risk to Critical. Worse.",
        "gave an opinion (Export-control adviser): No licence is needed. Looked into.",
        "Siv Specialist cleared the gate “Export licence”: In order, with reference.",
    ]
    assert [sentence for sentence in sentences if sentence not in page] == []


def test_an_answer_that_stands_with_a_rule_is_not_told_twice(cast, browser):
    case = w.proposed(cast, given={"EXP_1": "possibly", "PAR_3": "unknown"})
    export = w.fresh(case).open_assessment.opinions.get(role="S-EC")

    page = read(
        browser(cast.specialist), f"{url('give_opinion', case)}?opinion={export.pk}"
    )

    assert [page.count(code) for code in ("K3", "EXP-1", "PAR-3")] == [1, 1, 1]
