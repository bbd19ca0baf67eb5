"""What leaders and advisers say of a case before it is decided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.choices import UnitKind
from register.models import User
from workflows.choices import ADVICE
from workflows.models.case import Case

# At which level a leader speaks; or, for the advisory group, an adviser.
LEVELS = [*UnitKind.choices, (ADVICE, _("Advisory group"))]


class Recommendation(models.Model):
    """What a leader of a unit says of a case before it is decided (workflow 4, 3). It
    falls when the case is sent back or its assessment is opened again."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="recommendations")
    level = models.CharField(max_length=20, choices=LEVELS)
    is_for = models.BooleanField(_("recommended"))
    reasons = models.TextField(_("reasons"))
    recommended_by = models.ForeignKey(
        User, models.PROTECT, related_name="recommendations"
    )
    recommended_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["case_id", "recommended_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "level"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_recommendation_a_level",
            ),
            models.CheckConstraint(
                condition=~Q(reasons=""), name="recommendation_has_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} – {self.get_level_display()}"
