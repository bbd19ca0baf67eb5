import uuid
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.choices import Role
from register.clock import local_today
from register.models.unit import Unit


class User(AbstractUser):
    """Someone who signs in. Name, work e-mail and unit: never nationality, birth date,
    religion or opinion (requirement 21)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="members"
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        blank=True,
        choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")],
    )

    class Meta(AbstractUser.Meta):
        ordering = ["first_name", "last_name", "username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def roles(self) -> list[tuple[str, str]]:
        """(role, unit path) of every assignment that holds today; one query, once."""
        return list(
            self.assignments.current().values_list("role", "unit__path")  # type: ignore[attr-defined]
        )

    @cached_property
    def units_around(self) -> list[tuple[int, str, str, str]]:
        """(key, path, name, name in English) of every unit of the institutions in
        which this person has a role, or else works; one query, once."""
        paths = [path for _role, path in self.roles]
        if not paths and self.unit:
            paths = [self.unit.path]
        around = Unit.objects.below({f"{path.partition('.')[0]}." for path in paths})
        return list(around.values_list("pk", "path", "name", "name_en"))

    @cached_property
    def overseen_units(self) -> list[int]:
        """Keys of the units whose cases this person sees by role."""
        held = tuple(path for role, path in self.roles if role in Role.OVERSEERS)
        around = self.units_around if held else []
        return [key for key, path, *_names in around if path.startswith(held)]

    def units_as(self, *roles: str) -> models.QuerySet[Unit]:
        """The units at or above which one of the roles is held."""
        return Unit.objects.below(path for held, path in self.roles if held in roles)

    def has_role(self, role: str, unit: Unit) -> bool:
        """Whether the role is held at `unit` or at a unit above it."""
        return any(held == role and unit.path.startswith(at) for held, at in self.roles)

    def holds(self, role: str) -> bool:
        """Whether the role is held anywhere."""
        return any(held == role for held, _at in self.roles)


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def on(self, day: date) -> "RoleAssignmentQuerySet":
        return self.filter(
            models.Q(valid_from__lte=day),
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day),
            user__is_active=True,
        )

    def current(self) -> "RoleAssignmentQuerySet":
        return self.on(local_today())


class RoleAssignment(models.Model):
    """A role of a person at a unit, inherited by all units below it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    valid_from = models.DateField(_("from"), default=local_today)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="granted_roles"
    )
    # Given by what the institution's sign-in service said; null when by a person.
    claim_rule = models.ForeignKey(
        "register.ClaimRule",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="assignments",
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["unit_id", "role", "user_id", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="role_ends_after_start",
                violation_error_message=_("The role must not end before it begins."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()} – {self.unit}"
