"""Named questions to the register. Every list, search and count of cooperations starts
at `visible_to`."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from register.choices import CaseState, Role
from register.folding import fold
from register.models import Cooperation, Partner, RoleAssignment, Unit, User


def units_below(paths: Iterable[str]) -> QuerySet[Unit]:
    """The units at these paths and everything under them."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return Unit.objects.filter(condition)


def units_overseen_by(user: User) -> QuerySet[Unit]:
    return units_below(path for role, path in user.roles if role in Role.OVERSEERS)


def units_to_propose_for(user: User) -> QuerySet[Unit]:
    """The units that this person may propose a cooperation for."""
    return units_below(path for role, path in user.roles if role == Role.PROPOSER)


def visible_to(user: User) -> Q:
    """The one condition that decides which cooperations a person sees.

    Their own in any state; and, once proposed, those of the units they oversee.
    A draft is its proposer's alone (interfaces 1.5).
    """
    units = list(units_overseen_by(user).values_list("pk", flat=True))
    shared = Cooperation.other_units.through.objects.filter(unit__in=units)
    own = Q(proposer=user) | Q(responsible=user) | Q(case_officer=user)
    if not units:
        return own
    overseen = Q(unit__in=units) | Q(pk__in=shared.values("cooperation"))
    return own | (overseen & ~Q(state=CaseState.DRAFT))


def cooperations_visible_to(user: User) -> QuerySet[Cooperation]:
    return Cooperation.objects.filter(visible_to(user))


def cooperations_matching(
    cooperations: QuerySet[Cooperation], text: str
) -> QuerySet[Cooperation]:
    """Those in which every word of `text` stands: in number, title or a partner's name,
    accents and case apart."""
    for word in fold(text).split():
        cooperations = cooperations.filter(search_text__contains=word)
    return cooperations


def partners_matching(text: str) -> QuerySet[Partner]:
    """Partners by any of their names, city or identifiers. Partner names are no secret
    within the installation; which cooperations they take part in is."""
    partners = Partner.objects.select_related("country")
    for word in fold(text).split():
        partners = partners.filter(search_text__contains=word)
    return partners


def people_with_role(role: str, unit: Unit) -> QuerySet[User]:
    """Active people who hold the role at `unit` or above it today."""
    keys = unit.path.rstrip(".").split(".")
    holders = RoleAssignment.objects.current().filter(role=role, unit__in=keys)
    return User.objects.filter(pk__in=holders.values("user"))
