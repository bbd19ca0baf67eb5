import uuid
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from register.choices import CaseState, CaseType, Confidentiality, PartnerRole, Risk
from register.models.partner import Partner
from register.models.person import User
from register.models.reference import Country, ScienceField
from register.models.unit import Unit
from register.validators import not_blank

ENDS_TOO_EARLY = _("The end must not be before the start.")


class GuardedQuerySet(models.QuerySet):
    """Bulk writes walk past the state machine and the history, so they may not touch
    what only the doorway writes. `bulk_update` ends here too."""

    GUARDED = frozenset(
        {
            *("state", "risk", "confidentiality", "former_owners"),
            *("head_seq", "head_hash", "last_event_at"),
            *("proposer", "proposer_id", "responsible", "responsible_id"),
            *("legacy", "created_at"),
        }
    )

    def update(self, **values: object) -> int:
        if guarded := self.GUARDED & values.keys():
            raise TypeError(
                f"written only by workflows.services.moving: {sorted(guarded)}"
            )
        return super().update(**values)


class KeepsGuard(models.Model):
    """django-fsm-2's own refresh lifts the protection for the whole class while it
    reads; this one takes the old values out of the way instead."""

    _held: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    @classmethod
    def _guarded(cls) -> set[str]:
        return {f.attname for f in cls._meta.fields if getattr(f, "protected", False)}

    def refresh_from_db(self, *args: object, **kwargs: object) -> None:
        self._held = frozenset(self._guarded() & self.__dict__.keys())
        kept = {name: self.__dict__.pop(name) for name in self._held}
        try:
            super().refresh_from_db(*args, **kwargs)  # type: ignore[arg-type]
        finally:
            del self._held
            for name, value in kept.items():
                self.__dict__.setdefault(name, value)

    def get_deferred_fields(self) -> set[str]:
        """What is held aside for a moment is to be read again, not to be left out."""
        return super().get_deferred_fields() - self._held

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Cleaning assigns what it cleaned, which a guarded field refuses."""
        super().clean_fields(exclude={*(exclude or ()), *self._guarded()})


class Cooperation(KeepsGuard):
    """Who works with whom, on what, from when to when, and where it stands.

    One row, two faces: `workflows.Case` is a proxy of this row and owns every
    transition. The columns under "where it stands" are written only by
    `workflows.services.moving`; they are columns so that the register can filter and
    sort on one table.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Given when it is proposed or imported: 2026/0042.
    number = models.CharField(
        _("case number"), max_length=12, unique=True, null=True, editable=False
    )

    # What it is
    title = models.CharField(_("title"), max_length=300, validators=[not_blank])
    case_type = models.CharField(
        _("case type"),
        max_length=20,
        choices=CaseType.choices,
        default=CaseType.RESEARCH,
    )
    purpose = models.TextField(_("purpose"), blank=True)
    expected_value = models.TextField(_("expected value"), blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="cooperations", verbose_name=_("unit")
    )
    other_units = models.ManyToManyField(
        Unit, related_name="shared_cooperations", blank=True
    )
    partners = models.ManyToManyField(
        Partner, through="CooperationPartner", related_name="cooperations"
    )
    countries = models.ManyToManyField(Country, related_name="cooperations", blank=True)
    fields_of_science = models.ManyToManyField(
        ScienceField, related_name="cooperations", blank=True
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    funder = models.CharField(_("funder"), max_length=200, blank=True)
    grant_reference = models.CharField(_("grant reference"), max_length=80, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    # Who answers for it
    proposer = models.ForeignKey(User, models.PROTECT, related_name="proposed")
    responsible = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="responsible_for",
        verbose_name=_("responsible person"),
    )
    case_officer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handled",
        verbose_name=_("case officer"),
    )

    # Keys of those who proposed it or answered for it earlier: nobody who ever had a
    # part in a proposal decides it (workflow 7).
    former_owners = models.JSONField(default=list, editable=False)
    confidentiality = models.CharField(
        _("who sees it"),
        max_length=10,
        choices=Confidentiality.choices,
        default=Confidentiality.UNIT,
        editable=False,
    )

    # Where it stands
    state = FSMField(
        _("state"), default=CaseState.DRAFT, choices=CaseState.choices, protected=True
    )
    risk = models.PositiveSmallIntegerField(
        _("risk"), choices=Risk.choices, default=Risk.NONE
    )
    next_review_on = models.DateField(_("next review"), null=True, blank=True)
    head_seq = models.PositiveIntegerField(default=0, editable=False)
    head_hash = models.CharField(max_length=64, default="", editable=False)
    last_event_at = models.DateTimeField(_("last change"), editable=False)

    # Where it came from
    legacy = models.BooleanField(_("from before the register"), default=False)
    import_key = models.CharField(
        max_length=120, null=True, unique=True, editable=False
    )
    # Number, title and every partner name, folded; kept by register.services.
    search_text = models.TextField(editable=False, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cooperation")
        verbose_name_plural = _("cooperations")
        ordering = ["-last_event_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="cooperation_ends_after_start",
                violation_error_message=ENDS_TOO_EARLY,
            ),
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="cooperation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(risk__in=Risk.values), name="cooperation_risk_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(number__isnull=False),
                name="cooperation_numbered_when_proposed",
            ),
        ]
        indexes = [
            # The register page: newest change first.
            models.Index(fields=["last_event_at", "id"], name="cooperation_by_change"),
            models.Index(fields=["next_review_on", "id"], name="cooperation_by_review"),
            models.Index(fields=["ends_on", "id"], name="cooperation_by_end"),
            models.Index(fields=["title", "id"], name="cooperation_by_title"),
            # All that `visible_to` asks: the exact count reads this, not the rows.
            models.Index(
                fields=[
                    *("unit", "confidentiality", "state"),
                    *("proposer", "responsible", "case_officer", "id"),
                ],
                name="cooperation_to_count",
            ),
            models.Index(fields=["risk", "id"], name="cooperation_by_risk"),
            models.Index(
                fields=["state", "last_event_at", "id"], name="cooperation_by_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or _('Draft')} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("workflows:case-detail", args=[self.public_id])

    @cached_property
    def readers(self) -> frozenset[int]:
        """Keys of those who were named to see it."""
        named = self.named_readers.filter(ended_at=None)  # type: ignore[attr-defined]
        return frozenset(named.values_list("user", flat=True))

    @property
    def is_unclaimed(self) -> bool:
        """Taken in from before the register, and nobody is named who answers for it:
        whoever took it in stands in, and has no part in it."""
        stands_in = self.legacy and self.responsible_id == self.proposer_id
        return stands_in and not self.former_owners

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": ENDS_TOO_EARLY})


class CooperationPartner(models.Model):
    """A partner's part in a cooperation."""

    cooperation = models.ForeignKey(
        Cooperation, models.CASCADE, related_name="partnerships"
    )
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="partnerships")
    role = models.CharField(
        _("role"),
        max_length=15,
        choices=PartnerRole.choices,
        default=PartnerRole.PARTNER,
    )

    class Meta:
        verbose_name = _("partner in a cooperation")
        verbose_name_plural = _("partners in a cooperation")
        ordering = ["cooperation_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "partner"],
                name="partner_once_in_a_cooperation",
                violation_error_message=_(
                    "This partner is already in the cooperation."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} ({self.get_role_display()})"


class NumberSeries(models.Model):
    """The last case number given in a year. Its row is locked while the next is given,
    in the transaction that uses it: no gap and no race (lesson L26)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.year}/{self.last:04}"
