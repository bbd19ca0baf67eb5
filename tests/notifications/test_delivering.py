"""Claim, send, mark: with a real SMTP server where the server's answer matters."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.choices import MessageState
from notifications.models import Message
from notifications.services import announcing, delivering, reminding
from register.models import Cooperation, User
from register.queries import visible_to
from tests.factories import workflows as w
from tests.factories.notifications import move_review, with_review
from workflows.models import CaseEvent
from workflows.services import terminating
from workflows.services.terminating import Notice

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 1)


@pytest.fixture
def message(cast):
    """One reminder to the proposer, ready to be sent."""
    with_review(cast, DUE)
    reminding.plan(today=DUE - timedelta(30))
    return Message.objects.get()


def now_due(message):
    Message.objects.filter(pk=message.pk).update(next_try_at=timezone.now())


def outcome(message):
    message.refresh_from_db()
    return message.state, message.error


def test_what_is_due_is_sent_once(message, mailoutbox):
    assert delivering.deliver_due() == {"sent": 1}
    assert delivering.deliver_due() == {}

    message.refresh_from_db()
    assert [mail.to for mail in mailoutbox] == [[message.recipient.email]]
    assert (message.state, message.lease, message.next_try_at) == ("sent", None, None)
    assert message.sent_at is not None


def test_a_batch_goes_over_one_connection(cast, sink):
    for _ in range(3):
        with_review(cast, DUE)
    reminding.plan(today=DUE)

    delivering.deliver_due()

    assert (len(sink.mails), sink.connections) == (3, 1)


def test_the_same_message_id_at_every_try(message, sink):
    sink.answers = ["451 try later"]
    delivering.deliver_due()
    first = delivering.mail_of(message, None).message()["Message-ID"]
    now_due(message)
    delivering.deliver_due()

    assert [mail["Message-ID"] for mail in sink.mails] == [first]
    assert first == f"<{message.public_id}@localhost>"


def test_a_mail_that_fails_twice_is_sent_the_third_time(message, sink):
    sink.answers = ["451 try later", "rcpt 450 mailbox busy"]
    waits = []
    for _ in range(2):
        before = timezone.now()
        assert delivering.deliver_due() == {"planned": 1}
        message.refresh_from_db()
        waits.append(round((message.next_try_at - before).total_seconds() / 60))
        assert delivering.deliver_due() == {}
        now_due(message)

    assert waits == [1, 2]
    assert message.error == "450 mailbox busy"
    assert delivering.deliver_due() == {"sent": 1}
    assert outcome(message) == ("sent", "")
    assert message.attempts == 2


def test_waiting_never_grows_past_an_hour(message, sink):
    Message.objects.update(attempts=40)
    sink.answers = ["451 try later"]
    delivering.deliver_due()
    message.refresh_from_db()

    wait = message.next_try_at - timezone.now()
    assert timedelta(minutes=59) < wait <= timedelta(minutes=60)


@pytest.mark.parametrize("answer", ["rcpt 550 no such user", "554 refused"])
def test_a_refusal_for_good_fails_visibly_and_is_not_tried_again(message, sink, answer):
    sink.answers = [answer]

    assert delivering.deliver_due() == {"failed": 1}
    assert answer.removeprefix("rcpt ").split()[0] in outcome(message)[1]
    assert delivering.deliver_due() == {}


def test_one_refused_recipient_does_not_stop_the_others(cast, sink):
    for _ in range(3):
        with_review(cast, DUE)
    reminding.plan(today=DUE)
    sink.answers = ["rcpt 550 no such user"]

    assert delivering.deliver_due() == {"failed": 1, "sent": 2}


def test_a_server_that_is_away_is_tried_again(message, sink):
    sink.stop()

    assert delivering.deliver_due() == {"planned": 1}
    assert "ConnectionRefusedError" in outcome(message)[1]


def test_after_five_days_of_trying_it_is_shown_as_failed(message, sink):
    Message.objects.update(attempts=delivering.MOST_TRIES - 1)
    sink.answers = ["451 try later"]

    assert delivering.deliver_due() == {"failed": 1}


def test_a_failed_message_can_be_sent_again(cast, message, sink):
    sink.answers = ["rcpt 550 no such user"]
    delivering.deliver_due()

    everything = Message.objects.all()
    assert delivering.resend(messages=everything, actor=cast.administrator) == 1
    assert delivering.deliver_due() == {"sent": 1}
    assert delivering.resend(messages=everything, actor=cast.administrator) == 0


def test_a_recipient_without_an_address_is_a_visible_failure(cast, message):
    User.objects.filter(pk=cast.proposer.pk).update(email="")

    assert delivering.deliver_due() == {"failed": 1}
    assert outcome(message)[1] == "The recipient has no e-mail address."


# Asked again right before sending -----------------------------------------------
def test_a_leaver_gets_no_mail(cast, message, mailoutbox):
    User.objects.filter(pk=cast.proposer.pk).update(is_active=False)

    assert delivering.deliver_due() == {"cancelled": 1}
    assert outcome(message)[1] == "The recipient no longer has an account."
    assert mailoutbox == []


def test_a_person_who_lost_access_gets_no_mail(cast, message, mailoutbox):
    Message.objects.filter(pk=message.pk).update(recipient=cast.stranger)
    assert not Cooperation.objects.filter(visible_to(cast.stranger)).exists()

    assert delivering.deliver_due() == {"cancelled": 1}
    assert outcome(message)[1] == "The recipient no longer has access to the case."
    assert mailoutbox == []


def test_an_ended_case_sends_no_reminder(cast, message, mailoutbox):
    terminating.give_notice(
        case_id=message.case_id,
        actor=cast.decider,
        notice=Notice("mutual", DUE),
        reasons="Done.",
    )

    assert delivering.deliver_due() == {"cancelled": 1}
    assert outcome(message)[1] == "The case has moved on."
    assert mailoutbox == []


def test_a_moved_review_does_not_remind_of_its_old_date(message, mailoutbox):
    move_review(message.case, DUE + timedelta(90))

    assert delivering.deliver_due() == {"cancelled": 1}
    assert outcome(message)[1] == "The review has another date now."
    assert mailoutbox == []


def test_a_later_step_takes_the_place_of_one_that_was_not_sent(message, mailoutbox):
    reminding.plan(today=DUE - timedelta(7))

    assert delivering.deliver_due() == {"cancelled": 1, "sent": 1}
    assert outcome(message)[1] == "A later reminder takes its place."


def test_a_date_moved_away_and_back_still_reminds(message, mailoutbox):
    move_review(message.case, DUE + timedelta(1))
    reminding.plan(today=DUE - timedelta(30))
    move_review(message.case, DUE)

    assert delivering.deliver_due() == {"sent": 1, "cancelled": 1}
    assert outcome(message) == ("sent", "")


def test_a_question_that_is_answered_is_not_mailed_any_more(cast, mailoutbox):
    case = w.approved(cast)
    event = CaseEvent.objects.get(case=case, verb="submit")
    assert announcing.announce(event_id=event.pk) == 2

    assert delivering.deliver_due() == {"cancelled": 2}


# The lease ----------------------------------------------------------------------
def test_what_one_worker_holds_another_does_not_take(message):
    held = delivering.claim()

    assert held.messages == [message.pk]
    assert delivering.claim().messages == []


def test_what_a_dead_worker_held_is_taken_when_its_lease_ends(message, settings):
    settings.MAIL_LEASE = 0
    delivering.claim()

    assert delivering.claim().messages == [message.pk]


def test_a_worker_that_was_too_slow_neither_sends_nor_marks(message, mailoutbox):
    slow = delivering.claim()
    Message.objects.update(lease=uuid4())

    assert delivering._deliver(message.pk, slow.lease, None) == "sending"
    stale = Message.objects.get()
    stale.lease = slow.lease
    delivering._mark(stale, MessageState.SENT)
    assert outcome(message) == ("sending", "")
    assert mailoutbox == []


def test_a_batch_that_runs_out_of_time_lets_go_of_the_rest(message, settings):
    settings.MAIL_LEASE = 0
    held = delivering.claim()
    delivering._send(held)

    message.refresh_from_db()
    assert (message.state, message.lease) == ("planned", None)


@pytest.mark.parametrize(
    "values",
    [
        {"next_try_at": None},
        {"state": "sending", "lease": None},
        {"state": "sent", "next_try_at": timezone.now()},
    ],
)
def test_the_database_refuses_a_message_that_nobody_would_find(message, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**values)


def test_the_database_refuses_the_same_message_twice(message):
    message.pk, message.public_id = None, uuid4()

    with pytest.raises(IntegrityError), transaction.atomic():
        message.save()
