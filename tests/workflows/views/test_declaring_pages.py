"""Everybody says first whether they have a conflict of interest: asked on the way to
what they want to do, with nothing lost; and what follows from a conflict."""

import pytest
from django.urls import reverse

from register.choices import CaseState
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.choices import Verb
from workflows.models import Case, Declaration
from workflows.policies import CONFLICTED, UNDECLARED, barred, why_not
from workflows.services import declaring, proposing, reviewing
from workflows.services.moving import NotAllowed
from workflows.services.waiting import waiting_for

NO = {"has_conflict": "no"}
YES = {"has_conflict": "yes", "grounds": ["friendship", "money"], "text": "Shares."}


def url(name, case, *more, **query):
    args = [case.public_id, *more]
    return reverse(f"workflows:{name}", args=args, query=query or None)


def text(response):
    return response.content.decode()


@pytest.fixture
def asked(cast):
    """A case that waits for its decision; the deciders have said nothing yet."""
    w.ask_nothing()
    everybody = r.User.objects.exclude(pk__in=[cast.decider.pk, cast.other_decider.pk])
    deciders = [cast.decider, cast.other_decider]
    r.User.objects.filter(pk__in=[one.pk for one in deciders]).update(is_active=False)
    case = w.fresh(w.quickly_asked(cast))
    Declaration.objects.all()._raw_delete("default")
    w.declare_none(case, *everybody)
    r.User.objects.update(is_active=True)
    return w.fresh(case)


def decision(case, reasons="My careful reasons"):
    return {
        "seen": case.head_seq,
        "verdict": "approved",
        "reasons": reasons,
        "form-TOTAL_FORMS": 0,
        "form-INITIAL_FORMS": 0,
    }


def test_the_page_of_an_act_asks_first_and_comes_back(cast, browser, asked):
    client = browser(cast.decider)
    wanted = url("decide", asked)
    shown = client.get(asked.get_absolute_url())
    sent_on = client.get(wanted)
    page = text(client.get(sent_on.url))

    assert wanted in text(shown), "the act is offered to whoever has said nothing yet"
    assert sent_on.url == url("declare", asked, next=wanted)
    assert page.count('class="form"') == 1
    assert "checked" not in page, "nothing is chosen beforehand"
    back = client.post(sent_on.url, NO | {"seen": asked.head_seq})
    assert back.url == wanted
    assert client.get(back.url).status_code == 200
    assert w.fresh(asked).declared[cast.decider.pk] is False


def test_what_was_typed_before_the_question_is_kept(cast, browser, asked):
    client = browser(cast.decider)

    first = client.post(url("decide", asked), decision(asked))
    back = client.post(first.url, NO | {"seen": asked.head_seq})
    page = text(client.get(back.url))

    assert w.fresh(asked).state == CaseState.ASSESSED
    assert "My careful reasons" in page
    assert "What you wrote is kept below; please save it now." in page
    client.post(back.url, decision(w.fresh(asked)))
    assert w.fresh(asked).state == CaseState.APPROVED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose one of the two."),
        ({"has_conflict": "yes"}, "Choose at least one ground."),
        ({"has_conflict": "no", "text": "My wife"}, "but chose that there is none"),
    ],
)
def test_half_an_answer_is_none(cast, browser, asked, typed, sentence):
    page = browser(cast.decider).post(url("declare", asked), typed | {"seen": 1})

    assert page.status_code == 422
    assert sentence in text(page)
    assert typed.get("text", "") in text(page)
    assert cast.decider.pk not in w.fresh(asked).declared


def test_a_conflict_ends_the_acting_calmly_and_names_who_takes_over(
    cast, browser, asked
):
    client = browser(cast.decider)

    answer = client.post(
        url("declare", asked, next=url("decide", asked)),
        YES | {"seen": asked.head_seq},
        follow=True,
    )

    page = text(answer)
    assert "Having one is no fault." in page
    assert "Can do this now: Dina Decider" in page
    assert "Dag Decider" not in page.partition("Who can take over")[2]
    case = w.fresh(asked)
    assert why_not(Verb.APPROVE, case, cast.decider) == CONFLICTED
    refused = client.post(url("decide", asked), decision(case))
    assert refused.status_code == 409
    assert w.fresh(asked).state == CaseState.ASSESSED
    history = text(browser(cast.officer).get(url("case-tab", case, "history")))
    assert "Dag Decider declared a conflict of interest." in history


def test_an_address_elsewhere_is_not_gone_on_to(cast, browser, asked):
    address = url("declare", asked, next="https://evil.example/")

    answer = browser(cast.decider).post(address, NO | {"seen": asked.head_seq})

    assert answer.url == asked.get_absolute_url()


def test_whoever_has_said_nothing_still_gets_their_work(cast, asked):
    case = Case.objects.select_related("unit").get()

    assert why_not(Verb.REJECT, case, cast.decider) == UNDECLARED
    assert barred(Verb.REJECT, case, cast.decider) is None
    assert [one.verb for one in waiting_for(cast.decider)] == [Verb.REJECT]


def test_a_proposal_is_sent_with_the_answer_or_not_at_all(cast, browser):
    w.ask_nothing()
    case = w.draft(cast)
    Declaration.objects.all()._raw_delete("default")
    client = browser(cast.proposer)
    address = url("proposal-summary", case)

    assert "checked" not in text(client.get(address))
    with pytest.raises(NotAllowed, match="Say first"):
        proposing.submit(case_id=case.pk, actor=cast.proposer)
    refused = client.post(address, {"seen": case.head_seq})
    assert refused.status_code == 422
    assert w.fresh(case).state == CaseState.DRAFT
    client.post(address, YES | {"seen": case.head_seq})
    case = w.fresh(case)
    assert (case.state, case.declared) == (
        CaseState.PROPOSED,
        {cast.proposer.pk: True},
    )


def test_a_refused_sending_leaves_no_declaration(cast):
    """Both or neither: a draft without a purpose is not sent."""
    w.ask_nothing()
    case = w.draft(cast, purpose="")
    Declaration.objects.all()._raw_delete("default")

    with pytest.raises(NotAllowed, match="fill in"):
        proposing.send(
            case_id=case.pk, actor=cast.proposer, interests={"has_conflict": False}
        )

    assert (w.fresh(case).declared, w.fresh(case).head_seq) == ({}, case.head_seq)


def test_at_a_review_everybody_is_asked_anew(cast, browser):
    w.ask_nothing()
    case = w.quickly_asked(cast)
    w.deciding.decide(
        case_id=case.pk, actor=cast.decider, verdict="approved", reasons="Good."
    )
    reviewing.open_review(case_id=case.pk, actor=cast.officer, ground="Ownership.")

    answer = browser(cast.officer).get(url("complete", case))

    assert answer.url.startswith(url("declare", case))


def test_the_people_tab_tells_who_declared_what_to_those_who_handle(
    cast, browser, asked
):
    declaring.declare(
        case_id=asked.pk,
        actor=cast.officer,
        has_conflict=True,
        grounds=["friendship"],
        text="We sing in a choir.",
    )

    handler = text(browser(cast.decider).get(url("case-tab", asked, "people")))
    proposer = text(browser(cast.proposer).get(url("case-tab", asked, "people")))
    marked = text(browser(cast.decider).get(url("case-tab", asked, "history")))
    unmarked = text(browser(cast.proposer).get(url("case-tab", asked, "history")))

    for part in ("Conflict of interest", "Close friendship", "We sing in a choir."):
        assert part in handler
        assert part not in proposer
    assert "Has declared a conflict of interest" in marked
    assert "Has declared a conflict of interest" not in unmarked


def test_the_deciders_page_shows_the_proposers_conflict(cast, browser, asked):
    declaring.declare(
        case_id=asked.pk, actor=cast.proposer, has_conflict=True, grounds=["money"]
    )
    w.declare_none(asked, cast.decider)

    page = text(browser(cast.decider).get(url("decide", asked)))

    assert "Pia Proposer has declared a conflict of interest" in page
    assert "Money, shares or other ownership" in page


# Why can't I? -------------------------------------------------------------------------
def test_why_not_me_names_the_reason_and_who_may(cast, browser, asked):
    page = text(browser(cast.officer).get(url("why-not", asked)))
    stranger = browser(cast.stranger).get(url("why-not", asked))

    assert "Only a decider of the unit may do this." in page
    assert "Can do this now: Dag Decider, Dina Decider" in page
    assert stranger.status_code == 404


def test_why_not_me_asks_the_database_the_same_for_more_people(
    cast, browser, asked, django_assert_max_num_queries
):
    for number in range(5):
        r.person_with("decider", cast.faculty, f"Decider {number}")
    client = browser(cast.officer)

    with django_assert_max_num_queries(35):
        page = text(client.get(url("why-not", asked)))

    assert "and 2 more" in page
