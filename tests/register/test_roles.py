"""Roles: who may give and end one, what is refused, and the trace of each."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from register.choices import AccessVerb, Role
from register.clock import local_today
from register.models import AccessEvent, Deputyship, RoleAssignment
from register.policies import administers
from register.services import roles
from register.services.access import Refused
from tests.factories import register as r
from tests.register.trace import traced

pytestmark = pytest.mark.django_db
TODAY = local_today()
YEAR = timedelta(days=365)


def give(actor, person, unit, role=Role.ADVISER, **dates):
    return roles.give(
        actor=actor,
        person=person,
        role=role,
        unit=unit,
        valid_from=dates.get("valid_from", TODAY),
        valid_until=dates.get("valid_until"),
    )


@pytest.fixture
def administrators(cast):
    """Name → somebody who might want to give a role at the department."""
    keeper = Role.SYSTEM_ADMINISTRATOR
    elsewhere = r.unit("Third University")
    return {
        "of the unit": r.person_with(keeper, cast.department),
        "of the unit above": r.person_with(keeper, cast.faculty),
        "of the institution": cast.administrator,
        "of a sibling": r.person_with(keeper, cast.other_department),
        "of another institution": r.person_with(keeper, elsewhere),
        "decider": cast.decider,
        "leader": cast.leader,
        "auditor": cast.auditor,
        "superuser": r.person("Kari Keeper", is_superuser=True, is_staff=True),
        "nobody": r.person("Nils Nobody"),
    }


def test_only_an_administrator_of_the_unit_or_above_gives_and_ends(
    cast, administrators
):
    may = set()
    for name, actor in administrators.items():
        try:
            given = give(actor, cast.officer, cast.department)
            roles.end(actor=actor, assignment=given, until=TODAY - timedelta(1))
        except Refused:
            assert not RoleAssignment.objects.filter(
                user=cast.officer, role=Role.ADVISER
            ).exists()
        else:
            may.add(name)

    assert may == {"of the unit", "of the unit above", "of the institution"}


def test_giving_and_ending_are_traced_whole(cast):
    until = TODAY + YEAR
    given = give(cast.administrator, cast.officer, cast.faculty, valid_until=until)
    roles.end(actor=cast.administrator, assignment=given, until=TODAY)

    row = (cast.administrator.pk, cast.officer.pk, cast.faculty.pk)
    day, last = TODAY.isoformat(), until.isoformat()
    assert traced() == [
        ("role_given", *row, {"role": "adviser", "from": day, "until": last}),
        ("role_ended", *row, {"role": "adviser", "from": day, "until": day}),
    ]
    given.refresh_from_db()
    assert (given.granted_by, given.valid_until) == (cast.administrator, TODAY)


def test_the_trace_is_never_changed(cast):
    give(cast.administrator, cast.officer, cast.faculty)
    event = AccessEvent.objects.get()

    for attempt in (
        lambda: AccessEvent.objects.filter(pk=event.pk).update(actor=cast.stranger),
        event.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()

    assert AccessEvent.objects.get().actor == cast.administrator


def test_what_is_refused(cast):
    admin, day = cast.administrator, timedelta(1)
    twin = r.person("Synne Again")
    admin.earlier_accounts = [twin.pk]
    admin.save()
    closed = r.unit("Closed", parent=cast.faculty)
    closed.closed_on = TODAY
    closed.save()
    gone = r.person("Gro Gone", unit=cast.faculty, left_on=TODAY + 5 * day)
    given = give(admin, cast.officer, cast.department)
    mine = admin.assignments.get()
    attempts = {
        "oneself": lambda: give(admin, admin, cast.faculty),
        "another account": lambda: give(admin, twin, cast.faculty),
        "own role ended": lambda: roles.end(actor=admin, assignment=mine, until=TODAY),
        "a foreigner": lambda: give(admin, cast.stranger, cast.faculty),
        "a closed unit": lambda: give(admin, cast.officer, closed),
        "held already": lambda: give(admin, cast.officer, cast.department),
        "backdated": lambda: give(
            admin, cast.leader, cast.faculty, valid_from=TODAY - day
        ),
        "ends before": lambda: give(
            admin, cast.leader, cast.faculty, valid_until=TODAY - day
        ),
        "a leaver": lambda: give(admin, gone, cast.faculty),
        "ended long ago": lambda: roles.end(
            actor=admin, assignment=given, until=TODAY - 2 * day
        ),
        "administrator decides": lambda: give(
            admin,
            r.person_with("system_administrator", cast.department),
            cast.faculty,
            Role.DECIDER,
        ),
        "decider administers": lambda: give(
            admin, cast.decider, cast.department, Role.SYSTEM_ADMINISTRATOR
        ),
    }
    before = traced()

    passed = set()
    for name, attempt in attempts.items():
        try:
            attempt()
            passed.add(name)
        except Refused:
            pass

    assert passed == set()
    assert traced() == before


def test_a_decider_s_deputy_does_not_become_administrator(cast):
    Deputyship.objects.create(
        principal=cast.decider,
        deputy=cast.leader,
        role=Role.DECIDER,
        valid_from=TODAY,
        valid_until=TODAY,
        named_by=cast.decider,
        named_at="2026-01-01T00:00Z",
    )

    with pytest.raises(Refused, match="must not decide"):
        give(cast.administrator, cast.leader, cast.faculty, Role.SYSTEM_ADMINISTRATOR)


def test_a_role_that_has_not_begun_is_taken_away_and_the_trace_tells(cast):
    begins = TODAY + timedelta(10)
    given = give(cast.administrator, cast.officer, cast.faculty, valid_from=begins)

    roles.end(actor=cast.administrator, assignment=given, until=TODAY)

    assert not RoleAssignment.objects.filter(pk=given.pk).exists()
    assert [verb for verb, *_rest in traced()] == [
        AccessVerb.ROLE_GIVEN,
        AccessVerb.ROLE_ENDED,
    ]


def test_a_superuser_administers_nothing_by_that(cast, administrators):
    assert not administers(administrators["superuser"], cast.department)
