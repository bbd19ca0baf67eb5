"""A worker is killed while it sends 500 reminders and started again. Real processes:
worker, beat, broker and a mail server."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.db import connection

from config.programs import broker_command
from notifications.models import Message
from notifications.services import reminding
from register.choices import Role
from register.clock import local_today
from register.models import RoleAssignment, User
from tests.factories.notifications import with_review
from tests.notifications.sink import Sink

pytestmark = [pytest.mark.services, pytest.mark.slow]
MANY = 500
SWEEP, TWIN = "notifications.tasks.sweep", "tests.notifications.twin.mark_then_send"


# What runs ------------------------------------------------------------------------
@pytest.fixture
def embedded(tmp_path):
    """The Valkey that `./run` brings along, on a socket of its own."""
    path = tmp_path / "broker.sock"
    server = subprocess.Popen(broker_command(tmp_path, path), stdout=subprocess.DEVNULL)
    wait_until(path.exists, 10)
    yield f"redis+socket://{path}"
    server.kill()
    server.wait()


@pytest.fixture
def broker(request):
    """The lane's own: the embedded Valkey beside SQLite, Redis beside PostgreSQL."""
    lane = os.environ.get("MIDTVEIS_TEST_BROKER_URL")
    return lane or request.getfixturevalue("embedded")


class Background:
    """Worker and beat as an installation runs them, on the database of this test."""

    def __init__(self, broker, sink, tick):
        self.queue = f"test-{uuid4()}"
        self.broker, self.running = broker, []
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.notifications.settings_worker",
            "MIDTVEIS_DATABASE_URL": database_url(),
            "MIDTVEIS_BROKER_URL": broker,
            "MIDTVEIS_EMBEDDED": "false",
            "MIDTVEIS_EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "TEST_QUEUE": self.queue,
            "TEST_TICK": tick,
        }

    def start(self, *words, app="config"):
        command = [sys.executable, "-m", "celery", "-A", app, *words]
        self.running.append(
            subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        return self.running[-1]

    def start_beat(self, folder):
        schedule = ("--schedule", str(folder / "schedule"), "--pidfile", "")
        return self.start("beat", *schedule, app="tests.notifications.quick_clock")

    def start_worker(self):
        return self.start("worker", "-P", "threads", "-c", "1", "--without-mingle")

    def stop(self):
        for process in self.running:
            kill(process)
        if self.broker.startswith("redis://"):
            redis.from_url(self.broker).delete(self.queue)


def kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def database_url():
    of = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{of['NAME']}"
    user, place = f"{of['USER']}:{of['PASSWORD']}", f"{of['HOST']}:{of['PORT']}"
    return f"postgres://{user}@{place}/{of['NAME']}"


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


# What is sent ---------------------------------------------------------------------
@pytest.fixture
def reminders(transactional_db, cast):
    """One overdue review of which 500 people hear: its proposer and 499 leaders."""
    case = with_review(cast, local_today() - timedelta(days=7))
    leaders = User.objects.bulk_create(
        User(username=f"leader{n}", email=f"leader{n}@fjordheim.example")
        for n in range(MANY - 2)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, unit=cast.department, role=Role.UNIT_LEADER)
        for user in leaders
    )
    return case


def kill_while_sending(broker, folder, tick):
    """Send, SIGKILL the worker in the middle, start another. Returns what arrived."""
    with Sink(slow=0.005) as sink:
        background = Background(broker, sink, tick)
        try:
            background.start_beat(folder)
            worker = background.start_worker()
            assert wait_until(lambda: len(sink.mails) > 120, 90)
            kill(worker)
            at_kill = len(sink.mails)
            background.start_worker()
            assert wait_until(lambda: not waiting(), 90)
            wait_until(lambda: len(sink.ids) >= MANY, 3)  # the twin marks early
        finally:
            background.stop()
        assert 120 < at_kill < MANY - 50
        return sink.ids


def waiting():
    return Message.objects.filter(state__in=["planned", "sending"]).exists()


def test_a_killed_worker_loses_no_reminder_and_repeats_one_at_most(
    broker, reminders, tmp_path
):
    arrived = kill_while_sending(broker, tmp_path, SWEEP)

    assert len(arrived) == MANY
    assert sum(arrived.values()) <= MANY + 1
    states = Message.objects.filter(kind="review_due").values_list("state", flat=True)
    assert (set(states), len(states)) == ({"sent"}, MANY)


@pytest.mark.once
def test_marking_before_sending_would_lose_some(broker, reminders, tmp_path):
    """The broken twin under the same kill."""
    reminding.plan(today=local_today())
    arrived = kill_while_sending(broker, tmp_path, TWIN)

    sent = Message.objects.filter(kind="review_due", state="sent")
    assert len(arrived) < MANY
    assert sent.count() == MANY
