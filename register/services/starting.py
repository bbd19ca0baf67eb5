"""An empty installation: the institution and the first who gives out its roles."""

from django.db import transaction

from register.choices import AccessVerb, Role, UnitKind
from register.clock import local_today
from register.models import RoleAssignment, Unit, User
from register.services.access import Refused, note


@transaction.atomic
def start_institution(
    *, name: str, administrator: User, name_en: str = "", code: str = ""
) -> Unit:
    """Nobody can be asked yet, so the product itself gives this one role. Raises
    Refused where the institution is there already."""
    if Unit.objects.filter(parent=None, name=name).exists():
        raise Refused(f"There is an institution called {name!r} already.")
    unit = Unit.objects.create(
        name=name, name_en=name_en, code=code, kind=UnitKind.INSTITUTION
    )
    note(AccessVerb.UNIT_ADDED, actor=None, unit=unit, told={"name": unit.name})
    if administrator.unit is None:
        administrator.unit = unit
        administrator.save(update_fields=["unit"])
    role, today = Role.SYSTEM_ADMINISTRATOR, local_today()
    RoleAssignment.objects.create(
        user=administrator, unit=unit, role=role, valid_from=today
    )
    note(
        AccessVerb.ROLE_GIVEN,
        actor=None,
        person=administrator,
        unit=unit,
        told={"role": role, "from": today},
    )
    return unit
