from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.choices import Risk
from register.models import User
from workflows.choices import Moment
from workflows.models.case import Case
from workflows.models.catalogue import AnswerOption, Catalogue, Question


class Assessment(models.Model):
    """One look at a case: open while it is answered, frozen when it is completed.

    A frozen assessment and its answers never change: the database refuses (migration).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="assessments")
    moment = models.CharField(max_length=10, choices=Moment.choices)
    begun_at = models.DateTimeField()
    completed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="assessed"
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    # Begun but never completed, because the case went another way.
    abandoned_at = models.DateTimeField(null=True, blank=True)
    risk = models.PositiveSmallIntegerField(choices=Risk.choices, default=Risk.NONE)
    conclusion = models.TextField(_("conclusion"), blank=True)
    # The exact text of all answers at completion, and its SHA-256.
    snapshot = models.TextField(blank=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["case_id", "-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(completed_at__isnull=True, abandoned_at__isnull=True),
                name="one_open_assessment_per_case",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, completed_by__isnull=True)
                | Q(completed_at__isnull=False, completed_by__isnull=False),
                name="assessment_completed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} – {self.get_moment_display()}"

    @property
    def is_frozen(self) -> bool:
        return self.completed_at is not None


class Answer(models.Model):
    """What was answered to one question, by whom and when."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    options = models.ManyToManyField(AnswerOption, related_name="answers")
    comment = models.TextField(_("comment"), blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="answers")
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__topic__order", "question__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"], name="one_answer_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question.code}: {', '.join(map(str, self.options.all()))}"
