from django.db import models
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows.models.assessment import Assessment


class Assessor(models.Model):
    """Somebody who answers the same questions for themselves, blind: nobody sees the
    others' answers before their own are handed in (requirement 16, interfaces 1.6)."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="assessors")
    user = models.ForeignKey(User, models.PROTECT, related_name="assessor_of")
    invited_by = models.ForeignKey(
        User, models.PROTECT, related_name="invited_assessors"
    )
    invited_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(_("in short"), blank=True)
    red_flag = models.TextField(_("red flag"), blank=True)

    class Meta:
        verbose_name = _("assessor")
        verbose_name_plural = _("assessors")
        ordering = ["assessment_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "user"], name="assessor_once")
        ]

    def __str__(self) -> str:
        return str(self.user)
