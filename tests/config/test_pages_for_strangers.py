"""What someone sees who is not signed in: calm, in their language, and no secrets."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def heading(response):
    return re.search(r"<h1[^>]*>([^<]+)</h1>", response.content.decode()).group(1)


def test_sign_in_page_bears_our_name_and_not_the_address(client):
    page = client.get("/sign-in/").content.decode()

    assert "<title>Sign in – Midtveis</title>" in page
    assert "testserver" not in page


def test_wrong_password_says_so_and_keeps_the_user_name_but_not_the_password(client):
    page = client.post("/sign-in/", {"username": "ingrid", "password": "hemmelig"})

    assert "ds-error-summary" in page.content.decode()
    assert 'value="ingrid"' in page.content.decode()
    assert "hemmelig" not in page.content.decode()


def test_sign_in_page_shows_no_navigation(client):
    assert 'id="site-menu"' not in client.get("/sign-in/").content.decode()


def test_missing_page_says_what_to_do(client):
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert heading(response) == "We cannot find this page"


def test_form_with_an_old_key_is_answered_kindly():
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/sign-in/", {"username": "ingrid"})

    assert response.status_code == 403
    assert heading(response) == "The page had been open too long"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_page_declares_the_language_it_speaks(client, language):
    page = client.get("/sign-in/", headers={"accept-language": language})

    assert f'<html lang="{language}"' in page.content.decode()
