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
    if connection.vendor == "postgresql":  # checks that wait would hold the tables
        sql("SET CONSTRAINTS ALL IMMEDIATE")
        sql("SET CONSTRAINTS ALL DEFERRED")
    guards.remove(None, _editor())


def set_guards() -> None:
    guards.install(None, _editor())


@contextmanager
def refused(because: str) -> Iterator[None]:
    """The database itself says no, and says why; the transaction goes on."""
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        yield


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def _editor() -> SimpleNamespace:
    """Joins the transaction of the test; a real one would open its own."""
    return SimpleNamespace(connection=connection, execute=sql)
