"""Who hears about it. One noun a file; this list names each model once."""

from notifications.models.announcement import Announcement
from notifications.models.heartbeat import Heartbeat
from notifications.models.message import Message

__all__ = ["Announcement", "Heartbeat", "Message"]
