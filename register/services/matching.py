"""Which partner, and which country, does the text of a list mean?"""

from collections import defaultdict
from dataclasses import dataclass

from register.choices import PartnerKind, Scheme
from register.folding import fold
from register.models import Country, Partner, PartnerIdentifier, PartnerName, User
from register.services import partners


@dataclass(frozen=True)
class Organisation:
    """An organisation as a list names it. number: a Norwegian organisation number."""

    name: str
    country: str
    number: str = ""
    kind: str = PartnerKind.UNIVERSITY

    @property
    def called(self) -> tuple[str, str]:
        return fold(self.name), self.country


class KnownPartners:
    """Every partner by number, and by each of its names with its country. Made once for
    a list: 10,000 partners are asked for in three statements instead of one a row."""

    def __init__(self) -> None:
        self._by_name: dict[tuple[str, str], list[Partner]] = defaultdict(list)
        self._by_number: dict[str, Partner] = {}
        known = Partner.objects.order_by("id").defer("website", "city").in_bulk()
        for partner in known.values():
            self._call(partner, partner.name)
        for key, name in PartnerName.objects.values_list("partner", "name"):
            self._call(known[key], name)
        numbers = PartnerIdentifier.objects.filter(scheme=Scheme.NO_ORG)
        for number, key in numbers.values_list("value", "partner"):
            self._by_number[number] = known[key]
        self._numbered = {partner.pk for partner in self._by_number.values()}

    def find(self, organisation: Organisation) -> Partner | None:
        """By its number; else by name and country, unless that partner is known to
        have another number. The oldest of several."""
        if partner := self._by_number.get(organisation.number):
            return partner
        for partner in self._by_name.get(organisation.called, ()):
            if not (organisation.number and partner.pk in self._numbered):
                return partner
        return None

    def find_or_add(self, organisation: Organisation, *, actor: User) -> Partner:
        """The partner; new, or with its number added, where it was not known so."""
        partner = self.find(organisation)
        if partner is None:
            return self._add(organisation, actor)
        if organisation.number and partner.pk not in self._numbered:
            partners.identify(partner, scheme=Scheme.NO_ORG, value=organisation.number)
            partners.refresh_search_text(partner)
            self._number(partner, organisation.number)
        return partner

    def _add(self, organisation: Organisation, actor: User) -> Partner:
        number = organisation.number
        partner = partners.add_partner(
            actor=actor,
            name=organisation.name,
            country=organisation.country,
            kind=organisation.kind,
            identifiers=[(Scheme.NO_ORG, number)] if number else [],
        )
        self._call(partner, partner.name)
        if number:
            self._number(partner, number)
        return partner

    def _number(self, partner: Partner, number: str) -> None:
        self._by_number[number] = partner
        self._numbered.add(partner.pk)

    def _call(self, partner: Partner, name: str) -> None:
        self._by_name[fold(name), partner.country_id].append(partner)


def country_codes() -> dict[str, str]:
    """Code by what people write for a country: its name in bokmål, nynorsk or English,
    or one of its codes; folded."""
    codes = {}
    for country in Country.objects.all():
        for text in (
            country.code,
            country.alpha_3,
            country.name_nb,
            country.name_nn,
            country.name_en,
        ):
            codes[fold(text)] = country.code
    return codes
