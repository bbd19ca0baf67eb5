"""Ask and take the time. All probes take turns in every round, so that what else the
machine does meets all of them alike: the ratios count, not the milliseconds."""

import gc
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle, islice
from random import Random
from statistics import median, quantiles
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench import floor_settings
from bench.servers import HOST
from bench.workloads import Visit, Workload
from register.models import User

WARM_UP = 15
TOKEN = "b" * 32
# The first visits of a workload are made to count the statements of the last of them:
# by then all is kept in memory, and what happens only once has happened.
COUNTED = 4
ON_THE_FLOOR = {
    name: getattr(floor_settings, name)
    for name in ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES")
}
Probe = Callable[[int], object]


@dataclass(frozen=True)
class Timing:
    """Milliseconds. The least tells what a machine at rest would take."""

    least: float
    median: float
    p95: float


def take_turns(probes: Mapping[str, Probe], rounds: int) -> dict[str, Timing]:
    """Every probe once a round, in an order that changes from round to round."""
    taken: dict[str, list[float]] = {name: [] for name in probes}
    order, random = list(probes), Random(0)
    gc.disable()
    for number in range(WARM_UP + rounds):
        random.shuffle(order)
        for name in order:
            begun = time.perf_counter()
            probes[name](number)
            taken[name].append((time.perf_counter() - begun) * 1000)
    gc.enable()
    return {name: _timing(each[WARM_UP:]) for name, each in taken.items()}


def _timing(milliseconds: Sequence[float]) -> Timing:
    figures = (
        min(milliseconds),
        median(milliseconds),
        quantiles(milliseconds, n=20)[-1],
    )
    return Timing(*(round(figure, 3) for figure in figures))


class Browser:
    """A person who is signed in, on one connection that is kept open."""

    def __init__(self, port: int, session: str):
        self.connection = HTTPConnection(HOST, port, timeout=30)
        cookies = {
            settings.SESSION_COOKIE_NAME: session,
            settings.CSRF_COOKIE_NAME: TOKEN,
        }
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def visit(self, visit: Visit) -> str:
        """The body. Raises AssertionError for any other answer than the right one."""
        method, body = "GET", None
        headers = {"Cookie": self.cookies, **visit.headers}
        if visit.fields:
            method = "POST"
            fields = {**visit.fields, "csrfmiddlewaretoken": TOKEN}
            body = urlencode(fields, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, visit.path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status == visit.status, (
            f"{answer.status} {visit.path}\n{text[:2000]}"
        )
        return text


def sign_in(user: User) -> str:
    """The key of a new session."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def in_turn(browser: Browser, visits: Sequence[Visit]) -> Probe:
    return lambda number: browser.visit(visits[(COUNTED + number) % len(visits)])


def show_the_same(workload: Workload, page: Browser, floor: Browser) -> None:
    """Raises AssertionError where the floor shows something else than the product."""
    shown = re.findall(workload.shows, page.visit(workload.page[0]))
    below = re.findall(workload.shows, floor.visit(workload.floor[0]))
    assert shown == below, f"{workload.name}: the floor shows something else"
    assert shown, f"{workload.name}: nothing is shown"


def statements(workload: Workload) -> tuple[list[str], list[str]]:
    """Those of one request to the product and of one to the floor, in this process.
    The first visits are used up, or the only one is made again."""
    page = asked(workload.user, workload.page)
    with override_settings(**ON_THE_FLOOR):
        floor = asked(workload.user, workload.floor)
    return page, floor


def asked(user: User, visits: Sequence[Visit]) -> list[str]:
    client = Client(SERVER_NAME=HOST)
    client.force_login(user)
    for visit in islice(cycle(visits), COUNTED):
        with CaptureQueriesContext(connection) as captured:
            ask = client.post if visit.fields else client.get
            answer = ask(visit.path, visit.fields, headers=visit.headers)
        assert answer.status_code == visit.status, f"{answer.status_code} {visit.path}"
    texts = [query["sql"] for query in captured.captured_queries]
    return [text for text in texts if text not in ("BEGIN", "COMMIT")]


def replay(texts: Sequence[str]) -> Probe:
    """The statements alone, without Django around them."""

    def ask(number: int) -> None:
        with connection.cursor() as cursor:
            for text in texts:
                cursor.execute(text)
                cursor.fetchall()

    return ask
