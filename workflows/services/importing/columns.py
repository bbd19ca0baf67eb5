"""What the columns of a list can mean, and what their headings say they mean."""

from collections.abc import Mapping, Sequence

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.folding import fold
from register.models import Unit
from register.services.tables import TableRefused
from workflows.models import ImportBatch


class Meaning(models.TextChoices):
    """What a column tells about a cooperation."""

    REFERENCE = "reference", gettext_lazy("Reference")
    TITLE = "title", gettext_lazy("Title")
    START = "start", gettext_lazy("Start")
    END = "end", gettext_lazy("End")
    PURPOSE = "purpose", gettext_lazy("Purpose")
    CASE_TYPE = "case_type", gettext_lazy("Case type")
    UNIT = "unit", gettext_lazy("Unit (name or code)")
    PARTNER = "partner", gettext_lazy("Partner")
    PARTNER_COUNTRY = "partner_country", gettext_lazy("Country of the partner")
    ORGANISATION = "organisation", gettext_lazy("Norwegian organisation")
    ORGANISATION_NUMBER = "organisation_number", gettext_lazy("Organisation number")
    ORGANISATION_ROLE = "organisation_role", gettext_lazy("Role of the organisation")
    ORGANISATION_SECTOR = (
        "organisation_sector",
        gettext_lazy("Sector of the organisation"),
    )
    FUNDER = "funder", gettext_lazy("Funder or programme")
    AMOUNT = "amount", gettext_lazy("Amount")
    CURRENCY = "currency", gettext_lazy("Currency")
    STATUS = "status", gettext_lazy("Status at the source (kept in the history)")


REQUIRED = (Meaning.REFERENCE, Meaning.TITLE)
# Means nothing without the other.
NEEDS = {
    Meaning.PARTNER: Meaning.PARTNER_COUNTRY,
    Meaning.PARTNER_COUNTRY: Meaning.PARTNER,
    Meaning.ORGANISATION_NUMBER: Meaning.ORGANISATION,
}
# Headings in Norwegian and English; the first of ours come from the file of the
# Research Council of Norway. Compared folded, so accents and capitals do not matter.
ALIASES: dict[Meaning, tuple[str, ...]] = {
    Meaning.REFERENCE: (
        "Prosjektnr",
        "Prosjektnummer",
        "Referanse",
        "Saksnummer",
        "Avtalenummer",
        "Reference",
        "Project number",
        "Project id",
        "Grant agreement",
        "Id",
    ),
    Meaning.TITLE: (
        "Prosjektnavn",
        "Prosjekttittel",
        "Tittel",
        "Navn",
        "Avtalenavn",
        "Title",
        "Project title",
        "Project name",
        "Name",
    ),
    Meaning.START: (
        "Kontrakt startdato",
        "Startdato",
        "Start",
        "Fra",
        "Start date",
        "From",
    ),
    Meaning.END: (
        "Kontrakt sluttdato",
        "Sluttdato",
        "Slutt",
        "Til",
        "Utløpsdato",
        "End date",
        "End",
        "To",
        "Expires",
    ),
    Meaning.PURPOSE: ("Formål", "Føremål", "Beskrivelse", "Purpose", "Description"),
    Meaning.CASE_TYPE: ("Sakstype", "Type", "Case type"),
    Meaning.UNIT: ("Enhet", "Eining", "Institutt", "Fakultet", "Unit", "Department"),
    Meaning.PARTNER: (
        "Partner",
        "Samarbeidspartner",
        "Partnerinstitusjon",
        "Partner name",
        "Partner institution",
    ),
    Meaning.PARTNER_COUNTRY: (
        "Partnerland",
        "Land",
        "Landkode",
        "Partner country",
        "Country",
        "Country code",
    ),
    Meaning.ORGANISATION: ("Organisasjonsnavn", "Organisasjon", "Organisation"),
    Meaning.ORGANISATION_NUMBER: (
        "Organisasjonsnummer",
        "Orgnr",
        "Organisation number",
    ),
    Meaning.ORGANISATION_ROLE: ("Organisasjon rolle", "Rolle", "Role"),
    Meaning.ORGANISATION_SECTOR: ("FoU sektor", "Sektor", "Sector"),
    Meaning.FUNDER: (
        "Program (H2020)",
        "Program",
        "Finansieringskilde",
        "Finansiør",
        "Funder",
        "Programme",
    ),
    Meaning.AMOUNT: (
        "Innvilget beløp organisasjon EUR",
        "Innvilget beløp",
        "Beløp",
        "Beløp NOK",
        "Beløp EUR",
        "Amount",
        "Amount EUR",
        "Amount NOK",
        "Budget",
    ),
    Meaning.CURRENCY: ("Valuta", "Currency"),
    Meaning.STATUS: ("Kontraktstatus", "Status"),
}


def propose(columns: Sequence[str]) -> dict[str, str]:
    """A column for each meaning that a heading names."""
    by_heading = {fold(column): column for column in reversed(columns)}
    return {
        meaning.value: next(
            by_heading[a] for a in map(fold, aliases) if a in by_heading
        )
        for meaning, aliases in ALIASES.items()
        if any(fold(alias) in by_heading for alias in aliases)
    }


def remembered(columns: Sequence[str], *, institution: Unit) -> dict[str, str]:
    """How the institution last understood a list with the same headings; else what the
    headings themselves propose."""
    earlier = (
        ImportBatch.objects.filter(
            columns=list(columns), unit__path__startswith=institution.path
        )
        .exclude(mapping={})
        .first()
    )
    return earlier.mapping if earlier else propose(columns)


def check(mapping: Mapping[str, str], columns: Sequence[str]) -> None:
    """Raises TableRefused when the mapping is not possible for these columns."""
    unknown = sorted(set(mapping.values()) - set(columns))
    if unknown:
        raise TableRefused(
            _("The file has no column “%(columns)s”. It has: %(known)s.")
            % {"columns": "”, “".join(unknown), "known": ", ".join(columns)}
        )
    missing = [m for m in REQUIRED if not mapping.get(m)]
    missing += [other for one, other in NEEDS.items() if one in mapping]
    missing = [m for m in dict.fromkeys(missing) if not mapping.get(m)]
    if missing:
        raise TableRefused(
            _("Choose a column for: %(missing)s.")
            % {"missing": ", ".join(str(m.label) for m in missing)}
        )
