from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows.choices import ReviewOutcome, ReviewTrigger
from workflows.models.assessment import Assessment
from workflows.models.case import Case


class Review(models.Model):
    """Planned, then open, then decided. At most one per case is not decided."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    trigger = models.CharField(max_length=15, choices=ReviewTrigger.choices)
    due_on = models.DateField(_("due"))
    planned_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    ground = models.TextField(_("ground"), blank=True)
    assessment = models.OneToOneField(
        Assessment, models.PROTECT, null=True, blank=True, related_name="review"
    )
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=ReviewOutcome.choices, blank=True
    )
    reasons = models.TextField(_("reasons"), blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="decided_reviews"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["case_id", "-due_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(decided_at__isnull=True, cancelled_at__isnull=True),
                name="one_coming_review_per_case",
            ),
            models.CheckConstraint(
                condition=Q(
                    decided_at__isnull=True, decided_by__isnull=True, outcome=""
                )
                | Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(outcome="")
                & ~Q(reasons=""),
                name="review_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} – {self.get_trigger_display()} {self.due_on}"
