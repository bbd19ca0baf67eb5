"""Who recommends, who decides, on which opinions, and who signs (workflow 6)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.choices import AgreementKind, CaseType, Risk, UnitKind
from register.models import Unit, User
from workflows.choices import OpinionsNeeded
from workflows.models.case import Case


class DelegationTable(models.Model):
    """One version of an institution's table: written, then published with the day from
    which it holds; a published one is never changed (requirement 15). The table that
    ships with the product belongs to no institution."""

    institution = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="delegation_tables"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("holds from"), null=True, blank=True)
    note = models.CharField(_("why it was changed"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="published_tables"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delegation table")
        verbose_name_plural = _("delegation tables")
        ordering = ["institution_id", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "version"], name="delegation_version_once"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(valid_from__isnull=False),
                name="published_delegation_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Delegation table, version %(n)d") % {"n": self.version})

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class DelegationRule(models.Model):
    """One line of the table. A blank case type or kind of agreement means any; the line
    that says more goes before the one that says less."""

    table = models.ForeignKey(DelegationTable, models.PROTECT, related_name="rules")
    risk = models.PositiveSmallIntegerField(_("risk"), choices=Risk.choices)
    case_type = models.CharField(
        _("case type"), max_length=20, choices=CaseType.choices, blank=True
    )
    agreement_kind = models.CharField(
        _("kind of agreement"), max_length=20, choices=AgreementKind.choices, blank=True
    )
    # UnitKind values: at each of these levels a leader recommends.
    recommends = models.JSONField(_("recommended by"), default=list, blank=True)
    decides = models.CharField(_("decided at"), max_length=20, choices=UnitKind.choices)
    opinions = models.CharField(
        _("opinions needed"), max_length=10, choices=OpinionsNeeded.choices
    )
    signs = models.CharField(_("signed at"), max_length=20, choices=UnitKind.choices)

    class Meta:
        verbose_name = _("line of the delegation table")
        verbose_name_plural = _("lines of the delegation table")
        ordering = ["table_id", "risk", "case_type", "agreement_kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "risk", "case_type", "agreement_kind"],
                name="delegation_rule_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.get_risk_display()}"


class Recommendation(models.Model):
    """What a leader of a unit says of a case before it is decided (workflow 4, 3). It
    falls when the case is sent back or its assessment is opened again."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="recommendations")
    # At which level: the kind of unit where the leader's role is held.
    level = models.CharField(max_length=20, choices=UnitKind.choices)
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
