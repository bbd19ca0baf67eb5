"""What was answered, by whom, on what evidence, and what is still open about it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from register.models import Document, User
from workflows.choices import Confidence
from workflows.models.assessment import Assessment
from workflows.models.assessor import Assessor


class Answer(models.Model):
    """The answer to one question of the pack, by its code.

    An answer of the wrong role stands as a proposal until the right one confirms it.
    `version` counts the writings, so that a later writer is shown what came between.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    # Set where an independent assessor answers for themselves.
    assessor = models.ForeignKey(
        Assessor, models.PROTECT, null=True, blank=True, related_name="answers"
    )
    question = models.CharField(max_length=10)
    options = models.JSONField(default=list)
    comment = models.TextField(_("comment"), blank=True)
    # The facts beside the options: one dictionary a row.
    facts = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="answers")
    answered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="confirmed_answers"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # A person said that last time's answer still holds.
    is_as_before = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["assessment_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"],
                condition=Q(assessor__isnull=True),
                name="one_answer_per_question",
            ),
            models.UniqueConstraint(
                fields=["assessor", "question"],
                condition=Q(assessor__isnull=False),
                name="one_answer_per_assessor",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="answer_confirmed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {', '.join(self.options)}"

    @property
    def chosen(self) -> frozenset[str]:
        return frozenset(self.options)

    @property
    def is_proposal(self) -> bool:
        return self.confirmed_at is None


class Evidence(models.Model):
    """What an answer or an opinion rests on: a file, or an address with a quotation."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence")
    question = models.CharField(max_length=10, blank=True)
    opinion = models.ForeignKey(
        "workflows.Opinion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    address = models.URLField(_("address"), max_length=500, blank=True)
    quotation = models.TextField(_("what it says"), blank=True)
    seen_on = models.DateField(_("seen on"))
    confidence = models.CharField(
        _("how sure is it?"), max_length=10, choices=Confidence.choices
    )
    added_by = models.ForeignKey(User, models.PROTECT, related_name="evidence")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["assessment_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(address="") & ~Q(quotation=""),
                name="evidence_is_file_or_quotation",
                violation_error_message=_(
                    "Give a file, or an address together with what it says."
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.document or self.address)


class OpenPoint(models.Model):
    """An answer that is unsure: who finds out, and by when."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="points")
    question = models.CharField(max_length=10)
    owner = models.ForeignKey(
        User, models.PROTECT, related_name="points", verbose_name=_("who finds out")
    )
    due_on = models.DateField(_("by when"))
    opened_at = models.DateTimeField()
    outcome = models.TextField(_("what was found out"), blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="closed_points"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("open point")
        verbose_name_plural = _("open points")
        ordering = ["assessment_id", "due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"],
                condition=Q(closed_at__isnull=True),
                name="one_open_point_per_question",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} – {self.owner}"


class RiskChange(models.Model):
    """A person's judgement of the risk: raised by an adviser with a reason, at once;
    lowered with a reason when a second person confirms (question catalogue 1.1)."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="risk_changes"
    )
    to_risk = models.PositiveSmallIntegerField()
    is_lowering = models.BooleanField()
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="proposed_risks")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="confirmed_risks"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change of the risk")
        verbose_name_plural = _("changes of the risk")
        ordering = ["assessment_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(is_lowering=True) & ~Q(confirmed_by=F("proposed_by")),
                name="lowering_four_eyes",
                violation_error_message=_(
                    "Another person than the one who proposed it must confirm a lower "
                    "risk."
                ),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="risk_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} → {self.to_risk}"
