"""manage.py send_reminders --on 2027-03-01 [--dry-run]"""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand

from notifications.deadlines import step_of
from notifications.models import Message
from notifications.services import delivering, reminding
from register.clock import local_today
from register.models import User


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is not a date. Write year-month-day, such as 2027-03-01."
        ) from None


class Command(BaseCommand):
    help = "Do by hand what the sweep does: write the reminders of a day and send them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=day, default=None, help="the day; else today")
        parser.add_argument(
            "--dry-run", action="store_true", help="show them; write and send nothing"
        )

    def handle(self, *args: object, **options: object) -> None:
        today: date = options["on"] or local_today()  # type: ignore[assignment]
        if options["dry_run"]:
            return self.show(reminding.missing(today=today))
        self.show(reminding.plan(today=today))
        outcomes = delivering.deliver_due(seconds=3600)
        told = ", ".join(f"{state} {count}" for state, count in outcomes.items())
        return self.stdout.write(f"Mails: {told or 'none were due'}")

    def show(self, reminders: list[Message]) -> None:
        people = User.objects.in_bulk({row.recipient_id for row in reminders})
        self.stdout.write(f"{'case':<12}{'due':<12}{'day':>4}  recipient")
        for row in reminders:
            step, person = step_of(row.occasion), people[row.recipient_id]
            number = row.case.number if row.case else ""
            self.stdout.write(f"{number:<12}{row.due_on!s:<12}{step:>+4}  {person}")
        self.stdout.write(f"Reminders: {len(reminders)}")
