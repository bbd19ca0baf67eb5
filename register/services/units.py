"""Units change while their cases go on: added, renamed, moved, merged, closed.

Old cases keep the unit they had, and the name it had then (lesson: a university is
never finished). Only a system administrator of the unit or above may do this.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from register.choices import AccessVerb, UnitKind
from register.clock import local_today
from register.models import RoleAssignment, Unit, User
from register.models.unit import FormerName
from register.policies import widens_own_view
from register.services import roles
from register.services.access import (
    Refused,
    locked_tree,
    note,
    refuse_other_units,
)

DEPTH = {UnitKind.INSTITUTION: 0, UnitKind.FACULTY: 1, UnitKind.DEPARTMENT: 2}


@transaction.atomic
def add(
    *,
    actor: User,
    parent: Unit,
    name: str,
    kind: str,
    name_en: str = "",
    code: str = "",
) -> Unit:
    """A new unit below another. Raises Refused."""
    parent = locked_tree(parent)
    refuse_other_units(actor, [parent])
    unit = Unit(
        name=name.strip(), name_en=name_en.strip(), code=code.strip(), kind=kind
    )
    _refuse_place(unit, parent)
    unit.parent = parent
    unit.save()
    told = {"name": unit.name, "below": parent.name}
    note(AccessVerb.UNIT_ADDED, actor=actor, unit=unit, told=told)
    return unit


@transaction.atomic
def rename(*, actor: User, unit: Unit, name: str, name_en: str = "") -> Unit:
    """What it was called is kept with the day. Raises Refused."""
    unit = locked_tree(unit)
    refuse_other_units(actor, [unit])
    before = (unit.name, unit.name_en)
    if before == (name.strip(), name_en.strip()):
        return unit
    old = FormerName(
        unit=unit, name=unit.name, name_en=unit.name_en, until=local_today()
    )
    unit.name, unit.name_en = name.strip(), name_en.strip()
    _refuse_same_name(unit, unit.parent)
    old.save()
    unit.save(update_fields=["name", "name_en"])
    told = {"old": old.name, "new": unit.name}
    note(AccessVerb.UNIT_RENAMED, actor=actor, unit=unit, told=told)
    return unit


@transaction.atomic
def move(*, actor: User, unit: Unit, parent: Unit) -> Unit:
    """With everything below it, to another place in the tree. Raises Refused."""
    unit = locked_tree(unit)
    parent = Unit.objects.get(pk=parent.pk)
    _refuse_transfer(actor, unit, parent)
    _refuse_place(unit, parent)
    old = unit.parent
    _replant(unit, parent)
    told = {"from": old.name if old else "", "to": parent.name}
    note(AccessVerb.UNIT_MOVED, actor=actor, unit=unit, told=told)
    return unit


@transaction.atomic
def merge(*, actor: User, unit: Unit, into: Unit) -> Unit:
    """The unit closes and stands below its receiver, so that its old cases are seen
    from there; the open units below it become the receiver's. Raises Refused."""
    unit = locked_tree(unit)
    into = Unit.objects.get(pk=into.pk)
    _refuse_transfer(actor, unit, into)
    _refuse_closed(unit)
    _refuse_closed(into)
    if DEPTH[UnitKind(into.kind)] > DEPTH[UnitKind(unit.kind)]:
        raise Refused(_("A unit is merged into one of its own kind, or a higher one."))
    _refuse_same_name(unit, into)
    below = list(unit.children.filter(closed_on=None))
    for child in below:
        _refuse_same_name(child, into)
    _replant(unit, into)
    for child in below:
        _replant(Unit.objects.get(pk=child.pk), into)
    unit.closed_on, unit.merged_into = local_today(), into
    unit.save(update_fields=["closed_on", "merged_into"])
    today = local_today()
    beyond = RoleAssignment.objects.lasting(today + timedelta(days=1))
    for held in beyond.filter(unit=unit):
        roles.stop(held, until=today, actor=actor)
    told = {"into": into.name, "units": len(below)}
    note(AccessVerb.UNIT_MERGED, actor=actor, unit=unit, told=told)
    return unit


@transaction.atomic
def close(*, actor: User, unit: Unit) -> Unit:
    """No new cases and no new roles from now on. Those who hold a role there see its
    open cases to their end. Raises Refused."""
    unit = locked_tree(unit)
    refuse_other_units(actor, [unit])
    _refuse_closed(unit)
    if unit.parent is None:
        raise Refused(_("The institution itself cannot be closed here."))
    if unit.children.filter(closed_on=None).exists():
        raise Refused(_("Move, merge or close the units below it first."))
    unit.closed_on = local_today()
    unit.save(update_fields=["closed_on"])
    note(AccessVerb.UNIT_CLOSED, actor=actor, unit=unit)
    return unit


def _replant(unit: Unit, parent: Unit) -> None:
    """Below another: the paths of the whole subtree are written anew."""
    old, new = unit.path, f"{parent.path}{unit.pk}."
    beyond = Substr(F("path"), len(old) + 1)
    whole: Any = Concat(Value(new), beyond)
    Unit.objects.filter(path__startswith=old).update(path=whole)
    unit.parent, unit.path = parent, new
    unit.save(update_fields=["parent"])


def _refuse_transfer(actor: User, unit: Unit, to: Unit) -> None:
    refuse_other_units(actor, [unit, to])
    if unit.parent is None:
        raise Refused(_("The institution itself stays where it is."))
    if to.path.startswith(unit.path):
        raise Refused(_("A unit cannot come below itself."))
    if to.path.partition(".")[0] != unit.path.partition(".")[0]:
        raise Refused(_("A unit stays within its institution."))
    if widens_own_view(actor, unit, to):
        raise Refused(
            _(
                "You hold another role there and would give yourself the cases of "
                "this unit; another system administrator must do this."
            )
        )


def _refuse_place(unit: Unit, parent: Unit) -> None:
    """Whether it may stand there: kinds fit, the name is free, the place is open."""
    _refuse_closed(parent)
    if DEPTH[UnitKind(unit.kind)] <= DEPTH[UnitKind(parent.kind)]:
        raise Refused(
            _("A %(kind)s cannot stand below a %(above)s.")
            % {
                "kind": unit.get_kind_display().lower(),
                "above": parent.get_kind_display().lower(),
            }
        )
    _refuse_same_name(unit, parent)


def _refuse_closed(unit: Unit) -> None:
    if unit.is_closed:
        raise Refused(_("“%(unit)s” is closed.") % {"unit": unit})


def _refuse_same_name(unit: Unit, parent: Unit | None) -> None:
    """Two institutions may bear one name: they never see each other."""
    beside = Unit.objects.filter(parent=parent, name=unit.name).exclude(pk=unit.pk)
    if parent is not None and beside.exists():
        raise Refused(
            _("There is a unit called “%(name)s” there already.") % {"name": unit.name}
        )
