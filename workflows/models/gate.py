from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows.choices import Blocks, GateResult
from workflows.models.assessment import Assessment
from workflows.models.case import Case
from workflows.questions.pack import Action


class Gate(models.Model):
    """Something that must be in order first: licence, sanctions, DPIA, transfer basis,
    ethics, agreement, signature level (requirement 5).

    Opened by an answer; cleared by another person, with reason and reference. It stays
    when the answer is changed back, so that nobody lifts a gate by an answer.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="gates")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="gates")
    code = models.CharField(max_length=10)
    blocks = models.CharField(max_length=10, choices=Blocks.choices)
    because = models.JSONField(default=list)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="opened_gates")
    opened_at = models.DateTimeField()
    result = models.CharField(
        _("result"), max_length=15, choices=GateResult.choices, blank=True
    )
    reason = models.TextField(_("reason"), blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="cleared_gates"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering = ["case_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code"],
                condition=Q(cleared_at__isnull=True),
                name="one_open_gate_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(cleared_by__isnull=True) | ~Q(cleared_by=F("opened_by")),
                name="gate_four_eyes",
                violation_error_message=_(
                    "The person whose answer opened a gate cannot clear it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True, result="")
                | Q(cleared_at__isnull=False, cleared_by__isnull=False)
                & ~Q(result="")
                & ~Q(reason=""),
                name="gate_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(result="documented") | ~Q(reference=""),
                name="gate_names_its_reference",
            ),
            models.CheckConstraint(
                condition=~Q(result="as_condition") | ~Q(blocks="approval"),
                name="gate_of_approval_is_no_condition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} – {self.code}"

    @property
    def action(self) -> Action:
        return self.assessment.catalogue.pack.actions[self.code]

    @property
    def is_open(self) -> bool:
        return self.cleared_at is None
