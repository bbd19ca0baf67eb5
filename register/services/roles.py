"""Roles are given and ended by a system administrator, never to oneself."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _

from register.choices import AccessVerb, Role
from register.clock import local_today
from register.models import Deputyship, RoleAssignment, Unit, User
from register.policies import APART
from register.services.access import (
    Refused,
    locked_person,
    note,
    refuse_foreigner,
    refuse_oneself,
    refuse_other_units,
)


@transaction.atomic
def give(
    *,
    actor: User,
    person: User,
    role: str,
    unit: Unit,
    valid_from: date,
    valid_until: date | None = None,
) -> RoleAssignment:
    """The role counts from a day on, at the unit and all below it. Raises Refused."""
    person = locked_person(person)
    refuse_other_units(actor, [unit])
    refuse_oneself(actor, person)
    refuse_foreigner(person, unit)
    _refuse_gone(person, valid_until)
    if unit.is_closed:
        raise Refused(_("“%(unit)s” is closed; it takes no roles.") % {"unit": unit})
    _refuse_dates(valid_from, valid_until)
    _refuse_held(person, role, unit, valid_from, valid_until)
    deputies = person.deputies.lasting(local_today()).filter(role=role)
    stand_ins = set(deputies.values_list("deputy", flat=True))
    refuse_together(person.keys | stand_ins, role, unit)
    given = RoleAssignment.objects.create(
        user=person,
        role=role,
        unit=unit,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=actor,
    )
    told = {"role": role, "from": valid_from, "until": valid_until}
    note(AccessVerb.ROLE_GIVEN, actor=actor, person=person, unit=unit, told=told)
    return given


@transaction.atomic
def end(*, actor: User, assignment: RoleAssignment, until: date) -> None:
    """`until` is the last day on which the role counts; yesterday ends it at once.
    A role is only ever shortened: to go on longer it is given anew. Raises Refused."""
    person = locked_person(assignment.user)
    held = RoleAssignment.objects.select_related("unit").get(pk=assignment.pk)
    refuse_other_units(actor, [held.unit])
    refuse_oneself(actor, person)
    if until < local_today() - timedelta(days=1):
        raise Refused(_("A role cannot end earlier than yesterday."))
    if held.valid_until is not None and held.valid_until <= until:
        day = formats.date_format(held.valid_until)
        raise Refused(_("The role already ends on %(day)s.") % {"day": day})
    stop(held, until=until, actor=actor)


def stop(held: RoleAssignment, *, until: date, actor: User | None) -> None:
    """End it by a day and write that down. A role that would end before it begins is
    taken away; what happened stands in the trace. The caller holds the transaction."""
    if until < held.valid_from:
        held.delete()
    else:
        held.valid_until = until
        held.save(update_fields=["valid_until"])
    told = {"role": held.role, "from": held.valid_from, "until": until}
    person = User(pk=held.user_id)
    note(AccessVerb.ROLE_ENDED, actor=actor, person=person, unit=held.unit, told=told)


def refuse_together(people: Collection[int], role: str, unit: Unit) -> None:
    """Two roles of one institution that never meet in one person, nor in a deputy:
    whoever gives out roles has no right to decide cases. people: keys."""
    other = APART.get(Role(role))
    root = f"{unit.path.partition('.')[0]}."
    if other is not None and _has_or_will(people, other, root):
        raise Refused(
            _(
                "A system administrator gives out roles and must not decide cases: "
                "nobody holds both roles. This person, or a deputy, is or will be "
                "“%(role)s”."
            )
            % {"role": Role(other).label}
        )


def _has_or_will(people: Collection[int], role: str, root: str) -> bool:
    """Now or later, by themselves or as a deputy."""
    today = local_today()
    held = RoleAssignment.objects.lasting(today).filter(
        role=role, unit__path__startswith=root
    )
    stands_in = Deputyship.objects.lasting(today).filter(role=role, deputy__in=people)
    principals = stands_in.values("principal")
    return held.filter(Q(user__in=people) | Q(user__in=principals)).exists()


def _refuse_gone(person: User, valid_until: date | None) -> None:
    last = person.left_on
    if not person.is_active or (last and (valid_until is None or valid_until > last)):
        raise Refused(_("This person has left, or leaves before the role ends."))


def _refuse_dates(valid_from: date, valid_until: date | None) -> None:
    if valid_from < local_today():
        raise Refused(_("A role counts from today on, never from an earlier day."))
    if valid_until is not None and valid_until < valid_from:
        raise Refused(_("The role must not end before it begins."))


def _refuse_held(
    person: User, role: str, unit: Unit, valid_from: date, valid_until: date | None
) -> None:
    same = person.assignments.filter(role=role, unit=unit)
    overlapping = same.filter(
        Q(valid_until=None) | Q(valid_until__gte=valid_from),
        Q(valid_from__lte=valid_until) if valid_until else Q(),
    )
    if first := overlapping.first():
        day = formats.date_format(first.valid_from)
        raise Refused(
            _("This person holds the role there already, from %(day)s.") % {"day": day}
        )
