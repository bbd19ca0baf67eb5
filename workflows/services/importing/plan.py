"""What a list would do to the register, as data: groups of rows, and a line a row."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from register.choices import PartnerRole
from register.services.matching import KnownPartners, Organisation
from workflows.models import Case
from workflows.services.importing.rows import Entry


class Outcome(models.TextChoices):
    """What becomes of a row; what asks for attention first."""

    REFUSED = "refused", _("Refused")
    CHANGED = "changed", _("Changed")
    NEW = "new", _("New")
    ADDED = "added", _("Added to another row")
    UNCHANGED = "unchanged", _("Unchanged")


@dataclass(frozen=True)
class Line:
    """What becomes of one row, for the report."""

    row: int
    outcome: str
    reference: str
    title: str
    note: str = ""


@dataclass
class Group:
    """The rows of one reference: one cooperation.

    case: the one that the register already has. facts, joining: what would be written;
    of a known case only what differs from it.
    """

    reference: str
    key: str
    entries: list[Entry] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    joining: list[tuple[Organisation, str]] = field(default_factory=list)
    case: Case | None = None
    refusal: str = ""

    @property
    def title(self) -> str:
        return self.entries[0].facts["title"]

    @property
    def is_new(self) -> bool:
        return self.case is None and not self.refusal

    @property
    def is_changed(self) -> bool:
        differs = bool(self.facts or self.joining)
        return self.case is not None and differs and not self.refusal

    def disagreement(self, entry: Entry) -> str:
        """The first fact that this row tells otherwise than the rows before it."""
        facts = entry.facts.items()
        return next((f for f, v in facts if self.facts.get(f, v) != v), "")

    def join(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.facts = entry.facts | self.facts

    def add_up(self) -> None:
        """The amounts of all participations are the amount of the cooperation."""
        amounts = [e.amount for e in self.entries if e.amount is not None]
        if amounts:
            self.facts["amount"] = sum(amounts, Decimal(0))
        if amounts and self.entries[0].currency:
            self.facts["currency"] = self.entries[0].currency

    def partners(self, known: KnownPartners) -> list[tuple[Organisation, str]]:
        """Each organisation once; a lead stays the lead."""
        found: dict[object, tuple[Organisation, str]] = {}
        for organisation, role in (p for entry in self.entries for p in entry.partners):
            partner = known.find(organisation)
            key = partner or organisation.number or organisation.called
            if key not in found or role == PartnerRole.LEAD:
                found[key] = organisation, role
        return list(found.values())


@dataclass
class Plan:
    groups: list[Group]
    lines: list[Line]
    known: KnownPartners

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome; they add up to all rows."""
        found = Counter(line.outcome for line in self.lines)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def new(self) -> list[Group]:
        return [group for group in self.groups if group.is_new]

    @property
    def changed(self) -> list[Group]:
        return [group for group in self.groups if group.is_changed]

    def ended(self, today: date) -> int:
        """How many of the new cooperations have come to their end already."""
        return sum(1 for g in self.new if (g.facts.get("ends_on") or today) < today)
