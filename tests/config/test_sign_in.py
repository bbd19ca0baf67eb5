"""Passwords, lock-out and sessions of local accounts."""

import re
import subprocess
import sys

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import (
    ImproperlyConfigured,
    ValidationError,
)
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config import env
from config.sign_in.devices import device
from tests.factories import register as r
from tests.signing_in import code_of, enter, is_in, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return r.person("Kari Normann", username="kari")


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
