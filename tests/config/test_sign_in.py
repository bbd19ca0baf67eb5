"""Passwords, lock-out, second factor, confirmation and sessions of local accounts."""

import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import (
    ImproperlyConfigured,
    MiddlewareNotUsed,
    ValidationError,
)
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config import env
from config.sign_in.apps import refuse_unknown_roles
from config.sign_in.devices import device
from config.sign_in.gates import SecondFactorFirst
from register.choices import CaseState, Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.signing_in import confirmed
from workflows.urls import urlpatterns
from workflows.views.deciding import Decide

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def person(db):
    return r.person("Kari Normann", username="kari")


def enter(client, name, password=r.PASSWORD, page="/sign-in/"):
    return client.post(page, {"username": name, "password": password})


def is_in(client):
    return "_auth_user_id" in client.session


def code_of(person):
    """What the app on the person's telephone shows now."""
    secret = Authenticator.objects.get(user=person, type="totp").data["secret"]
    return shown(secret)


def shown(secret):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def with_app(person):
    totp.TOTP.activate(person, totp.generate_totp_secret())
    return person


# Passwords and lock-out ---------------------------------------------------------------
@pytest.mark.parametrize(
    "weak", ["short-one-1", "password1234567890"[:11], "kari.normann", "qwertyuiop123"]
)
def test_a_weak_password_is_refused_with_a_sentence(client, person, weak):
    client.force_login(person)

    answer = client.post(
        "/password/",
        {"old_password": r.PASSWORD, "new_password1": weak, "new_password2": weak},
    )

    assert "ds-error-summary" in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(r.PASSWORD)


def sentence(answer):
    page = answer.content.decode()
    return answer.status_code, re.findall(r"<li>([^<]+)</li>", page)


def test_unknown_wrong_inactive_and_locked_are_told_alike(client, person):
    r.person(username="closed", is_active=False)

    unknown = sentence(enter(client, "nobody"))
    wrong = sentence(enter(client, "kari", "wrong"))
    inactive = sentence(enter(client, "closed"))
    locked = [sentence(enter(Client(), "kari", "wrong")) for _try in range(5)][-1]
    locked_unknown = [sentence(enter(Client(), "nobody")) for _try in range(5)][-1]

    assert len({str(one) for one in (unknown, wrong, inactive, locked)}) == 1
    assert locked_unknown == unknown
    assert "does not fit" in unknown[1][0]


@pytest.mark.parametrize("failures", [4, 5])
def test_five_failures_lock_the_name_and_four_do_not(person, failures):
    for _try in range(failures):
        enter(Client(), "kari", "wrong")
    client = Client()

    enter(client, "Kari" if failures == 5 else "kari")

    assert is_in(client) == (failures < 5)


def test_the_lock_ends_and_a_right_password_counts_no_failure(person):
    for _try in range(7):
        enter(client := Client(), "kari")
        assert is_in(client)
    for _try in range(5):
        enter(Client(), "kari", "wrong")
    cache.clear()  # five minutes later

    enter(client := Client(), "kari")

    assert is_in(client)


ELSEWHERE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
for number in range(5):
    Client().post("/sign-in/", {"username": "kari", "password": "wrong"})
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.services
def test_the_lock_holds_in_all_processes(person):
    name = str(connection.settings_dict["NAME"])
    subprocess.run([sys.executable, "-c", ELSEWHERE, name], check=True, timeout=120)
    client = Client()

    enter(client, "kari")
    was_in = is_in(client)
    cache.clear()

    assert not was_in


def test_the_lock_would_not_hold_if_each_process_counted_alone(person, settings):
    """The twin of the one above: what another process noted is not seen."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }
    for _try in range(5):
        enter(Client(), "kari", "wrong")

    enter(client := Client(), "kari")

    assert is_in(client)


def test_code_of_the_second_factor_is_locked_too(person):
    with_app(person)
    client = Client()
    enter(client, "kari")
    for _try in range(5):
        client.post("/sign-in/second-factor/", {"code": "000000"})

    client.post("/sign-in/second-factor/", {"code": code_of(person)})

    assert not is_in(client)


def test_the_administration_has_no_door_of_its_own(client, person):
    keeper = r.person(is_staff=True, is_superuser=True)

    first = client.get("/admin/")
    posted = client.post(
        "/admin/login/", {"username": keeper.username, "password": r.PASSWORD}
    )
    enter(client, keeper.username)

    assert first.url == "/admin/login/?next=/admin/"
    assert posted.url == "/sign-in/?next=%2Fadmin%2F"
    assert client.get("/admin/login/?next=//x.example/").url == "/admin/"
    client.force_login(person)
    assert client.get("/admin/login/").status_code == 403


def test_what_is_not_used_is_not_there():
    for name in (
        *("account_signup", "account_email", "account_reset_password"),
        *("account_set_password", "account_inactive", "socialaccount_signup"),
        *("socialaccount_connections", "mfa_trust", "mfa_signup_webauthn"),
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)


# Second factor ------------------------------------------------------------------------
def test_with_an_app_the_password_alone_opens_nothing(client, person):
    with_app(person)

    enter(client, "kari")
    half = is_in(client)
    wrong = client.post("/sign-in/second-factor/", {"code": "000000"})
    client.post("/sign-in/second-factor/", {"code": code_of(person)})

    assert not half
    assert "does not fit" in wrong.content.decode()
    assert is_in(client)


def test_an_app_is_set_up_gives_recovery_codes_and_each_works_once(client, person):
    enter(client, "kari")

    page = client.get("/security/app/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page).group(1)
    answer = client.post("/security/app/", {"code": shown(secret)})
    codes = re.findall(r"<code>(\d{8})</code>", client.get(answer.url).content.decode())
    came = []
    for _try in range(2):
        other = Client()
        enter(other, "kari")
        other.post("/sign-in/second-factor/", {"code": codes[0]})
        came.append(is_in(other))

    assert "data:image/svg+xml;base64," in page
    assert len(codes) == 10
    assert came == [True, False]


def test_keys_are_handed_out_to_a_fresh_sign_in_only(client, person):
    client.force_login(person)
    names = [
        *("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"),
        "mfa_view_recovery_codes",
    ]

    answers = [client.get(reverse(name)) for name in names]

    assert [answer.url.split("?")[0] for answer in answers] == ["/confirm/"] * 4


@pytest.fixture
def needs_factor(settings):
    settings.SECOND_FACTOR_ROLES = [Role.DECIDER]


def test_whoever_holds_such_a_role_sets_a_factor_up_before_all_else(cast, needs_factor):
    client = Client()
    enter(client, cast.decider.username)

    first = client.get("/")
    led = client.get(first.url).content.decode()
    part = client.get("/partners/", headers={"HX-Request": "true"})
    with_app(cast.decider)
    after = client.get("/partners/")

    assert first.url == "/security/"
    assert "Your role needs a second factor" in led
    assert part.status_code == 401
    assert after.status_code == 200


def test_without_the_setting_nobody_is_led_anywhere(cast):
    """The twin of the one above."""
    client = Client()
    enter(client, cast.decider.username)

    assert client.get("/partners/").status_code == 200


def test_others_are_not_asked_for_a_second_factor(cast, needs_factor):
    client = Client()
    enter(client, cast.proposer.username)

    assert client.get("/partners/").status_code == 200


def test_a_factor_that_is_removed_is_asked_for_again(cast, needs_factor):
    with_app(cast.decider)
    client = Client()
    enter(client, cast.decider.username)
    client.post("/sign-in/second-factor/", {"code": code_of(cast.decider)})
    before = client.get("/partners/").status_code

    client.post("/security/app/remove/")

    assert before == 200
    assert client.get("/partners/").url == "/security/"


def test_recovery_codes_alone_are_no_second_factor(cast, needs_factor):
    Authenticator.objects.create(
        user=cast.decider, type="recovery_codes", data={"seed": "x", "used_mask": 0}
    )
    client = Client()
    enter(client, cast.decider.username)

    assert client.get("/partners/").url == "/security/"


def test_a_misspelt_role_stops_the_start():
    refuse_unknown_roles(["decider", "unit_leader"])
    with pytest.raises(ImproperlyConfigured, match="deciders"):
        refuse_unknown_roles(["deciders"])


def test_asking_for_factors_costs_nothing_where_no_role_needs_one(
    cast, django_assert_num_queries
):

    with pytest.raises(MiddlewareNotUsed), django_assert_num_queries(0):
        SecondFactorFirst(lambda request: None)


# Confirmation before deciding ---------------------------------------------------------
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


# Sessions -----------------------------------------------------------------------------
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0"


def test_one_session_is_ended_or_all_others_and_never_somebody_else_s(person):
    mine, second, third = (Client(headers={"user-agent": FIREFOX}) for _ in "123")
    other = Client()
    r.person(username="olav")
    for client in (mine, second, third):
        enter(client, "kari")
    enter(other, "olav")
    key = UserSession.objects.get(session_key=second.session.session_key).pk
    foreign = UserSession.objects.get(user__username="olav").pk

    page = mine.get("/security/sessions/").content.decode()
    mine.post("/security/sessions/", {"session": key})
    after_one = [is_signed_in(client) for client in (mine, second, third, other)]
    refused = mine.post("/security/sessions/", {"session": foreign})
    mine.post("/security/sessions/")

    assert page.count("Firefox on Linux</strong>") == 3
    assert after_one == [True, False, True, True]
    assert refused.status_code == 404
    assert [is_signed_in(c) for c in (mine, third, other)] == [True, False, True]


def is_signed_in(client):
    return client.get("/partners/").status_code == 200


def test_a_new_password_ends_the_other_sessions(person):
    mine, second = Client(), Client()
    for client in (mine, second):
        enter(client, "kari")

    new = "four words in a row"
    mine.post(
        "/password/",
        {"old_password": r.PASSWORD, "new_password1": new, "new_password2": new},
    )

    assert [is_signed_in(client) for client in (mine, second)] == [True, False]
    assert mine.get("/security/sessions/").content.decode().count("– here") == 1


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU like Mac OS X) Safari/604", "Safari on iPhone"),
        ("curl/8", "Unknown program"),
    ],
)
def test_a_device_is_named_in_a_few_words(user_agent, words):
    assert device(user_agent) == words


def test_bad_issuer_stops_the_start(monkeypatch):
    monkeypatch.setenv("MIDTVEIS_OIDC_ISSUER", "http://login.example.org")
    with pytest.raises(ImproperlyConfigured, match="https://"):
        env.issuer("OIDC_ISSUER")


def test_django_s_validators_are_the_ones_that_are_asked_for(person):
    with pytest.raises(ValidationError):
        validate_password("elevenchars", person)
    validate_password("four words in a row", person)
