"""The doorway: the only code that changes a case.

Pages, tasks and commands go through `doorway`. It locks the row, asks the machine and
the policies, lets the service write its own rows, makes the transition, saves, appends
the event, all in one transaction, and announces it after the commit.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from register.choices import CaseState
from register.models import User
from register.policies import may_read
from workflows import policies
from workflows.choices import SystemActor, Verb, Visibility
from workflows.models import Case, CaseEvent, EventPayload
from workflows.models.case import possible_in, transitions
from workflows.services.recording import Actor, compose, store
from workflows.signals import case_moved

WHERE_IT_STANDS = (
    *("state", "risk", "next_review_on", "case_officer"),
    *("confidentiality", "former_owners"),
)
HEAD = ("head_seq", "head_hash", "last_event_at")
# What happens by date; everything else needs a person.
BY_THE_CLOCK = frozenset({Verb.OPEN_REVIEW})


class WorkflowError(Exception):
    """A refusal, as a sentence for the person who asked."""


class NotAllowed(WorkflowError):
    """The machine or a policy says no."""


class SomebodyWasFaster(WorkflowError):
    """The case is not as the person saw it."""


class AlreadyThere(WorkflowError):
    """What was asked for has been done already."""


@dataclass
class Step:
    """One thing happening to a locked case. The service fills in what it has to tell;
    `payload` is JSON-ready and may hold names and free text."""

    case: Case
    verb: str
    actor: Actor
    at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    visibility: str = Visibility.ALL
    # Whose deputy the actor is in this.
    on_behalf_of: User | None = None
    event: CaseEvent | None = None
    # Set by a service that found nothing to change: then there is nothing to tell.
    is_idle: bool = False

    @property
    def hands(self) -> list[User]:
        """Who acts: the person, and whose deputy they are in this. What may be done to
        one row among several is asked for each of them."""
        people = (self.actor, self.on_behalf_of)
        return [person for person in people if isinstance(person, User)]

    @property
    def told(self) -> CaseEvent:
        """The event, once the doorway is left."""
        assert self.event is not None
        return self.event


@contextmanager
def doorway(
    *, case_id: int, verb: str, actor: Actor, seen: int | None = None
) -> Iterator[Step]:
    """Do `verb` to the case, in one transaction.

    seen: the `head_seq` that the person's page showed; None where there was no page.
    Raises NotAllowed, SomebodyWasFaster or AlreadyThere before anything is written.
    """
    with transaction.atomic():
        case = _locked(case_id)
        _refuse_unseen(case, actor)
        _refuse_late(case, verb, seen)
        principal = _refuse_forbidden(case, verb, actor)
        step = Step(case=case, verb=verb, actor=actor, at=timezone.now())
        step.on_behalf_of = principal
        yield step
        if not step.is_idle:
            _finish(step)


def move(
    *, case_id: int, verb: str, actor: Actor, seen: int | None = None, reason: str = ""
) -> CaseEvent:
    """A move that needs nothing but a reason."""
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        step.payload["reason"] = reason
    return step.told


def begin(case: Case, *, actor: Actor, payload: dict[str, Any]) -> CaseEvent:
    """The first event of a case that its caller has just created."""
    step = Step(case, Verb.REGISTER, actor, case.last_event_at, payload)
    _finish(step)
    return step.told


def pass_together(steps: Sequence[Step]) -> None:
    """One step of each of many cases that the caller has just created, so that nobody
    else holds them: asked and told one by one as in `doorway`, written in a few
    statements. The caller holds the transaction. Raises NotAllowed."""
    for step in steps:
        step.on_behalf_of = _refuse_forbidden(step.case, step.verb, step.actor)
    _finish(*steps)


def _locked(case_id: int) -> Case:
    locked = Case.objects.select_for_update(of=("self",)).select_related("unit")
    return locked.get(pk=case_id)


def _refuse_unseen(case: Case, actor: Actor) -> None:
    """First of all: the other refusals tell what happened to the case, and by whom."""
    if isinstance(actor, User) and not may_read(actor, case):
        raise NotAllowed(str(policies.NO_ACCESS))


def _refuse_late(case: Case, verb: str, seen: int | None) -> None:
    stale = seen is not None and seen != case.head_seq
    target = transitions()[verb][1] if verb in transitions() else None
    if case.state == target and case.state not in possible_in(verb):
        raise AlreadyThere(
            _("This has been done already: %(last)s Nothing more is needed.")
            % {"last": _last_change(case)}
        )
    if stale:
        raise SomebodyWasFaster(
            _(
                "Somebody was faster: %(last)s Look at the case as it is now; what "
                "you wrote is kept below."
            )
            % {"last": _last_change(case)}
        )


def _last_change(case: Case) -> str:
    events = case.events.select_related("person", "on_behalf_of")
    event = events.order_by("-seq").first()
    if event is None:
        return ""
    return _("%(actor)s – %(what)s, %(when)s.") % {
        "actor": event.actor,
        "what": event.get_verb_display(),
        "when": timezone.localtime(event.at).strftime("%d.%m.%Y %H:%M"),
    }


def _refuse_forbidden(case: Case, verb: str, actor: Actor) -> User | None:
    """Raises NotAllowed, or tells whose deputy the actor is in this."""
    if case.state not in possible_in(verb):
        raise NotAllowed(wrong_state(case, verb))
    if isinstance(actor, SystemActor):
        if verb not in BY_THE_CLOCK:
            raise NotAllowed(_("A person must do this."))
        return None
    permit = policies.permit(verb, case, actor)
    if permit.refusal is not None:
        raise NotAllowed(str(permit.refusal))
    key = permit.on_behalf_of
    return None if key is None else User.objects.get(pk=key)


def wrong_state(case: Case, verb: str) -> str:
    allowed = ", ".join(
        str(state.label) for state in CaseState if state in possible_in(verb)
    )
    return _(
        "“%(verb)s” is possible when a case is: %(allowed)s. It is now: %(now)s."
    ) % {
        "verb": Verb(verb).label,
        "allowed": allowed,
        "now": case.get_state_display(),
    }


def _finish(*steps: Step) -> None:
    contents = [_pass(step) for step in steps]
    store(contents)
    for step, content in zip(steps, contents, strict=True):
        step.event = content.event
        step.case.save(update_fields=[*WHERE_IT_STANDS, *HEAD])
        told = {"event_id": step.event.pk, "verb": step.verb}
        transaction.on_commit(partial(case_moved.send_robust, sender=Case, **told))


def _pass(step: Step) -> EventPayload:
    """Make the move, and the event that tells it."""
    case, from_state = step.case, step.case.state
    if step.verb in transitions():
        getattr(case, step.verb)()
    return compose(
        case,
        verb=step.verb,
        actor=step.actor,
        at=step.at,
        from_state=from_state,
        payload=step.payload,
        visibility=step.visibility,
        on_behalf_of=step.on_behalf_of,
    )
