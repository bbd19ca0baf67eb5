"""What every change of access shares: its refusal and its trace.

The services beside this one (units, roles, deputies, leaving, people) are the only
writers of units, roles and deputyships, and each of them appends its `AccessEvent` in
the transaction of the change (requirement 12, the right eyes).
"""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from register.choices import AccessVerb
from register.models import Unit, User
from register.models.access import AccessEvent
from register.policies import administers, is_oneself
from register.signals import access_changed


class Refused(Exception):
    """A refusal, as a sentence for the person who asked."""


def note(
    verb: AccessVerb,
    *,
    actor: User | None,
    person: User | None = None,
    unit: Unit | None = None,
    told: dict[str, Any] | None = None,
) -> AccessEvent:
    """Append what was changed; announced after the commit.

    told: plain words and dates, empty values dropped. A person in it is their public
    id, never their name, so that a name can be blanked.
    """
    event = AccessEvent.objects.create(
        at=timezone.now(),
        verb=verb,
        actor=actor,
        person=person,
        unit=unit,
        told={key: _plain(value) for key, value in (told or {}).items() if value},
    )
    announced = {"event_id": event.pk, "verb": str(verb)}
    send = partial(access_changed.send_robust, sender=AccessEvent, **announced)
    transaction.on_commit(send)
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, list) else str(value)


def locked_person(person: User) -> User:
    """The row as it stands, held by this transaction alone."""
    return User.objects.select_for_update(of=("self",)).get(pk=person.pk)


def locked_tree(unit: Unit) -> Unit:
    """The unit as it stands, with its institution held by this transaction alone: a
    tree is changed by one person at a time."""
    root = int(unit.path.partition(".")[0])
    list(Unit.objects.select_for_update().filter(pk=root))
    return Unit.objects.get(pk=unit.pk)


def refuse_other_units(actor: User, units: Iterable[Unit | None]) -> None:
    if not all(administers(actor, unit) for unit in units):
        raise Refused(
            _("Only a system administrator of the unit, or of one above it, may do so.")
        )


def refuse_oneself(actor: User, person: User) -> None:
    if is_oneself(actor, person):
        raise Refused(
            _(
                "Nobody changes what they themselves may do; another system "
                "administrator must do this."
            )
        )


def refuse_foreigner(person: User, unit: Unit) -> None:
    """A person belongs to the institution in which they work or hold a role."""
    root = unit.path.partition(".")[0] + "."
    works = person.unit is not None and person.unit.path.startswith(root)
    held = person.assignments.filter(unit__path__startswith=root)
    if not works and not held.exists():
        raise Refused(_("This person does not belong to the institution."))
