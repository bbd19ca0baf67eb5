from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows.choices import Conclusion
from workflows.models.assessment import Assessment


class Opinion(models.Model):
    """An adviser's written opinion: asked for by the answers, due on a day, given once.

    `role` is the pack's role code (S-EC …); `because` the questions and rules that
    asked for it.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="opinions")
    role = models.CharField(max_length=10)
    action = models.CharField(max_length=10)
    because = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    due_on = models.DateField(_("due"))
    conclusion = models.CharField(
        _("conclusion"), max_length=20, choices=Conclusion.choices, blank=True
    )
    text = models.TextField(_("opinion"), blank=True)
    given_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="opinions"
    )
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["assessment_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "role"], name="one_opinion_per_role"
            ),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, given_by__isnull=True, conclusion="")
                | Q(given_at__isnull=False, given_by__isnull=False)
                & ~Q(conclusion="")
                & ~Q(text=""),
                name="opinion_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} – {self.role}"

    @property
    def is_given(self) -> bool:
        return self.given_at is not None
