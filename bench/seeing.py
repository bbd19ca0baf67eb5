"""What the right to see costs: people who see little, against one who sees everything,
on both databases."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench import crowd, databases
from bench.measuring import HOST, Probe, asked, take_turns
from bench.workloads import REGISTER, Visit
from register.models import Unit, User
from register.queries import cooperations_visible_to

SIZE = 100_000
REQUESTS = {
    "first": ("the first page", ""),
    "filtered": ("state and country", "?state=running&country=SE"),
    "search": ("two words of text", "?q=baltic+net"),
    "last": ("the last page", "?before=end"),
}
# Part of every page, and here asked alone.
COUNT = "count"
# Django knows one database, so each is asked by a process of its own.
CHILD = "import django; django.setup(); from bench import seeing; seeing.main({rounds})"


def people() -> dict[str, User]:
    """Those who ask, the first of them for comparison."""
    home = Unit.objects.filter(kind="department").order_by("pk")[0]
    names = {
        "sees all of the institution": "overseer",
        "case officer of 1 of 64 units": f"officer{home.pk}",
        "proposer of 12 cases": f"proposer{home.pk}-0",
        "named on 30 restricted cases": "reader",
        "nothing of her own, nothing open to her": "nobody",
    }
    return {says: User.objects.get(username=name) for says, name in names.items()}


def measured(url: str, folder: Path, rounds: int) -> dict[str, Any]:
    """By database, by request and by person: {"median", "p95", "statements", …}.
    url: a PostgreSQL server, on which a database is made and dropped."""
    postgres = databases.url_for(url, SIZE)
    databases.drop(url, SIZE)
    databases.create(url, SIZE)
    try:
        return {
            "PostgreSQL": in_a_process(postgres, rounds),
            "SQLite": in_a_process(f"sqlite:///{folder}/seeing.sqlite3", rounds),
        }
    finally:
        databases.drop(url, SIZE)


def in_a_process(url: str, rounds: int) -> dict[str, Any]:
    command = [sys.executable, "-c", CHILD.format(rounds=rounds)]
    own = os.environ | {"MIDTVEIS_DATABASE_URL": url}
    said = subprocess.run(command, env=own, stdout=subprocess.PIPE, check=True)
    figures: dict[str, Any] = json.loads(said.stdout)
    return figures


def main(rounds: int) -> None:
    """Fill the empty database of this process, and print what it answers how fast."""
    call_command("migrate", verbosity=0)
    crowd.fill(SIZE)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
    print(json.dumps(ask(rounds)))


def ask(rounds: int) -> dict[str, Any]:
    probes: dict[str, Probe] = {}
    counts: dict[str, int] = {}
    for who, user in people().items():
        client = Client(SERVER_NAME=HOST)
        client.force_login(user)
        for name, (_says, query) in REQUESTS.items():
            visit = Visit(f"{REGISTER}{query}")
            counts[f"{name}/{who}"] = len(asked(user, [visit]))
            probes[f"{name}/{who}"] = opened(client, visit)
        counts[f"{COUNT}/{who}"] = 1
        probes[f"{COUNT}/{who}"] = counted(user)
    figures: dict[str, Any] = {name: {} for name in (*REQUESTS, COUNT)}
    for key, timing in take_turns(probes, rounds).items():
        name, _, who = key.partition("/")
        figures[name][who] = vars(timing) | {"statements": counts[key]}
    return figures


def opened(client: Client, visit: Visit) -> Probe:
    return lambda _number: client.get(visit.path)


def counted(user: User) -> Probe:
    return lambda _number: cooperations_visible_to(user).count()
