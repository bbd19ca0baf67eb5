"""Everyone reads Midtveis in their own language, before and after they sign in."""

import re

import pytest
from django.test import Client, RequestFactory
from django.utils import formats
from django.utils.translation import override
from django.views.defaults import server_error

from register.clock import local_today
from register.models import User

pytestmark = pytest.mark.django_db

MISSING = {
    "nb": "Vi finner ikke denne siden",
    "nn": "Vi finn ikkje denne sida",
    "en": "We cannot find this page",
}
REFUSED = {
    "nb": "Ingen tilgang til denne siden",
    "nn": "Ingen tilgang til denne sida",
    "en": "You do not have access to this",
}
BROKEN = {
    "nb": "Noe gikk galt hos oss",
    "nn": "Noko gjekk gale hos oss",
    "en": "Something went wrong on our side",
}
TOO_LONG = {
    "nb": "Siden har stått åpen for lenge",
    "nn": "Sida har stått open for lenge",
    "en": "The page had been open too long",
}


def spoken(response):
    """Language and heading of a page."""
    page = response.content.decode()
    return tuple(
        re.search(pattern, page).group(1)
        for pattern in (r'<html lang="(\w+)"', r"<h1[^>]*>([^<]+)</h1>")
    )


def prefers(user, language):
    User.objects.filter(pk=user.pk).update(language=language)
    user.refresh_from_db()


def choose(client, language, page="/sign-in/"):
    return client.post("/language/", {"language": language, "next": page}, follow=True)


@pytest.mark.parametrize("language", MISSING)
def test_missing_page_is_told_in_the_person_s_language(language, cast, browser):
    prefers(cast.proposer, language)

    for address in ("/no-such-page/", "/cases/00000000-0000-0000-0000-000000000000/"):
        response = browser(cast.proposer).get(address)
        assert response.status_code == 404
        assert spoken(response) == (language, MISSING[language])


@pytest.mark.parametrize("language", REFUSED)
def test_refused_page_is_told_in_the_person_s_language(language, cast, browser):
    prefers(cast.adviser, language)

    response = browser(cast.adviser).get("/new/")

    assert response.status_code == 403
    assert spoken(response) == (language, REFUSED[language])


@pytest.mark.parametrize("language", BROKEN)
def test_our_own_fault_is_told_in_the_reader_s_language(language):
    with override(language):
        response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert spoken(response) == (language, BROKEN[language])


@pytest.mark.parametrize("language", TOO_LONG)
def test_an_old_form_is_told_in_the_language_of_the_browser(language):
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": language})

    response = strict.post("/sign-in/", {"username": "ingrid"})

    assert response.status_code == 403
    assert spoken(response) == (language, TOO_LONG[language])


@pytest.mark.parametrize(
    ("language", "heading"), [("nb", "Logg inn"), ("nn", "Logg inn")]
)
def test_a_stranger_s_choice_is_kept_in_this_browser(language, heading, client):
    assert spoken(client.get("/sign-in/")) == ("en", "Sign in")

    choose(client, language)

    assert spoken(client.get("/sign-in/")) == (language, heading)


def test_a_person_s_choice_goes_before_that_of_the_machine(cast, client):
    choose(client, "nb")
    client.force_login(cast.proposer)
    choose(client, "nn", "/")

    elsewhere = Client(headers={"accept-language": "en"})
    elsewhere.force_login(cast.proposer)

    assert spoken(client.get("/")) == ("nn", "Mine oppgåver")
    assert spoken(elsewhere.get("/")) == ("nn", "Mine oppgåver")


def test_a_language_that_we_do_not_speak_changes_nothing(cast, browser):
    prefers(cast.proposer, "nn")
    client = browser(cast.proposer)

    choose(client, "de", "/")

    assert spoken(client.get("/")) == ("nn", "Mine oppgåver")


def test_languages_are_offered_by_their_own_names(client):
    page = client.get("/sign-in/").content.decode()

    assert re.findall(r'lang="(\w\w)"[^>]*>([^<]+)</button>', page) == [
        ("nb", "Norsk (bokmål)"),
        ("nn", "Norsk (nynorsk)"),
        ("en", "English"),
    ]


@pytest.mark.parametrize(
    ("language", "refusal"),
    [
        ("nb", "Feltet er påkrevet."),
        ("nn", "Feltet er påkravd."),
        ("en", "This field is required."),
    ],
)
def test_django_s_own_sentences_are_in_the_same_language(language, refusal, client):
    page = client.post(
        "/sign-in/",
        {"username": "ingrid"},
        headers={"accept-language": language},
    ).content.decode()

    assert refusal in page


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("nb", "2. mars 2027", "02.03.2027"),
        ("nn", "2. mars 2027", "02.03.2027"),
        ("en", "2 March 2027", "2 Mar 2027"),
    ],
)
def test_days_are_written_day_first(language, long, short):
    day = local_today().replace(year=2027, month=3, day=2)
    with override(language):
        written = [
            formats.date_format(day, form)
            for form in ("DATE_FORMAT", "SHORT_DATE_FORMAT")
        ]

    assert written == [long, short]
