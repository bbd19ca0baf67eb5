"""Signing in through a real OpenID Connect service: a program of its own, real HTTP."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from config.sign_in import institution, tokens
from register.choices import Role
from register.models import RoleAssignment, User
from register.services import signing_in
from tests.factories import register as r
from tests.factories import workflows as w

pytestmark = [pytest.mark.services, pytest.mark.django_db]
SUBJECT = "7f3c-secret-subject"


@pytest.fixture(scope="module")
def service():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(__file__).with_name("oidc_service.py")
    child = subprocess.Popen(
        [sys.executable, program, str(port)],
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(200):
        try:
            requests.get(f"{address}/jwks", timeout=5)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield address
    child.terminate()
    child.wait(10)


@pytest.fixture
def issuer(service, settings):
    settings.OIDC_ISSUER = service
    settings.OIDC_NAME = "Fjordheim"
    settings.OIDC_CLIENT_ID = "midtveis"
    settings.OIDC_CLIENT_SECRET = "between us"
    requests.put(f"{service}/faults", json={}, timeout=5)
    return service


def is_known(issuer, **claims):
    requests.put(f"{issuer}/users/{SUBJECT}", json=claims, timeout=5)


def errs(issuer, **faults):
    requests.put(f"{issuer}/faults", json=faults, timeout=5)


def come_back(client, page="/sign-in/institution/", subject=SUBJECT):
    """To the service and through its form; the address that it sends one back to."""
    there = client.get(page)
    assert there.status_code == 302
    answer = requests.post(
        there.url, data={"sub": subject}, allow_redirects=False, timeout=5
    )
    return answer.headers["Location"].removeprefix("http://testserver")


def sign_in(client, page="/sign-in/institution/", subject=SUBJECT):
    return client.get(come_back(client, page, subject))


def is_in(client):
    return "_auth_user_id" in client.session


def assert_refused(client, answer, caplog):
    assert answer.status_code == 401
    assert "We could not sign you in" in answer.content.decode()
    assert not is_in(client)
    assert not User.objects.exists()
    assert "was refused" in caplog.text
    assert SUBJECT not in caplog.text


def test_the_sign_in_page_leads_there_first_and_the_way_carries_pkce_and_nonce(
    client, issuer
):
    page = client.get("/sign-in/?next=/partners/").content.decode()
    there = client.get("/sign-in/institution/?process=connect&scope=admin")
    asked = parse_qs(urlsplit(there.url).query)

    assert page.index("Sign in with Fjordheim") < page.index("User name")
    assert "/sign-in/institution/?next=/partners/" in page
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) == 32
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}


def test_a_new_person_gets_an_account_without_a_right_and_then_keeps_it(client, issuer):
    is_known(issuer, given_name="Nora", family_name="Ny", email="nora@x.example")

    answer = sign_in(client, "/sign-in/institution/?next=/partners/")
    sign_in(Client())

    person = User.objects.get()
    assert (answer.status_code, answer.url) == (302, "/partners/")
    assert is_in(client)
    assert (str(person), person.email) == ("Nora Ny", "nora@x.example")
    assert not person.has_usable_password()
    assert person.roles == []
    assert not person.is_staff
    assert SocialAccount.objects.get().extra_data == {}


def test_an_account_is_never_found_by_its_e_mail_address_or_name(client, issuer):
    local = r.person("Nora Ny", email="nora@x.example", username="nora")
    is_known(issuer, email="nora@x.example", preferred_username="nora")

    sign_in(client)

    assert client.session["_auth_user_id"] != str(local.pk)
    assert User.objects.count() == 2


def test_the_same_subject_of_another_service_is_another_person(
    client, issuer, settings
):
    sign_in(client)
    SocialAccount.objects.update(provider="https://elsewhere.example")

    sign_in(Client())

    assert User.objects.count() == 2


def test_roles_follow_the_claims_at_each_sign_in(client, issuer, cast):
    given = {"actor": cast.administrator, "institution": cast.institution}
    given |= {"issuer": issuer, "claim": "groups"}
    signing_in.add_rule(**given, value="dec", unit=cast.faculty, role=Role.DECIDER)
    is_known(issuer, groups=["staff", "dec"])

    sign_in(client)
    person = SocialAccount.objects.get().user
    first = person.roles
    r.role(person, Role.PROPOSER, cast.department, granted_by=cast.administrator)
    is_known(issuer, groups=["staff"])
    sign_in(Client())

    assert first == [(Role.DECIDER, cast.faculty.path)]
    assert person.unit is None or person.unit == cast.faculty
    assert User.objects.get(pk=person.pk).roles == [
        (Role.PROPOSER, cast.department.path)
    ]
    assert RoleAssignment.objects.filter(user=person).count() == 2


def test_whoever_is_inactive_stays_outside(client, issuer):
    sign_in(client)
    User.objects.update(is_active=False)
    other = Client()

    assert sign_in(other).status_code == 401
    assert not is_in(other)


def decoding_without(**checks):
    """The library itself, with one of its checks switched off."""
    decode = jwt.decode

    def lenient(*arguments, options, **others):
        return decode(*arguments, options=options | checks, **others)

    return lambda patch: patch.setattr(tokens.jwt, "decode", lenient)


def any_nonce(patch):
    strict = institution.verified

    def lenient(token, **others):
        said = jwt.decode(token, options={"verify_signature": False})
        return strict(token, **others | {"nonce": said["nonce"]})

    patch.setattr(institution, "verified", lenient)


def any_userinfo(patch):
    patch.setattr(
        institution.InstitutionAdapter, "userinfo", lambda self, claims, token: {}
    )


def any_azp(patch):
    strict = jwt.decode

    def lenient(*arguments, **others):
        return strict(*arguments, **others) | {"azp": "midtveis"}

    patch.setattr(tokens.jwt, "decode", lenient)


# what is wrong, and how the check that sees it is switched off
WRONG = [
    pytest.param(
        {"_break_signature": True},
        decoding_without(verify_signature=False),
        id="signature",
    ),
    pytest.param({"nonce": "of-another"}, any_nonce, id="nonce"),
    pytest.param({"exp": -60}, decoding_without(verify_exp=False), id="expired"),
    pytest.param({"aud": "other"}, decoding_without(verify_aud=False), id="audience"),
    pytest.param(
        {"iss": "https://other.example"},
        decoding_without(verify_iss=False),
        id="issuer",
    ),
    pytest.param({"aud": ["midtveis", "o"], "azp": "o"}, any_azp, id="authorized"),
    pytest.param({"_userinfo_sub": "somebody"}, any_userinfo, id="userinfo"),
]


@pytest.mark.parametrize(("faults", "twin"), WRONG)
def test_a_token_that_does_not_hold_opens_nothing(
    client, issuer, caplog, monkeypatch, faults, twin
):
    errs(issuer, **faults)
    assert_refused(client, sign_in(client), caplog)

    twin(monkeypatch)
    with pytest.raises(AssertionError):
        assert_refused(client, sign_in(client), caplog)
    assert is_in(client)


def test_no_token_and_no_consent_open_nothing(client, issuer, caplog):
    errs(issuer, _no_id_token=True)
    assert_refused(client, sign_in(client), caplog)

    errs(issuer)
    back = come_back(client).replace("code=", "error=access_denied&was=")
    assert_refused(client, client.get(back), caplog)


def replayed(issuer, subject=SUBJECT):
    """The way back, walked twice: by its owner, and by who has seen the address."""
    errs(issuer, _keep_codes=True)
    client = Client()
    back = come_back(client)
    client.get(back)
    client.post("/sign-out/")
    User.objects.all().delete()
    return client, back


def test_a_way_back_leads_in_once(issuer, caplog, monkeypatch):
    client, back = replayed(issuer)
    assert_refused(client, client.get(back), caplog)
    assert_refused(other := Client(), other.get(back), caplog)

    # The twin keeps the state, and signing out lets the session stand.
    def kept(request, *, state_id, provider_id, raises=False):
        return statekit.get_states(request)[state_id][0]

    monkeypatch.setattr(statekit, "unstash_state", kept)
    client = Client()
    back = come_back(client)
    states = client.session["socialaccount_states"]
    client.get(back)
    client.logout()
    User.objects.all().delete()
    session = client.session
    session["socialaccount_states"] = states
    session.save()
    with pytest.raises(AssertionError):
        assert_refused(client, client.get(back), caplog)


def test_a_code_without_its_verifier_opens_nothing(client, issuer, caplog):
    back = come_back(client)
    session = client.session
    for state in session["socialaccount_states"].values():
        state[0]["pkce_code_verifier"] = "of-somebody-else-" + "x" * 40
    session.save()

    assert_refused(client, client.get(back), caplog)


def test_a_service_that_does_not_answer_is_a_calm_page(client, issuer, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    assert client.get("/sign-in/institution/").status_code == 401


def test_to_decide_one_signs_in_there_anew_and_what_was_typed_is_kept(issuer, cast):
    case = w.asked(cast)
    client = Client()
    sign_in(client)
    account = SocialAccount.objects.get()
    account.user = cast.decider
    account.save()
    User.objects.filter(pk=cast.decider.pk).update(password="!")
    errs(issuer, auth_time=-3600)  # they had a session there already
    client = Client()
    sign_in(client)
    page = reverse("workflows:decide", args=[case.public_id])
    confirm = f"/sign-in/institution/confirm/?next={page}"

    asked = client.post(page, {"seen": case.head_seq, "reasons": "Long and careful."})
    there = client.get(client.get(asked.url).url)
    refused = sign_in(client, confirm)
    errs(issuer, auth_time=-5)
    back = sign_in(client, confirm)

    assert asked.url.startswith("/confirm/")
    assert "prompt=login" in there.url
    assert refused.status_code == 401  # it only sent them on
    assert (back.status_code, back.url) == (302, page)
    assert "Long and careful." in client.get(page).content.decode()
    decided = client.post(page, {"seen": case.head_seq, "verdict": ""})
    assert decided.status_code == 422  # the form itself answers, not the confirmation


def test_somebody_else_cannot_confirm_in_my_place(issuer, cast):
    client = Client()
    sign_in(client)
    errs(issuer, auth_time=-5)
    before = client.session["_auth_user_id"]

    answer = sign_in(client, "/sign-in/institution/confirm/", subject="another")

    assert answer.status_code == 401
    assert client.session["_auth_user_id"] == before
    assert SocialAccount.objects.count() == 1


def test_local_sign_in_can_be_switched_off(client, issuer, settings, db):
    person = r.person()
    settings.LOCAL_SIGN_IN = False

    page = client.get("/sign-in/").content.decode()
    client.post("/sign-in/", {"username": person.username, "password": r.PASSWORD})

    assert "User name" not in page
    assert "Sign in with Fjordheim" in page
    assert not is_in(client)
    assert client.get("/sign-in/passkey/").status_code == 404


def test_without_a_service_there_is_no_such_page(client, db):
    assert client.get("/sign-in/institution/").status_code == 404
    assert client.get("/sign-in/institution/back/").status_code == 404
