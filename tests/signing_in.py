"""Coming in through the page, the app on somebody's telephone, and sessions that were
confirmed just now, or long ago."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests.factories import register as r

LATER = 10 * 365 * 86_400  # tests move the clock; a confirmation is to outlive that


def confirmed(client: Client, *, ago: float = -LATER, **how: object) -> None:
    """As if whoever is signed in had given their password `ago` seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - ago} | how
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


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
