"""What the reference data says of countries and partners."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from register.choices import ReferenceKind
from register.folding import fold
from register.models import CountryIndicator, Edition, Screening
from register.models.indicator import ReferenceFact
from register.queries import country_names


def reference_facts(
    countries: Iterable[str], partners: Iterable[int]
) -> list[ReferenceFact]:
    """What the newest edition of each kind and source says about the countries (codes),
    and what the last screenings of the partners (keys) found. Countries that are not
    named get a fact too; partners that were never screened get none."""
    facts = [*_country_facts(sorted(set(countries))), *_screening_facts(partners)]
    order = ReferenceKind.values.index
    return sorted(facts, key=lambda fact: (order(fact.kind), fact.source, fact.edition))


def _country_facts(codes: list[str]) -> Iterator[ReferenceFact]:
    editions = list(Edition.objects.about_countries().newest()) if codes else []
    rows = CountryIndicator.objects.filter(edition__in=editions, country__in=codes)
    said = {(row.edition_id, row.country_id): (row.value, row.note) for row in rows}
    for edition in editions:
        words = {code: said.get((edition.pk, code), ("", "")) for code in codes}
        names = country_names()
        yield edition.fact([(names[code], *words[code]) for code in codes])


def _screening_facts(partners: Iterable[int]) -> Iterator[ReferenceFact]:
    """The last of each partner, source and name counts: neither another list nor the
    search for another name clears a match."""
    last, said = {}, defaultdict(list)
    rows = Screening.objects.filter(partner__in=set(partners))
    rows = rows.select_related("edition", "partner").order_by("screened_on", "pk")
    for row in rows:
        listed = (row.edition.kind, row.edition.source)
        last[row.partner_id, *listed, fold(row.searched_name)] = row
    for row in last.values():
        said[row.edition].append((row.partner.name, row.result, row.note))
    for edition, words in said.items():
        yield edition.fact(words)
