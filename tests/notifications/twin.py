"""The broken twin of delivering: it marks the whole batch first and sends it then."""

from celery import shared_task
from django.core.mail import get_connection
from django.utils import timezone

from notifications.models import Message
from notifications.services import delivering, writing


@shared_task
def mark_then_send() -> None:
    while pks := delivering.claim().messages:
        held = Message.objects.filter(pk__in=pks)
        held.update(state="sent", lease=None, next_try_at=None, sent_at=timezone.now())
        messages = held.select_related("case", "recipient")
        with get_connection() as post:
            for message in messages:
                writing.mail_of(message, post).send()
