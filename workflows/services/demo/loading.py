"""Load an invented university, so that a newcomer has something to look at.

The story is data; everything that happens in it goes through the same services as in
life, so every history holds.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core.files.base import ContentFile
from django.db import transaction

from register.choices import Role, UnitKind
from register.models import RoleAssignment, Unit, User
from register.services import partners
from workflows.services.demo.living import live_through
from workflows.services.demo.telling import Cast, day_from_now, story
from workflows.services.importing import batches

PASSWORD = "fjordheim"  # noqa: S105  for looking around, printed at the start
KINDS = (UnitKind.INSTITUTION, UnitKind.FACULTY, UnitKind.DEPARTMENT)


def is_empty() -> bool:
    """Whether nobody and nothing is in the database yet."""
    return not (User.objects.exists() or Unit.objects.exists())


@transaction.atomic
def load(*, password: str = PASSWORD) -> None:
    """Load the whole story, or nothing of it."""
    told, cast = story(), Cast()
    for unit in told["units"]:
        _add_unit(cast, unit)
    hashed = make_password(password)
    for person in told["people"]:
        _add_person(cast, person, hashed)
    for partner in told["partners"]:
        key = partner.pop("key")
        cast.partners[key] = partners.add_partner(actor=cast.people["admin"], **partner)
    for cooperation in told["cooperations"]:
        live_through(cast, cooperation)
    _take_in_the_old(cast, told["before_the_register"])


def sign_ins(password: str = PASSWORD) -> Iterator[tuple[str, str, str]]:
    """(name, roles, user name) of everybody who can still sign in with the password."""
    known = [person["username"] for person in story()["people"]]
    found = {u.username: u for u in User.objects.filter(username__in=known)}
    # They share one hash; checking it takes a moment, so it is done once.
    hashes = {user.password for user in found.values()}
    fitting = {hashed: check_password(password, hashed) for hashed in hashes}
    for username in known:
        user = found.get(username)
        if user and fitting[user.password]:
            yield str(user), _roles_of(user), username


def _roles_of(user: User) -> str:
    held = RoleAssignment.objects.current().filter(user=user).select_related("unit")
    return ", ".join(f"{role.get_role_display()} ({role.unit.code})" for role in held)


# Units, people ---------------------------------------------------------------------
def _add_unit(cast: Cast, told: dict[str, Any], parent: Unit | None = None) -> None:
    below = told.pop("units", ())
    kind = KINDS[parent.path.count(".") if parent else 0]
    unit = Unit.objects.create(kind=kind, parent=parent, **told)
    cast.units[unit.code] = unit
    for each in below:
        _add_unit(cast, each, unit)


def _add_person(cast: Cast, told: Mapping[str, Any], password: str) -> None:
    first, _blank, last = told["name"].partition(" ")
    runs_it = Role.SYSTEM_ADMINISTRATOR in told["roles"]
    user = User.objects.create(
        username=told["username"],
        first_name=first,
        last_name=last,
        email=f"{told['username']}@fjordheim.example",
        unit=cast.units[told["unit"]],
        password=password,
        is_staff=runs_it,
        is_superuser=runs_it,
    )
    for role, code in told["roles"].items():
        RoleAssignment.objects.create(user=user, role=role, unit=cast.units[code])
    cast.people[user.username] = user


# From before the register ----------------------------------------------------------
def _take_in_the_old(cast: Cast, told: Mapping[str, Any]) -> None:
    """Imported as a list, as a university does on its first day."""
    officer = cast.people["officer"]
    file = ContentFile(_as_csv(told["rows"]), name=told["filename"])
    batch = batches.upload(actor=officer, unit=cast.units[told["unit"]], file=file)
    mapping = batches.proposed_mapping(batch)
    batches.check(batch=batch, actor=officer, mapping=mapping)
    batches.run(batch_id=batch.pk, actor=officer)


def _as_csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, rows[0], delimiter=";")
    table.writeheader()
    for row in rows:
        dates = {name: day_from_now(row[name]) for name in ("Startdato", "Sluttdato")}
        table.writerow(row | dates)
    return text.getvalue().encode()
