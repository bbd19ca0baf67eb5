from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q

from register.models import Unit, User
from register.services import tables
from register.services.tables import TableRefused
from workflows.queries import units_to_import_for
from workflows.services.importing import batches, columns, planning
from workflows.services.importing.plan import Outcome
from workflows.services.moving import WorkflowError


class Command(BaseCommand):
    help = (
        "Take in a list (CSV or XLSX) of cooperations that run already. Prints what "
        "becomes of the rows and why any is refused. Exits with 1 where the file is "
        "refused; a refused row does not stop the others."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", required=True, help="name or code")
        parser.add_argument("--as", required=True, dest="username", help="case officer")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="MEANING=COLUMN",
            help=f"one of: {', '.join(columns.Meaning.values)}; may be repeated",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = User.objects.get(username=options["username"])
            unit = self._unit(actor, options["unit"])
            mapping = dict(pair.split("=", 1) for pair in options["map"])
            with options["file"].open("rb") as opened:
                file = File(opened, name=options["file"].name)
                if options["dry_run"]:
                    report = self._check(actor, unit, file, mapping)
                else:
                    report = self._import(actor, unit, file, mapping)
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody signs in as {options['username']}.") from error
        except ValueError as error:
            raise CommandError("Write --map MEANING=COLUMN.") from error
        except (OSError, TableRefused, WorkflowError) as error:
            raise CommandError(str(error)) from error
        self._tell(report, dry_run=options["dry_run"])

    def _unit(self, actor: User, text: str) -> Unit:
        named = Q(name=text) | Q(name_en=text) | Q(code=text)
        found = units_to_import_for(actor).filter(named)
        if len(found) != 1:
            raise CommandError(
                f"{len(found)} units are called “{text}” where {actor} is case officer."
            )
        return found[0]

    def _check(self, actor: User, unit: Unit, file: File, chosen: dict) -> dict:
        table = tables.read(file, file.name or "")
        institution = planning.institution_of(unit)
        mapping = columns.remembered(table.columns, institution=institution) | chosen
        columns.check(mapping, table.columns)
        plan = planning.make(rows=table.rows, mapping=mapping, unit=unit, actor=actor)
        return batches.report(plan)

    @transaction.atomic
    def _import(self, actor: User, unit: Unit, file: File, chosen: dict) -> dict:
        batch = batches.upload(actor=actor, unit=unit, file=file)
        mapping = batches.proposed_mapping(batch) | chosen
        batches.check(batch=batch, actor=actor, mapping=mapping)
        return batches.run(batch_id=batch.pk, actor=actor).report

    def _tell(self, report: dict, *, dry_run: bool) -> None:
        for row, outcome, reference, _title, note in report["lines"]:
            if outcome == Outcome.REFUSED:
                self.stdout.write(f"Row {row} ({reference or '–'}) refused: {note}")
        counts = ", ".join(f"{n} {outcome}" for outcome, n in report["counts"].items())
        self.stdout.write(
            f"{sum(report['counts'].values())} rows: {counts}.\n"
            f"{report['new']} cooperations new ({report['ended']} of them have ended), "
            f"{report['changed']} changed."
        )
        if dry_run:
            self.stdout.write("Dry run: nothing was written.")
