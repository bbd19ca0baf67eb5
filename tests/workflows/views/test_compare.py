"""Two assessments side by side: only what differs, unless all is asked for."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import workflows as w
from tests.factories.proposals import text
from workflows.models import Answer
from workflows.services import answering, assessing, handling, looking
from workflows.services.answering import Given
from workflows.services.contrasting import contrast

# The pages say the same on both engines.
pytestmark = pytest.mark.once

DOUBTFUL = {"EXP_1": "yes"}


def url(case, **query):
    return reverse("workflows:compare", args=[case.public_id], query=query)


def reopened(cast, **facts):
    case = w.assessed(cast, **facts)
    handling.with_reason(
        case_id=case.pk, verb="reopen_assessment", actor=cast.officer, reason="Owner."
    )
    return w.fresh(case)


def save(case, actor, **answers):
    given = {code.replace("_", "-"): one for code, one in answers.items()}
    answering.save_answers(case_id=case.pk, actor=actor, answers=given)


def parts_of(case):
    new, old = w.fresh(case).assessments.all()[:2]
    return contrast(case, old, new)


def differing(case):
    """Code or title → (old choice, new choice) of every row that differs."""
    return {
        row.code or row.title: (row.old and row.old.choice, row.new and row.new.choice)
        for part in parts_of(case)
        for row in part.changed
    }


def test_a_correction_without_changes_differs_in_nothing(cast, browser):
    case = reopened(cast)

    page = text(browser(cast.officer).get(url(case)))

    assert differing(case) == {}
    assert "0 differences." in page
    assert "Why it was corrected:</strong> Owner." in page


def test_a_changed_answer_is_shown_with_both_levels_and_its_words_marked(cast, browser):
    case = reopened(cast)
    save(case, cast.officer, PAR_2=Given(["state-owned-company"], "As told by them."))

    page = text(browser(cast.officer).get(url(case)))

    rows = {row.code: row for part in parts_of(case) for row in part.rows}
    assert (rows["PAR-2"].old.level, rows["PAR-2"].new.level) == (0, 2)
    assert "<strong>Public university</strong>" in page
    assert "<strong>State-owned company</strong>" in page
    assert '<ins><span class="ds-sr-only">[added: </span>told by them.' in page
    assert '<del><span class="ds-sr-only">[taken out: </span>told.' in page


def test_only_what_differs_is_shown_until_all_is_asked_for(cast, browser):
    case = reopened(cast)
    save(case, cast.officer, PUR_3=Given(["no"], "Not yet."))
    client, same = browser(cast.officer), w.shipped().by_code["EXP-1"].text

    short = text(client.get(url(case)))
    whole = text(client.get(url(case, all=1)))

    assert (same in short, same in whole) == (False, True)
    assert "Show all" in short
    assert "Show only what differs" in whole


def test_what_a_review_has_not_answered_yet_is_no_difference(cast, browser):
    case = w.under_review(cast)
    save(case, cast.officer, PUR_3=Given(["no"], "Not any more."))

    assert differing(case) == {
        "Track": ("Light", "Not chosen yet"),
        "Inherent risk": ("", ""),
        "Residual risk": ("", ""),
        "PUR-3": ("Yes", "No"),
    }
    page = text(browser(cast.officer).get(url(case)))
    assert "are still to be written this time." in page
    assert "are not asked at this moment." in page


def test_track_risk_opinions_and_gates_stand_beside_each_other(cast):
    case = w.under_review(cast)
    screen = {q.code: w.answer(q) for q in w.shipped() if q.is_screen}
    save(case, cast.proposer, **screen | {"EXP-1": Given(["yes"], "A new laser.")})

    found = differing(case)

    assert found["Track"] == ("Light", "Full")
    assert found["Export-control adviser"] == (None, "not given yet")
    assert found["Export licence"] == (None, "open")


def test_a_frozen_side_is_told_from_its_snapshot(cast):
    """Not from the rows, which the register might say something else about today."""
    case = reopened(cast)
    assessing.complete(case_id=case.pk, actor=cast.officer, conclusion="Again.")
    new, old = w.fresh(case).assessments.all()
    old.snapshot = old.snapshot.replace('"public-university"', '"private"')

    (row,) = [
        row for p in contrast(case, old, new) for row in p.rows if row.code == "PAR-2"
    ]

    assert (row.old.choice, row.new.choice) == ("Private", "Public university")


def test_what_it_rests_on_is_compared_too(cast):
    case = w.under_review(cast)
    looking.add_evidence(
        case_id=case.pk,
        actor=cast.officer,
        question="PUR-3",
        confidence="high",
        seen_on=case.starts_on,
        upload=pdf(),
    )

    assert differing(case)["Letter.pdf"] == (None, "there")


def pdf():
    return SimpleUploadedFile("Letter.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")


def test_any_two_assessments_of_the_case_may_be_chosen(cast, browser):
    case = reopened(cast)
    new, old = case.assessments.all()

    response = browser(cast.officer).get(url(case, old=new.pk, new=old.pk))

    assert (response.context["old"], response.context["new"]) == (new, old)


@pytest.mark.parametrize("key", ["0", "x", "other"])
def test_an_assessment_of_another_case_is_not_found(cast, browser, key):
    case, other = reopened(cast), reopened(cast)
    wanted = other.open_assessment.pk if key == "other" else key

    assert browser(cast.officer).get(url(case, old=wanted)).status_code == 404


def test_by_default_a_correction_is_beside_what_it_corrects(cast, browser):
    case = w.under_review(cast)
    response = browser(cast.officer).get(url(case))
    assert [response.context[name].moment for name in ("old", "new")] == [
        "planning",
        "midway",
    ]

    corrected = reopened(cast)
    response = browser(cast.officer).get(url(corrected))
    assert response.context["new"].supersedes == response.context["old"]


def test_with_one_assessment_there_is_nothing_to_compare(cast, browser):
    page = text(browser(cast.officer).get(url(w.assessed(cast))))

    assert "Nothing to compare yet" in page


@pytest.mark.parametrize(
    ("who", "answer"), [("proposer", 200), ("auditor", 200), ("stranger", 404)]
)
def test_whoever_sees_the_case_may_compare(cast, browser, who, answer):
    case = reopened(cast)

    assert browser(getattr(cast, who)).get(url(case)).status_code == answer


def test_whoever_still_assesses_for_themselves_compares_nothing(cast, browser):
    case = reopened(cast)
    looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=cast.adviser)

    page = text(browser(cast.adviser).get(url(case)))

    assert "you do not see what others answered" in page
    assert "<table" not in page


def test_the_page_asks_the_same_however_much_differs(
    cast, browser, django_assert_max_num_queries
):
    few, many = reopened(cast), reopened(cast, given=DOUBTFUL)
    client = browser(cast.officer)
    client.get(url(few))
    for code in ("PUR_3", "PAR_6", "AGR_3"):
        save(many, cast.officer, **{code: Given(["unsure"], "Not known.")})
    assert Answer.objects.filter(assessment=many.assessments.first()).count() > 60

    with django_assert_max_num_queries(40) as asked_few:
        client.get(url(few))
    with django_assert_max_num_queries(40) as asked_many:
        client.get(url(many))

    assert len(asked_few) >= len(asked_many)
