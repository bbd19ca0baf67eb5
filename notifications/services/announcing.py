"""An event of a case becomes messages, once."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from notifications import queries
from notifications.choices import Kind
from notifications.kinds import KIND_OF
from notifications.models import Announcement, Message
from workflows.deadlines import act_by
from workflows.models import Case, CaseEvent


def announce(*, event_id: int) -> int:
    """Write the messages of one event. Returns how many; 0 for an event that is not
    told or has been told already. May be called twice, also at the same time."""
    told = CaseEvent.objects.filter(pk=event_id, verb__in=KIND_OF)
    event = told.select_related("case__unit", "person").first()
    return _tell(event) if event else 0


def catch_up(*, now: datetime) -> int:
    """Announce what a lost signal left behind. Returns how many messages it wrote."""
    left = queries.events_not_announced(now).values_list("pk", flat=True)
    return sum(announce(event_id=event_id) for event_id in list(left))


def _act_on(kind: str, case: Case, event: CaseEvent) -> date | None:
    """By when the recipient should act; None where nothing is asked of them."""
    if kind == Kind.DECIDED:
        return None
    if kind == Kind.REVIEW_OPENED:
        return case.next_review_on
    return act_by(event.to_state, timezone.localdate(event.at))


@transaction.atomic
def _tell(event: CaseEvent) -> int:
    now = timezone.now()
    _row, is_new = Announcement.objects.get_or_create(event=event, defaults={"at": now})
    if not is_new:
        return 0
    kind, case = KIND_OF[event.verb], event.case
    messages = [
        Message(
            kind=kind,
            case=case,
            recipient=person,
            occasion=f"event:{event.pk}",
            due_on=_act_on(kind, case, event),
        )
        for person in queries.recipients_of(kind, case, actor=event.person)
    ]
    return len(Message.objects.bulk_create(messages, ignore_conflicts=True))
