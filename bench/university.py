"""An invented university: its units, its people and the partners they work with."""

from dataclasses import dataclass
from random import Random

from register.choices import Role, UnitKind
from register.models import Partner, RoleAssignment, Unit, User
from register.services import partners

COUNTRIES = ["SE", "DK", "FI", "DE", "FR", "GB", "US", "CA", "JP", "CN", "BR", "NO"]
PLACES = ["Norrland", "Øresund", "Elbe", "Loire", "Tamar", "Hudson", "Fraser", "Biwa"]
KINDS = ["University", "Technical University", "Institute", "Academy", "College"]
SUBJECTS = ["Physics", "Law", "Chemistry", "History", "Ecology", "Medicine", "Music"]
FACULTIES, DEPARTMENTS, PROPOSERS_EACH = 4, 10, 5


@dataclass(frozen=True)
class University:
    """`officer` and `decider` see every case; `auditor` those of three departments."""

    departments: list[Unit]
    proposers: dict[int, list[User]]  # by key of the department
    officer: User
    decider: User
    auditor: User
    partners: list[Partner]


def found(*, partners_wanted: int, random: Random) -> University:
    """Write one institution, 4 faculties and 40 departments with their people."""
    root = Unit.objects.create(name="Fjordheim University", kind=UnitKind.INSTITUTION)
    departments = [
        department(above, number)
        for above in [faculty(root, number) for number in range(FACULTIES)]
        for number in range(DEPARTMENTS)
    ]
    officer = person("Odd Officer", Role.CASE_OFFICER, root)
    return University(
        departments=departments,
        proposers={unit.pk: _proposers(unit) for unit in departments},
        officer=officer,
        decider=person("Dag Decider", Role.DECIDER, root),
        auditor=person("Are Auditor", Role.AUDITOR, *departments[:3]),
        partners=[_partner(officer, n, random) for n in range(partners_wanted)],
    )


def faculty(root: Unit, number: int) -> Unit:
    name = f"Faculty {number + 1}"
    return Unit.objects.create(name=name, kind=UnitKind.FACULTY, parent=root)


def department(faculty: Unit, number: int) -> Unit:
    name = f"Department of {SUBJECTS[number % len(SUBJECTS)]} {number + 1}"
    return Unit.objects.create(name=name, kind=UnitKind.DEPARTMENT, parent=faculty)


def _proposers(unit: Unit) -> list[User]:
    names = [f"Pia Proposer{unit.pk}-{number}" for number in range(PROPOSERS_EACH)]
    return [person(name, Role.PROPOSER, unit) for name in names]


def person(name: str, role: str, *units: Unit) -> User:
    first, _, last = name.partition(" ")
    user = User.objects.create(
        username=last.lower(), first_name=first, last_name=last, language="en"
    )
    for unit in units:
        RoleAssignment.objects.create(user=user, role=role, unit=unit)
    return user


def _partner(keeper: User, number: int, random: Random) -> Partner:
    place, kind = random.choice(PLACES), random.choice(KINDS)
    return partners.add_partner(
        actor=keeper,
        name=f"{place} {kind} {number + 1}",
        country=random.choice(COUNTRIES),
        city=place,
    )
