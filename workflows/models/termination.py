from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows.choices import TerminationGround
from workflows.models.case import Case


class Termination(models.Model):
    """Noticed by one person, closed by another with a report (requirement 16)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="termination")
    ground = models.CharField(
        _("ground"), max_length=20, choices=TerminationGround.choices
    )
    ends_on = models.DateField(_("end of the cooperation"))
    reasons = models.TextField(_("reasons"))
    noticed_by = models.ForeignKey(
        User, models.PROTECT, related_name="noticed_terminations"
    )
    noticed_at = models.DateTimeField()
    report = models.TextField(_("closing report"), blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="closed_cases"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("termination")
        verbose_name_plural = _("terminations")
        ordering = ["-noticed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("noticed_by")),
                name="termination_four_eyes",
                violation_error_message=_(
                    "The person who gave notice cannot also close the case."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} – {self.get_ground_display()}"
