"""Add a partner and mend its facts: the only writer of partners."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Manager

from register.choices import PartnerKind
from register.folding import fold
from register.models import Partner, PartnerIdentifier, PartnerName, User
from register.services import cooperations

Pairs = Iterable[tuple[str, str]]


@transaction.atomic
def add_partner(
    *,
    actor: User,
    name: str,
    country: str,
    city: str = "",
    kind: str = PartnerKind.UNIVERSITY,
    website: str = "",
    names: Pairs = (),
    identifiers: Mapping[str, str] | Pairs = (),
) -> Partner:
    """A new partner.

    country: ISO 3166-1 alpha-2. names: (kind, name). identifiers: (scheme, value).
    Raises ValidationError when a value breaks its rule or an identifier is taken.
    """
    partner = Partner(
        name=name.strip(),
        country_id=country,
        city=city.strip(),
        kind=kind,
        website=website.strip(),
    )
    partner.full_clean()
    partner.save()
    for name_kind, other in names:
        add_name(partner, kind=name_kind, name=other)
    if isinstance(identifiers, Mapping):
        identifiers = identifiers.items()
    for scheme, value in identifiers:
        identify(partner, scheme=scheme, value=value)
    refresh_search_text(partner)
    return partner


@transaction.atomic
def amend_partner(
    *, actor: User, partner: Partner, names: Pairs, identifiers: Pairs, **facts: str
) -> Partner:
    """Set the facts of `add_partner`; names and identifiers replace those that stand.

    The cooperations of the partner are found by its new names from now on.
    Raises ValidationError; then nothing is saved.
    """
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    partner.country_id = facts.pop("country", partner.country_id)
    for fact, value in facts.items():
        setattr(partner, fact, value.strip())
    partner.full_clean()
    partner.save(update_fields=["country", *facts])
    for kind, name in _replace(partner.names, "kind", "name", names):
        add_name(partner, kind=kind, name=name)
    for scheme, value in _replace(partner.identifiers, "scheme", "value", identifiers):
        identify(partner, scheme=scheme, value=value)
    before = partner.search_text
    refresh_search_text(partner)
    if partner.search_text != before:
        for cooperation in partner.cooperations.all():
            cooperations.refresh_search_text(cooperation)
    return partner


def _replace(rows: Manager, kind: str, value: str, wanted: Pairs) -> Pairs:
    """Delete the rows that are not wanted; give the pairs that are not there yet."""
    present = {(getattr(row, kind), getattr(row, value)): row for row in rows.all()}
    pairs = dict.fromkeys(wanted)
    for pair in present.keys() - pairs.keys():
        present[pair].delete()
    return [pair for pair in pairs if pair not in present]


def add_name(partner: Partner, *, kind: str, name: str) -> PartnerName:
    other = PartnerName(partner=partner, kind=kind, name=name.strip())
    other.full_clean()
    other.save()
    return other


def identify(partner: Partner, *, scheme: str, value: str) -> PartnerIdentifier:
    identifier = PartnerIdentifier(partner=partner, scheme=scheme, value=value)
    identifier.full_clean()
    identifier.save()
    return identifier


def searchable(partner: Partner) -> str:
    words = [partner.name, partner.city]
    if partner.pk:  # one that is not saved yet has no other names
        words += [name.name for name in partner.names.all()]
        words += [identifier.value for identifier in partner.identifiers.all()]
    return fold(" ".join(words))


def refresh_search_text(partner: Partner) -> None:
    partner.search_text = searchable(partner)
    partner.save(update_fields=["search_text"])
