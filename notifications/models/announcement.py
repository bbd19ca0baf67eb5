from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.models import CaseEvent


class Announcement(models.Model):
    """This event has become messages, once. One without is still to be told."""

    event = models.OneToOneField(
        CaseEvent, models.PROTECT, primary_key=True, related_name="announcement"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return str(self.event)
