"""Two universities with a large and mixed register, and people who see little of it:
for the question what the right to see costs.

The rows are plain. The register page reads no history, so none is written, and the
guard that asks for one is gone from these databases, which live as long as the bench.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from random import Random

from django.db import connection

from bench.filling import SEED, THINGS, WORDS
from bench.university import (
    COUNTRIES,
    KINDS,
    PLACES,
    SUBJECTS,
    department,
    faculty,
    person,
)
from register.choices import CaseState, CaseType, Confidentiality, Role, UnitKind
from register.folding import fold
from register.models import (
    Cooperation,
    CooperationPartner,
    NamedReader,
    Partner,
    Unit,
    User,
)

BEGIN, DAYS = datetime(2016, 1, 1, 9, tzinfo=UTC), 3650
# Faculties of each institution; eight departments each, 64 in all.
INSTITUTIONS, DEPARTMENTS = {"Fjordheim University": 6, "Elvestad College": 2}, 8
CASES_EACH, NAMED_ON, PARTNERS, AT_ONCE = 12, 30, 2_000, 5_000
# Of a hundred cooperations, how many are so.
SHARED = 2
LEVELS: dict[str, int] = {
    Confidentiality.UNIT: 70,
    Confidentiality.OPEN: 25,
    Confidentiality.RESTRICTED: 5,
}
STATES: dict[str, int] = {
    CaseState.DRAFT: 3,
    CaseState.PROPOSED: 7,
    CaseState.RETURNED: 2,
    CaseState.WITHDRAWN: 3,
    CaseState.ASSESSED: 3,
    CaseState.REJECTED: 4,
    CaseState.APPROVED: 48,
    CaseState.UNDER_REVIEW: 6,
    CaseState.SUSPENDED: 2,
    CaseState.TERMINATING: 3,
    CaseState.TERMINATED: 19,
}


def fill(size: int) -> None:
    """`size` cooperations; the same on every run, but for their identifiers. Who asks
    for them is named in `bench.seeing`."""
    lift_the_guard()
    departments = [unit for name in INSTITUTIONS for unit in institution(name)]
    home = departments[0]
    person("Olav Overseer", Role.AUDITOR, home.parent.parent)
    person("Nils Nobody", "")
    reader = person("Rikke Reader", "")
    User.objects.filter(pk=reader.pk).update(unit=home)
    crowd = Crowd(departments, size)
    rows = (crowd.row(number) for number in range(size))
    while some := list(islice(rows, AT_ONCE)):
        crowd.write(some)
    elsewhere = Cooperation.objects.filter(
        unit__in=departments[1:], confidentiality=Confidentiality.RESTRICTED
    )
    crowd.name((row, reader) for row in elsewhere.order_by("pk")[:NAMED_ON])


def lift_the_guard() -> None:
    """That every cooperation is born a draft."""
    table = " ON register_cooperation" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER register_cooperation_born{table}")


def institution(name: str) -> Iterator[Unit]:
    root = Unit.objects.create(name=name, kind=UnitKind.INSTITUTION)
    for number in range(INSTITUTIONS[name]):
        above = faculty(root, number)
        yield from (department(above, place) for place in range(DEPARTMENTS))


class Crowd:
    """Makes up cooperations, each with two partners and what else stands around it."""

    def __init__(self, departments: list[Unit], size: int):
        self.random, self.departments = Random(SEED), departments
        self.officers = {
            unit.pk: person(f"Odd Officer{unit.pk}", Role.CASE_OFFICER, unit)
            for unit in departments
        }
        each = max(size // len(departments) // CASES_EACH, 2)
        self.people = [
            User(username=f"proposer{unit.pk}-{place}", language="en", unit=unit)
            for unit in departments
            for place in range(each)
        ]
        User.objects.bulk_create(self.people)
        # In turn, so that each has as many cases as the others.
        self.proposers = {
            unit.pk: cycle([user for user in self.people if user.unit_id == unit.pk])
            for unit in departments
        }
        first = next(self.proposers[departments[0].pk])
        first.assignments.create(role=Role.PROPOSER, unit=departments[0])
        partners = [self.partner(number) for number in range(PARTNERS)]
        self.partners = Partner.objects.bulk_create(partners)

    def partner(self, number: int) -> Partner:
        choice = self.random.choice
        name = f"{choice(PLACES)} {choice(KINDS)} {number + 1}"
        return Partner(name=name, country_id=choice(COUNTRIES), search_text=fold(name))

    def row(self, number: int) -> Cooperation:
        choice = self.random.choice
        unit = choice(self.departments)
        proposer = next(self.proposers[unit.pk])
        state = self.drawn(STATES)
        changed = BEGIN + timedelta(DAYS * self.random.random())
        is_sent = state not in (CaseState.DRAFT, CaseState.WITHDRAWN)
        return Cooperation(
            number=f"{changed.year}/{number:06}" if is_sent else None,
            title=f"{choice(WORDS)} {choice(THINGS)} in {choice(SUBJECTS)} {number}",
            case_type=choice(CaseType.values),
            unit=unit,
            proposer=proposer,
            responsible=proposer,
            case_officer=self.officers[unit.pk] if is_sent else None,
            confidentiality=self.drawn(LEVELS),
            state=state,
            risk=choice([0, 1, 1, 2, 3]),
            next_review_on=self.some_day(changed, 700),
            ends_on=self.some_day(changed, 4000),
            last_event_at=changed,
        )

    def drawn(self, shares: Mapping[str, int]) -> str:
        (drawn,) = self.random.choices(list(shares), list(shares.values()))
        return drawn

    def some_day(self, changed: datetime, at_most: int) -> date:
        return changed.date() + timedelta(self.random.randint(1, at_most))

    def write(self, rows: list[Cooperation]) -> None:
        """With two partners each, units that some are shared with, and readers."""
        pairs = [self.random.sample(self.partners, 2) for _row in rows]
        for row, pair in zip(rows, pairs, strict=True):
            words = [row.number or "", row.title, *(one.search_text for one in pair)]
            row.search_text = fold(" ".join(words))
        Cooperation.objects.bulk_create(rows)
        CooperationPartner.objects.bulk_create(
            CooperationPartner(cooperation=row, partner=one)
            for row, pair in zip(rows, pairs, strict=True)
            for one in pair
        )
        self.share([row for row in rows if self.random.random() < SHARED / 100])
        self.name(
            (row, reader)
            for row in rows
            if row.confidentiality == Confidentiality.RESTRICTED
            for reader in self.random.sample(self.people, self.random.randint(2, 5))
        )

    def share(self, rows: list[Cooperation]) -> None:
        shared = Cooperation.other_units.through
        shared.objects.bulk_create(
            shared(cooperation=row, unit=self.random.choice(others))
            for row in rows
            for others in [[unit for unit in self.departments if unit != row.unit]]
        )

    def name(self, named: Iterable[tuple[Cooperation, User]]) -> None:
        NamedReader.objects.bulk_create(
            NamedReader(cooperation=row, user=user, named_by=user, named_at=BEGIN)
            for row, user in named
        )
