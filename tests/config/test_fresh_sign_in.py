"""Who decides has shown within five minutes that it is them."""

import pytest
from django.test import Client
from django.urls import reverse

from register.choices import CaseState
from tests.factories import register as r
from tests.factories import workflows as w
from tests.signing_in import code_of, confirmed, with_app
from workflows.urls import urlpatterns
from workflows.views.deciding import Decide

pytestmark = pytest.mark.django_db
HOUR = 3600


def decided(client, case):
    page = reverse("workflows:decide", args=[case.public_id])
    typed = {"seen": case.head_seq, "verdict": "rejected", "reasons": "Not worth it."}
    nothing = {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
    return page, client.post(page, typed | nothing)


@pytest.mark.parametrize("ago", [None, HOUR])
def test_a_decision_asks_an_old_session_anew_and_keeps_what_was_typed(cast, ago):
    case = w.asked(cast)
    client = Client()
    client.force_login(cast.decider)
    if ago:
        confirmed(client, ago=ago)

    page, answer = decided(client, case)
    state = w.fresh(case).state
    wrong = client.post(answer.url, {"password": "wrong"})
    back = client.post(answer.url, {"password": r.PASSWORD, "next": page})
    kept = client.get(back.url).content.decode()

    assert state == CaseState.ASSESSED
    assert "does not fit" in wrong.content.decode()
    assert back.url == page
    assert "Not worth it." in kept
    assert "It is you. What you wrote is kept below" in kept
    decided(client, case)
    assert w.fresh(case).state == CaseState.REJECTED


def test_a_page_that_forgets_to_ask_lets_an_old_session_decide(cast, monkeypatch):
    """The twin of the one above."""
    monkeypatch.setattr(Decide, "needs_fresh_sign_in", False)
    case = w.asked(cast)
    client = Client()
    client.force_login(cast.decider)

    decided(client, case)

    assert w.fresh(case).state == CaseState.REJECTED


@pytest.mark.parametrize("ago", [60, 299, 301])
def test_a_sign_in_of_the_last_five_minutes_decides(cast, ago):
    case = w.asked(cast)
    client = Client()
    client.force_login(cast.decider)
    confirmed(client, ago=ago)

    decided(client, case)

    assert (w.fresh(case).state == CaseState.REJECTED) == (ago < 300)


def test_a_return_from_the_institution_alone_is_not_fresh(cast):
    case = w.asked(cast)
    client = Client()
    client.force_login(cast.decider)
    confirmed(client, ago=1, method="socialaccount")

    decided(client, case)

    assert w.fresh(case).state == CaseState.ASSESSED


def test_a_confirmation_of_somebody_else_does_not_count(cast):
    case = w.asked(cast)
    client = Client()
    client.force_login(cast.decider)
    confirmed(client)
    session = client.session
    session["account_authentication_methods_user"] = str(cast.proposer.pk)
    session.save()

    decided(client, case)

    assert w.fresh(case).state == CaseState.ASSESSED


def test_exactly_the_pages_that_decide_ask_for_a_fresh_sign_in():
    asking = {
        pattern.name
        for pattern in urlpatterns
        if getattr(
            getattr(pattern.callback, "view_class", None), "needs_fresh_sign_in", False
        )
    }

    assert asking == {
        *("decide", "conclude", "give_notice", "close"),
        *("clear_gate", "confirm_lowering"),
    }


def test_one_may_confirm_with_a_code(cast):
    with_app(cast.decider)
    client = Client()
    client.force_login(cast.decider)
    case = w.asked(cast)

    page, answer = decided(client, case)
    choice = client.get(answer.url).content.decode()
    client.post("/confirm/code/", {"code": code_of(cast.decider), "next": page})
    decided(client, case)

    assert "/confirm/code/" in choice
    assert w.fresh(case).state == CaseState.REJECTED
