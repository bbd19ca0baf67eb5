"""The main navigation shows a person the places they may go, and no others."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from config.context import navigation, nearest, site
from register.choices import Role
from register.models import User
from tests.factories import register as r

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("ingrid", password="x")


def request_by(user, path="/somewhere/"):
    request = RequestFactory().get(path)
    request.user = user
    return request


def labels(places):
    return [str(place.label) for place in places]


def test_stranger_is_shown_no_places():
    assert navigation(request_by(AnonymousUser())) == []


def test_person_without_a_role_is_not_shown_import(person, settings):
    settings.EMBEDDED = False

    assert labels(navigation(request_by(person))) == [
        "My work",
        "Register",
        "Partners",
        "Inbox",
    ]


@pytest.mark.parametrize(("embedded", "last"), [(True, "Outbox"), (False, "Inbox")])
def test_outbox_is_shown_to_its_administrator_in_embedded_mode_only(
    settings, embedded, last
):
    settings.EMBEDDED = embedded
    administrator = r.person_with(Role.SYSTEM_ADMINISTRATOR, r.unit())

    assert labels(navigation(request_by(administrator)))[-1] == last


def test_outbox_is_not_shown_to_others(person, settings):
    settings.EMBEDDED = True

    assert labels(navigation(request_by(person)))[-1] == "Inbox"


def test_only_the_place_one_is_in_is_current(person):
    inside = reverse("register:partner-list") + "new/"

    current = [
        place.url
        for place in navigation(request_by(person, inside))
        if place.is_current
    ]

    assert current == [reverse("register:partner-list")]


def test_page_that_shows_no_navigation_asks_the_database_nothing(
    person, django_assert_num_queries
):
    with django_assert_num_queries(0):
        site(request_by(person))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "/"),
        ("/register/", "/register/"),
        ("/register/partners/7/", "/register/partners/"),
        ("/elsewhere/", None),
    ],
)
def test_page_belongs_to_the_nearest_place_around_it(path, place):
    assert nearest(path, ["/", "/register/", "/register/partners/"]) == place
