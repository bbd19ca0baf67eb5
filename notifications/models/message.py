import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.choices import Kind, MessageState
from register.models import User
from workflows.models import Case


class Message(models.Model):
    """One thing told to one person: in their inbox at once, and by mail.

    The unique rule makes writing it exactly-once; the mail is at-least-once, with the
    same Message-ID at every try. It holds no case content (requirement 11).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    # None where it is about the recipient's own access.
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    recipient = models.ForeignKey(
        User, models.PROTECT, related_name="messages", verbose_name=_("recipient")
    )
    # What this is about, once: "event:17", or "2027-03-01:-30", a step of the ladder,
    # or "access:9", a change of access.
    occasion = models.CharField(max_length=60)
    # By when the recipient should act, if there is a day.
    due_on = models.DateField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    # The mail
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=MessageState.choices,
        default=MessageState.PLANNED,
    )
    # When a worker may take it; while one holds it, when its hold (the lease) ends.
    next_try_at = models.DateTimeField(
        _("next try"), null=True, blank=True, default=timezone.now
    )
    lease = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # Why it failed, or why it is no longer wanted.
    error = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "case", "recipient", "occasion"], name="told_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "recipient", "occasion"],
                condition=Q(case=None),
                name="told_once_about_access",
            ),
            models.CheckConstraint(
                condition=Q(case=None, kind__in=Kind.ABOUT_ACCESS)
                | Q(case__isnull=False) & ~Q(kind__in=Kind.ABOUT_ACCESS),
                name="message_is_about_a_case_or_access",
            ),
            # A message that waits without a time would never be found again.
            models.CheckConstraint(
                condition=Q(state__in=MessageState.WAITING, next_try_at__isnull=False)
                | ~Q(state__in=MessageState.WAITING) & Q(next_try_at=None),
                name="waiting_message_has_next_try",
            ),
            models.CheckConstraint(
                condition=Q(state=MessageState.SENDING, lease__isnull=False)
                | ~Q(state=MessageState.SENDING) & Q(lease=None),
                name="message_is_held_while_sending",
            ),
        ]
        indexes = [
            # Only what still has to go out; the workers read nothing else.
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state__in=MessageState.WAITING),
                name="message_to_send",
            ),
            models.Index(fields=["recipient", "-created_at"], name="message_inbox"),
            models.Index(
                fields=["recipient"], condition=Q(read_at=None), name="message_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} → {self.recipient}"
