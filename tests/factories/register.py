"""Plain, unsurprising rows of the register. Names are invented."""

from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from register.choices import Role, UnitKind
from register.models import Partner, RoleAssignment, Unit, User
from register.models.person import REMEMBERED
from register.services import partners
from workflows.models import Case, Declaration

_serial = count(1)
PASSWORD = "correct horse battery"
HASHED = make_password(PASSWORD, hasher="md5")


def unit(name: str = "", *, parent: Unit | None = None) -> Unit:
    """An institution, a faculty below it, or a department below that."""
    kinds = [UnitKind.INSTITUTION, UnitKind.FACULTY, UnitKind.DEPARTMENT]
    depth = min(parent.path.count("."), 2) if parent else 0
    return Unit.objects.create(
        name=name or f"Unit {next(_serial)}", kind=kinds[depth], parent=parent
    )


def person(name: str = "", **fields: object) -> User:
    """Someone who can sign in with PASSWORD and has no role yet."""
    user = unsaved_person(name, **fields)
    user.save()
    return user


def unsaved_person(name: str = "", **fields: object) -> User:
    number = next(_serial)
    first, _, last = (name or f"Person {number}").partition(" ")
    defaults = {
        "username": f"person{number}",
        "email": f"person{number}@fjordheim.example",
        "password": HASHED,
        "first_name": first,
        "last_name": last,
        "language": "en",
    }
    return User(**defaults | fields)


def role(user: User, role: str, unit: Unit, **fields: object) -> RoleAssignment:
    for remembered in REMEMBERED:
        user.__dict__.pop(remembered, None)
    given = RoleAssignment.objects.create(user=user, role=role, unit=unit, **fields)
    declare_everywhere(user)
    return given


def declare_everywhere(user: User) -> None:
    """No conflict of interest in any case that there is, as `workflows.draft` declares
    for everybody who is there before the case."""
    silent = Case.objects.exclude(declarations__user=user)
    Declaration.objects.bulk_create(
        Declaration(
            case=case, user=user, declared_at=timezone.now(), has_conflict=False
        )
        for case in silent
    )


def person_with(role_name: str, at: Unit, name: str = "") -> User:
    user = person(name)
    role(user, role_name, at)
    return user


def partner(name: str = "", *, country: str = "SE", **facts: object) -> Partner:
    keeper = facts.pop("actor", None) or User()
    return partners.add_partner(
        actor=keeper, name=name or f"Partner {next(_serial)}", country=country, **facts
    )


class Cast:
    """A small university: one person in each role, two who advise in every field,
    and an outsider elsewhere."""

    def __init__(self) -> None:
        self.institution = unit("Fjordheim University")
        self.faculty = unit("Faculty of Science", parent=self.institution)
        self.department = unit("Department of Physics", parent=self.faculty)
        self.other_department = unit("Department of Law", parent=self.faculty)
        people = {
            "proposer": ("Pia Proposer", Role.PROPOSER, self.department),
            "leader": ("Liv Leader", Role.UNIT_LEADER, self.department),
            "officer": ("Odd Officer", Role.CASE_OFFICER, self.institution),
            "adviser": ("Ada Adviser", Role.ADVISER, self.institution),
            "decider": ("Dag Decider", Role.DECIDER, self.faculty),
            "other_decider": ("Dina Decider", Role.DECIDER, self.institution),
            "specialist": ("Siv Specialist", Role.SPECIALISTS, self.institution),
            "other_specialist": (
                "Stig Specialist",
                Role.SPECIALISTS,
                self.institution,
            ),
            "auditor": ("Are Auditor", Role.AUDITOR, self.institution),
            "administrator": (
                "Synne Admin",
                Role.SYSTEM_ADMINISTRATOR,
                self.institution,
            ),
            "stranger": (
                "Sam Stranger",
                Role.CASE_OFFICER,
                unit("Elsewhere University"),
            ),
        }
        users = [unsaved_person(name) for name, _role, _at in people.values()]
        User.objects.bulk_create(users)
        RoleAssignment.objects.bulk_create(
            RoleAssignment(user=user, role=role, unit=at)
            for user, (_name, held, at) in zip(users, people.values(), strict=True)
            for role in ([held] if isinstance(held, str) else held)
        )
        for part, user in zip(people, users, strict=True):
            setattr(self, part, user)
