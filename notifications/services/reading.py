"""Mark messages of the inbox as read."""

from uuid import UUID

from django.utils import timezone

from notifications import queries
from notifications.models import Message
from register.models import User


def read(*, public_id: UUID, actor: User) -> Message:
    """The message, read from now on. Raises Message.DoesNotExist for another's."""
    message = queries.inbox_of(actor).get(public_id=public_id)
    if message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    return message


def read_all(*, actor: User) -> int:
    """Mark all of a person's messages as read. Returns how many were not."""
    unread = Message.objects.filter(recipient=actor, read_at=None)
    return unread.update(read_at=timezone.now())
