"""The institution of an empty installation, and its first system administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from register.models import User
from register.services import starting
from register.services.access import Refused


class Command(BaseCommand):
    help = (
        "Add an institution and make somebody its system administrator, who then keeps "
        "units, people and roles under Access."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="of the institution")
        parser.add_argument("--name-en", default="", help="in English")
        parser.add_argument("--code", default="", help="its short code, if it has one")
        parser.add_argument(
            "--administrator", required=True, help="user name of an account there is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["administrator"]
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {username!r}.")
        try:
            unit = starting.start_institution(
                name=options["name"],
                name_en=options["name_en"],
                code=options["code"],
                administrator=person,
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{unit} is there; {person} administers it.")
