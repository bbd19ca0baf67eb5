"""Which messages, for whom."""

from notifications.models import Message
from register.models import User


def unread_count(user: User) -> int:
    return Message.objects.filter(recipient=user, read_at=None).count()
