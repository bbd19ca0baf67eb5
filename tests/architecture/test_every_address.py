"""Every address, as everybody: it opens to whom its rule says, and what is hidden
leaves no trace, neither in what is shown nor in how it is refused (T80, T81, T83)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from config.access import RULES, Opens, rule_of
from notifications.models import Message
from register import queries
from register.choices import Role
from register.models import Unit
from tests.architecture.addresses import names, patterns
from tests.architecture.hidden import hidden_world
from tests.factories import register as r

PEOPLE = (
    *("proposer", "leader", "officer", "adviser", "decider", "specialist", "auditor"),
    *("administrator", "colleague", "stranger", "sister", "former", "superuser"),
    *("nobody", "anonymous"),
)
SIGNED_IN = set(PEOPLE) - {"anonymous"}
READERS = {
    *("proposer", "leader", "officer", "adviser", "decider", "specialist", "auditor"),
}
OFFICERS = {"officer", "stranger", "sister"}
HANDLERS = READERS - {"proposer"} | {"stranger", "sister"}
OPENS_TO: dict[Opens, set[str]] = {
    Opens.TO_ANYBODY: set(PEOPLE),
    Opens.TO_THE_ARRIVING: set(PEOPLE),  # led on to their work, or back to the start
    Opens.WHERE_CONNECTED: set(),  # it is not, here
    Opens.TO_THE_SIGNED_IN: SIGNED_IN,
    Opens.TO_WHO_SEES: READERS,
    Opens.TO_WHO_READS: READERS,
    Opens.TO_ITS_AUDITORS: {"auditor"},
    Opens.TO_ITS_HANDLERS: READERS - {"proposer"},
    Opens.TO_ITS_PROPOSER: {"proposer"},
    Opens.TO_ITS_RECEIVER: {"proposer"},
    Opens.TO_PARTNER_KEEPERS: OFFICERS | {"proposer", "colleague"},
    Opens.TO_REFERENCE_KEEPERS: (OFFICERS | {"adviser", "specialist", "administrator"}),
    Opens.TO_PROPOSERS: {"proposer", "colleague"},
    Opens.TO_IMPORTERS: OFFICERS,
    Opens.TO_IMPORTERS_OF_THE_UNIT: {"officer"},
    Opens.TO_QUESTION_READERS: HANDLERS | {"administrator"},
    Opens.TO_ITS_QUESTION_READERS: HANDLERS - {"stranger"} | {"administrator"},
    Opens.TO_QUESTION_KEEPERS: {"administrator"},
    Opens.TO_ADMINISTRATORS: {"administrator"},
    Opens.TO_WHO_HANDS_OVER: OFFICERS | {"leader"},
    Opens.TO_ITS_DEPUTIES: {"officer", "auditor", "administrator"},
    Opens.TO_OPERATORS: {"administrator"},
    Opens.TO_STAFF: {"superuser"},
}


@pytest.fixture(autouse=True)
def _mail_is_kept_here(settings, tmp_path) -> None:
    settings.OUTBOX = tmp_path


@pytest.fixture(autouse=True)
def _no_sign_in_is_noted():
    """One's own page tells when one signed in last, which is no trace of a case."""
    user_logged_in.disconnect(dispatch_uid="update_last_login")
    yield
    user_logged_in.connect(update_last_login, dispatch_uid="update_last_login")


@pytest.fixture
def people(cast) -> dict[str, Any]:
    almighty = set(Role) - {Role.PROPOSER, Role.SYSTEM_ADMINISTRATOR}
    sister, former = r.person("Sara Sister"), r.person("Frank Former")
    for role in sorted(almighty):
        r.role(sister, role, cast.other_department)
        period = {"valid_from": "2020-01-01", "valid_until": "2020-12-31"}
        r.role(former, role, cast.institution, **period)
    return {name: getattr(cast, name) for name in PEOPLE if hasattr(cast, name)} | {
        "colleague": r.person_with(Role.PROPOSER, cast.department, "Carl Colleague"),
        "superuser": r.person("Siri Super", is_superuser=True, is_staff=True),
        "nobody": r.person("Noa Nobody"),
        "sister": sister,
        "former": former,
        "anonymous": None,
    }


def ask(user: Any, address: str, method: str = "get", **data: Any) -> HttpResponse:
    client = Client()
    if user is not None:
        client.force_login(user)
    response = getattr(client, method)(address, data)
    if response.streaming:  # a file must not stay open; the database must
        content = b"".join(response.streaming_content)
        for close in response._resource_closers:
            close()
        response.streaming_content = [content]
    return response


def visit(user: Any, address: str) -> HttpResponse:
    """As a page; where there is none, as the form that is sent there."""
    response = ask(user, address)
    if response.status_code != 405:
        return response
    with for_a_moment():
        institution = Unit.objects.get(name="Fjordheim University")
        return ask(user, address, "post", institution=institution.pk)


def is_open(response: HttpResponse) -> bool:
    leads_to_sign_in = response.get("Location", "").startswith("/sign-in/?next=")
    return response.status_code not in (403, 404) and not leads_to_sign_in


# The table --------------------------------------------------------------------------
def undeclared(found: set[str]) -> set[str]:
    return {name for name in found if rule_of(name) is None}


def test_every_address_has_a_rule_and_every_rule_an_address():
    declared = [name for each in RULES.values() for name in each]

    assert undeclared(names()) == set()
    assert sorted(declared) == sorted(names())


def test_a_planted_address_without_a_rule_would_be_found():
    planted = [path("planted/", lambda request: HttpResponse(), name="planted")]

    assert undeclared({name for name, _route in patterns(planted)}) == {"planted"}


# Who comes in ------------------------------------------------------------------------
def let_in(
    people: dict[str, Any], addresses: dict[str, list[str]]
) -> dict[str, set[str]]:
    """By address: everybody to whom one of its pages opens."""
    return {
        name: {
            who
            for who, user in people.items()
            if any(is_open(visit(user, each)) for each in found)
        }
        for name, found in addresses.items()
    }


@pytest.mark.slow
def test_each_address_opens_to_those_whom_its_rule_names(cast, people, settings):
    things = hidden_world(cast, r.partner("Uppsala University"))

    opened = let_in(people, things.addresses())

    told = {name: OPENS_TO[rule_of(name)] for name in opened}
    assert {n: sorted(p) for n, p in opened.items() if p != told[n]} == {}


# What is hidden -----------------------------------------------------------------------
ONE_TIME = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|csrftoken=\w+'
)
HIDDEN_FROM = {
    "unit": ("administrator", "colleague", "stranger", "sister", "former", "superuser"),
    "restricted": ("leader", "adviser", "decider", "specialist", "colleague", "sister"),
}


def answers(people: dict[str, Any], whom: tuple[str, ...], addresses: list[str]) -> Any:
    """All that each of them can tell of each address: status, headers, body."""
    return {
        (who, method, address): told(ask(people[who], address, method))
        for who in (*whom, "nobody", "anonymous")
        for address in addresses
        for method in ("get", "post")
    }


def told(response: HttpResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = sorted((k, v) for k, v in response.headers.items() if k != "Set-Cookie")
    return response.status_code, headers, ONE_TIME.sub(b"", body_of(response))


def body_of(response: HttpResponse) -> bytes:
    return b"".join(response) if response.streaming else response.content


def searches() -> list[str]:
    lists = ("/register/", "/partners/", "/partners/search/")
    words = ("secret", "ice", "2026/0001", "uppsala", "appendix")
    return [f"{each}?q={word}" for each in lists for word in words]


@contextmanager
def for_a_moment() -> Iterator[None]:
    """What is made inside is gone afterwards."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


# What hangs on no case: a page of it says nothing of one.
HANGS_ON_NO_CASE = (
    *("/import/", "/questions/", "/delegation/", "/sign-", "/security/"),
    *("/access/claims/", "/access/deputies/", "/access/people/", "/access/units/"),
)


def differences(cast, people, level: str, real_level: str) -> set[str]:
    """The addresses that answer otherwise while a hidden case is there, and "mail"
    where one of those from whom it is hidden is told of it."""
    partner = r.partner("Uppsala University")
    queries.country_names()
    with for_a_moment():
        addresses = hidden_world(cast, partner, real_level).addresses()
        found = [each for every in addresses.values() for each in every]
        walked = [a for a in found if not a.startswith(HANGS_ON_NO_CASE)] + searches()
        with_it = answers(people, HIDDEN_FROM[level], walked)
        mailed = set(Message.objects.values_list("recipient", flat=True))
    without = answers(people, HIDDEN_FROM[level], walked)

    told = {
        address
        for key, said in with_it.items()
        if without[key] != said
        for address in key[2:]
    }
    is_mailed = not mailed.isdisjoint(people[who].pk for who in HIDDEN_FROM[level])
    return told | ({"mail"} if is_mailed else set())


@pytest.mark.slow
@pytest.mark.parametrize("level", ["unit", "restricted"])
def test_a_hidden_case_changes_no_answer_by_a_byte(cast, people, level):
    assert differences(cast, people, level, level) == set()


@pytest.mark.slow
def test_a_case_that_is_not_hidden_would_be_noticed(cast, people):
    """The twin: what is asked for as restricted is left open to its unit."""
    noticed = differences(cast, people, "restricted", "unit")

    assert noticed >= {"/", "/register/", "/register/?q=secret", "/inbox/", "mail"}
