"""Work out what a list would do to the register. Nothing is written here: the dry run
is this plan, and the import carries out the same plan."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext as _

from register.choices import PartnerRole
from register.folding import fold
from register.models import Unit, User
from register.queries import visible_to
from register.services.matching import KnownPartners, country_codes
from register.services.tables import Row
from workflows import policies
from workflows.choices import Verb
from workflows.models import Case
from workflows.models.case import possible_in
from workflows.queries import units_to_import_for
from workflows.services.importing import cells
from workflows.services.importing.columns import Meaning
from workflows.services.importing.plan import Group, Line, Outcome, Plan
from workflows.services.importing.rows import FACTS, RowReader, RowRefused, at_column
from workflows.services.moving import wrong_state

MEANING_OF = {fact: meaning for meaning, fact in FACTS.items()}


def institution_of(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.path.split(".", 1)[0])


def make(
    *, rows: Iterable[Row], mapping: Mapping[str, str], unit: Unit, actor: User
) -> Plan:
    """What the list means for the register as it stands now.

    unit: where a cooperation belongs whose row names no unit.
    """
    institution = institution_of(unit)
    reader = _reader(mapping, institution, actor)
    gathered, lines = _gather(rows, reader)
    known = KnownPartners()
    _recognise(gathered, actor)
    for group in gathered:
        group.add_up()
        if not group.refusal:
            _compare(group, known, unit)
            group.refusal = _fault(group, mapping, actor)
        lines += _lines(group)
    return Plan(gathered, sorted(lines, key=lambda line: line.row), known)


def _reader(mapping: Mapping[str, str], institution: Unit, actor: User) -> RowReader:
    units = units_to_import_for(actor).filter(path__startswith=institution.path)
    by_text = {
        fold(text): unit
        for unit in units
        for text in (unit.name, unit.name_en, unit.code)
        if text
    }
    readers = cells.readers(units=by_text, countries=country_codes())
    return RowReader(mapping, institution, readers)


def _gather(rows: Iterable[Row], reader: RowReader) -> tuple[list[Group], list[Line]]:
    """The groups in the order of the file, and a line for each row that is refused."""
    groups: dict[str, Group] = {}
    refused = []
    for row in rows:
        try:
            entry = reader.read(row)
        except RowRefused as fault:
            refused.append(_refused(row, reader.mapping, str(fault)))
            continue
        key = f"{reader.institution.pk}/{entry.reference}"
        group = groups.setdefault(entry.reference, Group(entry.reference, key))
        if fact := group.disagreement(entry):
            differs = _disagrees(group, reader.mapping[MEANING_OF[fact]])
            refused.append(_refused(row, reader.mapping, differs))
        else:
            group.join(entry)
    return list(groups.values()), refused


def _refused(row: Row, mapping: Mapping[str, str], fault: str) -> Line:
    reference, title = (
        str(row.cells[mapping[m]]) for m in (Meaning.REFERENCE, Meaning.TITLE)
    )
    return Line(row.number, Outcome.REFUSED, reference, title, fault)


def _disagrees(group: Group, column: str) -> str:
    return at_column(
        column,
        _("It differs from row %(row)d, which has the same reference.")
        % {"row": group.entries[0].number},
    )


def _recognise(groups: list[Group], actor: User) -> None:
    """Find the case of each group. One that the actor may not see is not told about."""
    keys = [group.key for group in groups]
    visible = (
        Case.objects.filter(visible_to(actor))
        .select_related("unit")
        .prefetch_related("partnerships__partner", "other_units")
    )
    cases = visible.in_bulk(keys, field_name="import_key")
    all_cases = Case.objects.only("import_key").in_bulk(keys, field_name="import_key")
    for group in groups:
        group.case = cases.get(group.key)
        if group.case is None and group.key in all_cases:
            group.refusal = _(
                "This reference cannot be imported here. Ask a case officer of the "
                "whole institution."
            )


def _compare(group: Group, known: KnownPartners, unit: Unit) -> None:
    """Leave what is not in the register yet. Nobody is ever taken out of a cooperation,
    so a partner that was named by hand stays."""
    case, partners = group.case, group.partners(known)
    if case is None:
        group.facts.setdefault("unit", unit)
        group.joining = partners
        return
    group.facts = {f: v for f, v in group.facts.items() if getattr(case, f) != v}
    roles = {p.partner_id: p.role for p in case.partnerships.all()}
    for organisation, role in partners:
        partner = known.find(organisation)
        if partner is None or roles.get(partner.pk) != role:
            group.joining.append((organisation, role))


def _fault(group: Group, mapping: Mapping[str, str], actor: User) -> str:
    """Why what would be written may not be, or an empty text."""
    case, facts = group.case, group.facts
    if case is not None and group.is_changed:
        if case.state not in possible_in(Verb.AMEND):
            return wrong_state(case, Verb.AMEND)
        if refusal := policies.why_not(Verb.AMEND, case, actor):
            return str(refusal)
    start = facts.get("starts_on") or (case and case.starts_on)
    end = facts.get("ends_on") or (case and case.ends_on)
    if start and end and end < start:
        column = mapping.get(Meaning.END) or mapping[Meaning.START]
        return at_column(column, _("The end must not be before the start."))
    if facts.get("amount") is not None:
        try:
            Case._meta.get_field("amount").run_validators(facts["amount"])
        except ValidationError as error:
            return at_column(mapping[Meaning.AMOUNT], " ".join(error.messages))
    return ""


# The report ---------------------------------------------------------------------------


def _lines(group: Group) -> Iterator[Line]:
    joining = {organisation for organisation, _role in group.joining}
    for place, entry in enumerate(group.entries):
        if group.refusal:
            outcome, note = Outcome.REFUSED, group.refusal
        elif place == 0:
            outcome, note = _first(group)
        elif group.is_new or any(o in joining for o, _role in entry.partners):
            outcome, note = Outcome.ADDED, _belongs_to(group.entries[0].number)
        else:
            outcome, note = Outcome.UNCHANGED, ""
        yield Line(entry.number, outcome, entry.reference, entry.facts["title"], note)


def _first(group: Group) -> tuple[Outcome, str]:
    """The row that stands for its cooperation."""
    if group.is_new:
        return Outcome.NEW, ""
    if group.is_changed:
        return Outcome.CHANGED, "; ".join(_changes(group))
    return Outcome.UNCHANGED, ""


def _changes(group: Group) -> Iterator[str]:
    for fact, value in group.facts.items():
        yield _("%(fact)s: %(old)s → %(new)s") % {
            "fact": Case._meta.get_field(fact).verbose_name,  # type: ignore[union-attr]
            "old": _shown(getattr(group.case, fact)),
            "new": _shown(value),
        }
    for organisation, role in group.joining:
        yield _("partner: %(name)s (%(role)s)") % {
            "name": organisation.name,
            "role": PartnerRole(role).label,
        }


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(localize(value))


def _belongs_to(row: int) -> str:
    return _("One more participation in the cooperation of row %(row)d.") % {"row": row}
