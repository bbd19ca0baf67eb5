"""Who recommends, who decides, on which opinions, and who signs (workflow 6)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.choices import AgreementKind, CaseType, Risk, UnitKind
from register.models import Unit, User
from workflows.choices import OpinionsNeeded


class DelegationTableQuerySet(models.QuerySet["DelegationTable"]):
    def published(self) -> "DelegationTableQuerySet":
        return self.filter(published_at__isnull=False)

    def in_force(self, unit: Unit, day: date) -> "DelegationTable":
        """The table of the unit's institution on this day, with its lines."""
        key = unit.institution_key
        return self.in_force_at([key], day)[key]

    def in_force_at(
        self, institutions: Iterable[int], day: date
    ) -> dict[int, "DelegationTable"]:
        """By the key of each institution: its own published table with the newest day
        that has come, or else the one that ships with the product."""
        keys = set(institutions)
        holding = self.published().filter(
            Q(institution__in=keys, valid_from__lte=day) | Q(institution=None)
        )
        rows = holding.order_by("valid_from", "version").prefetch_related("rules")
        newest = {row.institution_id: row for row in rows}
        return {key: newest.get(key) or newest[None] for key in keys}


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

    objects = DelegationTableQuerySet.as_manager()

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

    @property
    def fingerprint(self) -> str:
        """Of its lines and its day: tells whether it is as somebody saw it."""
        cells = [field.attname for field in DelegationRule._meta.fields]
        lines = list(self.rules.order_by("pk").values_list(*cells))
        text = json.dumps([lines, str(self.valid_from), self.note])
        return hashlib.sha256(text.encode()).hexdigest()


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
        return f"{self.table}: {self.what}"

    @property
    def what(self) -> str:
        """What it is about, in words: high risk (Guest agreement)."""
        risk = _("%(risk)s risk") % {"risk": self.get_risk_display().lower()}
        return f"{risk} ({', '.join(self.only)})" if self.only else str(risk)

    @property
    def only(self) -> list[str]:
        """The case type and the kind of agreement that alone it is for."""
        kinds = (self.get_case_type_display(), self.get_agreement_kind_display())
        return [str(kind) for kind in kinds if kind]
