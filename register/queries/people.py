"""Who works where, and who holds a role."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from register.models import RoleAssignment, Unit, User


def people_at(units: QuerySet[Unit], *others: User) -> QuerySet[User]:
    """Active people whose unit is one of these, and the others given."""
    keys = [person.pk for person in others]
    return User.objects.filter(Q(unit__in=units, is_active=True) | Q(pk__in=keys))


def people_with_role(role: str, unit: Unit) -> QuerySet[User]:
    """Active people who hold the role at `unit` or above it today."""
    return people_with_one_of([role], unit)


def people_with_one_of(roles: Collection[str], unit: Unit) -> QuerySet[User]:
    """Active people who hold one of the roles at `unit` or above it today, also as
    somebody's deputy."""
    keys = [int(key) for key in unit.path.rstrip(".").split(".")]
    held = RoleAssignment.objects.current().filter(role__in=roles, unit__in=keys)
    deputies = held.with_deputy().values("user__deputies__deputy")
    return User.objects.filter(Q(pk__in=held.values("user")) | Q(pk__in=deputies))
