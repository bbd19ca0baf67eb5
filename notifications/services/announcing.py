"""An event of a case, or a change of access, becomes messages, once."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from notifications import queries
from notifications.choices import Kind
from notifications.kinds import ACCESS_KIND_OF, KIND_OF
from notifications.models import Announcement, Message
from register.models import User
from workflows import policies
from workflows.deadlines import act_by
from workflows.models import Case, CaseEvent, Opinion


def announce(*, event_id: int) -> int:
    """Write the messages of one event. Returns how many; 0 for an event that is not
    told or has been told already. May be called twice, also at the same time."""
    event = queries.told_event(event_id)
    return _tell(event) if event else 0


def catch_up(*, now: datetime) -> int:
    """Announce what a lost signal left behind. Returns how many messages it wrote."""
    left = queries.events_not_announced(now).values_list("pk", flat=True)
    count = sum(announce(event_id=event_id) for event_id in list(left))
    changes = queries.changes_not_announced(now).values_list("pk", flat=True)
    return count + sum(announce_access(event_id=pk) for pk in list(changes))


def announce_access(*, event_id: int) -> int:
    """Write the messages of one change of access, to both whom it is about. Returns how
    many; 0 for a change that is not told. May be called twice: the unique rule keeps
    one of each."""
    change = queries.told_change(event_id)
    if change is None:
        return 0
    messages = [
        Message(
            kind=ACCESS_KIND_OF[change.verb],
            case=None,
            recipient=person,
            occasion=f"{queries.OF_ACCESS}{change.pk}",
        )
        for person in queries.people_of_deputyship(change)
    ]
    return len(Message.objects.bulk_create(messages, ignore_conflicts=True))


def _kinds(event: CaseEvent) -> list[Kind]:
    kinds = [KIND_OF[event.verb]] if event.verb in KIND_OF else []
    return [*kinds, Kind.OPINION_ASKED] if event.asks else kinds  # type: ignore[attr-defined]


@transaction.atomic
def _tell(event: CaseEvent) -> int:
    now = timezone.now()
    _row, is_new = Announcement.objects.get_or_create(event=event, defaults={"at": now})
    if not is_new:
        return 0
    messages = [each for kind in _kinds(event) for each in _messages(kind, event)]
    return len(Message.objects.bulk_create(messages, ignore_conflicts=True))


def _messages(kind: Kind, event: CaseEvent) -> Iterator[Message]:
    due_on = _due_of(kind, event)
    for person in queries.recipients_of(kind, event):
        yield Message(
            kind=kind,
            case=event.case,
            recipient=person,
            occasion=f"event:{event.pk}",
            due_on=due_on(person),
        )


def _due_of(kind: Kind, event: CaseEvent) -> Callable[[User], date | None]:
    """By when each recipient should act; None where nothing is asked of them."""
    if kind == Kind.OPINION_ASKED:
        opinions = list(queries.opinions_asked_at(event))
        return lambda person: _first_due(opinions, event.case, person)
    day = _act_on(kind, event)
    return lambda person: day


def _act_on(kind: Kind, event: CaseEvent) -> date | None:
    if kind == Kind.DECIDED:
        return None
    if kind == Kind.REVIEW_OPENED:
        return event.case.next_review_on
    return act_by(event.to_state, timezone.localdate(event.at))


def _first_due(opinions: list[Opinion], case: Case, person: User) -> date:
    roles = policies.roles_in(case, person)
    return min(opinion.due_on for opinion in opinions if opinion.role in roles)
