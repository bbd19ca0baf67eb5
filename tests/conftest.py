"""Fixtures: a cast, a signed-in browser for each role, and lanes that skip aloud."""

import importlib
import os
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests.factories.register import Cast
from tests.lengths import REQUIRE_ALL
from tests.signing_in import confirmed

# A busy machine is no fault of the product: no property is held against a clock.
settings.register_profile(
    "clockless", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("clockless")
guards = importlib.import_module("workflows.migrations.0007_eyes_guarded")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """The second lane leaves out what asks no database: it has passed on the first."""
    if os.environ.get("MIDTVEIS_TEST_ONLY_DATABASE") != "1":
        return
    asking = [item for item in items if asks_the_database(item)]
    config.hook.pytest_deselected(items=[x for x in items if x not in asking])
    items[:] = asking


def asks_the_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup"}
    names = set(getattr(item, "fixturenames", ()))
    return bool(names & fixtures) or item.get_closest_marker("django_db") is not None


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("means something on PostgreSQL only; this lane is SQLite")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything is asked for, what was skipped has not passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> Iterator[None]:
    """Transactional tests empty the tables, which the guards rightly refuse: they are
    lifted for the emptying and stand again before the next test."""
    flush = TransactionTestCase._fixture_teardown

    def lifted(case: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            guards.remove(None, editor)
        flush(case)
        with connection.schema_editor() as editor:
            guards.install(None, editor)

    TransactionTestCase._fixture_teardown = lifted
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A page leaves its language behind in the thread; the next test begins anew."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


@pytest.fixture
def browser(cast: Cast) -> Callable[..., Client]:
    """`browser(cast.decider)`: a client signed in as that person, and just now."""

    def signed_in(user: object) -> Client:
        client = Client()
        client.force_login(user)
        confirmed(client)
        return client

    return signed_in
