"""What one row of a list says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.choices import PartnerKind, PartnerRole
from register.folding import fold
from register.models import Unit
from register.queries import HOME
from register.services.matching import Organisation
from register.services.tables import Cell, Row
from workflows.services.importing import cells
from workflows.services.importing.columns import REQUIRED, Meaning

# The organisations of the list's own side stand in the Norwegian register of entities.
FACTS = {
    Meaning.TITLE: "title",
    Meaning.REFERENCE: "grant_reference",
    Meaning.PURPOSE: "purpose",
    Meaning.CASE_TYPE: "case_type",
    Meaning.UNIT: "unit",
    Meaning.START: "starts_on",
    Meaning.END: "ends_on",
    Meaning.FUNDER: "funder",
}


@dataclass(frozen=True)
class Entry:
    """A row understood. facts: those of a cooperation; what the row leaves blank is not
    among them."""

    number: int
    reference: str
    facts: dict[str, Any]
    partners: list[tuple[Organisation, str]] = field(default_factory=list)
    amount: Decimal | None = None
    currency: str = ""
    status: str = ""


class RowRefused(Exception):
    """Every fault of the row, as sentences that name the column."""


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one list. institution: whose list it is; it is not a partner of
    its own cooperations."""

    mapping: Mapping[str, str]
    institution: Unit
    readers: Mapping[str, Callable[[Cell], Any]]

    def read(self, row: Row) -> Entry:
        """Raises RowRefused."""
        faults, said = [], {}
        if row.surplus:
            faults.append(_beyond_the_headings(row.surplus))
        for meaning, column in self.mapping.items():
            try:
                said[meaning] = self.readers[meaning](row.cells[column])
            except ValidationError as error:
                faults.append(at_column(column, " ".join(error.messages)))
        faults += self._gaps(said)
        if faults:
            raise RowRefused(" ".join(faults))
        return self._entry(row.number, said)

    def _gaps(self, said: Mapping[str, Any]) -> list[str]:
        needed = list(REQUIRED)
        if said.get(Meaning.PARTNER):
            needed.append(Meaning.PARTNER_COUNTRY)
        return [
            at_column(self.mapping[meaning], _("It is empty; fill it in."))
            for meaning in needed
            if meaning in said and not said[meaning]
        ]

    def _entry(self, number: int, said: dict[str, Any]) -> Entry:
        amount = said.get(Meaning.AMOUNT)
        heading = self.mapping.get(Meaning.AMOUNT, "")
        return Entry(
            number=number,
            reference=said[Meaning.REFERENCE],
            facts={
                fact: said[meaning]
                for meaning, fact in FACTS.items()
                if said.get(meaning)
            },
            partners=[*self._foreign(said), *self._at_home(said)],
            amount=amount,
            currency=said.get(Meaning.CURRENCY) or cells.currency_in(heading),
            status=said.get(Meaning.STATUS, ""),
        )

    def _foreign(self, said: dict[str, Any]) -> list[tuple[Organisation, str]]:
        name = said.get(Meaning.PARTNER)
        if not name:
            return []
        country = said[Meaning.PARTNER_COUNTRY]
        kind = PartnerKind.OTHER
        return [(Organisation(name, country, kind=kind), PartnerRole.PARTNER)]

    def _at_home(self, said: dict[str, Any]) -> list[tuple[Organisation, str]]:
        organisation = Organisation(
            name=said.get(Meaning.ORGANISATION, ""),
            country=HOME,
            number=said.get(Meaning.ORGANISATION_NUMBER, ""),
            kind=said.get(Meaning.ORGANISATION_SECTOR) or PartnerKind.OTHER,
        )
        if not organisation.name or self._is_ourselves(organisation):
            return []
        role = said.get(Meaning.ORGANISATION_ROLE) or PartnerRole.PARTNER
        return [(organisation, role)]

    def _is_ourselves(self, organisation: Organisation) -> bool:
        """By the name of the institution, or by its number where that is its code."""
        own = {fold(self.institution.name), fold(self.institution.name_en)}
        by_number = organisation.number and organisation.number == self.institution.code
        return bool(by_number) or fold(organisation.name) in own


def at_column(column: str, sentence: str) -> str:
    return _("Column “%(column)s”: %(fault)s") % {"column": column, "fault": sentence}


def _beyond_the_headings(surplus: int) -> str:
    return ngettext(
        "%(count)d cell stands beyond the last heading; perhaps a text with the "
        "delimiter in it is not in quotation marks.",
        "%(count)d cells stand beyond the last heading; perhaps a text with the "
        "delimiter in it is not in quotation marks.",
        surplus,
    ) % {"count": surplus}
