"""Closed lists of notifications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    PLANNED = "planned", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("No longer wanted")


class Kind(models.TextChoices):
    SUBMITTED = "submitted", _("Proposed cooperation")
    RETURNED = "returned", _("Sent back")
    DECISION_ASKED = "decision_asked", _("Decision asked for")
    DECIDED = "decided", _("Decision")
    REVIEW_OPENED = "review_opened", _("Review opened")
    REVIEW_DUE = "review_due", _("Midway review")
