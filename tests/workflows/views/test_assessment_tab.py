"""The assessment tab: what was asked and answered, by whom, and why the risk is so."""

import pytest
from django.urls import reverse

from tests.factories import workflows as w
from tests.factories.proposals import text
from workflows.models import Answer
from workflows.services import answering, handling, looking
from workflows.services.answering import Given
from workflows.views.assessments import assessments_of

# The pages say the same on both engines.
pytestmark = pytest.mark.once

DOUBTFUL = {"EXP_1": "yes"}


def tab_of(case):
    return reverse("workflows:case-tab", args=[case.public_id, "assessment"])


def read(cast, case, who="officer"):
    return assessments_of(w.fresh(case), getattr(cast, who))["assessments"]


def reopened(cast, **facts):
    case = w.assessed(cast, **facts)
    handling.with_reason(
        case_id=case.pk,
        verb="reopen_assessment",
        actor=cast.officer,
        reason="A new owner.",
    )
    return w.fresh(case)


def save(case, actor, **answers):
    given = {code.replace("_", "-"): one for code, one in answers.items()}
    answering.save_answers(case_id=case.pk, actor=actor, answers=given)


def test_the_light_lane_says_how_many_questions_and_by_how_many(cast, browser):
    case = w.assessed(cast)
    asked = len(read(cast, case)[0].asked)

    page = text(browser(cast.officer).get(tab_of(case)))

    assert f"{asked} questions, answered by 2 people" in page
    assert "Pia Proposer, Odd Officer" in page
    assert "Every answer of the quick screen is harmless." in page


def test_one_person_who_answered_all_is_one_person(cast, browser):
    case = w.draft(cast)
    save(case, cast.proposer, EXP_1=Given(["no"]), PRI_1=Given(["none"]))

    page = text(browser(cast.proposer).get(tab_of(case)))

    assert "2 of 12 questions, answered by one person" in page


def test_the_full_track_says_which_answer_forced_it(cast, browser):
    case = w.proposed(cast, given=DOUBTFUL)

    page = text(browser(cast.officer).get(tab_of(case)))

    question = w.shipped().by_code["EXP-1"].text
    assert f"because of: {question} – Yes" in page


def test_a_correction_says_what_it_takes_the_place_of_and_why(cast, browser):
    case = reopened(cast)

    page = text(browser(cast.officer).get(tab_of(case)))

    assert "Version 2, a correction" in page
    assert "It takes the place of version 1. Why: A new owner." in page
    assert "corrected since" in page


def test_the_newest_stands_first_and_older_ones_are_folded(cast, browser):
    case = reopened(cast)

    page = text(browser(cast.officer).get(tab_of(case)))

    new, old = case.assessments.all()
    assert (new.supersedes, old.completed_by) == (old, cast.officer)
    assert page.index(f'<section aria-labelledby="assessment-{new.pk}"') < page.index(
        f'<details class="ds-details" id="assessment-{old.pk}"'
    )


def test_an_answer_is_told_whole(cast, browser):
    case = w.proposed(cast, given=DOUBTFUL)
    facts = [{"funder": "The Ice Fund", "covers": "travel"}]
    save(case, cast.proposer, FUN_1=Given(["known"], "All of it.", facts))
    looking.add_evidence(
        case_id=case.pk,
        actor=cast.proposer,
        question="FUN-1",
        confidence="high",
        seen_on=case.starts_on,
        address="https://example.org/grant",
        quotation="Up to five years",
    )

    page = text(browser(cast.auditor).get(tab_of(case)))

    expected = [
        w.shipped().by_code["FUN-1"].text,
        "<strong>Known</strong>",
        "All of it.",
        "The Ice Fund",
        "https://example.org/grant",
        "“Up to five years”",
    ]
    assert [one for one in expected if one not in page] == []


def test_a_proposal_is_marked_in_words_until_the_right_role_confirms_it(cast, browser):
    case = w.proposed(cast)
    save(case, cast.officer, PUR_1=Given([], "Because of the ice."))
    marked = "Proposal, not confirmed by: Academic"

    assert marked in text(browser(cast.officer).get(tab_of(case)))
    answering.confirm(case_id=case.pk, actor=cast.proposer, questions=["PUR-1"])
    page = text(browser(cast.officer).get(tab_of(case)))

    assert marked not in page
    assert "confirmed by Pia Proposer" in page


def test_an_answer_that_still_holds_is_told_as_that(cast, browser):
    case = w.under_review(cast)
    save(case, cast.officer, PUR_3=Given(as_before=True))

    assert "as last time" in text(browser(cast.officer).get(tab_of(case)))


def test_an_answer_that_is_no_longer_asked_does_not_count(cast):
    case = w.proposed(cast, given={"TEC_1": "yes"})
    save(case, cast.proposer, TEC_2=Given(["yes"], "It could."))
    (before,) = read(cast, case)
    save(case, cast.proposer, TEC_1=Given(["no"]))
    (after,) = read(cast, case)

    shown = {one.question.code for topic in before.topics for one in topic.answers}
    assert "TEC-2" in shown
    assert [one.question.code for one in after.set_aside] == ["TEC-2"]


def test_an_unsure_answer_stands_among_the_open_points(cast, browser):
    case = w.proposed(cast, given={"EXP_1": "unsure"})

    (told,) = read(cast, case)

    assert [(point.question, question) for point, question in told.points] == [
        ("EXP-1", w.shipped().by_code["EXP-1"].text)
    ]


def test_whoever_still_assesses_for_themselves_sees_no_answer(cast, browser):
    case = w.proposed(cast)
    looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=cast.adviser)

    page = text(browser(cast.adviser).get(tab_of(case)))

    assert "you do not see what others answered" in page
    assert w.shipped().by_code["EXP-1"].text not in page
    assert read(cast, case, "adviser") == []


def test_a_stranger_knows_of_no_assessment(cast, browser):
    assert browser(cast.stranger).get(tab_of(w.assessed(cast))).status_code == 404


def test_the_tab_asks_the_same_with_twelve_answers_and_with_all_of_them(
    cast, browser, django_assert_max_num_queries
):
    few, many = w.proposed(cast), w.proposed(cast, given=DOUBTFUL)
    w.answer_by_the_right_people(cast, many, w.answers(**DOUBTFUL))
    client = browser(cast.officer)
    client.get(tab_of(few))
    kept = [
        Answer.objects.filter(assessment__case=case).count() for case in (few, many)
    ]

    with django_assert_max_num_queries(40) as asked_few:
        client.get(tab_of(few))
    with django_assert_max_num_queries(40) as asked_many:
        client.get(tab_of(many))

    assert kept[0] == 12
    assert kept[1] > 60
    # Of an opinion it is asked what it rests on; there are none on the light track.
    assert len(asked_many) == len(asked_few) + 1
