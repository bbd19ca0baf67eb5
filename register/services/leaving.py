"""Somebody leaves: their roles and deputyships end by a day, their account closes, and
their cases wait to be handed over from the same day on (workflow 4.10)."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from register.choices import AccessVerb
from register.clock import local_today
from register.models import Deputyship, RoleAssignment, User
from register.services import deputies, roles
from register.services.access import (
    Refused,
    locked_person,
    note,
    refuse_oneself,
    refuse_other_units,
)


@transaction.atomic
def leave(*, actor: User, person: User, day: date) -> User:
    """From `day` on the person is not one of us. The day may be changed until it has
    come. Raises Refused."""
    person = locked_person(person)
    refuse_other_units(actor, [person.unit])
    refuse_oneself(actor, person)
    if not person.is_active:
        raise Refused(_("This account is closed already."))
    if day < local_today():
        raise Refused(_("Give today or a day to come."))
    if person.left_on == day:
        return person
    person.left_on = day
    person.is_active = day > local_today()
    person.save(update_fields=["left_on", "is_active"])
    end_all(person, day, actor)
    told = {"on": day}
    note(
        AccessVerb.PERSON_LEFT, actor=actor, person=person, unit=person.unit, told=told
    )
    return person


def end_all(person: User, day: date, actor: User) -> None:
    """Every role ends by that day; so does every deputyship, from them and to them. The
    caller holds the transaction."""
    held = RoleAssignment.objects.select_related("unit").filter(user=person)
    for role in held.filter(Q(valid_until=None) | Q(valid_until__gt=day)):
        roles.stop(role, until=day, actor=actor)
    theirs = Deputyship.objects.filter(Q(principal=person) | Q(deputy=person))
    for each in theirs.lasting(day).select_related("principal", "deputy"):
        deputies.stop(each, actor=actor, until=day)


def close_accounts(*, today: date) -> int:
    """Those whose day has come sign in no more. Returns how many."""
    gone = User.objects.filter(is_active=True, left_on__lte=today)
    return gone.update(is_active=False)
