"""A list on its way into the register: uploaded, understood, checked, taken in."""

from collections.abc import Mapping
from dataclasses import astuple
from itertools import islice
from pathlib import PurePath
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from register.clock import local_today
from register.models import Unit, User
from register.services import tables
from register.services.documents import sha256_of
from register.services.tables import Row
from workflows.models import ImportBatch
from workflows.queries import units_to_import_for
from workflows.services.importing import columns, planning, taking_in
from workflows.services.importing.plan import Plan
from workflows.services.moving import AlreadyThere, NotAllowed, SomebodyWasFaster

Status = ImportBatch.Status


def upload(*, actor: User, unit: Unit, file: File) -> ImportBatch:
    """Keep the file privately, under a random name. Raises NotAllowed, or TableRefused
    for a file that is no table."""
    _refuse_strangers(actor, unit)
    name = PurePath(file.name or "").name
    tables.refuse_size(file.size)
    table = tables.read(file, name)
    file.seek(0)
    batch = ImportBatch(
        unit=unit,
        filename=name[-200:],
        sha256=sha256_of(file),
        columns=table.columns,
        made_by=actor,
    )
    stored = f"{batch.public_id}{PurePath(name).suffix.lower()}"
    batch.file.save(stored, file, save=False)
    batch.save()
    return batch


def proposed_mapping(batch: ImportBatch) -> dict[str, str]:
    """What the columns probably mean; what was chosen before, where it was."""
    if batch.mapping:
        return batch.mapping
    institution = planning.institution_of(batch.unit)
    return columns.remembered(batch.columns, institution=institution)


def first_rows(batch: ImportBatch, count: int = 3) -> list[Row]:
    with batch.file.open("rb") as file:
        return list(islice(tables.read(file, batch.filename).rows, count))


def check(
    *, batch: ImportBatch, actor: User, mapping: Mapping[str, str]
) -> ImportBatch:
    """Keep how the columns are understood, and report what an import would do; the
    register is not touched. Raises TableRefused, NotAllowed or AlreadyThere."""
    _refuse_strangers(actor, batch.unit)
    _refuse_done(batch)
    columns.check(mapping, batch.columns)
    batch.mapping = dict(mapping)
    plan = plan_of(batch, actor)
    batch.report, batch.status = report(plan), Status.CHECKED
    batch.save(update_fields=["mapping", "report", "status"])
    return batch


def plan_of(batch: ImportBatch, actor: User) -> Plan:
    with batch.file.open("rb") as file:
        return planning.make(
            rows=tables.read(file, batch.filename).rows,
            mapping=batch.mapping,
            unit=batch.unit,
            actor=actor,
        )


@transaction.atomic
def run(*, batch_id: int, actor: User) -> ImportBatch:
    """Take the list in: all of it, or nothing. Raises NotAllowed; AlreadyThere; or
    SomebodyWasFaster when it would no longer do what its report says."""
    batch = _locked(batch_id)
    _refuse_strangers(actor, batch.unit)
    _refuse_done(batch)
    if batch.status != Status.CHECKED:
        raise NotAllowed(_("Check the list first, so that you see what will happen."))
    plan = plan_of(batch, actor)
    if plan.counts != batch.report["counts"]:
        raise SomebodyWasFaster(
            _(
                "The register has changed since this list was checked. Check it again, "
                "so that you see what will happen now."
            )
        )
    taking_in.carry_out(plan, actor=actor, filename=batch.filename)
    batch.report, batch.status = report(plan), Status.DONE
    batch.done_at = timezone.now()
    batch.save(update_fields=["report", "status", "done_at"])
    return batch


def report(plan: Plan) -> dict[str, Any]:
    """JSON-ready: rows by outcome, cooperations by outcome, and a line a row."""
    return {
        "counts": plan.counts,
        "new": len(plan.new),
        "changed": len(plan.changed),
        "ended": plan.ended(local_today()),
        "lines": [list(astuple(line)) for line in plan.lines],
    }


def _locked(batch_id: int) -> ImportBatch:
    """One import at a time in an institution: two of the same list must not both find
    its cooperations missing."""
    batch = ImportBatch.objects.select_related("unit").get(pk=batch_id)
    institution = planning.institution_of(batch.unit)
    Unit.objects.select_for_update().get(pk=institution.pk)
    return ImportBatch.objects.select_related("unit").get(pk=batch_id)


def _refuse_strangers(actor: User, unit: Unit) -> None:
    if not units_to_import_for(actor).filter(pk=unit.pk).exists():
        raise NotAllowed(
            _("Only a case officer of “%(unit)s” may import for it.") % {"unit": unit}
        )


def _refuse_done(batch: ImportBatch) -> None:
    if batch.status == Status.DONE:
        raise AlreadyThere(_("This list has been imported already."))
