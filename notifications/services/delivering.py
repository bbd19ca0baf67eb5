"""Send what is due: claim a batch, send each message, mark it right after its own send.

At least once, never zero times: a worker that dies between the server's "yes" and our
mark sends that one message again, with the same Message-ID.
"""

import logging
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from time import monotonic
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import queries
from notifications.choices import Kind, MessageState
from notifications.kinds import CATALOGUE
from notifications.models import Message
from notifications.services.writing import mail_of
from register.models import User
from register.policies import may_read

logger = logging.getLogger(__name__)
BATCH = 50
LONGEST_WAIT = 60  # minutes between two tries
MOST_TRIES = 125  # about five days; then it is shown as failed


@dataclass(frozen=True)
class Claim:
    """Messages that one worker holds. `until` leaves half of the lease for the send
    that is under way when it is reached."""

    lease: UUID
    messages: list[int]
    until: float


def deliver_due(*, seconds: float = 50) -> Counter[str]:
    """Send batches until nothing is due or time is up. Returns state → how many."""
    outcomes: Counter[str] = Counter()
    end = monotonic() + seconds
    while monotonic() < end and (held := claim()).messages:
        outcomes += _send(held)
    return outcomes


def claim() -> Claim:
    """Take the next batch for this worker alone, until the lease ends.

    PostgreSQL passes over rows that another worker is taking; SQLite has one writer.
    """
    now, lease, size = timezone.now(), uuid4(), timedelta(seconds=settings.MAIL_LEASE)
    until = monotonic() + settings.MAIL_LEASE / 2
    with transaction.atomic():
        due = queries.messages_due(now)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        taken = list(due.values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=taken).update(
            state=MessageState.SENDING, lease=lease, next_try_at=now + size
        )
    return Claim(lease, taken, until)


def resend(*, messages: QuerySet[Message], actor: User) -> int:
    """Let failed messages be tried again from the first try on. Returns how many."""
    count = messages.filter(state=MessageState.FAILED).update(
        state=MessageState.PLANNED, next_try_at=timezone.now(), attempts=0, error=""
    )
    logger.info("%s messages are sent again, asked by user %s", count, actor.pk)
    return count


def _send(held: Claim) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    post = get_connection()
    try:
        for pk in held.messages:
            if monotonic() > held.until:
                break
            outcomes[_deliver(pk, held.lease, post)] += 1
    finally:
        _hang_up(post)
        _let_go(held)
    return outcomes


def _let_go(held: Claim) -> None:
    """What was not reached is free for the next worker at once."""
    Message.objects.filter(lease=held.lease).update(
        state=MessageState.PLANNED, next_try_at=timezone.now(), lease=None
    )


def _deliver(pk: int, lease: UUID, post: BaseEmailBackend) -> str:
    """Send one message, if it is still ours and still wanted. Returns its state."""
    message = queries.held_message(pk, lease)
    if message is None:
        return MessageState.SENDING  # by whoever holds it now
    if reason := why_not_send(message):
        return _mark(message, MessageState.CANCELLED, error=reason)
    if not message.recipient.email:
        reason = _("The recipient has no e-mail address.")
        return _mark(message, MessageState.FAILED, error=reason)
    try:
        post.open()  # stays open for the batch
        mail_of(message, post).send()
    except Exception as error:  # whatever it is: the row tells it, nothing is lost
        _hang_up(post)
        return _note_failure(message, error)
    return _mark(message, MessageState.SENT, sent_at=timezone.now(), error="")


def why_not_send(message: Message) -> str:
    """Why the mail is no longer wanted, asked right before it is sent; or nothing."""
    case, recipient = message.case, message.recipient
    if not recipient.is_active:
        return _("The recipient no longer has an account.")
    if case is None:
        return ""
    if not may_read(recipient, case):
        return _("The recipient no longer has access to the case.")
    if case.state not in CATALOGUE[message.kind].states:
        return _("The case has moved on.")
    if message.kind == Kind.REVIEW_DUE and message.due_on != case.next_review_on:
        return _("The review has another date now.")
    if message.kind == Kind.OPINION_ASKED and not queries.waits_for_opinion_of(
        case, recipient
    ):
        return _("The opinion has been given.")
    if message.superseded:  # type: ignore[attr-defined]
        return _("A later reminder takes its place.")
    return ""


def _note_failure(message: Message, error: Exception) -> str:
    attempts = message.attempts + 1
    logger.warning("message %s, try %s: %r", message.public_id, attempts, error)
    told = {"attempts": attempts, "error": _say(error)}
    if is_refusal(error) or attempts >= MOST_TRIES:
        return _mark(message, MessageState.FAILED, **told)
    wait = timedelta(minutes=min(2 ** min(attempts - 1, 6), LONGEST_WAIT))
    later = timezone.now() + wait
    return _mark(message, MessageState.PLANNED, next_try_at=later, **told)


def is_refusal(error: Exception) -> bool:
    """Whether the receiving server said no for good (5xx) to this very message."""
    codes: list[int] = []
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    elif isinstance(error, SMTPDataError):
        codes = [error.smtp_code]
    return any(500 <= code < 600 for code in codes)


def _say(error: Exception) -> str:
    """The server's own words, for the operator."""
    if isinstance(error, SMTPRecipientsRefused):
        answers = error.recipients.values()
        return "; ".join(f"{code} {text.decode()}" for code, text in answers)
    return f"{type(error).__name__}: {error}"[:500]


def _mark(message: Message, state: str, **values: object) -> str:
    """Only the holder may mark: a worker that was too slow overwrites nothing."""
    values = {"state": state, "lease": None, "next_try_at": None, **values}
    Message.objects.filter(pk=message.pk, lease=message.lease).update(**values)
    return state


def _hang_up(post: BaseEmailBackend) -> None:
    """The next send connects anew; how the old line ends is of no interest."""
    with suppress(OSError, SMTPException):
        post.close()
