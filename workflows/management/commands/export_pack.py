from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.models import Catalogue
from workflows.services import catalogue


class Command(BaseCommand):
    help = "Print a version of the questions as YAML: the shipped one, or an own one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", metavar="VERSION")
        parser.add_argument("--institution", default="", help="code; else the shipped")

    def handle(self, *args: Any, **options: Any) -> None:
        version, code = options["version"], options["institution"]
        whose = {"institution__code": code} if code else {"institution": None}
        found = Catalogue.objects.filter(version=version, **whose)
        if len(found) != 1:
            raise CommandError(f"{len(found)} versions are called “{version}”.")
        self.stdout.write(catalogue.export(found[0]), ending="")
