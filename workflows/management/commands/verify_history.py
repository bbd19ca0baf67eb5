from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflows.models import CaseEvent
from workflows.services import verifying


class Command(BaseCommand):
    help = "Check the chain of events of every case. Exits with 1 where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for fault in verifying.breaks():
            broken += 1
            self.stderr.write(f"{fault.case}, event {fault.seq}: {fault.what}")
        if broken:
            raise CommandError(f"{broken} breaks found in the history.")
        self.stdout.write(f"All chains hold: {CaseEvent.objects.count()} events.")
