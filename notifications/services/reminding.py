"""Reviews that come due become reminders, once for each step of the ladder."""

from collections.abc import Iterator
from datetime import date

from notifications import deadlines, queries
from notifications.choices import Kind
from notifications.models import Message
from register.choices import Confidentiality, Role
from workflows.models import Case


def plan(*, today: date) -> list[Message]:
    """Write the reminders that are due and not told. Returns what it found missing;
    where two do this at once, the unique rule keeps one row of each."""
    messages = missing(today=today)
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
    return messages


def missing(*, today: date) -> list[Message]:
    """The reminders that are due and not told, unsaved.

    Only the most urgent step that has come is told, and never one below what the person
    has heard already.
    """
    cases = list(queries.cases_to_remind_of(today))
    told = queries.steps_told(cases)
    audience = Audience()
    return [
        _reminder(case, person, step)
        for case in cases
        if (step := deadlines.step_on(today, _due(case))) is not None
        for person in audience.of(case, step)
        if step > told.get((case.pk, person, case.next_review_on), step - 1)
    ]


class Audience:
    """Who hears a reminder. Where all who carry the case have left, the unit's leaders
    hear every step, and where there are none, its case officers. Nobody hears of a
    restricted case who may not read it."""

    def __init__(self) -> None:
        self.leaders = queries.Holders(Role.UNIT_LEADER)
        self.officers = queries.Holders(Role.CASE_OFFICER)

    def of(self, case: Case, step: int) -> set[int]:
        """Keys of people who see the case by their part in it or their role."""
        carriers = set(_carriers(case))
        if carriers and step < deadlines.TO_LEADERS:
            return carriers
        leaders = self._reading(case, self.leaders)
        return (carriers | leaders) or self._reading(case, self.officers)

    def _reading(self, case: Case, holders: queries.Holders) -> set[int]:
        """Those of them who read the case; of a restricted one those who were named."""
        held = holders.of(case.unit)
        if case.confidentiality != Confidentiality.RESTRICTED:
            return held
        return held & case.readers


def _carriers(case: Case) -> Iterator[int]:
    for person in (case.responsible, case.case_officer):
        if person is not None and person.is_active:
            yield person.pk


def _due(case: Case) -> date:
    assert case.next_review_on is not None  # the query asks for a date
    return case.next_review_on


def _reminder(case: Case, recipient_id: int, step: int) -> Message:
    return Message(
        kind=Kind.REVIEW_DUE,
        case=case,
        recipient_id=recipient_id,
        occasion=deadlines.occasion(_due(case), step),
        due_on=case.next_review_on,
    )
