"""A deputy is named or ends: both are told, in the inbox and by mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from notifications.queries import Holders, unread_count
from notifications.services import announcing, delivering
from register.choices import Role
from register.clock import local_today
from register.services import deputies

pytestmark = pytest.mark.django_db
TODAY = local_today()


def name(cast):
    (row,) = deputies.name(
        actor=cast.decider,
        principal=cast.decider,
        deputy=cast.other_decider,
        roles=[Role.DECIDER],
        valid_from=TODAY,
        valid_until=TODAY + timedelta(9),
    )
    return row


def told():
    rows = Message.objects.order_by("pk").values_list("kind", "recipient", "case")
    return {tuple(row) for row in rows}


def test_both_are_told_that_it_begins_and_that_it_ends(
    cast, browser, django_capture_on_commit_callbacks
):
    both = (cast.decider.pk, cast.other_decider.pk)
    with django_capture_on_commit_callbacks(execute=True):
        row = name(cast)
    assert told() == {("deputy_named", pk, None) for pk in both}

    with django_capture_on_commit_callbacks(execute=True):
        deputies.end(actor=cast.decider, deputyship=row)
    ended = {("deputy_ended", pk, None) for pk in both}
    assert told() == {("deputy_named", pk, None) for pk in both} | ended

    delivering.deliver_due()
    assert sorted(one.to[0] for one in mail.outbox) == sorted(
        2 * [cast.decider.email, cast.other_decider.email]
    )
    words = "".join(f"{one.subject} {one.body}" for one in mail.outbox)
    assert "Dag" not in words
    assert "Case" not in words
    client = browser(cast.decider)
    assert unread_count(cast.decider) == 2
    assert "A deputy has been named" in client.get("/inbox/").content.decode()
    message = Message.objects.filter(recipient=cast.decider).first()
    opened = client.get(reverse("notifications:open", args=[message.public_id]))
    assert opened.url == reverse("register:deputies")
    assert unread_count(cast.decider) == 1


def test_what_a_lost_signal_left_behind_is_told_once_by_the_sweep(cast):
    name(cast)
    assert told() == set()

    counts = [announcing.catch_up(now=timezone.now()) for _round in range(2)]

    assert counts == [2, 0]
    assert Message.objects.count() == 2


def test_holders_of_a_role_are_also_its_deputies_of_today(cast):
    row = deputies.name(
        actor=cast.leader,
        principal=cast.leader,
        deputy=cast.officer,
        roles=[Role.UNIT_LEADER],
        valid_from=TODAY,
        valid_until=TODAY,
    )[0]
    both = {cast.leader.pk, cast.officer.pk}
    assert Holders(Role.UNIT_LEADER).of(cast.department) == both

    deputies.end(actor=cast.leader, deputyship=row)

    assert Holders(Role.UNIT_LEADER).of(cast.department) == {cast.leader.pk}
