from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows.choices import ConflictGround
from workflows.models.case import Case
from workflows.models.review import Review


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def standing(self) -> "DeclarationQuerySet":
        """Those made since the last review of their case was opened; the one that tells
        of a conflict last."""
        opened = Review.objects.filter(case=OuterRef("case"), opened_at__isnull=False)
        newest = Subquery(opened.order_by("-opened_at").values("opened_at")[:1])
        since = Coalesce(newest, F("declared_at"))
        return self.filter(declared_at__gte=since).order_by("has_conflict")


class Declaration(models.Model):
    """What somebody said of their own interests in a case: when they took a part in it,
    and anew at each review (requirement 16, workflow 7). "None" is an answer too.

    It holds until the next review is opened. A conflict is not taken back before that.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="declarations")
    user = models.ForeignKey(User, models.PROTECT, related_name="declarations")
    declared_at = models.DateTimeField()
    has_conflict = models.BooleanField(_("conflict of interest"))
    # ConflictGround values.
    grounds = models.JSONField(_("grounds"), default=list, blank=True)
    text = models.TextField(_("explanation"), blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        ordering = ["case_id", "id"]
        indexes = [models.Index(fields=["case", "user"], name="declaration_by_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(has_conflict=True) | Q(grounds=[], text=""),
                name="no_conflict_has_no_grounds",
            ),
        ]

    def __str__(self) -> str:
        said = _("conflict of interest") if self.has_conflict else _("no conflict")
        return f"{self.user}: {said}"

    @property
    def ground_labels(self) -> list[str]:
        return [str(ConflictGround(each).label) for each in self.grounds]
