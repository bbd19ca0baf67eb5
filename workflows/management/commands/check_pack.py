from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.services import catalogue
from workflows.services.catalogue import PackRefused


class Command(BaseCommand):
    help = (
        "Check a question pack (YAML). Prints every fault with its file, its line and "
        "what to do. Exits with 1 where there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        document = checked(options["file"])
        questions = sum(len(topic["questions"]) for topic in document["topics"])
        self.stdout.write(
            f"{options['file'].name} is sound: version {document['version']}, "
            f"{questions} questions."
        )


def checked(file: Path) -> dict[str, Any]:
    """The document of a sound file; the faults of any other, as CommandError."""
    try:
        return catalogue.read(read_text(file), name=file.name)
    except PackRefused as refusal:
        raise CommandError(str(refusal)) from refusal


def read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(str(error)) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file.name} is not a text file in UTF-8.") from error
