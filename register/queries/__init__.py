"""Named questions to the register. Every list, search and count of cooperations starts
at `visible_to`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from register.choices import CaseState, Confidentiality, Flag, Risk, Role
from register.folding import fold
from register.models import (
    Agreement,
    Cooperation,
    CooperationPartner,
    Country,
    NamedReader,
    Partner,
    PartnerIdentifier,
    Unit,
    User,
)

# Cooperation across borders is what the register is for; partners at home stand beside.
HOME = "NO"
PARTNER_CELLS = ("pk", "public_id", "name", "city", "country")


def unit_name(name: str, name_en: str) -> str:
    """What `str(unit)` says, for rows that are not models."""
    return str(Unit(name=name, name_en=name_en))


def units_to_propose_for(user: User) -> QuerySet[Unit]:
    """The units that this person may propose a cooperation for; a closed one takes
    none."""
    return user.units_as(Role.PROPOSER).filter(closed_on=None)


def units_around(user: User) -> list[tuple[int, str, str]]:
    """(key, path, name) of every unit of the institutions in which this person has a
    role, or else works; in the order of the tree."""
    around = user.units_around
    return [(key, path, unit_name(*names)) for key, path, *names in around]


def readable_by(user: User) -> Q:
    """The one condition that decides which cooperations a person may read: assessment,
    documents, history and all.

    What they proposed; and, once it is proposed, what they answer for, handle or were
    named on, and those of the units they oversee. A draft is its proposer's alone
    (interfaces 1.5). What is restricted is read by nobody through their role but by the
    auditor (requirement 34).
    """
    keys, audited = user.keys, user.audited_units
    overseen = [unit for unit in user.overseen_units if unit not in audited]
    ways = [
        Q(responsible__in=keys),
        Q(case_officer__in=keys),
        Q(pk__among=named_on(user)),
        *_of_units(audited),
        *(way & ~RESTRICTED for way in _of_units(overseen)),
    ]
    # Each way asks by itself for all that it needs: so an index is followed for each,
    # by SQLite in no other shape.
    return reduce(or_, (way & ~DRAFT for way in ways), Q(proposer__in=keys))


DRAFT = Q(state=CaseState.DRAFT)
RESTRICTED = Q(confidentiality=Confidentiality.RESTRICTED)


def visible_to(user: User) -> Q:
    """The one condition that decides which cooperations a person knows of: those they
    may read, and what is open within their institution once it was decided yes."""
    open_ones = Q(
        confidentiality=Confidentiality.OPEN,
        state__in=CaseState.ENTERED,
        unit__in=[key for key, *_names in user.units_around],
    )
    return readable_by(user) | open_ones


def named_on(user: User) -> QuerySet[Any, Any]:
    """Keys of the cooperations on which this person was named."""
    named = NamedReader.objects.filter(user=user, ended_at=None)
    return named.values("cooperation")


# So many units may have next to nothing: more have so much that a page is read fastest
# row by row, in its order.
FEW = 3


def _of_units(units: list[int]) -> list[Q]:
    """The ways to what is led by one of the units or shared with one. For many units it
    is one way, which no index leads to, and which no database then tries to follow."""
    led = Q(unit__in=units)
    through = Cooperation.other_units.through.objects.filter(unit__in=units)
    shared = through.values("cooperation")
    if len(units) > FEW:
        return [led | Q(pk__in=shared)]
    return [led, Q(pk__among=shared)] if units else []


def cooperations_visible_to(user: User) -> QuerySet[Cooperation]:
    return Cooperation.objects.filter(visible_to(user))


def cooperations_readable_by(user: User) -> QuerySet[Cooperation]:
    return Cooperation.objects.filter(readable_by(user))


def only_known_to(user: User, rows: Collection[dict[str, Any]]) -> set[int]:
    """Keys of those of the rows, all visible to this person, that they may not read.
    Only what is open within the institution can be one of them."""
    open_ones = {
        row["pk"] for row in rows if row["confidentiality"] == Confidentiality.OPEN
    }
    if not open_ones:
        return set()
    read = cooperations_readable_by(user).filter(pk__in=open_ones)
    return open_ones - set(read.values_list("pk", flat=True))


def cooperations_matching(
    cooperations: QuerySet[Cooperation], text: str
) -> QuerySet[Cooperation]:
    """Those in which every word of `text` stands: in number, title or a partner's name,
    accents and case apart."""
    for word in fold(text).split():
        cooperations = cooperations.filter(search_text__contains=word)
    return cooperations


def flagged(flag: str, today: date) -> Q:
    """The rule behind each derived fact, for filters. `flags_of` is its twin."""
    partnerships = CooperationPartner.objects.filter(cooperation=OuterRef("pk"))
    agreements = Agreement.cooperations.through.objects.filter(
        cooperation=OuterRef("pk")
    )
    running = Q(state__in=CaseState.RUNNING)
    return {
        Flag.OVERDUE: running & Q(next_review_on__lt=today),
        Flag.LAPSED: running & Q(ends_on__lt=today),
        Flag.NOT_ASSESSED: running & Q(risk=Risk.NONE),
        Flag.LEGACY: Q(legacy=True),
        Flag.PARTNER_UNNAMED: ~Q(Exists(partnerships.exclude(partner__country=HOME))),
        Flag.NO_AGREEMENT: ~Q(Exists(agreements)),
    }[Flag(flag)]


def flags_of(
    row: dict[str, Any], partners: Iterable[tuple[str, str]], today: date
) -> list[Flag]:
    """The same rules for a row at hand, which has paid for its columns already; a test
    keeps the twins alike. partners: (name, country code)."""
    is_running = row["state"] in CaseState.RUNNING
    facts = {
        Flag.OVERDUE: is_running and (row["next_review_on"] or today) < today,
        Flag.LAPSED: is_running and (row["ends_on"] or today) < today,
        Flag.NOT_ASSESSED: is_running and row["risk"] == Risk.NONE,
        Flag.LEGACY: row["legacy"],
        Flag.PARTNER_UNNAMED: all(country == HOME for _name, country in partners),
    }
    return [flag for flag, is_so in facts.items() if is_so]


def due_within(days: int, today: date) -> Q:
    """Running, with the next review in so many days or overdue."""
    return Q(
        state__in=CaseState.RUNNING, next_review_on__lte=today + timedelta(days=days)
    )


def in_country(code: str) -> Q:
    """With a partner there, or about that country."""
    partnerships = CooperationPartner.objects.filter(partner__country=code)
    about = Cooperation.countries.through.objects.filter(country=code)
    return Q(pk__in=partnerships.values("cooperation")) | Q(
        pk__in=about.values("cooperation")
    )


def with_partner(partners: QuerySet[Partner]) -> Q:
    partnerships = CooperationPartner.objects.filter(partner__in=partners)
    return Q(pk__in=partnerships.values("cooperation"))


def at_or_below(path: str) -> Q:
    """Led by the unit at this path or one below it, or shared with one."""
    units = Unit.objects.below([path]).values("pk")
    shared = Cooperation.other_units.through.objects.filter(unit__in=units)
    return Q(unit__in=units) | Q(pk__in=shared.values("cooperation"))


def partners_by_cooperation(keys: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """(name, country code) of the partners of each; those abroad first."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = CooperationPartner.objects.filter(cooperation__in=keys).order_by("id")
    for key, name, country in rows.values_list(
        "cooperation", "partner__name", "partner__country"
    ):
        found[key].append((name, country))
    return {
        key: sorted(partners, key=lambda partner: partner[1] == HOME)
        for key, partners in found.items()
    }


def cooperation_counts(user: User, partners: Collection[int]) -> dict[int, int]:
    """Of each partner, how many cooperations `user` may see."""
    partnerships = CooperationPartner.objects.filter(
        partner__in=partners, cooperation__in=cooperations_visible_to(user)
    )
    counted = partnerships.order_by().values_list("partner").annotate(Count("id"))
    return dict(counted)


def country_names() -> dict[str, str]:
    """Name by ISO code in the reader's language, in the order of its alphabet."""
    return _country_names((get_language() or "en")[:2])


@cache
def _country_names(language: str) -> dict[str, str]:
    """The list ships with the product, so each process reads it once a language."""
    column = f"name_{language}" if language in ("nb", "nn") else "name_en"
    names = dict(Country.objects.values_list("code", column))
    last = {} if column == "name_en" else str.maketrans("æøå", "{|}")

    def by_alphabet(code: str) -> str:
        return fold(names[code].lower().translate(last))

    return {code: names[code] for code in sorted(names, key=by_alphabet)}


def partners_matching(text: str) -> QuerySet[Partner]:
    """Partners by any of their names, city or identifiers. Partner names are no secret
    within the installation; which cooperations they take part in is."""
    partners = Partner.objects.select_related("country")
    for word in fold(text).split():
        partners = partners.filter(search_text__contains=word)
    return partners


@dataclass(frozen=True)
class PartnersFound:
    """The best matches of a text; `is_cut` when there are more."""

    text: str
    rows: list[dict[str, Any]]
    is_cut: bool


def partners_found(user: User, text: str, at_most: int = 10) -> PartnersFound:
    """For choosing one while typing. Nothing typed finds nothing."""
    found = partners_matching(text).values(*PARTNER_CELLS)
    rows = list(found[: at_most + 1]) if text.strip() else []
    return PartnersFound(
        text, with_counts(user, rows[:at_most]), is_cut=len(rows) > at_most
    )


def with_counts(user: User, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of PARTNER_CELLS with the country's name and the count that `user` sees."""
    counts = cooperation_counts(user, [row["pk"] for row in rows])
    names = country_names()
    return [
        row | {"country": names[row["country"]], "count": counts.get(row["pk"], 0)}
        for row in rows
    ]


def partners_like(
    name: str, country: str, identifiers: Mapping[str, str]
) -> QuerySet[Partner]:
    """Partners that may be the same: one of the identifiers (value by scheme), or every
    word of the name in the same country."""
    same = Q(pk__in=partners_matching(name).filter(country=country).values("pk"))
    for scheme, value in identifiers.items():
        known = PartnerIdentifier.objects.filter(scheme=scheme, value=value)
        same |= Q(pk__in=known.values("partner"))
    return Partner.objects.select_related("country").filter(same)
