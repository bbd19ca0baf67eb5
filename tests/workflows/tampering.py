"""What an attacker or an owner of the database can do: plain SQL, guards aside."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

guards = importlib.import_module("workflows.migrations.0002_guards")


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def lift_guards() -> None:
    guards.remove(None, _editor())


def set_guards() -> None:
    guards.install(None, _editor())


@contextmanager
def refused(because: str) -> Iterator[None]:
    """The database itself says no, and says why; the transaction goes on."""
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        yield


def _editor() -> SimpleNamespace:
    """A schema editor would open a transaction of its own; this one joins the test's."""
    return SimpleNamespace(connection=connection, execute=sql)
