import hashlib
from argparse import ArgumentTypeError
from collections.abc import Iterable
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from register.choices import ReferenceKind
from register.models import CountryIndicator, Edition, User
from register.services import indicators
from register.services.tables import Row, TableRefused


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is not a date. Write year-month-day, such as 2027-03-01."
        ) from None


class Command(BaseCommand):
    help = (
        "Load an edition of what a source says about countries: a CSV or XLSX file "
        "with the columns country, value and note. Of a list of names (sanctions-list, "
        "named-organisations) only the edition and the checksum of the file are kept, "
        "whatever its form. Exits with 1, and loads nothing, where a row is refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=ReferenceKind.values)
        parser.add_argument("--source", required=True, help="who publishes it")
        parser.add_argument("--edition", required=True, help="its title or version")
        parser.add_argument("--published", required=True, type=day, help="2027-03-01")
        parser.add_argument("--as", required=True, dest="username", help="who loads it")
        parser.add_argument("--address", default="", help="where it was found")
        parser.add_argument("--licence", default="")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = User.objects.get(username=options["username"])
            with options["file"].open("rb") as opened, transaction.atomic():
                edition = self._load(actor, opened, options)
                named = CountryIndicator.objects.filter(edition=edition).count()
                transaction.set_rollback(options["dry_run"])
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody signs in as {options['username']}.") from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except (OSError, PermissionDenied, TableRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{edition}, published {edition.published_on}: {named} countries named."
            + (" Dry run: nothing was written." if options["dry_run"] else "")
        )

    def _load(
        self, actor: User, opened: BufferedReader, options: dict[str, Any]
    ) -> Edition:
        checksum = hashlib.file_digest(opened, "sha256").hexdigest()
        rows: Iterable[Row] = ()
        if options["kind"] not in ReferenceKind.LISTS:
            rows = indicators.read(opened, options["file"].name)
        return indicators.load_edition(
            actor=actor,
            kind=options["kind"],
            source=options["source"],
            edition=options["edition"],
            published_on=options["published"],
            rows=rows,
            address=options["address"],
            licence=options["licence"],
            sha256=checksum,
        )
