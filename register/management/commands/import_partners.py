from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from register.services import importing_partners
from register.services.tables import TableRefused


class Command(BaseCommand):
    help = (
        "Add the institutions of a JSON, CSV or XLSX file that are not known yet. "
        "Nothing that is known is changed. Exits with 1 where the file is refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            with file.open("rb") as opened:
                result = importing_partners.import_partners(
                    entries=importing_partners.read(opened, file.name),
                    dry_run=dry_run,
                )
        except (OSError, TableRefused) as error:
            raise CommandError(str(error)) from error
        for title, entries in [
            ("Repeated in the file", result.repeated),
            ("Refused", result.refused),
        ]:
            for entry in entries:
                self.stdout.write(f"{title}: {entry}")
        self.stdout.write(
            f"{result.total} institutions: {result.new} new, "
            f"{result.unchanged} unchanged, {len(result.repeated)} repeated, "
            f"{len(result.refused)} refused."
            + (" Dry run: nothing was written." if dry_run else "")
        )
