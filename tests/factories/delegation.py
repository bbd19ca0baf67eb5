"""Delegation tables of an institution."""

from datetime import timedelta

from register.clock import local_today
from register.models import User
from tests.factories import register as r
from workflows.models import DelegationTable
from workflows.services import delegating

PLAIN = {"case_type": "", "agreement_kind": ""}


def line(risk: int = 1, **cells: object) -> dict[str, object]:
    """A line as the page posts it: decided by the faculty, but for `cells`."""
    usual = {
        "recommends": ["department"],
        "decides": "faculty",
        "opinions": "none",
        "signs": "faculty",
    }
    return {"risk": risk, **PLAIN, **usual, **cells}


def draft(cast: r.Cast, actor: User | None = None) -> DelegationTable:
    """A copy of what ships."""
    shipped = DelegationTable.objects.get(institution=None)
    return delegating.copy(
        actor=actor or cast.administrator,
        table=shipped,
        institution=cast.institution,
    )


def write(table: DelegationTable, actor: User, cells: dict[str, object]) -> None:
    """Change the line about the same, or add one."""
    about = {name: cells[name] for name in ("risk", "case_type", "agreement_kind")}
    known = table.rules.filter(**about).first()
    delegating.write_line(
        actor=actor,
        table_id=table.pk,
        seen=table.fingerprint,
        line_id=known and known.pk,
        **cells,
    )


def publish(
    cast: r.Cast,
    *lines: dict[str, object],
    in_days: int = 0,
    actor: User | None = None,
) -> DelegationTable:
    """The shipped table with these lines in it, published."""
    actor = actor or cast.administrator
    table = draft(cast, actor)
    for cells in lines:
        write(table, actor, cells)
    day = local_today() + timedelta(days=in_days)
    by = {"actor": actor, "table_id": table.pk}
    delegating.plan(**by, seen=table.fingerprint, valid_from=day, note="As decided.")
    table.refresh_from_db()
    return delegating.publish(**by, seen=table.fingerprint)
