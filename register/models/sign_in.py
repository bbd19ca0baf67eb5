from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from register.choices import Role, UnitKind
from register.models.unit import Unit


class ClaimRule(models.Model):
    """What an institution makes of a claim of its sign-in service: whoever comes with
    `value` in `claim` belongs to `unit` and, where one is named, holds `role` there.
    A rule ends on a date and stays, so that old roles remain explained."""

    institution = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="claim_rules",
        limit_choices_to={"kind": UnitKind.INSTITUTION},
    )
    issuer = models.CharField(_("sign-in service"), max_length=200)
    claim = models.CharField(_("claim"), max_length=100)
    value = models.CharField(_("value"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.CharField(
        _("role"), max_length=30, choices=Role.choices, blank=True, default=""
    )
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rule for claims")
        verbose_name_plural = _("rules for claims")
        ordering = ["issuer", "claim", "value", "unit_id", "role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "claim", "value", "unit", "role"],
                condition=models.Q(ended_at=None),
                name="claim_rule_once",
                violation_error_message=_("This rule is there already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.claim} = {self.value} → {self.unit} {self.get_role_display()}"

    def clean(self) -> None:
        if not self.unit.path.startswith(self.institution.path):
            raise ValidationError(
                {"unit": _("Choose the institution or one of its units.")}
            )

    def fits(self, claims: dict[str, Any]) -> bool:
        """Does the claim hold the value, alone or in its list? `a.b` also finds what
        stands inside another claim (Keycloak's `realm_access.roles`)."""
        said = claims.get(self.claim, inside(claims, self.claim))
        values = said if isinstance(said, list) else [said]
        return self.value in [plain(one) for one in values]


def inside(claims: Any, path: str) -> Any:
    for part in path.split("."):
        claims = claims.get(part) if isinstance(claims, dict) else None
    return claims


def plain(value: Any) -> str | None:
    """As somebody would write it in a rule."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else None
