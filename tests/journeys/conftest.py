import pytest

from tests.journeys.walking import Walk


@pytest.fixture
def walk(cast, browser) -> Walk:
    return Walk(cast, browser)
