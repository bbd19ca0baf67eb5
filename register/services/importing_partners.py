"""Fill the list of partners from a file of institutions."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from register.folding import fold
from register.models import Partner
from register.services import partners, tables
from register.services.matching import KnownPartners, Organisation, country_codes
from register.services.tables import TableRefused

AT_ONCE = 1000
CHECKED = ("name", "city", "website")
# Our fact: what files call it.
HEADINGS = {
    "name": ("name", "navn", "institution", "institusjon"),
    "country": ("alpha_two_code", "country code", "country", "landkode", "land"),
    "city": ("city", "by", "sted"),
    "website": ("web_pages", "website", "web page", "nettsted", "nettside"),
}


@dataclass
class Result:
    """What became of the entries; the counts add up to all of them."""

    new: int = 0
    unchanged: int = 0
    repeated: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.new + self.unchanged + len(self.repeated) + len(self.refused)


def read(file: IO[bytes], filename: str) -> Iterator[dict[str, str]]:
    """The facts of each entry of a JSON list, a CSV or an XLSX file.
    Raises TableRefused, also while they are read."""
    if filename.lower().endswith(".json"):
        entries: Iterable[dict[str, Any]] = _json(file)
    else:
        entries = (row.cells for row in tables.read(file, filename).rows)
    for entry in entries:
        yield _facts({fold(key): value for key, value in entry.items()})


@transaction.atomic
def import_partners(
    *, entries: Iterable[dict[str, str]], dry_run: bool = False
) -> Result:
    """Add those that are not known by name and country; change none that are."""
    result, countries = Result(), country_codes()
    known, met = KnownPartners(), set()
    added: list[Partner] = []
    for place, entry in enumerate(entries, start=1):
        label = f"{place}: {entry['name'] or '–'} ({entry['country'] or '–'})"
        try:
            partner = _partner(entry, countries)
        except ValidationError as error:
            result.refused.append(f"{label}: {' '.join(error.messages)}")
            continue
        called = Organisation(partner.name, partner.country_id)
        if called.called in met:
            result.repeated.append(label)
        elif known.find(called):
            result.unchanged += 1
        else:
            result.new += 1
            added.append(partner)
        met.add(called.called)
    if not dry_run:
        Partner.objects.bulk_create(added, batch_size=AT_ONCE)
    return result


def _json(file: IO[bytes]) -> list[dict[str, Any]]:
    tables.refuse_size(file.seek(0, 2))
    file.seek(0)
    try:
        entries = json.load(file)
    except ValueError as error:
        raise TableRefused(_("The file is not valid JSON.")) from error
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise TableRefused(_("The JSON file must hold a list of institutions."))
    return entries


def _facts(entry: dict[str, Any]) -> dict[str, str]:
    """Under our own names; of several web pages the first."""
    facts = {}
    for fact, headings in HEADINGS.items():
        value = next((entry[key] for key in headings if entry.get(key)), "")
        first = next(iter(value), "") if isinstance(value, list) else value
        facts[fact] = " ".join(str(first).split())
    return facts


def _partner(entry: dict[str, str], countries: dict[str, str]) -> Partner:
    """Checked by the rules of the model, but not saved. Raises ValidationError."""
    country = countries.get(fold(entry["country"]))
    if country is None:
        raise ValidationError(
            _("“%(country)s” is not a country of ISO 3166.")
            % {"country": entry["country"]}
        )
    facts = {name: entry[name] for name in CHECKED}
    for name, value in facts.items():
        try:
            field = Partner._meta.get_field(name)
            field.clean(value, None)  # type: ignore[union-attr]
        except ValidationError as error:
            raise ValidationError(
                [f"{name}: {message}" for message in error.messages]
            ) from error
    partner = Partner(country_id=country, **facts)
    partner.search_text = partners.searchable(partner)
    return partner
