"""One run of the bench, from empty databases to the figures."""

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

from bench import databases, floor
from bench.measuring import (
    COUNTED,
    WARM_UP,
    Browser,
    Probe,
    in_turn,
    replay,
    show_the_same,
    sign_in,
    statements,
    take_turns,
)
from bench.servers import FLOOR, PRODUCT, broker, serving
from bench.workloads import REGISTER, Visit, Workload, workloads
from register.models import User

SMALL, LARGE = 1_000, 10_000
# The session and the person: the first two statements on both sides.
SIGNING_IN = 2


@dataclass(frozen=True)
class Ports:
    product: int
    floor: int
    small: int


def run(url: str, *, folder: Path, rounds: int, keep: bool) -> dict[str, Any]:
    """Fill, measure, drop. keep: leave the databases, and take those that are there."""
    call_command("collectstatic", interactive=False, verbosity=0)
    seconds = {size: prepare(url, size, keep) for size in (SMALL, LARGE)}
    try:
        with programs(url, folder) as ports:
            session = small_session(url)
            with databases.connected(url, LARGE):
                measured = measure(ports, session, rounds)
                return facts(rounds, seconds[LARGE]) | measured
    finally:
        if not keep:
            databases.drop(url, SMALL)
            databases.drop(url, LARGE)


def prepare(url: str, size: int, keep: bool) -> float | None:
    if keep and databases.exists(url, size):
        return None
    return round(databases.make(url, size), 1)


@contextmanager
def programs(url: str, folder: Path) -> Iterator[Ports]:
    small, large = (databases.url_for(url, size) for size in (SMALL, LARGE))
    with ExitStack() as stack:
        start = stack.enter_context
        start(broker(folder))
        yield Ports(
            product=start(serving(PRODUCT, large)),
            floor=start(serving(FLOOR, large)),
            small=start(serving(PRODUCT, small)),
        )


def small_session(url: str) -> str:
    with databases.connected(url, SMALL):
        return sign_in(User.objects.get(username="officer"))


def measure(ports: Ports, small_session: str, rounds: int) -> dict[str, Any]:
    """All workloads in one run, and the register page at the smaller size."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS floor_answer, floor_history, floor_case")
        cursor.execute(floor.SCHEMA)
    works = list(workloads(changes=WARM_UP + rounds + COUNTED))
    counts = {work.name: statements(work) for work in works}
    probes: dict[str, Probe] = {}
    for work in works:
        probes |= probes_of(work, ports, counts[work.name][1])
    small = Browser(ports.small, small_session)
    probes["register at 1,000"] = in_turn(small, [Visit(REGISTER)])
    timings = take_turns(probes, rounds)
    figures = {name: asdict(timing) for name, timing in timings.items()}
    return {
        "workloads": [
            {
                "name": work.name,
                "says": work.says,
                "page": figures[work.name],
                "floor": figures[f"{work.name}: floor"],
                "sql": figures.get(f"{work.name}: sql"),
                "statements": [len(each) for each in counts[work.name]],
            }
            for work in works
        ],
        "small": figures["register at 1,000"],
    }


def probes_of(work: Workload, ports: Ports, texts: Sequence[str]) -> dict[str, Probe]:
    session = sign_in(work.user)
    page, lean = Browser(ports.product, session), Browser(ports.floor, session)
    if work.shows:
        show_the_same(work, page, lean)
    probes = {
        work.name: in_turn(page, work.page),
        f"{work.name}: floor": in_turn(lean, work.floor),
    }
    if not work.page[0].fields:
        probes[f"{work.name}: sql"] = replay(texts[SIGNING_IN:])
    return probes


def facts(rounds: int, seconds: float | None) -> dict[str, Any]:
    """Where, when and on what it was measured."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "cooperations": LARGE,
        "rounds": rounds,
        "filling_seconds": seconds,
        "machine": {
            "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
            "python": platform.python_version(),
            "django": django.get_version(),
            "postgresql": postgres.split()[0],
        },
    }
