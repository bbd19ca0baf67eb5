"""Write one CaseEvent. Nobody else does.

The body is canonical JSON (sorted keys, no blanks, UTF-8) and the hash is SHA-256 over
a domain prefix and exactly that text. Free text and names are not in the body: they
stand in the payload, to which the body holds a salted commitment.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from register.models import User
from workflows.choices import SystemActor, Visibility
from workflows.models import Case, CaseEvent, EventPayload

VERSION = 1
AT_ONCE = 500
EVENT_DOMAIN = "midtveis:case-event:v1\n"
PAYLOAD_DOMAIN = "midtveis:payload:v1\n"

Actor = User | SystemActor


def digest(domain: str, text: str) -> str:
    return hashlib.sha256((domain + text).encode()).hexdigest()


def commitment(salt: str, payload: str) -> str:
    return digest(PAYLOAD_DOMAIN, f"{salt}\n{payload}")


def canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def in_utc(moment: datetime) -> str:
    """RFC 3339 with microseconds: 2026-11-22T09:38:59.000000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def name_of(actor: Actor) -> str:
    return actor.value if isinstance(actor, SystemActor) else f"user:{actor.public_id}"


def compose(
    case: Case,
    *,
    verb: str,
    actor: Actor,
    at: datetime,
    from_state: str,
    payload: Mapping[str, Any],
    visibility: str = Visibility.ALL,
    on_behalf_of: User | None = None,
) -> EventPayload:
    """The next event of the chain of `case` with its content, to be stored; moves the
    head in memory.

    The caller holds the lock on the case row and saves `head_seq`, `head_hash` and
    `last_event_at` in the same transaction. payload: JSON-ready; empty values dropped.
    on_behalf_of: whose deputy the actor was in this.
    """
    text = canonical({key: value for key, value in payload.items() if value})
    salt = secrets.token_hex(16)
    seq, prev = case.head_seq + 1, case.head_hash
    deputy = {"for": name_of(on_behalf_of)} if on_behalf_of else {}
    body = canonical(
        {
            "v": VERSION,
            "case": str(case.public_id),
            "seq": seq,
            "prev": prev,
            "at": in_utc(at),
            "verb": str(verb),
            "from": str(from_state),
            "to": str(case.state),
            "actor": name_of(actor),
            "visibility": str(visibility),
            "payload": commitment(salt, text),
        }
        | deputy
    )
    event = CaseEvent(
        case=case,
        seq=seq,
        at=at,
        verb=verb,
        from_state=from_state,
        to_state=case.state,
        person=None if isinstance(actor, SystemActor) else actor,
        on_behalf_of=on_behalf_of,
        system=actor.value if isinstance(actor, SystemActor) else "",
        visibility=visibility,
        body=body,
        prev=prev,
        hash=digest(EVENT_DOMAIN, body),
    )
    case.head_seq, case.head_hash, case.last_event_at = seq, event.hash, at
    return EventPayload(event=event, salt=salt, text=text)


def record(case: Case, **told: Any) -> CaseEvent:
    """Compose the next event of `case` and append it."""
    content = compose(case, **told)
    store([content])
    return content.event


def store(composed: Sequence[EventPayload]) -> None:
    """Append the events, at most one of each case, and their contents."""
    CaseEvent.objects.bulk_create([content.event for content in composed], AT_ONCE)
    for content in composed:
        content.event = content.event  # it has its key now, and stays at hand
    EventPayload.objects.bulk_create(composed, AT_ONCE)
