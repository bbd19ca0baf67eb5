"""Deputies: who names one, what is refused, what it gives, and its trace."""

from datetime import timedelta

import pytest

from register.choices import Role
from register.clock import local_today
from register.models import Deputyship, User
from register.queries.people import people_with_role
from register.services import deputies, roles
from register.services.access import Refused
from tests.factories import register as r
from tests.register.trace import traced

pytestmark = pytest.mark.django_db
TODAY, DAY = local_today(), timedelta(1)


def name(cast, actor=None, principal=None, deputy=None, **told):
    return deputies.name(
        actor=actor or principal or cast.decider,
        principal=principal or cast.decider,
        deputy=deputy or cast.leader,
        roles=told.get("roles", [Role.DECIDER]),
        valid_from=told.get("valid_from", TODAY),
        valid_until=told.get("valid_until", TODAY + 30 * DAY),
    )


def held(user):
    return {(each.holder, each.role) for each in User.objects.get(pk=user.pk).held}


@pytest.fixture
def cast(cast):
    for person in (cast.decider, cast.leader, cast.officer, cast.administrator):
        person.unit = cast.faculty
        person.save()
    return cast


def test_the_person_themselves_and_their_administrators_name_a_deputy(cast):
    keeper = Role.SYSTEM_ADMINISTRATOR
    people = {
        "the person": cast.decider,
        "of the institution": cast.administrator,
        "of the unit": r.person_with(keeper, cast.faculty),
        "of a unit below": r.person_with(keeper, cast.department),
        "elsewhere": r.person_with(keeper, r.unit("Third University")),
        "the deputy": cast.leader,
        "another decider": cast.other_decider,
        "a superuser": r.person(is_superuser=True),
    }
    may = set()
    for label, actor in people.items():
        try:
            (row,) = name(cast, actor=actor)
            deputies.end(actor=actor, deputyship=row)
            may.add(label)
        except Refused:
            pass

    assert may == {"the person", "of the institution", "of the unit"}


def test_naming_and_ending_are_traced_and_give_the_role_meanwhile(cast):
    before = held(cast.leader)
    (row,) = name(cast)
    assert held(cast.leader) == before | {(cast.decider.pk, "decider")}
    assert cast.leader in people_with_role(Role.DECIDER, cast.department)

    deputies.end(actor=cast.leader, deputyship=row)  # gives it back

    assert held(cast.leader) == before
    assert cast.leader not in people_with_role(Role.DECIDER, cast.department)
    told = {
        "for": str(cast.decider.public_id),
        "roles": ["decider"],
        "from": TODAY.isoformat(),
    }
    until = (TODAY + 30 * DAY).isoformat()
    assert traced() == [
        (
            *("deputy_named", cast.decider.pk, cast.leader.pk, None),
            told | {"until": until},
        ),
        (
            *("deputy_ended", cast.leader.pk, cast.leader.pk, None),
            told | {"until": TODAY.isoformat()},
        ),
    ]


def test_a_deputy_holds_what_the_principal_holds_today_and_no_more(cast):
    name(cast)
    name(cast, principal=cast.leader, deputy=cast.officer, roles=[Role.UNIT_LEADER])
    name(cast, valid_from=TODAY + 40 * DAY, valid_until=TODAY + 50 * DAY)
    Deputyship.objects.create(
        principal=cast.decider,
        deputy=cast.officer,
        role=Role.DECIDER,
        valid_from=TODAY - 9 * DAY,
        valid_until=TODAY - DAY,
        named_by=cast.decider,
        named_at="2026-01-01T00:00Z",
    )
    officer = {(cast.officer.pk, "case_officer"), (cast.leader.pk, "unit_leader")}
    # Neither what is past nor what their principal holds as a deputy.
    assert held(cast.officer) == officer

    roles.end(
        actor=cast.administrator,
        assignment=cast.decider.assignments.get(),
        until=TODAY - DAY,
    )

    assert held(cast.leader) == {(cast.leader.pk, "unit_leader")}


def test_what_is_refused(cast):
    admin = cast.administrator
    twin = r.person("Dag Again", unit=cast.faculty)
    cast.decider.earlier_accounts = [twin.pk]
    cast.decider.save()
    left = r.person("Gro Gone", unit=cast.faculty, left_on=TODAY + DAY)
    closed = r.person("Idle", unit=cast.faculty, is_active=False)
    keeper = r.person_with(Role.SYSTEM_ADMINISTRATOR, cast.faculty)
    keeper.unit = cast.faculty
    keeper.save()
    r.role(cast.leader, Role.UNIT_LEADER, cast.institution)
    name(cast, deputy=cast.officer)
    attempts = {
        "oneself": {"deputy": cast.decider},
        "own other account": {"deputy": twin},
        "a leaver": {"deputy": left},
        "a closed account": {"deputy": closed},
        "a foreigner": {"deputy": cast.stranger},
        "a role they do not hold": {"roles": [Role.CASE_OFFICER]},
        "a role held as a deputy": {
            "principal": cast.officer,
            "roles": [Role.DECIDER],
        },
        "administrator": {
            "principal": admin,
            "roles": [Role.SYSTEM_ADMINISTRATOR],
        },
        "auditor": {"principal": cast.auditor, "roles": [Role.AUDITOR]},
        "an administrator decides": {"deputy": admin},
        "for oneself by another": {
            "actor": admin,
            "principal": cast.leader,
            "deputy": admin,
            "roles": [Role.UNIT_LEADER],
        },
        "a role from above one's own": {
            "actor": keeper,
            "principal": cast.leader,
            "deputy": cast.officer,
            "roles": [Role.UNIT_LEADER],
        },
        "no role": {"roles": []},
        "too long": {"valid_until": TODAY + 400 * DAY},
        "past": {"valid_from": TODAY - 9 * DAY, "valid_until": TODAY - DAY},
        "ends before": {"valid_from": TODAY + 9 * DAY, "valid_until": TODAY},
        "twice": {"deputy": cast.officer},
    }
    before = traced()

    passed = set()
    for label, told in attempts.items():
        try:
            name(cast, **told)
            passed.add(label)
        except Refused:
            pass

    assert passed == set()
    assert traced() == before
    assert Deputyship.objects.count() == 1
