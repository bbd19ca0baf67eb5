from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from register.models import Unit, User
from workflows.management.commands.check_pack import read_text
from workflows.services import catalogue
from workflows.services.moving import WorkflowError


class Command(BaseCommand):
    help = (
        "Take in a question pack (YAML) as a draft of an institution. Nobody is asked "
        "it before a system administrator has published it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--institution", required=True, help="its code")
        parser.add_argument(
            "--as", required=True, dest="username", help="system administrator"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code, file = options["institution"], options["file"]
        found = Unit.objects.filter(parent=None, code=code)
        if len(found) != 1:
            raise CommandError(f"{len(found)} institutions have the code “{code}”.")
        try:
            draft = catalogue.take_in(
                actor=User.objects.get(username=options["username"]),
                institution=found[0],
                text=read_text(file),
                name=file.name,
            )
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody signs in as {options['username']}.") from error
        except WorkflowError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file.name} is draft {draft.version} of {found[0]}.")
