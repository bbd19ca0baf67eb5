"""manage.py send_reminders: the sweep by hand."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from notifications.models import Message
from tests.factories.notifications import with_review

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 1)


def run(*arguments):
    out = StringIO()
    call_command("send_reminders", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_writes_sends_and_tells_what_it_did(cast, mailoutbox):
    case = with_review(cast, DUE)

    assert run("--on", "2027-01-30") == [
        "case        due          day  recipient",
        f"{case.number:<12}2027-03-01   -30  Pia Proposer",
        "Reminders: 1",
        "Mails: sent 1",
    ]
    assert [mail.to for mail in mailoutbox] == [[cast.proposer.email]]


def test_done_twice_it_sends_once(cast, mailoutbox):
    with_review(cast, DUE)
    run("--on", "2027-01-30")

    assert run("--on", "2027-01-30")[-2:] == ["Reminders: 0", "Mails: none were due"]
    assert len(mailoutbox) == 1


def test_a_dry_run_shows_the_same_and_writes_and_sends_nothing(cast, mailoutbox):
    with_review(cast, DUE)
    shown = run("--on", "2027-01-30", "--dry-run")

    assert (Message.objects.count(), mailoutbox) == (0, [])
    assert shown == run("--on", "2027-01-30")[:-1]


def test_without_a_day_it_means_today(cast):
    with_review(cast, DUE)

    assert run("--dry-run")[-1] == "Reminders: 0"


def test_a_day_that_is_none_is_refused_with_what_to_write():
    with pytest.raises(CommandError, match="'soon' is not a date"):
        call_command("send_reminders", "--on", "soon")
