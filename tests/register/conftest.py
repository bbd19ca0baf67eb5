"""Pages of the register, and the country names that a process reads only once."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from register import queries

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"')


@pytest.fixture
def read(browser: Callable[..., Client]) -> Callable[..., str]:
    """`read(user, url)`: the page's HTML without its one-time tokens."""

    def page(user: object, url: str, **headers: str) -> str:
        response = browser(user).get(url, headers=headers)
        assert response.status_code == 200, (url, response.status_code)
        return TOKEN.sub("", response.content.decode())

    return page


@pytest.fixture
def names_known(db: None) -> None:
    queries.country_names()
