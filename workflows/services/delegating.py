"""Delegation tables: load what ships, copy, change, publish (workflow 6).

A published version never changes; what is changed is a draft, and publishing it lets it
hold from a day. A decision that is asked for keeps its own.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.choices import AccessVerb
from register.clock import local_today
from register.models import AccessEvent, Unit, User
from workflows import policies
from workflows.models import DelegationRule, DelegationTable
from workflows.policies.delegating import whats_wrong
from workflows.services.moving import NotAllowed

NOT_A_DRAFT = gettext_lazy("A published version is never changed; copy it first.")
NOT_A_KEEPER = gettext_lazy(
    "Only a system administrator of the institution keeps its delegation table."
)
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody changed this draft meanwhile; look at it as it is now."
)
IN_THE_PAST = gettext_lazy(
    "Choose today or a later day: what was decided before keeps its own version."
)
CELLS = (
    *("risk", "case_type", "agreement_kind", "recommends"),
    *("decides", "opinions", "signs"),
)
# risk, who recommends, who decides, opinions, who signs
SHIPPED: list[tuple[int, list[str], str, str, str]] = [
    (1, ["department"], "department", "none", "department"),
    (2, ["department"], "faculty", "one", "faculty"),
    (3, ["department", "faculty"], "institution", "group", "institution"),
]


def load_shipped() -> None:
    """The first table, where there is none yet."""
    if DelegationTable.objects.filter(institution=None).exists():
        return
    table = DelegationTable.objects.create(version=1, valid_from=date(2026, 1, 1))
    cells = ("risk", "recommends", "decides", "opinions", "signs")
    DelegationRule.objects.bulk_create(
        DelegationRule(table=table, **dict(zip(cells, line, strict=True)))
        for line in SHIPPED
    )
    table.published_at = timezone.now()
    table.save()


@transaction.atomic
def copy(*, actor: User, table: DelegationTable, institution: Unit) -> DelegationTable:
    """A draft of the institution that begins as a published version stands. The
    institution is locked, so that two drafts never take the same number."""
    _refuse_stranger(actor, institution)
    if not table.is_published or table.institution not in (None, institution):
        raise NotAllowed(_("Only a published version of your own is copied."))
    Unit.objects.select_for_update().get(pk=institution.pk)
    known = DelegationTable.objects.filter(institution=institution)
    last = known.aggregate(last=Max("version"))["last"] or table.version
    draft = DelegationTable.objects.create(
        institution=institution, version=last + 1, made_by=actor
    )
    for rule in table.rules.all():
        rule.pk, rule.table = None, draft
        rule.save(force_insert=True)
    return draft


@transaction.atomic
def write_line(
    *, actor: User, table_id: int, seen: str, line_id: int | None = None, **cells: Any
) -> DelegationRule:
    """Add a line to a draft, or change the one named. cells: see CELLS. Raises
    NotAllowed when another line is about the same."""
    draft = _draft(actor, table_id, seen)
    line = DelegationRule(table=draft)
    if line_id is not None:
        line = draft.rules.get(pk=line_id)
    for cell in CELLS:
        setattr(line, cell, cells[cell])
    about = {name: cells[name] for name in ("risk", "case_type", "agreement_kind")}
    if draft.rules.filter(**about).exclude(pk=line.pk).exists():
        raise NotAllowed(_("There is a line about this already; change that one."))
    line.save()
    return line


@transaction.atomic
def remove_line(*, actor: User, table_id: int, seen: str, line_id: int) -> None:
    _draft(actor, table_id, seen).rules.get(pk=line_id).delete()


@transaction.atomic
def plan(
    *, actor: User, table_id: int, seen: str, valid_from: date, note: str
) -> DelegationTable:
    """Say from which day the draft is to hold, and why it is changed."""
    draft = _draft(actor, table_id, seen)
    if valid_from < local_today():
        raise NotAllowed(IN_THE_PAST)
    draft.valid_from, draft.note = valid_from, note.strip()
    draft.save()
    return draft


@transaction.atomic
def publish(*, actor: User, table_id: int, seen: str) -> DelegationTable:
    """From its day on it holds; it never changes again. Raises NotAllowed for a table
    by which something could not be decided, without a day or a reason, or when it is
    not as it was `seen`."""
    draft = _draft(actor, table_id, seen)
    if draft.valid_from is None or not draft.note:
        raise NotAllowed(_("Say first from which day it holds, and why it is changed."))
    if draft.valid_from < local_today():
        raise NotAllowed(IN_THE_PAST)
    if wrong := whats_wrong(draft.rules.all()):
        raise NotAllowed(str(wrong))
    draft.published_by, draft.published_at = actor, timezone.now()
    draft.save()
    AccessEvent.objects.create(
        at=draft.published_at,
        verb=AccessVerb.DELEGATION_PUBLISHED,
        actor=actor,
        unit=draft.institution,
        told={"version": draft.version, "from": draft.valid_from.isoformat()},
    )
    return draft


@transaction.atomic
def discard(*, actor: User, table_id: int, seen: str) -> None:
    """Throw a draft away."""
    draft = _draft(actor, table_id, seen)
    draft.rules.all().delete()
    draft.delete()


def _draft(actor: User, table_id: int, seen: str) -> DelegationTable:
    row = DelegationTable.objects.select_for_update(of=("self",)).get(pk=table_id)
    if row.is_published or row.institution is None:
        raise NotAllowed(NOT_A_DRAFT)
    _refuse_stranger(actor, row.institution)
    if row.fingerprint != seen:
        raise NotAllowed(CHANGED_MEANWHILE)
    return row


def _refuse_stranger(actor: User, institution: Unit) -> None:
    if not policies.may_keep_catalogue(actor, institution):
        raise NotAllowed(NOT_A_KEEPER)
