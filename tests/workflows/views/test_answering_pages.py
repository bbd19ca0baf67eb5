"""The questions as people meet them: sections, autosave, follow-ups, two at once."""

import re

import pytest
from django.urls import reverse

from register.choices import CaseState, Risk
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.choices import Track, Verb
from workflows.models import Answer, CaseEvent
from workflows.services import answering
from workflows.services.answering import Given
from workflows.sheets import Sheet

pytestmark = pytest.mark.once

HTMX = {"HX-Request": "true"}


def url(name, case, *more):
    return reverse(f"workflows:{name}", args=[case.public_id, *more])


def saved(case):
    """The chosen options by question."""
    return {a.question: a.options for a in Answer.objects.filter(assessment__case=case)}


def autosave(browser, case, code, topic="screen", **fields):
    return browser.post(
        f"{url('save-answer', case, code)}?topic={topic}", fields, headers=HTMX
    )


def text(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


# The quick screen ---------------------------------------------------------------------
def test_the_quick_screen_stands_in_the_proposal_and_saves_all_at_once(cast, browser):
    case = w.draft(cast)
    proposer = browser(cast.proposer)
    screen = Sheet.of(case).scope.screen

    answer = proposer.post(
        url("proposal-questions", case),
        {f"o_{q.code}": w.harmless(q) for q in screen},
    )

    case = w.fresh(case)
    assert answer.url == url("proposal-questions", case)  # a few more are the person's
    assert saved(case) == {q.code: [w.harmless(q)] for q in screen}
    assert case.open_assessment.track == Track.LIGHT
    (told,) = CaseEvent.objects.filter(case=case, verb=Verb.ANSWER)
    assert told.content["track"] == Track.LIGHT


def test_a_proposal_is_not_sent_before_its_quick_questions_are_answered(cast, browser):
    case = w.draft(cast)

    answer = browser(cast.proposer).post(
        url("proposal-summary", case), {"seen": case.head_seq}
    )

    assert answer.status_code == 409
    assert "Before it can be sent, fill in: the quick questions." in text(answer)
    assert w.fresh(case).state == CaseState.DRAFT


def test_one_academic_answers_a_harmless_research_cooperation_alone(cast, browser):
    """Requirement 18: the number of questions is what the person meets, no more."""
    case, proposer = w.draft(cast), browser(cast.proposer)
    asked = []
    while not asked or Sheet.of(w.fresh(case)).waits_for(cast.proposer):
        page = proposer.get(url("proposal-questions", case))
        shown = [one.question for one in page.context["form"].asked()]
        new = [q for q in shown if q.code not in saved(case)]
        asked += new
        fields = {f"o_{q.code}": w.harmless(q) for q in new if q.kind != "text"}
        fields |= {f"c_{q.code}": "Ice." for q in new if q.kind == "text"}
        fields |= {f"v_{q.code}": 0 for q in new}
        known = {f"v_{code}": answer.version for code, answer in answers_of(case)}
        kept = {f"o_{code}": answer.options for code, answer in answers_of(case)}
        words = {f"c_{code}": answer.comment for code, answer in answers_of(case)}
        proposer.post(url("proposal-questions", case), known | kept | words | fields)

    assert len(asked) == 24  # the quick screen's twelve, and twelve more
    sent = proposer.post(
        url("proposal-summary", case), {"seen": w.fresh(case).head_seq}
    )
    case = w.fresh(case)
    assert sent.status_code == 302
    assert (case.state, case.open_assessment.track) == (CaseState.PROPOSED, Track.LIGHT)
    assert not case.gates.exists()
    assert not case.waiting_opinions


def answers_of(case):
    assessment = w.fresh(case).open_assessment
    rows = Answer.objects.filter(assessment=assessment) if assessment else ()
    return [(answer.question, answer) for answer in rows]


def test_a_risky_answer_chooses_the_full_track_and_says_why(cast, browser):
    case = w.proposed(cast, given={"EXP_1": "possibly"})

    page = browser(cast.officer).get(url("assess", case))

    assert case.open_assessment.track == Track.FULL
    assert "All questions that fit are asked, because of: Is the field" in text(page)
    told = case.events.get(verb=Verb.SUBMIT).content
    assert told["track"] == Track.FULL
    assert told["track_because"][0].endswith("– Possibly")


# Autosave -------------------------------------------------------------------------
def test_an_answer_saves_itself_and_says_so(cast, browser):
    case = w.draft(cast)

    answer = autosave(browser(cast.proposer), case, "EXP-1", **{"o_EXP-1": "no"})

    assert answer.status_code == 200
    assert "Saved. Pia Proposer" in text(answer)
    assert 'id="seen-EXP-1" hx-swap-oob="true"' in answer.content.decode()
    assert saved(case) == {"EXP-1": ["no"]}


def test_a_follow_up_appears_after_its_question_and_goes_again(cast, browser):
    case = w.proposed(cast, given={"EXP_1": "possibly"})
    officer = browser(cast.officer)
    shown = ["EXP-1", "EXP-2", "EXP-3", "EXP-4", "EXP-5", "EXP-6", "EXP-8"]

    gone = autosave(
        officer, case, "EXP-1", "EXP", **{"o_EXP-1": "no", "v_EXP-1": 1, "shown": shown}
    )
    back = autosave(
        officer,
        case,
        "EXP-1",
        "EXP",
        **{"o_EXP-1": "yes", "v_EXP-1": 2, "shown": ["EXP-1", "EXP-5"]},
    )

    page = gone.content.decode()
    assert set(re.findall(r'id="([A-Z]+-\d+)" hx-swap-oob="delete"', page)) == {
        *("EXP-2", "EXP-3", "EXP-4", "EXP-6", "EXP-8")
    }
    page = back.content.decode()
    assert re.findall(r'hx-swap-oob="afterend:#([A-Z]+-\d+)"', page) == [
        *("EXP-1", "EXP-2", "EXP-3", "EXP-5", "EXP-6")
    ]


def test_the_later_writer_sees_the_other_s_answer_before_overwriting(cast, browser):
    case = w.proposed(cast)
    answering.save_answers(
        case_id=case.pk,
        actor=cast.adviser,
        answers={"ETH-1": Given(["yes"], "Blood samples.")},
    )
    officer = browser(cast.officer)
    mine = {"o_ETH-1": "no", "c_ETH-1": "None at all.", "v_ETH-1": 0}

    late = autosave(officer, case, "ETH-1", "ETH", **mine)
    assert late.status_code == 409
    assert "Ada Adviser answered this meanwhile" in text(late)
    assert "Blood samples." in text(late)
    assert saved(case)["ETH-1"] == ["yes"]

    again = autosave(officer, case, "ETH-1", "ETH", **mine | {"v_ETH-1": 1})
    assert again.status_code == 200
    assert saved(case)["ETH-1"] == ["no"]


def test_without_javascript_the_whole_page_comes_back_with_both_answers(cast, browser):
    case = w.proposed(cast)
    answering.save_answers(
        case_id=case.pk,
        actor=cast.adviser,
        answers={"ETH-1": Given(["yes"], "Blood samples.")},
    )
    address = f"{url('assess', case)}?topic=ETH"
    mine = {"o_ETH-1": "no", "c_ETH-1": "None at all.", "v_ETH-1": 0}
    officer = browser(cast.officer)

    page = officer.post(address, mine)
    assert page.status_code == 409
    assert {"Blood samples.", "None at all."} <= {
        sentence
        for sentence in ("Blood samples.", "None at all.")
        if sentence in page.content.decode()
    }
    version = page.context["form"]["v_ETH-1"].value()
    officer.post(address, mine | {"v_ETH-1": version})

    assert saved(case)["ETH-1"] == ["no"]


def test_what_is_saved_while_signed_out_is_refused_in_its_place(cast, client):
    case = w.proposed(cast)

    answer = autosave(client, case, "ETH-1", "ETH", **{"o_ETH-1": "no"})

    assert (answer.status_code, answer.content) == (401, b"")
    assert "ETH-1" not in saved(case)


def test_a_section_written_while_the_session_ran_out_comes_back(cast, client):
    case = w.proposed(cast)
    address = f"{url('assess', case)}?topic=ETH"
    client.post(address, {"c_ETH-1": "Typed with care.", "o_ETH-1": "unsure"})

    client.post(
        reverse("login"),
        {"username": cast.officer.username, "password": r.PASSWORD},
    )
    page = client.get(address)

    assert "Typed with care." in page.content.decode()


def test_graded_work_leaves_a_reference_and_a_visible_stop(cast, browser):
    case = w.draft(cast)

    answer = autosave(
        browser(cast.proposer),
        case,
        "TEC-4",
        **{
            "o_TEC-4": "yes",
            "f_TEC-4_0_reference": "SEC 7",
            "c_TEC-4": "The secret is here.",
        },
    )

    assert "Stop, and write no details here." in text(answer)
    kept = Answer.objects.get(question="TEC-4")
    assert (kept.options, kept.comment, kept.facts) == (
        ["outside"],
        "",
        [{"reference": "SEC 7"}],
    )


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_who_does_not_see_the_case_saves_nothing(cast, browser, who):
    case = w.proposed(cast)

    answer = autosave(browser(getattr(cast, who)), case, "ETH-1", **{"o_ETH-1": "no"})

    assert answer.status_code == 404
    assert "ETH-1" not in saved(case)


def test_a_reader_is_told_why_not(cast, browser):
    case = w.proposed(cast)

    page = browser(cast.auditor).get(url("assess", case))

    assert "Only a case officer, an adviser or the unit&#x27;s leader may assess." in (
        page.content.decode()
    )


# Midway ------------------------------------------------------------------------------
def test_midway_last_time_s_answers_are_folded_and_confirmed_one_by_one(cast, browser):
    case = w.under_review(cast)
    officer = browser(cast.officer)
    page = officer.get(f"{url('assess', case)}?topic=screen")
    assert "Still so" in text(page)

    officer.post(f"{url('assess', case)}?topic=screen", {"k_EXP-1": "on", "v_EXP-1": 0})

    (answer,) = Answer.objects.filter(assessment=w.fresh(case).open_assessment)
    assert (answer.question, answer.options, answer.is_as_before) == (
        "EXP-1",
        ["no"],
        True,
    )


# Completing ---------------------------------------------------------------------------
def test_what_is_missing_stands_on_the_page_before_the_button(cast, browser):
    case = w.proposed(cast)

    page = browser(cast.officer).get(url("complete", case))

    assert "Answer these questions first: PUR-1, PUR-2," in text(page)


def test_a_complete_assessment_is_frozen_through_its_page(cast, browser):
    case = w.proposed(cast)
    answering.save_answers(
        case_id=case.pk, actor=cast.officer, answers=w.core(w.answers())
    )
    case = w.fresh(case)

    browser(cast.officer).post(
        url("complete", case), {"seen": case.head_seq, "conclusion": "Harmless."}
    )

    case = w.fresh(case)
    assert (case.state, case.risk) == (CaseState.ASSESSED, Risk.LOW)
    assert case.last_assessment.conclusion == "Harmless."


def test_proposed_answers_are_confirmed_on_one_page(cast, browser):
    case = w.proposed(cast, given={"TEC_1": "yes"})
    specialist = browser(cast.specialist)
    page = specialist.get(url("confirm_answers", case))
    codes = [question.code for question, _ in page.context["form"].proposals]
    assert codes == ["PAR-3", "CTY-1", "CTY-2", "SAN-1", "TEC-4"]

    specialist.post(
        url("confirm_answers", case),
        {"seen": w.fresh(case).head_seq, "questions": ["PAR-3", "TEC-4"]},
    )

    confirmed = Answer.objects.filter(confirmed_by=cast.specialist)
    assert set(confirmed.values_list("question", flat=True)) == {"PAR-3", "TEC-4"}


# Statements ---------------------------------------------------------------------------
@pytest.mark.parametrize("topic", ["PAR", "all"])
def test_a_page_of_questions_asks_the_database_the_same_however_many_there_are(
    cast, browser, django_assert_num_queries, topic
):
    case = w.proposed(cast, given={"EXP_1": "possibly"})
    officer = browser(cast.officer)
    officer.get(url("assess", case))

    with django_assert_num_queries(PAGE):
        officer.get(f"{url('assess', case)}?topic={topic}")


def test_autosave_of_one_answer_asks_the_database_little(
    cast, browser, django_assert_num_queries
):
    case = w.proposed(cast)
    officer = browser(cast.officer)
    officer.get(url("assess", case))

    with django_assert_num_queries(AUTOSAVE):
        autosave(officer, case, "ETH-1", "ETH", **{"o_ETH-1": "no", "shown": "ETH-1"})


PAGE, AUTOSAVE = 17, 27
