"""What each way finds: a case that waits for its decision, and people with roles."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.management import CommandError
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from register.choices import CaseState, Role
from register.models import User
from register.services.access import Refused
from tests.factories import register as r
from tests.factories import workflows as w
from tests.signing_in import confirmed
from workflows.choices import Verb
from workflows.models import Case, CaseEvent, Decision
from workflows.services import deciding
from workflows.services.moving import WorkflowError

Attempt = Callable[["Scene"], object]
REFUSALS = (
    *(WorkflowError, Refused, DatabaseError, CommandError),
    *(TypeError, AttributeError),
)
DECIDING = [Verb.APPROVE, Verb.REJECT, Verb.CONTINUE, Verb.RESUME, Verb.TAKE_IN]
NAMED = re.compile(r"decision_four_eyes|condition_four_eyes")


@dataclass(frozen=True)
class Way:
    """How somebody tries it, what refuses it, and the words that they get."""

    name: str
    kept_by: str
    answer: str
    go: Attempt


WAYS: dict[str, Way] = {}


def way(name: str, *, kept_by: str, answer: object) -> Callable[[Attempt], Attempt]:
    """The function arranges what it needs and then tries; it returns what it was told
    where that is no refusal raised by our code or the database."""

    def listed(go: Attempt) -> Attempt:
        WAYS[go.__name__] = Way(name, kept_by, str(answer), go)
        return go

    return listed


class Scene:
    def __init__(self, cast: r.Cast):
        self.cast = cast
        w.ask_nothing()
        self.case = w.quickly_asked(cast)
        self.decided = decided()

    def go(self, go: Attempt) -> str:
        """What they were told. `decided` is what was decided lawfully before it."""
        try:
            return str(go(self) or "")
        except REFUSALS as refusal:
            text = str(refusal)
            known = NAMED.search(text)
            return known.group() if known else text.splitlines()[0]

    # Arranging ------------------------------------------------------------------------
    def given(self, person: User, role: str, at: object = None, **fields) -> User:
        """The role, past the services; the person as they then are."""
        r.role(person, role, at or self.cast.faculty, **fields)
        return again(person)

    def decider(self, person: User) -> User:
        return self.given(person, Role.DECIDER)

    def lawful(self, case: Case) -> Case:
        """A case whose decisions so far are in order."""
        self.decided = decided()
        w.declare_none(case, *User.objects.exclude(pk__in=w.fresh(case).declared))
        return w.fresh(case)

    def another(self, **facts) -> Case:
        return self.lawful(w.quickly_asked(self.cast, **facts))

    # Trying ---------------------------------------------------------------------------
    def decides(self, person: User, case: Case | None = None, **more) -> None:
        person, case = again(person), case or self.case
        if person.pk not in w.fresh(case).declared:
            w.declare_none(case, person)
        deciding.decide(
            case_id=case.pk,
            actor=person,
            verdict="approved",
            reasons="It is mine, and it is good.",
            **more,
        )


def again(person: User) -> User:
    """With nothing remembered."""
    return User.objects.get(pk=person.pk)


def decided() -> dict[str, object]:
    """Whatever says that something was decided."""
    return {
        "running": sorted(
            Case.objects.filter(state__in=[*CaseState.RUNNING, "rejected"]).values_list(
                "pk", "state"
            )
        ),
        "decisions": sorted(
            Decision.objects.exclude(decided_by=None).values_list("pk", flat=True)
        ),
        "events": CaseEvent.objects.filter(verb__in=DECIDING).count(),
    }


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    confirmed(client)
    return client


def page(name: str, case: Case, *more: object) -> str:
    return reverse(f"workflows:{name}", args=[case.public_id, *more])


def posted(case: Case, **more: object) -> dict[str, object]:
    return {
        "seen": case.head_seq,
        "verdict": "approved",
        "reasons": "It is mine, and it is good.",
        "form-TOTAL_FORMS": 0,
        "form-INITIAL_FORMS": 0,
    } | more


def told(response) -> str:
    """What stands above the form."""
    if response.context and "form" in response.context:
        return " ".join(response.context["form"].non_field_errors())
    return str(response.status_code)
