import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from register.choices import NameKind, PartnerKind, Scheme
from register.models.reference import Country
from register.validators import clean_identifier, not_blank


class Partner(models.Model):
    """An organisation we cooperate with, at home or abroad."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=300, validators=[not_blank])
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="partners", verbose_name=_("country")
    )
    city = models.CharField(_("city"), max_length=120, blank=True)
    kind = models.CharField(
        _("type"),
        max_length=20,
        choices=PartnerKind.choices,
        default=PartnerKind.UNIVERSITY,
    )
    website = models.URLField(_("website"), blank=True)
    # Every name, folded, for searching; kept by register.services.partners.
    search_text = models.TextField(editable=False, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name__regex=r"^\s*$"),
                name="partner_has_a_name",
                violation_error_message=_("Give the partner a name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("register:partner-detail", args=[self.public_id])


class PartnerName(models.Model):
    """Another name of the partner; former names stay findable."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=300, validators=[not_blank])
    kind = models.CharField(_("kind"), max_length=10, choices=NameKind.choices)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["partner_id", "kind", "name"]

    def __str__(self) -> str:
        return self.name


class PartnerIdentifier(models.Model):
    """One identifier by scheme, in its one written form."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme.choices)
    value = models.CharField(_("value"), max_length=40)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["partner_id", "scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_names_one_partner",
                violation_error_message=_(
                    "Another partner in the register already has this identifier."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        try:
            self.value = clean_identifier(self.scheme, self.value)
        except ValidationError as error:
            raise ValidationError({"value": error.messages}) from error
