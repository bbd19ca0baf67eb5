"""Deputies: somebody holds the roles of a colleague for a while (workflow 6, lesson
L24).

They are named by the colleague themselves, or by a system administrator of the unit.
The roles of a system administrator and of an auditor are never deputised: whoever needs
one for a while is given the role for a while, by another administrator.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from register.choices import AccessVerb, Role
from register.clock import local_today
from register.models import Deputyship, RoleAssignment, User
from register.policies import IN_PERSON, administers, is_oneself
from register.services.access import (
    Refused,
    locked_person,
    note,
    refuse_foreigner,
    refuse_other_units,
)
from register.services.roles import refuse_together

LONGEST = timedelta(days=366)


@transaction.atomic
def name(
    *,
    actor: User,
    principal: User,
    deputy: User,
    roles: Sequence[str],
    valid_from: date,
    valid_until: date,
) -> list[Deputyship]:
    """One deputyship for each role; both are told. Raises Refused."""
    principal, deputy = locked_person(principal), locked_person(deputy)
    _refuse_others(actor, principal)
    _refuse_giving_to_oneself(actor, principal, deputy)
    _refuse_dates(valid_from, valid_until)
    _refuse_deputy(principal, deputy, valid_until)
    if not roles:
        raise Refused(_("Choose at least one role."))
    for role in roles:
        _refuse_role(actor, principal, deputy, role)
        _refuse_twice(principal, deputy, role, valid_from, valid_until)
    named = [
        Deputyship.objects.create(
            principal=principal,
            deputy=deputy,
            role=role,
            valid_from=valid_from,
            valid_until=valid_until,
            named_by=actor,
            named_at=timezone.now(),
        )
        for role in roles
    ]
    told = {
        "for": principal.public_id,
        "roles": [str(role) for role in roles],
        "from": valid_from,
        "until": valid_until,
    }
    note(AccessVerb.DEPUTY_NAMED, actor=actor, person=deputy, told=told)
    return named


@transaction.atomic
def end(*, actor: User, deputyship: Deputyship) -> None:
    """At once; also by the deputy, who gives it back. Both are told. Raises Refused."""
    held = Deputyship.objects.select_for_update(of=("self",)).get(pk=deputyship.pk)
    if not is_oneself(actor, held.deputy):
        _refuse_others(actor, held.principal)
    if held.ended_at is None and held.valid_until >= local_today():
        stop(held, actor=actor)


def stop(held: Deputyship, *, actor: User | None, until: date | None = None) -> None:
    """By a day that comes within it, or else at once. The caller holds the
    transaction."""
    if until is not None and max(held.valid_from, local_today()) < until:
        held.valid_until = until
        held.save(update_fields=["valid_until"])
    else:
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
    told = {
        "for": held.principal.public_id,
        "roles": [held.role],
        "from": held.valid_from,
        "until": until or local_today(),
    }
    note(AccessVerb.DEPUTY_ENDED, actor=actor, person=held.deputy, told=told)


def roles_to_lend(principal: User) -> list[str]:
    """What this person holds themselves, today or later, and a deputy may hold."""
    held = RoleAssignment.objects.lasting(local_today()).filter(user=principal)
    roles = set(held.values_list("role", flat=True)) - IN_PERSON
    return [role for role in Role.values if role in roles]


def _refuse_others(actor: User, principal: User) -> None:
    if actor.pk != principal.pk and not administers(actor, principal.unit):
        raise Refused(
            _(
                "A deputy is named by the person themselves or by a system "
                "administrator of their unit."
            )
        )


def _refuse_dates(valid_from: date, valid_until: date) -> None:
    if valid_until < local_today() or valid_until < valid_from:
        raise Refused(_("The last day must not be before the first, nor in the past."))
    if valid_until - valid_from > LONGEST:
        raise Refused(_("A deputy is named for twelve months at most."))


def _refuse_giving_to_oneself(actor: User, principal: User, deputy: User) -> None:
    if actor.pk != principal.pk and is_oneself(actor, deputy):
        raise Refused(
            _("You would give yourself a role; the person must name you themselves.")
        )


def _refuse_deputy(principal: User, deputy: User, valid_until: date) -> None:
    if is_oneself(principal, deputy):
        raise Refused(_("Nobody is their own deputy; choose another person."))
    leaves = deputy.left_on is not None and deputy.left_on <= valid_until
    if not deputy.is_active or leaves:
        raise Refused(_("This person has left, or leaves before it ends."))


def _refuse_role(actor: User, principal: User, deputy: User, role: str) -> None:
    label = Role(role).label
    if role in IN_PERSON:
        raise Refused(
            _(
                "“%(role)s” is not lent to a deputy: a system administrator gives the "
                "role itself, for a while."
            )
            % {"role": label}
        )
    lasting = RoleAssignment.objects.lasting(local_today()).select_related("unit")
    units = [each.unit for each in lasting.filter(user=principal, role=role)]
    if not units:
        raise Refused(
            _("%(person)s does not hold “%(role)s” themselves and cannot lend it.")
            % {"person": principal, "role": label}
        )
    if actor.pk != principal.pk:
        refuse_other_units(actor, units)
    for unit in units:
        refuse_foreigner(deputy, unit)
        refuse_together(deputy.keys, role, unit)


def _refuse_twice(
    principal: User, deputy: User, role: str, valid_from: date, valid_until: date
) -> None:
    same = principal.deputies.filter(
        deputy=deputy,
        role=role,
        ended_at=None,
        valid_from__lte=valid_until,
        valid_until__gte=valid_from,
    )
    if same.exists():
        raise Refused(
            _("%(person)s is already the deputy as “%(role)s” in that time.")
            % {"person": deputy, "role": Role(role).label}
        )
