"""Check every chain of events and say where one is broken."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workflows.models import Case, CaseEvent
from workflows.services.recording import (
    EVENT_DOMAIN,
    commitment,
    digest,
    in_utc,
    name_of,
)


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: the case, the event's number and what is wrong."""

    case: str
    seq: int
    what: str


@dataclass(frozen=True)
class Head:
    """Where a case stands by its own row."""

    case_id: int
    public_id: str
    name: str
    stands: tuple[int, str, str]  # last event number, its hash, state


def breaks() -> Iterator[Break]:
    """Every break in the whole register; streams, so memory does not grow with it."""
    heads = _heads()
    head = next(heads, None)
    for case_id, chain in groupby(_events(), lambda event: event.case_id):
        while head and head.case_id < case_id:
            yield from _check(head, [])
            head = next(heads, None)
        if head and head.case_id == case_id:
            yield from _check(head, list(chain))
            head = next(heads, None)
        else:
            yield _orphaned(case_id, list(chain))
    while head:
        yield from _check(head, [])
        head = next(heads, None)


def _heads() -> Iterator[Head]:
    rows = Case.objects.order_by("pk").values_list(
        "pk", "public_id", "number", "head_seq", "head_hash", "state"
    )
    for pk, public_id, number, seq, digest_, state in rows.iterator():
        name = number or str(public_id)
        yield Head(pk, str(public_id), name, (seq, digest_, str(state)))


def _events() -> Iterator[CaseEvent]:
    """By the key of the case, not by its default order: both streams run side by
    side, and an event whose case is gone must not drop out of a join."""
    events: QuerySet[CaseEvent] = CaseEvent.objects.select_related(
        "payload", "person", "on_behalf_of"
    )
    return events.order_by("case_id", "seq").iterator(chunk_size=2000)


def _orphaned(case_id: int, events: list[CaseEvent]) -> Break:
    return Break(
        str(case_id), events[-1].seq, _("the case that these events tell of is gone")
    )


def _check(head: Head, events: list[CaseEvent]) -> Iterator[Break]:
    seq, prev, state = 0, "", "draft"
    for event in events:
        for what in _faults(head.public_id, (seq + 1, prev, state), event):
            yield Break(head.name, event.seq, what)
        seq, prev, state = event.seq, event.hash, event.to_state
    if head.stands != (seq, prev, state):
        yield Break(
            head.name,
            seq,
            _(
                "the case row does not agree with its last event: events were cut off, "
                "or the row was changed past the history"
            ),
        )


def _faults(
    case: str, expected: tuple[int, str, str], event: CaseEvent
) -> Iterator[str]:
    seq, prev, state = expected
    if event.seq != seq:
        yield _("event number %(seq)d is missing") % {"seq": seq}
    if event.prev != prev:
        yield _("it does not follow the event before it")
    if digest(EVENT_DOMAIN, event.body) != event.hash:
        yield _("its text does not fit its hash")
    if event.from_state != state:
        yield _("it begins in another state than the one before it ended in")
    yield from _unlike_body(case, event)


def _unlike_body(case: str, event: CaseEvent) -> Iterator[str]:
    """The columns repeat the body; the payload fits its commitment."""
    body = _read(event.body)
    if body is None:
        yield _("its text cannot be read")
        return
    for name, value in _columns(case, event).items():
        if body.get(name) != value:
            yield _("its column “%(name)s” was changed") % {"name": name}
    payload = getattr(event, "payload", None)
    if payload is None:
        yield _("its content is missing")
    elif commitment(payload.salt, payload.text) != body.get("payload"):
        yield _("its content was changed")


def _read(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _columns(case: str, event: CaseEvent) -> dict[str, object]:
    return {
        "case": case,
        "seq": event.seq,
        "prev": event.prev,
        "at": in_utc(event.at),
        "verb": event.verb,
        "from": event.from_state,
        "to": event.to_state,
        "actor": name_of(event.person) if event.person else event.system,
        "visibility": event.visibility,
        "for": name_of(event.on_behalf_of) if event.on_behalf_of else None,
    }
