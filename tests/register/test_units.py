"""Units change and their cases go on: who may, what is refused, what follows."""

from datetime import timedelta

import pytest

from register.choices import Role
from register.clock import local_today
from register.models import Cooperation, FormerName, RoleAssignment, Unit
from register.queries import cooperations_visible_to
from register.queries.access import unit_name_on
from register.services import units
from register.services.access import Refused
from tests.factories import register as r
from tests.factories import workflows as w
from tests.register.trace import traced

pytestmark = pytest.mark.django_db
TODAY = local_today()


def seen_by(user):
    seen = cooperations_visible_to(r.User.objects.get(pk=user.pk))
    return set(seen.values_list("title", flat=True))


def sent(cast, unit):
    """The title of a case at the unit."""
    w.ask_nothing()
    return w.quickly_sent(cast, unit=unit).title


@pytest.fixture
def medicine(cast):
    return r.unit("Faculty of Medicine", parent=cast.institution)


def test_each_change_is_for_the_administrators_of_the_unit_and_above(cast, medicine):
    keeper = Role.SYSTEM_ADMINISTRATOR
    people = {
        "institution": cast.administrator,
        "faculty": r.person_with(keeper, cast.faculty),
        "department": r.person_with(keeper, cast.department),
        "sibling": r.person_with(keeper, medicine),
        "elsewhere": r.person_with(keeper, r.unit("Third University")),
        "decider": cast.decider,
        "superuser": r.person(is_superuser=True),
    }
    spare = r.unit("Spare", parent=cast.faculty)
    changes = {
        "add": lambda who: units.add(
            actor=who, parent=cast.faculty, name=f"By {who.pk}", kind="department"
        ),
        "rename": lambda who: units.rename(
            actor=who, unit=cast.department, name=f"Physics {who.pk}"
        ),
        "move": lambda who: units.move(
            actor=who, unit=cast.department, parent=medicine
        ),
        "merge": lambda who: units.merge(
            actor=who, unit=spare, into=cast.other_department
        ),
        "close": lambda who: units.close(actor=who, unit=cast.other_department),
    }
    may = {}
    for change, attempt in changes.items():
        may[change] = set()
        for name, who in reversed(people.items()):  # the highest at last
            try:
                attempt(who)
                may[change].add(name)
            except Refused:
                pass

    assert may == {
        "add": {"institution", "faculty"},
        "rename": {"institution", "faculty", "department"},
        "move": {"institution"},
        "merge": {"faculty"},  # done by then
        "close": {"faculty"},
    }


def test_a_move_takes_the_whole_subtree_and_what_is_seen_along(cast, medicine):
    below = r.unit("Laboratory", parent=cast.department)
    leader = r.person_with(Role.UNIT_LEADER, medicine)
    row = sent(cast, below)
    assert (seen_by(leader), seen_by(cast.decider)) == (set(), {row})

    units.move(actor=cast.administrator, unit=cast.department, parent=medicine)

    paths = dict(Unit.objects.values_list("name", "path"))
    department = f"{medicine.path}{cast.department.pk}."
    assert paths["Department of Physics"] == department
    assert paths["Laboratory"] == f"{department}{below.pk}."
    assert paths["Department of Law"] == cast.other_department.path
    # Dag decides for the faculty that it left.
    assert (seen_by(leader), seen_by(cast.decider)) == ({row}, set())
    assert traced() == [
        (
            "unit_moved",
            cast.administrator.pk,
            None,
            cast.department.pk,
            {"from": "Faculty of Science", "to": "Faculty of Medicine"},
        )
    ]


def test_a_merged_unit_is_seen_from_its_receiver_and_keeps_its_cases(cast):
    admin, law = cast.administrator, cast.other_department
    below = r.unit("Laboratory", parent=cast.department)
    law_leader = r.person_with(Role.UNIT_LEADER, law)
    begins = TODAY + timedelta(10)
    r.role(cast.officer, Role.ADVISER, cast.department, valid_from=begins)
    row = sent(cast, cast.department)

    units.merge(actor=admin, unit=cast.department, into=law)

    merged = Unit.objects.get(pk=cast.department.pk)
    assert (merged.parent, merged.merged_into, merged.closed_on) == (law, law, TODAY)
    assert merged.path == f"{law.path}{merged.pk}."
    below.refresh_from_db()
    assert (below.parent, below.path) == (law, f"{law.path}{below.pk}.")
    assert Cooperation.objects.get().unit == merged
    assert seen_by(law_leader) == {row}
    held = RoleAssignment.objects.filter(unit=merged)
    assert set(held.values_list("user", "valid_until")) == {
        (cast.proposer.pk, TODAY),
        (cast.leader.pk, TODAY),
    }
    assert sorted(verb for verb, *_rest in traced()) == [
        *("role_ended", "role_ended", "role_ended", "unit_merged"),
    ]


def test_a_renamed_unit_keeps_its_old_name_for_old_days(cast):
    FormerName.objects.create(
        unit=cast.department, name="Physics Institute", until="2020-12-31"
    )

    units.rename(actor=cast.administrator, unit=cast.department, name="Matter")

    unit = Unit.objects.get(pk=cast.department.pk)
    days = {
        "2020-12-31": "Physics Institute",
        "2021-01-01": "Department of Physics",
        TODAY.isoformat(): "Department of Physics",
        (TODAY + timedelta(1)).isoformat(): "Matter",
    }
    assert {day: unit_name_on(unit, day) for day in days} == days
    told = {"old": "Department of Physics", "new": "Matter"}
    row = ("unit_renamed", cast.administrator.pk, None, cast.department.pk, told)
    assert traced() == [row]


def test_what_is_refused(cast, medicine):
    admin = cast.administrator
    elsewhere = cast.stranger.assignments.get().unit
    both = r.person_with(Role.SYSTEM_ADMINISTRATOR, cast.institution)
    r.role(both, Role.UNIT_LEADER, medicine)
    r.role(admin, Role.SYSTEM_ADMINISTRATOR, elsewhere)
    closed = units.close(actor=admin, unit=r.unit("Closed", parent=cast.faculty))
    physics, law, science = cast.department, cast.other_department, cast.faculty
    add = {"actor": admin, "name": "New"}
    attempts = {
        "below itself": lambda: units.move(actor=admin, unit=science, parent=physics),
        "kinds": lambda: units.move(actor=admin, unit=physics, parent=law),
        "the institution": lambda: units.move(
            actor=admin, unit=cast.institution, parent=elsewhere
        ),
        "another institution": lambda: units.move(
            actor=admin, unit=science, parent=elsewhere
        ),
        "below a closed one": lambda: units.add(
            **add, parent=closed, kind="department"
        ),
        "a faculty in a faculty": lambda: units.add(
            **add, parent=science, kind="faculty"
        ),
        "name taken": lambda: units.rename(actor=admin, unit=physics, name=law.name),
        "into a smaller kind": lambda: units.merge(
            actor=admin, unit=medicine, into=physics
        ),
        "into itself": lambda: units.merge(actor=admin, unit=physics, into=physics),
        "into a closed one": lambda: units.merge(
            actor=admin, unit=physics, into=closed
        ),
        "closed twice": lambda: units.close(actor=admin, unit=closed),
        "units below": lambda: units.close(actor=admin, unit=science),
        "own view widened": lambda: units.move(
            actor=both, unit=physics, parent=medicine
        ),
    }
    before = list(Unit.objects.values_list("pk", "path", "name", "closed_on"))

    passed = set()
    for name, attempt in attempts.items():
        try:
            attempt()
            passed.add(name)
        except Refused:
            pass

    assert passed == set()
    after = list(Unit.objects.values_list("pk", "path", "name", "closed_on"))
    assert after == before
