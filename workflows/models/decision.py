from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows.choices import Verdict
from workflows.models.assessment import Assessment
from workflows.models.case import Case
from workflows.models.delegation import DelegationRule


class Decision(models.Model):
    """Asked by one person, made by another. It refers to the frozen assessment."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="decisions")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="asked_decisions")
    asked_at = models.DateTimeField()
    question = models.TextField(_("question to the decider"), blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="made_decisions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(
        _("decision"), max_length=10, choices=Verdict.choices, blank=True
    )
    reasons = models.TextField(_("reasons"), blank=True)
    # What the decider says to the red flags of independent assessors.
    to_red_flags = models.TextField(_("why the red flags are overruled"), blank=True)
    # The line of the delegation table by which it is asked for and made.
    rule = models.ForeignKey(
        DelegationRule, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["case_id", "-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(decided_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_decision_per_case",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="decision_four_eyes",
                violation_error_message=_(
                    "The person who asked for the decision cannot make it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    decided_at__isnull=True, decided_by__isnull=True, verdict=""
                )
                | Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(verdict="")
                & ~Q(reasons=""),
                name="decision_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} – {self.get_verdict_display() or _('asked')}"

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @property
    def met_conditions(self) -> int:
        return sum(each.met_at is not None for each in self.conditions.all())  # type: ignore[attr-defined]


class Condition(models.Model):
    """What an approval requires, from whom and by when."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="conditions")
    text = models.TextField(_("condition"))
    owner = models.ForeignKey(
        User, models.PROTECT, related_name="conditions", verbose_name=_("owner")
    )
    due_on = models.DateField(_("deadline"))
    # The decider; kept on the row so that the row itself holds the four eyes.
    set_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="set_conditions"
    )
    met_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="met_conditions"
    )
    met_at = models.DateTimeField(null=True, blank=True)
    met_how = models.TextField(_("how it is met"), blank=True)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["decision_id", "due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(met_by__isnull=True)
                | ~Q(met_by=F("owner")) & ~Q(met_by=F("set_by")),
                name="condition_four_eyes",
                violation_error_message=_(
                    "Neither its owner nor the person who set it marks it as met."
                ),
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True, met_by__isnull=True, met_how="")
                | Q(met_at__isnull=False, met_by__isnull=False) & ~Q(met_how=""),
                name="condition_met_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.text
