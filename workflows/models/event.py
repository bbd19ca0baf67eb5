"""The trace: what happened, appended and never changed.

A migration adds triggers that refuse UPDATE and DELETE of an event and a wrong
predecessor, on SQLite and on PostgreSQL.
"""

import json
import re
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from register.choices import CaseState
from register.models import User
from workflows.choices import SystemActor, Verb, Visibility
from workflows.models.case import Case

REFERENCE = re.compile(r'\{"person":"([0-9a-f-]{36})"\}')


class CaseEventQuerySet(models.QuerySet["CaseEvent"]):
    def last_acts(self) -> models.QuerySet:
        """Rows of who did what last: (case, verb, person, whose deputy they were,
        number of the event)."""
        kinds = ("case", "verb", "person", "on_behalf_of")
        acts = self.filter(person__isnull=False).order_by().values_list(*kinds)
        return acts.annotate(last=models.Max("seq"))


class CaseEvent(models.Model):
    """One thing that happened to a case, linked by hash to the one before it.

    `body` is the evidence: the exact text that was hashed (see services.recording). The
    other columns repeat it so that it can be asked for; `verify_history` compares them.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=30, choices=Verb.choices)
    from_state = models.CharField(max_length=50, choices=CaseState.choices)
    to_state = models.CharField(max_length=50, choices=CaseState.choices)
    # Never empty: a person, or a named system actor.
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="events"
    )
    system = models.CharField(max_length=30, choices=SystemActor.choices, blank=True)
    # The person acted as this one's deputy (lesson L24: "B for A").
    on_behalf_of = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="events_by_deputies"
    )
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    body = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["case_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="event_seq_once"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, system="")
                | models.Q(person__isnull=True) & ~models.Q(system=""),
                name="event_has_one_actor",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_of__isnull=True)
                | models.Q(person__isnull=False)
                & ~models.Q(on_behalf_of=models.F("person")),
                name="event_by_deputy_names_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.verb}"

    @property
    def content(self) -> dict[str, Any]:
        """What the payload tells, with the names of today; empty once it has been
        lawfully erased."""
        payload = getattr(self, "payload", None)
        return json.loads(payload.text, object_hook=self._named) if payload else {}

    @property
    def people_told_of(self) -> list[str]:
        """Public ids of those to whom the payload refers (see `User.reference`)."""
        payload = getattr(self, "payload", None)
        return REFERENCE.findall(payload.text) if payload else []

    @cached_property
    def names(self) -> dict[str, str]:
        """Their names; `queries.with_names` fills it for many events at once."""
        people = User.objects.filter(public_id__in=self.people_told_of)
        return {str(person.public_id): str(person) for person in people}

    def _named(self, value: dict[str, Any]) -> Any:
        if value.keys() != {"person"}:
            return value
        return self.names.get(value["person"], "–")

    @property
    def actor(self) -> str:
        if self.person is None:
            return self.get_system_display()
        if self.on_behalf_of is None:
            return str(self.person)
        names = {"deputy": self.person, "principal": self.on_behalf_of}
        return gettext("%(deputy)s for %(principal)s") % names


class EventPayload(models.Model):
    """Free text, names and values of an event. The body holds only a salted commitment
    to it, so that it can one day be erased lawfully while the chain still verifies."""

    event = models.OneToOneField(
        CaseEvent, models.PROTECT, related_name="payload", primary_key=True
    )
    salt = models.CharField(max_length=32)
    text = models.TextField()

    class Meta:
        verbose_name = _("event content")
        verbose_name_plural = _("event contents")

    def __str__(self) -> str:
        return str(self.event_id)
