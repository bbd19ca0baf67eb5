"""The tick: everything that is due and not told, whatever happened before."""

import os
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as configured
from django.db import connection
from django.utils import timezone

from notifications import tasks
from notifications.models import Announcement, Heartbeat, Message
from notifications.services import announcing, reminding
from register.choices import Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.factories.notifications import occasions, told, with_review

DUE = date(2027, 3, 28)  # the night the clocks go forward


@pytest.mark.django_db
def test_a_sweep_announces_plans_sends_and_leaves_its_mark(cast, mailoutbox):
    returned = w.returned(cast)
    running = with_review(cast, timezone.localdate())
    tasks.sweep()

    assert ("returned", "Pia") in told(case=returned)
    assert ("review_due", "Pia") in told(case=running)
    assert {m.state for m in Message.objects.all()} <= {"sent", "cancelled"}
    assert len(mailoutbox) == Message.objects.filter(state="sent").count() > 0
    assert Heartbeat.objects.get(name="sweep").at is not None


@pytest.mark.django_db
def test_a_second_sweep_adds_nothing(cast, mailoutbox):
    with_review(cast, timezone.localdate())
    tasks.sweep()
    before = (Message.objects.count(), len(mailoutbox))
    tasks.sweep()

    assert (Message.objects.count(), len(mailoutbox)) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "step"),
    [
        ("2027-03-27T22:59", "-7"),  # 23:59 in Oslo, the day before
        ("2027-03-27T23:00", "+0"),  # midnight in Oslo
        ("2027-03-28T00:59", "+0"),  # the last minute of winter time
        ("2027-03-28T01:00", "+0"),  # one minute later it is 03:00
        ("2027-03-28T21:59", "+0"),  # the day had 23 hours
        ("2027-04-03T21:59", "+0"),
        ("2027-04-03T22:00", "+7"),
    ],
)
def test_a_day_begins_at_midnight_here_also_when_the_clocks_change(cast, at, step):
    case = with_review(cast, DUE)
    with time_machine.travel(
        datetime.fromisoformat(at).replace(tzinfo=UTC), tick=False
    ):
        tasks.sweep()

    assert occasions(case) == [f"2027-03-28:{step}"]


@pytest.mark.django_db
@pytest.mark.parametrize("days", [3, 40])
def test_after_an_outage_everything_is_told_and_each_person_once(cast, days):
    """Events and a review date fell into the days without a tick."""
    now = timezone.now()
    returned = w.returned(cast)
    case = with_review(cast, (now + timedelta(days=days - 1)).date())
    with time_machine.travel(now + timedelta(days=days), tick=False):
        tasks.sweep()

    assert ("review_due", "Pia") in told(case=case)
    assert len(occasions(case)) == 1
    assert (("returned", "Pia") in told(case=returned)) == (days < 30)


@pytest.mark.services
@pytest.mark.once
@pytest.mark.parametrize("broker", ["redis://127.0.0.1:9/0", "redis+socket:///no.sock"])
def test_a_page_does_not_wait_for_a_broker_that_is_away(broker):
    """In a process of its own: here every task runs at once."""
    code = (
        "import django; django.setup(); import config, time;"
        "from notifications import tasks;"
        "begun = time.monotonic(); tasks.wake(); print(time.monotonic() - begun)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=configured.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "config.settings", "MIDTVEIS_BROKER_URL": broker},
        capture_output=True,
        check=True,
        text=True,
    )

    assert "the broker is away" in answer.stderr
    assert float(answer.stdout) < 2


# Two at once --------------------------------------------------------------------
def at_once(work, count=2):
    """Run `work` in threads that start together; each has its own connection."""
    barrier = threading.Barrier(count)

    def run():
        connection.ensure_connection()
        barrier.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rows():
    return Message.objects.filter(kind="review_due").count()


@pytest.fixture
def many(transactional_db, cast):
    """One overdue review that many leaders hear of, and the proposer."""
    for _ in range(99):
        r.person_with(Role.UNIT_LEADER, cast.department)
    with_review(cast, DUE)
    return 99 + len([cast.leader, cast.proposer])


def plan():
    reminding.plan(today=DUE + timedelta(7))


@pytest.mark.slow
def test_two_sweeps_at_once_write_each_message_once(many):
    for _ in range(5):
        at_once(plan)
        assert rows() == many
        Message.objects.all().delete()


@pytest.mark.slow
def test_two_announcers_at_once_write_each_message_once(transactional_db, cast):
    events = [w.proposed(cast).events.get(verb="submit").pk for _ in range(10)]
    Message.objects.all().delete()
    Announcement.objects.all().delete()
    at_once(lambda: [announcing.announce(event_id=pk) for pk in events])

    assert Message.objects.count() == 2 * len(events)


@pytest.fixture
def without_unique_rule(transactional_db):
    meta, all_rules = Message._meta, Message._meta.constraints
    rule = next(each for each in all_rules if each.name == "told_once")
    # SQLite makes the table anew with the rules that the model has.
    meta.constraints = [each for each in all_rules if each is not rule]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Message, rule)
    yield
    Message.objects.all().delete()
    meta.constraints = all_rules
    with connection.schema_editor() as editor:
        editor.add_constraint(Message, rule)


@pytest.mark.slow
def test_without_the_unique_rule_two_sweeps_would_tell_twice(many, without_unique_rule):
    """The naive twin: the same code, which looks first, without the rule."""
    for _ in range(20):
        at_once(plan, count=4)
        if rows() > many:
            return
        Message.objects.all().delete()
    pytest.fail("the twin never told twice: the test beside it proves nothing")


def test_the_zone_of_these_tests_is_the_default():
    assert configured.TIME_ZONE == "Europe/Oslo"
