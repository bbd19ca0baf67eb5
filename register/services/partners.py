"""Add a partner and mend its facts: the only writer of partners."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from register.choices import PartnerKind
from register.folding import fold
from register.models import Partner, PartnerIdentifier, PartnerName, User


@transaction.atomic
def add_partner(
    *,
    actor: User,
    name: str,
    country: str,
    city: str = "",
    kind: str = PartnerKind.UNIVERSITY,
    website: str = "",
    names: Iterable[tuple[str, str]] = (),
    identifiers: Mapping[str, str] | None = None,
) -> Partner:
    """A new partner.

    country: ISO 3166-1 alpha-2. names: (kind, name). identifiers: value by scheme.
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
    for scheme, value in (identifiers or {}).items():
        identify(partner, scheme=scheme, value=value)
    refresh_search_text(partner)
    return partner


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
