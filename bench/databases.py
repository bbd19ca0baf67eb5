"""A PostgreSQL database for each size, made by the bench and dropped by it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection

from bench.filling import fill
from register.clock import local_today
from workflows.services import verifying


def name_for(url: str, size: int) -> str:
    return f"{urlsplit(url).path.lstrip('/')}_{size}"


def url_for(url: str, size: int) -> str:
    return urlsplit(url)._replace(path=f"/{name_for(url, size)}").geturl()


@contextmanager
def connected(url: str, size: int) -> Iterator[None]:
    """Django's own connection leads to the database of that size."""
    connection.close()
    connection.settings_dict["NAME"] = name_for(url, size)
    yield
    connection.close()


def make(url: str, size: int) -> float:
    """Create and fill; returns the seconds that filling took. Raises AssertionError
    when a chain of events does not hold."""
    drop(url, size)
    create(url, size)
    with connected(url, size):
        call_command("migrate", verbosity=0)
        begun = time.perf_counter()
        fill(size, today=local_today())
        taken = time.perf_counter() - begun
        assert not list(verifying.breaks()), "a chain of events does not hold"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (FULL)")
            # As autovacuum leaves a table that lives: without it no index-only scan.
            cursor.execute("VACUUM (ANALYZE)")
    return taken


def exists(url: str, size: int) -> bool:
    with psycopg.connect(_server(url)) as server:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return server.execute(query, [name_for(url, size)]).fetchone() is not None


def create(url: str, size: int) -> None:
    _administer(url, f"CREATE DATABASE {name_for(url, size)}")


def drop(url: str, size: int) -> None:
    _administer(url, f"DROP DATABASE IF EXISTS {name_for(url, size)} WITH (FORCE)")


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(_server(url), autocommit=True) as server:
        server.execute(statement.encode())


def _server(url: str) -> str:
    return urlsplit(url)._replace(path="/postgres").geturl()
