"""What a new partnership refuses: each with its sentence, nothing typed is lost."""

import pytest
from django.contrib.messages import get_messages

from register.choices import CaseState, Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.factories.proposals import (
    START,
    about,
    as_strings,
    bare_draft,
    page,
    reasons,
    text,
)
from workflows.choices import Verb
from workflows.models import Case
from workflows.services import amending, proposing

pytestmark = pytest.mark.once


@pytest.fixture
def proposer(cast, browser):
    return browser(cast.proposer)


@pytest.fixture
def partner(cast):
    return r.partner("Universitetet i Tromsø", country="NO", city="Tromsø")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": "   "}, "Give the cooperation a title."),
        ({"starts_on": ""}, "Say when it starts, at least about when."),
        (
            {"starts_on": "2027-05-02", "ends_on": "2027-05-01"},
            "The end must not be before the start.",
        ),
        ({"starts_on": "soon"}, "Enter a valid date."),
        ({"unit": "0"}, "You may propose for your own unit only; choose one of yours."),
        ({"responsible": "0"}, "Choose a person at your unit."),
    ],
)
def test_facts_are_refused_and_what_was_typed_is_kept(proposer, cast, given, sentence):
    case = bare_draft(cast)
    typed = about(case, starts_on="2027-05-01", ends_on="2028-05-01") | given

    answer = proposer.post(page(case, "about"), typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    form = answer.context["form"]
    assert {name: form[name].value() for name in typed} == as_strings(typed)
    case.refresh_from_db()
    assert (case.starts_on, case.events.count()) == (None, 1)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"purpose": " "}, "Write a sentence or two: nobody can assess it without."),
        ({"amount": "much"}, "Write the amount in figures, such as 2 500 000."),
        ({"amount": "-5"}, "The amount cannot be less than nothing."),
        ({"amount": "5", "currency": ""}, "Say in which currency the amount is."),
        ({"currency": "QQQ"}, "“QQQ” is no currency. Write three letters, such as NOK"),
    ],
)
def test_reasons_are_refused_and_what_was_typed_is_kept(
    proposer, cast, given, sentence
):
    case = bare_draft(cast)
    typed = reasons(case, expected_value="Much to learn", amount="7") | given

    answer = proposer.post(page(case, "reasons"), typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    form = answer.context["form"]
    assert {name: form[name].value() for name in typed} == as_strings(typed)
    case.refresh_from_db()
    assert (case.expected_value, case.events.count()) == ("", 1)


def test_a_unit_of_others_is_refused_by_page_and_service(proposer, cast):
    case = bare_draft(cast)

    answer = proposer.post(
        page(case, "about"), about(case, unit=cast.other_department.pk)
    )

    assert answer.status_code == 422
    with pytest.raises(proposing.NotAllowed, match="your own unit only"):
        proposing.start(
            actor=cast.proposer, title="Elsewhere", unit=cast.other_department
        )
    with pytest.raises(proposing.NotAllowed, match="your own unit only"):
        amending.amend(case_id=case.pk, actor=cast.proposer, unit=cast.other_department)
    case.refresh_from_db()
    assert case.unit == cast.department


def test_an_unfinished_draft_is_not_sent(proposer, cast, partner):
    case = bare_draft(cast, partner=partner)
    proposer.post(page(case, "partners"), {"remove": partner.public_id})
    case.refresh_from_db()

    shown = proposer.get(page(case, "summary"))
    answer = proposer.post(page(case, "summary"), {"seen": case.head_seq})

    assert [part["label"] for part in shown.context["missing"]] == [
        "Partner",
        "What",
        "Why",
        "Quick questions",
    ]
    assert answer.status_code == 409
    assert (
        "Before it can be sent, fill in: purpose, start, at least one partner, "
        "the quick questions." in text(answer)
    )
    assert Case.objects.get().state == CaseState.DRAFT


def test_a_stale_form_is_told_so_and_keeps_what_was_typed(proposer, cast):
    case = bare_draft(cast)
    typed = about(case, title="From the other window", starts_on="2027-01-01")
    proposer.post(page(case, "about"), about(case, title="First", later="yes"))

    answer = proposer.post(page(case, "about"), typed)

    assert answer.status_code == 409
    assert "Somebody was faster: Pia Proposer – Change facts" in text(answer)
    assert answer.context["form"]["title"].value() == "From the other window"
    case.refresh_from_db()
    assert case.title == "First"
    again = typed | {"seen": answer.context["form"]["seen"].value()}
    assert proposer.post(page(case, "about"), again).status_code == 302


def test_what_was_typed_while_the_session_ran_out_is_kept(client, cast):
    case = bare_draft(cast)
    typed = reasons(case, purpose="Written for an hour", amount="12")

    sent = client.post(page(case, "reasons"), typed)
    assert sent.url == f"/sign-in/?next={page(case, 'reasons')}"
    back = client.post(
        sent.url, {"username": cast.proposer.username, "password": r.PASSWORD}
    )
    shown = client.get(back.url)

    assert back.url == page(case, "reasons")
    form = shown.context["form"]
    assert {name: form[name].value() for name in typed} == as_strings(typed)
    assert "You had been signed out. What you wrote is kept below" in text(shown)
    assert "Written for an hour" not in text(client.get(back.url))


def test_what_was_typed_is_not_shown_to_another_person(client, cast):
    case = bare_draft(cast)
    other = r.person_with(Role.PROPOSER, cast.department)
    mine = page(bare_draft(cast, actor=other), "reasons")
    client.post(page(case, "reasons"), reasons(case, purpose="Not for others"))
    client.force_login(other)

    assert client.get(page(case, "reasons")).status_code == 404
    assert [client.get(address).status_code for address in (mine, START)] == [200, 200]
    for address in (mine, START):
        assert "Not for others" not in text(client.get(address))


def test_more_than_anybody_writes_is_not_kept(client, cast):
    client.post(page(bare_draft(cast), "reasons"), {"purpose": "x" * 200_001})

    assert "unsent" not in client.session


def test_what_is_typed_after_it_was_sent_is_refused_but_kept(proposer, cast):
    case = w.screened(cast)
    typed = reasons(case, purpose="Better words")
    proposing.submit(case_id=case.pk, actor=cast.proposer)

    answer = proposer.post(page(case, "reasons"), typed)

    assert answer.status_code == 409
    assert answer.context["form"]["purpose"].value() == "Better words"


def test_sending_twice_is_an_ordinary_answer(proposer, cast):
    case = w.screened(cast)
    once = proposer.post(page(case, "summary"), {"seen": case.head_seq})

    twice = proposer.post(page(case, "summary"), {"seen": case.head_seq})

    assert (once.url, twice.url) == (case.get_absolute_url(),) * 2
    told = [str(message) for message in get_messages(twice.wsgi_request)]
    assert told[-1].startswith("This has been done already: Pia Proposer – Submit, ")
    assert case.events.filter(verb=Verb.SUBMIT).count() == 1


@pytest.mark.parametrize(
    "step",
    [
        *("partners", "new-partner", "about"),
        *("reasons", "questions", "summary", "resume"),
    ],
)
def test_a_draft_is_not_there_for_anybody_else(cast, browser, step):
    case = bare_draft(cast)

    for person in (cast.leader, cast.officer, cast.decider, cast.stranger):
        assert browser(person).get(page(case, step)).status_code == 404
        assert browser(person).post(page(case, step), {}).status_code == 404


@pytest.mark.parametrize(
    "step", ["partners", "about", "reasons", "questions", "summary"]
)
def test_a_sent_case_is_shown_instead_of_its_steps(proposer, cast, step):
    case = w.proposed(cast)

    assert proposer.get(page(case, step)).url == case.get_absolute_url()


def test_the_steps_are_for_its_owner_and_not_for_those_who_handle_it(cast, browser):
    case = w.returned(cast)

    assert browser(cast.officer).get(page(case, "about")).status_code == 404


@pytest.mark.parametrize("who", ["leader", "officer", "decider", "auditor"])
@pytest.mark.parametrize("address", [START, "/new/partner/"])
def test_who_may_not_propose_is_told_before_filling_anything_in(
    cast, browser, who, address
):
    assert browser(getattr(cast, who)).get(address).status_code == 403
