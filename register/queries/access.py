"""Who may do what, where: for those who keep it, and for everybody about themselves.

Every question starts from the institutions of whoever asks: two institutions of one
installation never see each other.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from register.choices import Role
from register.models import (
    AccessEvent,
    Deputyship,
    RoleAssignment,
    Unit,
    User,
)
from register.models.unit import FormerName, UnitQuerySet


def administered_units(user: User) -> UnitQuerySet:
    """Where this person gives out roles, in the order of the tree."""
    return user.units_as(Role.SYSTEM_ADMINISTRATOR).order_by("path")


def units_of_institutions(user: User) -> QuerySet[Unit]:
    """Every unit of the institutions in which this person administers anything."""
    held = [at for role, at in user.roles if role == Role.SYSTEM_ADMINISTRATOR]
    return Unit.objects.below({f"{at.partition('.')[0]}." for at in held})


def tree_of(user: User) -> QuerySet[Unit]:
    """What this person administers, each unit with the number of roles at it today."""
    current = RoleAssignment.objects.current().values("pk")
    counted = Count("assignments", filter=Q(assignments__in=current))
    units = administered_units(user).annotate(roles_now=counted)
    return units.select_related("merged_into").prefetch_related("former_names")


def people_around(user: User) -> QuerySet[User]:
    """The people of the institutions in which this person administers anything."""
    return people_of(units_of_institutions(user))


def people_of(units: QuerySet[Unit]) -> QuerySet[User]:
    """Who works at one of the units or was ever given a role there."""
    held = RoleAssignment.objects.filter(
        user=OuterRef("pk"), unit__in=units.values("pk")
    )
    return User.objects.filter(Q(unit__in=units.values("pk")) | Q(Exists(held)))


def colleagues(user: User) -> QuerySet[User]:
    """Active people of the same institutions."""
    around = Unit.objects.below(user.institutions)
    return people_of(around).filter(is_active=True)


def people_of_institution(unit: Unit) -> QuerySet[User]:
    """Active people of the institution that the unit belongs to."""
    root = f"{unit.path.partition('.')[0]}."
    return people_of(Unit.objects.below([root])).filter(is_active=True)


def people_found(people: QuerySet[User], text: str) -> QuerySet[User]:
    """Those of whose name, user name or address every word is a part."""
    for word in text.split():
        people = people.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
            | Q(email__icontains=word)
        )
    return people


def holding(people: QuerySet[User], role: str, unit: Unit | None) -> QuerySet[User]:
    """Those who hold the role today (any, where empty), at the unit or below it."""
    held = RoleAssignment.objects.current().filter(user=OuterRef("pk"))
    if role:
        held = held.filter(role=role)
    if unit:
        held = held.filter(unit__path__startswith=unit.path)
    return people.filter(Exists(held))


def roles_of(person: User, units: QuerySet[Unit]) -> QuerySet[RoleAssignment]:
    """Every role this person has or had there, the newest first."""
    held = person.assignments.filter(unit__in=units.values("pk"))
    related = held.select_related("unit", "granted_by", "user")
    return related.order_by("-valid_from", "-pk")


def in_time(
    rows: Iterable[RoleAssignment], today: date
) -> dict[str, list[RoleAssignment]]:
    """The roles as `now` (and to come) and `earlier`."""
    sorted_out: dict[str, list[RoleAssignment]] = {"now": [], "earlier": []}
    for row in rows:
        is_over = row.valid_until is not None and row.valid_until < today
        sorted_out["earlier" if is_over else "now"].append(row)
    return sorted_out


def deputies_of(person: User) -> QuerySet[Deputyship]:
    """From this person to others, and from others to them; the newest first."""
    rows = Deputyship.objects.filter(Q(principal=person) | Q(deputy=person))
    related = rows.select_related("principal", "deputy", "named_by")
    return related.order_by("-valid_from", "-pk")


def deputyships_around(user: User, person: User) -> QuerySet[Deputyship]:
    """Of those of the person, what this administrator may know: both belong to the
    institution."""
    around = people_around(user).values("pk")
    return deputies_of(person).filter(principal__in=around, deputy__in=around)


def deputyships_to_end(user: User) -> QuerySet[Deputyship]:
    """One's own and those of the people one administers."""
    around = people_around(user).values("pk")
    theirs = Q(principal=user) | Q(deputy=user) | Q(principal__in=around)
    return Deputyship.objects.filter(theirs).select_related("principal", "deputy")


def deputyships_today(user: User) -> QuerySet[Deputyship]:
    """Those in which this person stands in for somebody today."""
    held = Deputyship.objects.current().filter(deputy=user)
    return held.select_related("principal").order_by("principal", "role")


def who_may_at(unit: Unit) -> QuerySet[RoleAssignment]:
    """The roles that count at this unit today: its own, and those from above."""
    keys = [int(key) for key in unit.path.rstrip(".").split(".")]
    held = RoleAssignment.objects.current().filter(unit__in=keys)
    return held.select_related("user", "unit").order_by("role", "unit__path", "user")


def changes_around(user: User) -> QuerySet[AccessEvent]:
    """What changed at the units this person administers, and for the people there."""
    units = units_of_institutions(user).values("pk")
    about = Q(unit__in=units) | Q(unit=None, person__unit__in=units)
    rows = AccessEvent.objects.filter(about)
    return rows.select_related("actor", "person", "unit")


def gone(who: str, today: date) -> Q:
    """That the person under this name has left, or has no account in use."""
    return Q(**{f"{who}__is_active": False}) | Q(**{f"{who}__left_on__lte": today})


def unit_name_on(unit: Unit, day: date) -> str:
    """What the unit was called on that day: an old case keeps the name of its time."""
    former = FormerName.objects.filter(unit=unit, until__gte=day)
    return str(former.order_by("until", "pk").first() or unit)


def with_roles(people: QuerySet[User]) -> list[User]:
    """The people, each knowing `held`, in two queries however many they are."""
    found = list(people.select_related("unit"))
    held = RoleAssignment.objects.held_by_each(found)
    for person in found:
        person.__dict__["held"] = held.get(person.pk, [])
    return found
