"""App, recovery codes, and the roles that need a second factor."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import (
    ImproperlyConfigured,
    MiddlewareNotUsed,
)
from django.test import Client
from django.urls import reverse

from config.sign_in.apps import refuse_unknown_roles
from config.sign_in.gates import SecondFactorFirst
from register.choices import Role
from tests.factories import register as r
from tests.signing_in import code_of, enter, is_in, shown, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return r.person("Kari Normann", username="kari")


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
