from collections.abc import Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from register.choices import Role
from register.clock import local_today
from register.models.person import Held, User
from register.models.unit import Unit

# Of a role, as `Held` keeps them: whose and where; who gave it; who named the deputy.
CELLS = (
    *("user", "role", "unit__path", "unit__kind", "user__earlier_accounts"),
    *("granted_by", "granted_by__earlier_accounts", "granted_at"),
)
LENT = (
    "user__deputies__named_by",
    "user__deputies__named_by__earlier_accounts",
    "user__deputies__named_at",
)
NOT_LENT = (
    models.Value(None, models.BigIntegerField()),
    models.Value(None, models.JSONField()),
    models.Value(None, models.DateTimeField()),
)


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
        return own.values_list(*CELLS, *NOT_LENT).union(
            as_deputy.order_by().values_list(*CELLS, *LENT), all=True
        )

    def held_by_each(self, people: Iterable[User]) -> dict[int, list[Held]]:
        """The same for many, by the key of the person."""
        keys = [person.pk for person in people]
        own = self.current().filter(user__in=keys).order_by()
        as_deputy = self.with_deputy(user__deputies__deputy__in=keys).order_by()
        rows = own.values_list("user", *CELLS, *NOT_LENT).union(
            as_deputy.values_list("user__deputies__deputy", *CELLS, *LENT), all=True
        )
        held: dict[int, list[Held]] = {}
        for key, *cells in rows:
            held.setdefault(key, []).append(Held.of(*cells))
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
