"""What happens to an account: moved to another unit, joined with another, blanked."""

from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from register.choices import AccessVerb
from register.clock import local_today
from register.models import Unit, User
from register.services import leaving
from register.services.access import (
    Refused,
    locked_person,
    note,
    refuse_foreigner,
    refuse_oneself,
    refuse_other_units,
)


def note_account(*, actor: User, person: User, is_new: bool) -> None:
    """An account was made, or moved to another unit, in the administration."""
    verb = AccessVerb.PERSON_ADDED if is_new else AccessVerb.PERSON_MOVED
    note(verb, actor=actor, person=person, unit=person.unit)


@transaction.atomic
def move(*, actor: User, person: User, unit: Unit) -> User:
    """To another unit of the institution; their roles stay as they are until somebody
    changes them. Raises Refused."""
    person = locked_person(person)
    refuse_other_units(actor, [unit, *([person.unit] if person.unit else [])])
    refuse_oneself(actor, person)
    refuse_foreigner(person, unit)
    if unit.is_closed:
        raise Refused(_("“%(unit)s” is closed.") % {"unit": unit})
    if person.unit_id == unit.pk:
        return person
    told = {"from": person.unit.name if person.unit else ""}
    person.unit = unit
    person.save(update_fields=["unit"])
    note(AccessVerb.PERSON_MOVED, actor=actor, person=person, unit=unit, told=told)
    return person


@transaction.atomic
def merge(*, actor: User, person: User, into: User) -> User:
    """Two accounts of one person are one pair of eyes from now on; the other one closes
    and its roles end. Never undone. Raises Refused."""
    accounts = User.objects.select_for_update(of=("self",)).order_by("pk")
    found = {each.pk: each for each in accounts.filter(pk__in=[person.pk, into.pk])}
    person, into = found[person.pk], found[into.pk]
    refuse_other_units(actor, [person.unit, into.unit])
    refuse_oneself(actor, person)
    refuse_oneself(actor, into)
    if person.pk == into.pk:
        raise Refused(_("These are not two accounts."))
    if person.merged_into_id or into.merged_into_id:
        raise Refused(_("One of the accounts was joined to another already."))
    if not into.is_active:
        raise Refused(_("The account that stays must be in use."))
    leaving.end_all(person, local_today(), actor)
    person.merged_into, person.is_active = into, False
    person.save(update_fields=["merged_into", "is_active"])
    into.earlier_accounts = sorted(
        {*into.earlier_accounts, *person.earlier_accounts, person.pk}
    )
    into.save(update_fields=["earlier_accounts"])
    for account in User.objects.filter(pk__in=into.earlier_accounts):
        account.earlier_accounts = sorted({into.pk, *into.keys} - {account.pk})
        account.save(update_fields=["earlier_accounts"])
    told = {"account": person.public_id}
    note(AccessVerb.PERSON_MERGED, actor=actor, person=into, unit=into.unit, told=told)
    return into


def may_be_blanked_from(person: User) -> bool:
    """Whether the name has been kept for as long as the institution keeps it."""
    kept = timedelta(days=settings.KEEP_LEAVERS_NAMES)
    return person.left_on is not None and person.left_on + kept <= local_today()


@transaction.atomic
def blank(*, actor: User, person: User, reason: str) -> User:
    """The name of somebody who has left, everywhere it is looked up. The history keeps
    who did what, under a number: no event is touched (requirement 21). Never undone.
    Raises Refused."""
    person = locked_person(person)
    refuse_other_units(actor, [person.unit])
    refuse_oneself(actor, person)
    if person.blanked_at is not None:
        raise Refused(_("The name is blanked already."))
    if person.is_active or not may_be_blanked_from(person):
        raise Refused(
            _("A name is blanked %(days)d days after its person left, not earlier.")
            % {"days": settings.KEEP_LEAVERS_NAMES}
        )
    if not reason.strip():
        raise Refused(_("Give a reason, so that the others understand."))
    person.first_name, person.last_name = "Former", "employee"
    person.username = f"former-{person.public_id.hex[:8]}"
    person.email, person.language = "", ""
    person.set_unusable_password()
    person.blanked_at = timezone.now()
    # The administration's own log names what was edited.
    edited = LogEntry.objects.filter(object_id=str(person.pk))
    edited.filter(content_type=ContentType.objects.get_for_model(User)).update(
        object_repr=person.username
    )
    person.save(
        update_fields=[
            *("first_name", "last_name", "username", "email", "language"),
            *("password", "blanked_at"),
        ]
    )
    told = {"reason": reason.strip()}
    note(
        AccessVerb.PERSON_BLANKED,
        actor=actor,
        person=person,
        unit=person.unit,
        told=told,
    )
    return person
