import uuid
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.choices import Role
from register.models.unit import Unit, UnitQuerySet

# What follows from the roles, kept for the length of a request.
REMEMBERED = ("held", "roles", "units_around", "overseen_units", "audited_units")


@dataclass(frozen=True, order=True)
class Given:
    """That somebody, by any of these accounts, gave a role or named a deputy."""

    by: frozenset[int]
    at: datetime | None


@dataclass(frozen=True, order=True)
class Held:
    """A role that counts for somebody: whose it is, where, and through whose hands it
    came: who gave it, and who named the deputy."""

    holder: int
    role: str
    path: str
    kind: str
    given: tuple[Given, ...] = ()
    # Of its holder, beside this one.
    accounts: tuple[int, ...] = ()

    @classmethod
    def of(cls, *cells: Any) -> "Held":
        """From a row of the roles; see `RoleAssignmentQuerySet.held_by`."""
        holder, role, path, kind, accounts, *giving = cells
        given = tuple(
            Given(frozenset({by, *others}), at)
            for by, others, at in (giving[:3], giving[3:])
            if by is not None
        )
        return cls(holder, role, path, kind, given, tuple(accounts))


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
    # those that were merged into this one; where this one was merged, of all others.
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
        roles = self.assignments.model.objects  # type: ignore[attr-defined]
        return [Held.of(*row) for row in roles.held_by(self)]

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
        theirs = list(held)
        others = {account for each in theirs for account in each.accounts}
        user = User(pk=key, earlier_accounts=sorted(others))
        user.__dict__["held"] = theirs
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
