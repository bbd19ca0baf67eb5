import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from register.choices import AgreementKind, AgreementStatus
from register.models.cooperation import Cooperation


class Agreement(models.Model):
    """A paper that binds or describes cooperation. A case may have several, and one
    agreement may cover several cases (data model 1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cooperations = models.ManyToManyField(Cooperation, related_name="agreements")
    kind = models.CharField(_("type"), max_length=20, choices=AgreementKind.choices)
    title = models.CharField(_("title"), max_length=300, blank=True)
    status = models.CharField(
        _("status"),
        max_length=15,
        choices=AgreementStatus.choices,
        default=AgreementStatus.NEGOTIATION,
    )
    signed_on = models.DateField(_("signed"), null=True, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(
        _("notice period in months"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="agreement_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            )
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
