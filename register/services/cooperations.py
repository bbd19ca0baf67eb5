"""Write down what a cooperation is. Called by workflows, which lock, check and record;
nobody else writes these columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from register.folding import fold
from register.models import (
    Cooperation,
    CooperationPartner,
    Partner,
    ScienceField,
    Unit,
    User,
)

FACTS = (
    "title",
    "case_type",
    "purpose",
    "expected_value",
    "unit",
    "starts_on",
    "ends_on",
    "funder",
    "grant_reference",
    "amount",
    "currency",
    "responsible",
)


RELATIONS = frozenset({"unit", "proposer", "responsible", "case_officer"})
AT_ONCE = 500


@dataclass(frozen=True)
class Change:
    """One fact that was changed, as text or a person's reference for the history."""

    fact: str
    old: Any
    new: Any


def register_cooperation(
    *, actor: User, at: datetime, title: str, unit: Unit, **facts: Any
) -> Cooperation:
    """A new row in state draft with its proposer. Raises ValidationError."""
    cooperation = Cooperation(
        title=title.strip(),
        unit=unit,
        proposer=actor,
        responsible=facts.pop("responsible", None) or actor,
        last_event_at=at,
        **facts,
    )
    cooperation.search_text = fold(cooperation.title)
    check(cooperation)
    cooperation.save()
    return cooperation


def check(cooperation: Cooperation) -> None:
    """The rules that a value or the row can tell by itself, without a question to the
    database, which keeps them too. Raises ValidationError."""
    cooperation.full_clean(
        exclude=RELATIONS, validate_unique=False, validate_constraints=False
    )


def register_many(
    rows: Sequence[tuple[Cooperation, Sequence[tuple[Partner, str]]]],
) -> None:
    """Save new rows, each with its (partner, role) pairs, in a few statements.

    What only the database can tell (a key that is taken, an end before the start) it
    refuses as an IntegrityError. Raises ValidationError for a value that breaks the
    rule of its field.
    """
    for row, partners in rows:
        row.clean_fields(exclude=RELATIONS)
        row.search_text = _searchable(row, [partner for partner, _role in partners])
    Cooperation.objects.bulk_create([row for row, _partners in rows], AT_ONCE)
    CooperationPartner.objects.bulk_create(
        [
            CooperationPartner(cooperation=row, partner=partner, role=role)
            for row, partners in rows
            for partner, role in partners
        ],
        AT_ONCE,
    )


def amend(cooperation: Cooperation, **facts: Any) -> list[Change]:
    """Set the given facts, save those that differ and tell which they were.

    Raises ValidationError when the row would break a rule; then nothing is saved.
    """
    unknown = facts.keys() - set(FACTS)
    if unknown:
        raise TypeError(f"not a fact of a cooperation: {sorted(unknown)}")
    changes = []
    for name, value in facts.items():
        old = getattr(cooperation, name)
        if old != value:
            if name == "responsible":
                remember_owner(cooperation)
            setattr(cooperation, name, value)
            changes.append(Change(name, _as_told(old), _as_told(value)))
    if changes:
        check(cooperation)
        saved = [*(change.fact for change in changes), "former_owners"]
        cooperation.save(update_fields=saved)
        refresh_search_text(cooperation)
    return changes


def hand_to(cooperation: Cooperation, person: User) -> None:
    """Another person answers for it. The caller's doorway saves `former_owners`."""
    remember_owner(cooperation)
    cooperation.responsible = person
    cooperation.save(update_fields=["responsible"])


def remember_owner(cooperation: Cooperation) -> None:
    """Whoever answers for it now stays one of its own for ever (workflow 7)."""
    key, known = cooperation.responsible_id, cooperation.former_owners
    if not cooperation.is_unclaimed and key not in known:
        cooperation.former_owners = [*known, key]


def set_partners(
    cooperation: Cooperation, partners: Iterable[tuple[Partner, str]]
) -> list[Change]:
    """Make (partner, role) pairs the partners of the cooperation."""
    before = {(p.partner_id, p.role): p for p in _partnerships(cooperation)}
    wanted = {(partner.pk, role): partner for partner, role in partners}
    for key in before.keys() - wanted.keys():
        before[key].delete()
    for key in wanted.keys() - before.keys():
        CooperationPartner.objects.create(
            cooperation=cooperation, partner_id=key[0], role=key[1]
        )
    if before.keys() == wanted.keys():
        return []
    refresh_search_text(cooperation)
    old = ", ".join(str(p.partner) for p in before.values())
    new = ", ".join(str(p) for p in wanted.values())
    return [Change("partners", old, new)]


def set_fields_of_science(
    cooperation: Cooperation, fields: Iterable[ScienceField]
) -> list[Change]:
    """Make these the fields of science of the cooperation."""
    before, wanted = list(cooperation.fields_of_science.all()), list(fields)
    if {field.pk for field in before} == {field.pk for field in wanted}:
        return []
    cooperation.fields_of_science.set(wanted)
    old, new = (", ".join(map(str, each)) for each in (before, wanted))
    return [Change("fields_of_science", old, new)]


def refresh_search_text(cooperation: Cooperation) -> None:
    """After a name has changed: of the cooperation, or of one of its partners."""
    partners = [p.partner for p in _partnerships(cooperation)]
    cooperation.search_text = _searchable(cooperation, partners)
    cooperation.save(update_fields=["search_text"])


def _searchable(cooperation: Cooperation, partners: Iterable[Partner]) -> str:
    """Number, title, grant and every name of every partner, folded."""
    words = [cooperation.number or "", cooperation.title, cooperation.grant_reference]
    return fold(" ".join([*words, *(partner.search_text for partner in partners)]))


def _partnerships(cooperation: Cooperation) -> Iterable[CooperationPartner]:
    return cooperation.partnerships.select_related("partner")


def _as_told(value: object) -> Any:
    if isinstance(value, User):
        return value.reference
    return "" if value is None else str(value)
