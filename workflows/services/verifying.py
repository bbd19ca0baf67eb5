"""Check every chain of events and say where one is broken."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workflows.models import Case, CaseEvent
from workflows.services.recording import EVENT_DOMAIN, commitment, digest, in_utc


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: the case, the event's number and what is wrong."""

    case: str
    seq: int
    what: str


def breaks() -> Iterator[Break]:
    """Every break in the whole register; streams, so memory does not grow with it."""
    heads = Case.objects.order_by("pk").values_list(
        "pk", "public_id", "number", "head_seq", "head_hash", "state"
    )
    chains = groupby(_events().iterator(chunk_size=2000), lambda event: event.case_id)
    chain = next(chains, None)
    for pk, public_id, number, *head in heads.iterator():
        events: list[CaseEvent] = []
        if chain and chain[0] == pk:
            events, chain = list(chain[1]), None
            chain = next(chains, None)
        yield from _check(str(public_id), number or str(public_id), head, events)


def _events() -> QuerySet[CaseEvent]:
    return CaseEvent.objects.select_related("payload", "person").order_by("case", "seq")


def _check(
    case: str, name: str, head: list[object], events: list[CaseEvent]
) -> Iterator[Break]:
    prev, state = "", "draft"
    for seq, event in enumerate(events, start=1):
        for what in _faults(case, seq, prev, state, event):
            yield Break(name, seq, what)
        prev, state = event.hash, event.to_state
    if head != [len(events), prev, state]:
        yield Break(
            name,
            len(events),
            _(
                "the case row does not agree with its last event: events were cut off, "
                "or the row was changed past the history"
            ),
        )


def _faults(
    case: str, seq: int, prev: str, state: str, event: CaseEvent
) -> Iterator[str]:
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
    try:
        body = json.loads(event.body)
    except ValueError:
        return
    columns = {
        "case": case,
        "seq": event.seq,
        "prev": event.prev,
        "at": in_utc(event.at),
        "verb": event.verb,
        "from": event.from_state,
        "to": event.to_state,
        "actor": f"user:{event.person.public_id}" if event.person else event.system,
        "visibility": event.visibility,
    }
    for name, value in columns.items():
        if body.get(name) != value:
            yield _("its column “%(name)s” was changed") % {"name": name}
    payload = getattr(event, "payload", None)
    if payload is None:
        yield _("its content is missing")
    elif commitment(payload.salt, payload.text) != body.get("payload"):
        yield _("its content was changed")
