from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflows.models import Case
from workflows.services.demo import loading


class Command(BaseCommand):
    help = "Load an invented university into an empty database, to look around in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="say nothing when there is data"
        )
        parser.add_argument(
            "--list", action="store_true", help="only list who can sign in, and how"
        )
        parser.add_argument(
            "--password", default=loading.PASSWORD, help="one password for everybody"
        )
        parser.add_argument(
            "--force", action="store_true", help="also where others may come in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self.list(options["password"])
        elif loading.is_empty():
            self.load(options["password"], force=options["force"])
        elif not options["if_empty"]:
            raise CommandError(
                "There is data already, so nothing was added. The demo goes into an "
                "empty database only."
            )

    def load(self, password: str, *, force: bool) -> None:
        if not (settings.EMBEDDED or force):
            raise CommandError(
                "This is no trial installation (MIDTVEIS_EMBEDDED is off), and "
                "everybody in the demo shares one known password. Nothing was added; "
                "--force does it nevertheless."
            )
        loading.load(password=password)
        self.stdout.write(f"Loaded the demo: {Case.objects.count()} cooperations.")

    def list(self, password: str) -> None:
        for name, roles, username in loading.sign_ins(password):
            self.stdout.write(f"{name} – {roles} – {username} – {password}")
