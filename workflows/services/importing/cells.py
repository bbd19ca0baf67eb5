"""What the text of one cell means. Each reader returns the value or raises
ValidationError with a sentence that shows the right form."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from register.choices import CaseType, PartnerKind, PartnerRole
from register.folding import fold
from register.models import Cooperation, Partner, Unit
from register.services.tables import Cell
from register.validators import clean_no_org
from workflows.services.importing.columns import Meaning

DATE_FORMS = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y")
MONEY = re.compile(r"^(?:[A-Z]{3}|kr|€)?(-?[\d.,]+)(?:[A-Z]{3}|kr|€|,-)?$")
CENT = Decimal("0.01")
CURRENCY = re.compile(r"\b(EUR|NOK|SEK|DKK|USD|GBP|CHF)\b")
# What a source writes where it does not know.
UNKNOWN = {"ukjent", "ukjend", "unknown", "n/a", "-"}
ROLES = {
    "coordinator": PartnerRole.LEAD,
    "koordinator": PartnerRole.LEAD,
    "lead": PartnerRole.LEAD,
    "leder": PartnerRole.LEAD,
    "subcontractor": PartnerRole.SUBCONTRACTOR,
    "underleverandor": PartnerRole.SUBCONTRACTOR,
    "funder": PartnerRole.FUNDER,
}
SECTORS = {
    "uoh-sektor": PartnerKind.UNIVERSITY,
    "instituttsektor": PartnerKind.INSTITUTE,
    "naeringsliv": PartnerKind.COMPANY,
    "helseforetak": PartnerKind.HOSPITAL,
    "norges forskningsrad": PartnerKind.FOUNDATION,
}


def text(cell: Cell) -> str:
    return "" if fold(str(cell)) in UNKNOWN else str(cell)


def day(cell: Cell) -> date | None:
    """A day as Norwegians write it, as ISO writes it, or as Excel holds it."""
    if isinstance(cell, date) or not cell:
        return cell or None
    try:
        return datetime.fromisoformat(cell).date()
    except ValueError:
        pass
    for form in DATE_FORMS:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007  a day only
        except ValueError:
            continue
    raise ValidationError(
        _("“%(value)s” is not a date. Write it as 31.12.2026 or 2026-12-31.")
        % {"value": cell}
    )


def amount(cell: Cell) -> Decimal | None:
    """Of comma and point the last one divides; blanks and the other one group."""
    bare = re.sub(r"[\s\u00a0\u202f']", "", str(cell))
    if not bare:
        return None
    match = MONEY.match(bare)
    try:
        value = Decimal(_with_point(match[1] if match else "")).quantize(CENT)
    except InvalidOperation as error:
        raise ValidationError(
            _("“%(value)s” is not an amount. Write it as 1250000 or 1250000,50.")
            % {"value": cell}
        ) from error
    Cooperation._meta.get_field("amount").run_validators(value)
    return value


def _with_point(number: str) -> str:
    last = max(number.rfind(","), number.rfind("."))
    sign = number[last] if last >= 0 else ""
    if not sign or number.count(sign) > 1:  # 1.250.000: no decimals at all
        return re.sub(r"[.,]", "", number)
    return re.sub(r"[.,]", "", number[:last]) + "." + number[last + 1 :]


def currency(cell: Cell) -> str:
    code = str(cell).upper()
    if code and not re.fullmatch(r"[A-Z]{3}", code):
        raise ValidationError(
            _("“%(value)s” is not a currency. Write its three letters: NOK, EUR.")
            % {"value": cell}
        )
    return code


def currency_in(heading: str) -> str:
    """The currency that a heading names: “Innvilget beløp EUR”."""
    found = CURRENCY.search(heading)
    return found[1] if found else ""


def organisation_number(cell: Cell) -> str:
    return clean_no_org(str(cell)) if cell else ""


def role(cell: Cell) -> str:
    return ROLES.get(fold(str(cell)), PartnerRole.PARTNER)


def sector(cell: Cell) -> str:
    return SECTORS.get(fold(str(cell)), PartnerKind.OTHER)


def case_type(cell: Cell) -> str:
    return _known(cell, _case_types(), "")


def _case_types() -> dict[str, str]:
    """Each by its code and by its name in every language."""
    known = {fold(kind.value): kind.value for kind in CaseType}
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            known |= {fold(str(kind.label)): kind.value for kind in CaseType}
    return known


def _known(cell: Cell, known: Mapping[str, Any], blank: Any) -> Any:
    if not cell:
        return blank
    try:
        return known[fold(str(cell))]
    except KeyError as error:
        raise ValidationError(
            _("“%(value)s” is not known here. Possible are: %(some)s.")
            % {"value": cell, "some": ", ".join(sorted(known)[:12])}
        ) from error


def _by_the_rules_of(model: Any, name: str, cell: Cell) -> str:
    value = text(cell)
    if value:
        model._meta.get_field(name).run_validators(value)
    return value


def readers(
    *, units: Mapping[str, Unit], countries: Mapping[str, str]
) -> dict[str, Callable[[Cell], Any]]:
    """The reader for each meaning. units, countries: by what people write for them."""
    rules = partial(partial, _by_the_rules_of)
    return {
        Meaning.REFERENCE: rules(Cooperation, "grant_reference"),
        Meaning.TITLE: rules(Cooperation, "title"),
        Meaning.START: day,
        Meaning.END: day,
        Meaning.PURPOSE: text,
        Meaning.CASE_TYPE: case_type,
        Meaning.UNIT: lambda cell: _known(cell, units, None),
        Meaning.PARTNER: rules(Partner, "name"),
        Meaning.PARTNER_COUNTRY: lambda cell: _country(cell, countries),
        Meaning.ORGANISATION: rules(Partner, "name"),
        Meaning.ORGANISATION_NUMBER: organisation_number,
        Meaning.ORGANISATION_ROLE: role,
        Meaning.ORGANISATION_SECTOR: sector,
        Meaning.FUNDER: rules(Cooperation, "funder"),
        Meaning.AMOUNT: amount,
        Meaning.CURRENCY: currency,
        Meaning.STATUS: text,
    }


def _country(cell: Cell, countries: Mapping[str, str]) -> str:
    if not cell:
        return ""
    if code := countries.get(fold(str(cell))):
        return code
    raise ValidationError(
        _("“%(value)s” is not a country. Write its name, or its code such as SE.")
        % {"value": cell}
    )
