"""The pages for evidence, open points and independent assessors; and that nobody who
assesses for themselves reads the others' answers anywhere."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from register.choices import Role
from register.clock import local_today
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.test_looking import (
    PAGE,
    add,
    hand_in,
    invite,
    own_answers,
    pdf,
    say,
)
from workflows.models import Assessor, Evidence, OpenPoint
from workflows.policies import STILL_BLIND
from workflows.services import advising, handling
from workflows.urls import CASE, urlpatterns
from workflows.views.cases import TABS

# The pages say the same on both engines.
pytestmark = pytest.mark.once


def url(name, case, *more):
    return reverse(f"workflows:{name}", args=[case.public_id, *more])


def text(response):
    return unescape(" ".join(response.content.decode().split()))


def evidence(case, **typed):
    today = local_today().isoformat()
    return {"seen": case.head_seq, "seen_on": today, "confidence": "high"} | typed


# Evidence --------------------------------------------------------------------------
def test_evidence_is_added_at_its_question_and_leads_back_to_its_section(cast, browser):
    case = w.proposed(cast)
    client, page = browser(cast.officer), url("add_evidence", case, "EXP-1")

    shown = text(client.get(page))
    response = client.post(page, evidence(case, **PAGE))

    question = w.shipped().by_code["EXP-1"]
    assert question.text in shown
    assert f'value="{local_today().isoformat()}"' in shown
    assert response.url == f"{url('assess', case)}?topic=EXP#EXP-1"
    assert Evidence.objects.get().quotation == PAGE["quotation"]
    listed = text(client.get(url("add_evidence", case)))
    assert PAGE["quotation"] in listed


def test_nothing_typed_is_lost_when_evidence_is_not_whole(cast, browser):
    case = w.proposed(cast)

    response = browser(cast.officer).post(
        url("add_evidence", case, "EXP-1"), evidence(case, quotation="Ice is free.")
    )

    page = text(response)
    assert response.status_code == 422
    assert "Give a file, or an address together with what it says." in page
    assert "Ice is free." in page
    assert not Evidence.objects.exists()


def test_a_file_that_the_browser_forgets_is_asked_for_again(cast, browser):
    case = w.proposed(cast)

    response = browser(cast.officer).post(
        url("add_evidence", case, "EXP-1"), evidence(case, seen_on="", upload=pdf())
    )

    assert response.status_code == 422
    assert "Choose the file again, please." in text(response)


@pytest.mark.parametrize(
    ("who", "status"), [("proposer", 302), ("officer", 302), ("auditor", 409)]
)
def test_who_adds_evidence_through_the_page(cast, browser, who, status):
    case = w.proposed(cast)

    response = browser(getattr(cast, who)).post(
        url("add_evidence", case, "EXP-1"), evidence(case, upload=pdf())
    )

    assert response.status_code == status
    assert Evidence.objects.count() == (status == 302)


@pytest.mark.parametrize("code", ["", "EXP-1"])
def test_a_stranger_does_not_know_the_pages(cast, browser, code):
    case = w.proposed(cast)
    say(case, cast.officer, "EXP-1", "unsure", "We ask.")
    client, point = browser(cast.stranger), OpenPoint.objects.get()

    addresses = [
        url("add_evidence", case, *filter(None, [code])),
        url("settle_point", case),
        url("settle_point", case, point.pk),
        *(url(name, case) for name in ("invite_assessor", "hand_in", "assessors")),
    ]

    assert {client.get(address).status_code for address in addresses} == {404}


# Open points -----------------------------------------------------------------------
def test_the_points_tell_what_is_unsure_who_finds_out_and_what_is_late(cast, browser):
    case = w.proposed(cast)
    say(case, cast.officer, "EXP-1", "unsure", "We ask the partner.")
    OpenPoint.objects.update(due_on=local_today() - timedelta(days=1))

    page = text(browser(cast.officer).get(url("settle_point", case)))

    for words in (
        w.shipped().by_code["EXP-1"].text,
        "We ask the partner.",
        "Pia Proposer finds out by",
        "Overdue",
    ):
        assert words in page


def test_a_point_is_handed_on_to_an_adviser_and_closed_with_what_was_found(
    cast, browser
):
    case = w.proposed(cast)
    say(case, cast.officer, "EXP-1", "unsure", "We ask the partner.")
    point, case = OpenPoint.objects.get(), w.fresh(case)
    client, page = browser(cast.officer), url("settle_point", case, point.pk)
    typed = {"owner": cast.specialist.pk, "due_on": local_today().isoformat()}

    client.post(page, typed | {"seen": case.head_seq})
    point.refresh_from_db()
    assert (point.owner, point.closed_at) == (cast.specialist, None)

    late = client.post(page, typed | {"seen": case.head_seq, "outcome": "All is well."})
    assert late.status_code == 409
    assert "All is well." in text(late)

    seen = w.fresh(case).head_seq
    done = client.post(page, typed | {"seen": seen, "outcome": "All is well."})
    point.refresh_from_db()
    assert done.url == url("settle_point", case)
    assert point.outcome == "All is well."
    assert "This point has been closed already." in text(client.get(page))
    assert "Nothing is open" in text(client.get(url("settle_point", case)))


def test_a_point_belongs_to_its_own_case(cast, browser):
    case, other = w.proposed(cast), w.proposed(cast)
    say(case, cast.officer, "EXP-1", "unsure", "We ask the partner.")

    page = url("settle_point", other, OpenPoint.objects.get().pk)

    assert browser(cast.officer).get(page).status_code == 404


# Independent assessors -------------------------------------------------------------
def test_those_with_an_assessing_role_are_offered_but_not_those_who_carry_it(
    cast, browser
):
    case = w.proposed(cast)
    r.role(cast.proposer, Role.ADVISER, cast.institution)
    client, page = browser(cast.officer), url("invite_assessor", case)

    offered = client.get(page).context["form"].fields["user"].queryset
    response = client.post(page, {"seen": case.head_seq, "user": cast.adviser.pk})

    assert set(offered) == {
        *(cast.leader, cast.officer, cast.adviser),
        *(cast.specialist, cast.other_specialist),
    }
    assert response.url == page
    shown = text(client.get(page))
    assert "Ada Adviser" in shown
    assert "Not handed in yet" in shown


def chosen(page):
    return len(re.findall(r"<input[^>]* checked", page))


def typed(answers, **more):
    return {
        **{f"o_{code}": list(one.options) for code, one in answers.items()},
        **{f"c_{code}": one.comment for code, one in answers.items()},
        **more,
    }


def test_an_own_assessment_is_handed_in_and_leads_to_the_comparison(cast, browser):
    case = w.proposed(cast)
    invite(cast, case, cast.adviser)
    client, page = browser(cast.adviser), url("hand_in", case)
    answers = own_answers(case, EXP_1="yes")

    assert "Give your own assessment" in text(client.get(case.get_absolute_url()))
    response = client.post(page, typed(answers, words="Short.", red_flag="A front."))

    assert response.url == url("assessors", case)
    assessor = Assessor.objects.get()
    assert (assessor.words, assessor.red_flag) == ("Short.", "A front.")
    assert assessor.answers.count() == len(answers)
    compared = text(client.get(response.url))
    for words in ("A front.", "Short.", "Different risk:", "Low to High"):
        assert words in compared


def test_half_an_own_assessment_keeps_everything_that_was_typed(cast, browser):
    case = w.proposed(cast)
    invite(cast, case, cast.adviser)
    answers = own_answers(case)
    del answers["EXP-1"]

    response = browser(cast.adviser).post(
        url("hand_in", case), typed(answers, words="Long thoughts", red_flag="A front")
    )

    page = text(response)
    assert response.status_code == 409
    assert "Answer these questions first: EXP-1." in page
    for words in ("Long thoughts", "A front", "As told."):
        assert words in page
    assert chosen(page) == sum(len(one.options) for one in answers.values())


def test_an_own_assessment_that_comes_too_late_is_still_there_to_copy(cast, browser):
    case = w.proposed(cast)
    invite(cast, case, cast.adviser)
    answers = own_answers(case)
    hand_in(case, cast.adviser)

    response = browser(cast.adviser).post(
        url("hand_in", case), typed(answers, words="Long thoughts")
    )

    assert response.status_code == 409
    assert "hand in, once." in text(response)
    assert "Long thoughts" in text(response)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200),
        ("decider", 200),
        ("auditor", 200),
        ("specialist", 403),
        ("proposer", 403),
    ],
)
def test_who_compares_the_own_assessments(cast, browser, who, status):
    case = w.proposed(cast)
    for user in (cast.adviser, cast.specialist):
        invite(cast, case, user)
    hand_in(case, cast.adviser, red_flag="A front.")

    response = browser(getattr(cast, who)).get(url("assessors", case))

    assert response.status_code == status
    assert ("A front." in text(response)) == (status == 200)


# Blind -----------------------------------------------------------------------------
def laid_out(cast):
    """A case on which everybody has left words; the markers, and who must not read."""
    case = w.proposed(cast, given={"EXP_1": "yes"})
    say(case, cast.proposer, "TEC-1", "unsure", "marker-answer")
    say(case, cast.officer, "INF-1", "unsure", "marker-unsure")
    add(case, cast.officer, "TEC-1", address="https://e.org/", quotation="marker-page")
    add(case, cast.officer, "TEC-1", upload=pdf("marker-file.pdf"))
    for opinion in w.fresh(case).waiting_opinions:
        advising.give_opinion(
            case_id=case.pk,
            actor=cast.specialist,
            opinion_id=opinion.pk,
            conclusion=advising.conclusions_of(opinion.role)[0],
            text="marker-opinion",
            upload=pdf("marker-signed.pdf"),
        )
    advising.raise_risk(
        case_id=case.pk, actor=cast.adviser, risk=4, reason="marker-raised"
    )
    for gate in w.fresh(case).open_gates[:1]:
        advising.clear_gate(
            case_id=case.pk,
            actor=cast.specialist,
            gate_id=gate.pk,
            result="not_needed",
            reason="marker-gate",
        )
    invite(cast, case, cast.adviser)
    hand_in_with(case, cast.adviser)
    invite(cast, case, cast.leader)
    return w.fresh(case)


def hand_in_with(case, user):
    hand_in(case, user, red_flag="marker-flag")
    Assessor.objects.filter(user=user).update(words="marker-words")


MARKERS = {
    *("marker-answer", "marker-unsure", "marker-page", "marker-file.pdf"),
    *("marker-opinion", "marker-signed.pdf", "marker-raised", "marker-gate"),
    *("marker-words", "marker-flag"),
}


def pages_of(case):
    """Every page of the case there is. A new parameter of an address needs a value."""
    point, gate = OpenPoint.objects.first(), case.gates.first()
    values = {
        "code": ["TEC-1", "INF-1", "EXP-1"],
        "point": [point.pk],
        "gate": [gate.pk],
        "person": [],
        "condition": [],
        "tab": list(TABS),
        "verb": ["send_back", "withdraw", "reopen_assessment", "suspend", "resume"],
    }
    addresses = []
    for one in urlpatterns:
        if str(one.pattern).startswith(CASE):
            (name, *others) = [*one.pattern.converters, None][1:]
            assert not any(others)
            more = [[]] if name is None else [[value] for value in values[name]]
            addresses += [url(one.name, case, *each) for each in more]
    return addresses


def read_by(client, case):
    """Which of the markers stand on any of the pages."""
    pages = [client.get(page).content.decode() for page in pages_of(case)]
    return {marker for marker in MARKERS if any(marker in page for page in pages)}


def test_before_handing_in_no_page_shows_what_others_said(cast, browser):
    case = laid_out(cast)

    assert read_by(browser(cast.leader), case) == set()


def test_after_handing_in_the_pages_show_all_of_it(cast, browser):
    case = laid_out(cast)
    hand_in(case, cast.leader)

    assert read_by(browser(cast.leader), case) == MARKERS


def test_a_person_who_is_not_invited_reads_all_of_it(cast, browser):
    """So the check above sees what it looks for."""
    case = laid_out(cast)

    assert read_by(browser(cast.officer), case) == MARKERS


def test_a_case_that_is_corrected_is_blind_from_its_first_version(cast, browser):
    case = w.assessed(cast, given={"TEC_1": "yes"})
    handling.with_reason(
        case_id=case.pk,
        verb="reopen_assessment",
        actor=cast.officer,
        reason="New facts.",
    )
    invite(cast, case, cast.leader)

    history = text(browser(cast.leader).get(url("case-tab", case, "history")))

    assert "Pia Proposer began a proposal." in history
    assert "answered questions" not in history
    assert "Looked into." not in history


def test_whoever_is_blind_is_told_so_instead_of_the_answers(cast, browser):
    case = laid_out(cast)
    client = browser(cast.leader)

    told = {
        page: str(STILL_BLIND) in text(client.get(page))
        for page in (
            url("case-tab", case, "assessment"),
            *(url(name, case) for name in ("assess", "compare", "assessors")),
            *(url(name, case) for name in ("settle_point", "add_evidence")),
        )
    }

    assert set(told.values()) == {True}, told


def test_the_blind_page_shows_no_chosen_answer(cast, browser):
    case = laid_out(cast)

    page = text(browser(cast.leader).get(url("hand_in", case)))

    assert chosen(page) == 0
    assert w.shipped().by_code["TEC-1"].text in page


def test_a_picture_of_evidence_is_not_offered_for_download_to_the_blind(cast, browser):
    case = w.proposed(cast)
    add(case, cast.officer, upload=SimpleUploadedFile("secret.txt", b"ice"))
    invite(cast, case, cast.adviser)

    facts = text(browser(cast.adviser).get(case.get_absolute_url()))

    assert "secret.txt" not in facts
    assert "secret.txt" in text(browser(cast.officer).get(case.get_absolute_url()))
