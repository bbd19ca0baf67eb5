"""The pages of a case: what each person sees, and what stands behind the buttons."""

from datetime import timedelta

import pytest
from django.urls import reverse

from register.choices import CaseState
from tests.factories import workflows as w
from workflows.choices import Verb
from workflows.queries import next_steps
from workflows.services import amending
from workflows.templatetags.cases import actions, page_of

pytestmark = pytest.mark.once

# Session, user, roles, unread messages and the case come with each page.
STATEMENTS = {
    "facts": 18,
    "assessment": 24,
    "decisions": 23,
    "people": 22,
    "history": 19,
}
TABS = ["facts", "assessment", "decisions", "people", "history"]


def tab_url(case, tab):
    return reverse("workflows:case-tab", args=[case.public_id, tab])


@pytest.mark.parametrize("state", CaseState.values)
def test_every_tab_shows_a_case_in_every_state(cast, browser, state):
    case = w.in_state(cast, state)

    client = browser(cast.proposer)
    codes = {t: client.get(tab_url(case, t)).status_code for t in TABS}

    assert codes == dict.fromkeys(TABS, 200)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("proposer", 200),
        ("leader", 200),
        ("officer", 200),
        ("adviser", 200),
        ("decider", 200),
        ("auditor", 200),
        ("administrator", 404),
        ("stranger", 404),
    ],
)
def test_a_case_is_seen_by_those_with_the_right_and_unknown_to_others(
    cast, browser, who, answer
):
    case = w.proposed(cast)

    pages = [case.get_absolute_url(), *(tab_url(case, tab) for tab in TABS)]
    pages += [page_of(case, verb) for verb in Verb if verb not in HIDDEN]
    client = browser(getattr(cast, who))
    codes = {client.get(page).status_code for page in pages}

    assert codes == {answer} or (answer == 200 and codes == {200, 302})


# Not on a page of the case: they have their own beginnings.
HIDDEN = {Verb.REGISTER, Verb.TAKE_IN, Verb.SUBMIT, Verb.RECOMMEND, Verb.HAND_OVER}


def test_a_draft_is_its_proposers_alone(cast, browser):
    case = w.draft(cast)

    seen_by = {
        name
        for name in ("proposer", "leader", "officer", "decider", "auditor")
        if browser(getattr(cast, name)).get(case.get_absolute_url()).status_code == 200
    }

    assert seen_by == {"proposer"}


def test_the_page_leads_with_the_one_thing_the_case_waits_for(cast):
    case = w.asked(cast)

    shown = actions(case, next_steps(case, cast.decider))

    assert shown["primary"]["verb"] == Verb.APPROVE
    assert {row["verb"] for row in shown["others"]} == {Verb.REOPEN_ASSESSMENT}


def test_what_is_not_this_persons_is_greyed_with_the_reason(cast, browser):
    case = w.asked(cast)

    page = browser(cast.proposer).get(case.get_absolute_url()).content.decode()

    assert "You proposed this cooperation or answer for it" in page
    assert reverse("workflows:decide", args=[case.public_id]) not in page


def test_the_history_reads_as_sentences(cast, browser):
    case = w.terminated(cast)

    page = browser(cast.auditor).get(tab_url(case, "history")).content.decode()

    sentences = [
        "Pia Proposer began a proposal.",
        f"Pia Proposer proposed the cooperation ({case.number}).",
        "Odd Officer completed the assessment: risk Low.",
        "Odd Officer asked for a decision.",
        "Dag Decider approved the cooperation.",
        "Dag Decider gave notice: By mutual agreement.",
        "Odd Officer closed the case.",
    ]
    assert [s for s in sentences if s not in page] == []


def test_the_strip_tells_who_and_when_and_leaves_out_what_did_not_happen(cast, browser):
    case = w.terminated(cast)

    response = browser(cast.auditor).get(case.get_absolute_url())

    steps = [(step["label"], step["who"]) for step in response.context["steps"]]
    assert steps == [
        ("Proposed", "Pia Proposer"),
        ("Assessed", "Odd Officer"),
        ("Approved", "Dag Decider"),
        ("Terminating", "Dag Decider"),
        ("Terminated", "Odd Officer"),
    ]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("size", [1, 3])
def test_a_tab_asks_the_database_the_same_however_much_there_is(
    cast, browser, tab, size, django_assert_num_queries
):
    case = w.approved(cast)
    for number in range(size):
        amending.amend(
            case_id=case.pk, actor=cast.officer, title=f"Title {number}", reason="Why"
        )
    client = browser(cast.officer)
    client.get(tab_url(case, tab))

    with django_assert_num_queries(STATEMENTS[tab]):
        client.get(tab_url(case, tab))


def test_a_page_for_what_cannot_be_done_says_why_and_leads_back(cast, browser):
    case = w.proposed(cast)

    page = browser(cast.decider).get(reverse("workflows:decide", args=[case.public_id]))

    assert page.status_code == 200
    assert "possible when a case is: Assessed. It is now: Proposed." in (
        page.content.decode().replace("“Approve” is ", "")
    )
    assert "<textarea" not in page.content.decode()


def test_the_next_planned_reminder_stands_on_the_page(cast, browser):
    case = w.approved(cast)
    first = case.next_review_on - timedelta(days=60)

    page = browser(cast.officer).get(case.get_absolute_url()).content.decode()

    assert f'<time datetime="{first.isoformat()}">' in page


def test_no_reminder_is_promised_where_none_is_planned(cast, browser):
    case = w.proposed(cast)

    page = browser(cast.officer).get(case.get_absolute_url()).content.decode()

    assert "Next reminder" not in page
    assert "None planned" in page
