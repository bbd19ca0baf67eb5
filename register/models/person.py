import uuid
from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.choices import Role
from register.clock import local_today
from register.models.unit import Unit, UnitQuerySet

# What follows from the roles, kept for the length of a request.
REMEMBERED = ("held", "roles", "units_around", "overseen_units", "audited_units")


# Of a role, as `Held` keeps them.
CELLS = ("user", "role", "unit__path", "unit__kind", "granted_by", "granted_at")


class Held(NamedTuple):
    """A role that counts for somebody: whose it is, where, and who gave it."""

    holder: int
    role: str
    path: str
    kind: str
    given_by: int | None
    given_at: datetime | None


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

    left_on = models.DateField(_("left"), null=True, blank=True, editable=False)
    blanked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Two accounts of one person are one pair of eyes. `earlier_accounts`: the keys of
    # those that were merged into this one.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    earlier_accounts = models.JSONField(default=list, editable=False)

    class Meta(AbstractUser.Meta):
        ordering = ["first_name", "last_name", "username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def held(self) -> list["Held"]:
        """Every role that counts for this person today: their own, and those of the
        people whose deputy they are; one query, once."""
        return [Held(*row) for row in RoleAssignment.objects.held_by(self)]

    @cached_property
    def roles(self) -> list[tuple[str, str]]:
        """(role, unit path) of each of them."""
        return [(each.role, each.path) for each in self.held]

    @property
    def reference(self) -> dict[str, str]:
        """How a lasting record names this person: by a key to the name, so that the
        name can be blanked and the record stays as it is."""
        return {"person": str(self.public_id)}

    @property
    def keys(self) -> frozenset[int]:
        """Of every account of this person: one pair of eyes."""
        return frozenset({self.pk, *self.earlier_accounts})

    @property
    def principals(self) -> list[int]:
        """Keys of the people whose deputy they are today."""
        return sorted({each.holder for each in self.held} - {self.pk})

    def holding(self, held: Iterable["Held"]) -> "User":
        """The same person with these roles and no others."""
        other = copy(self)
        for remembered in REMEMBERED:
            other.__dict__.pop(remembered, None)
        other.__dict__["held"] = list(held)
        return other

    @property
    def institutions(self) -> tuple[str, ...]:
        """Paths of the institutions in which this person has a role, or else works."""
        paths = [path for _role, path in self.roles]
        if not paths and self.unit:
            paths = [self.unit.path]
        return tuple(sorted({f"{path.partition('.')[0]}." for path in paths}))

    @cached_property
    def units_around(self) -> list[tuple[int, str, str, str]]:
        """(key, path, name, name in English) of every unit of those institutions; one
        query, once."""
        if self.roles:
            around = Unit.objects.below(self.institutions)
        else:
            around = Unit.objects.around(self.unit_id)
        return list(around.values_list("pk", "path", "name", "name_en"))

    @cached_property
    def overseen_units(self) -> list[int]:
        """Keys of the units whose cases this person sees by role."""
        return self._units_below(*Role.OVERSEERS)

    @cached_property
    def audited_units(self) -> list[int]:
        """Keys of the units of which this person sees even the restricted cases."""
        return self._units_below(Role.AUDITOR)

    def _units_below(self, *roles: str) -> list[int]:
        held = tuple(path for role, path in self.roles if role in roles)
        around = self.units_around if held else []
        return [key for key, path, *_names in around if path.startswith(held)]

    @staticmethod
    def stand_in(key: int, held: Iterable["Held"]) -> "User":
        """A person known by their key alone, with these roles: to ask a policy about
        somebody who is not at hand."""
        user = User(pk=key)
        user.__dict__["held"] = list(held)
        return user

    def units_as(self, *roles: str) -> UnitQuerySet:
        """The units at or above which one of the roles is held."""
        return Unit.objects.below(path for held, path in self.roles if held in roles)

    def has_role(self, role: str, unit: Unit) -> bool:
        """Whether the role is held at `unit` or at a unit above it."""
        return any(held == role and unit.path.startswith(at) for held, at in self.roles)

    def holds(self, role: str) -> bool:
        """Whether the role is held anywhere."""
        return self.holds_one([role])

    def holds_one(self, roles: Iterable[str]) -> bool:
        """Whether one of the roles is held anywhere."""
        wanted = frozenset(roles)
        return any(held in wanted for held, _at in self.roles)


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def on(self, day: date) -> "RoleAssignmentQuerySet":
        return self.filter(
            models.Q(valid_from__lte=day),
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day),
            user__is_active=True,
        )

    def current(self) -> "RoleAssignmentQuerySet":
        return self.on(local_today())

    def held_by(self, user: User) -> models.QuerySet:
        """Rows of `Held`: a person's own roles, and those they hold as a deputy."""
        as_deputy = self.with_deputy(user__deputies__deputy=user)
        own = self.current().filter(user=user).order_by()
        return own.values_list(*CELLS).union(
            as_deputy.order_by().values_list(*CELLS), all=True
        )

    def held_by_each(self, people: Iterable[User]) -> dict[int, list[Held]]:
        """The same for many, by the key of the person."""
        keys = [person.pk for person in people]
        own = self.current().filter(user__in=keys).order_by()
        as_deputy = self.with_deputy(user__deputies__deputy__in=keys).order_by()
        rows = own.values_list("user", *CELLS).union(
            as_deputy.values_list("user__deputies__deputy", *CELLS), all=True
        )
        held: dict[int, list[Held]] = {}
        for key, *cells in rows:
            held.setdefault(key, []).append(Held(*cells))
        return held

    def lasting(self, day: date) -> "RoleAssignmentQuerySet":
        """Those that count on this day or a later one; with those still to begin."""
        return self.filter(
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day)
        )

    def with_deputy(self, **deputy: object) -> "RoleAssignmentQuerySet":
        """Those that an active deputy holds today, once for each deputy.
        deputy: which deputyships alone count, such as `user__deputies__deputy`."""
        today = local_today()
        return self.current().filter(
            user__deputies__role=models.F("role"),
            user__deputies__valid_from__lte=today,
            user__deputies__valid_until__gte=today,
            user__deputies__ended_at=None,
            user__deputies__deputy__is_active=True,
            **deputy,
        )


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
    granted_at = models.DateTimeField(auto_now_add=True, null=True)
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


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    def on(self, day: date) -> "DeputyshipQuerySet":
        return self.filter(
            valid_from__lte=day, valid_until__gte=day, ended_at__isnull=True
        )

    def current(self) -> "DeputyshipQuerySet":
        return self.on(local_today())

    def lasting(self, day: date) -> "DeputyshipQuerySet":
        """Those that count on this day or a later one; with those still to begin."""
        return self.filter(valid_until__gte=day, ended_at__isnull=True)


class Deputyship(models.Model):
    """One role of somebody, held by a deputy for a period (workflow 6, lesson L24).

    It gives what the principal holds in that role today, no more: a deputy of a deputy
    holds nothing by it, and a role that the principal loses is lost to the deputy.
    """

    principal = models.ForeignKey(
        User, models.PROTECT, related_name="deputies", verbose_name=_("in place of")
    )
    deputy = models.ForeignKey(
        User, models.PROTECT, related_name="deputy_for", verbose_name=_("deputy")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    named_by = models.ForeignKey(User, models.PROTECT, related_name="named_deputies")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputyship")
        verbose_name_plural = _("deputyships")
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="deputyship_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("deputy")),
                name="deputy_is_another_person",
                violation_error_message=_("Nobody is their own deputy."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["deputy", "role", "principal"],
                condition=models.Q(ended_at__isnull=True),
                name="deputyship_by_deputy",
            )
        ]

    def __str__(self) -> str:
        return f"{self.deputy} – {self.principal} – {self.get_role_display()}"
