"""What happens to accounts: moved, left, joined, blanked; and the first of them all."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from register.choices import Role
from register.clock import local_today
from register.models import AccessEvent, Deputyship, RoleAssignment, Unit, User
from register.services import accounts, deputies, leaving
from register.services.access import Refused
from tests.factories import register as r
from tests.register.trace import traced

pytestmark = pytest.mark.django_db
TODAY, DAY = local_today(), timedelta(1)


@pytest.fixture
def cast(cast):
    User.objects.exclude(pk=cast.stranger.pk).update(unit=cast.faculty)
    for name in ("administrator", "officer", "leader", "proposer", "decider"):
        getattr(cast, name).refresh_from_db()
    return cast


def keepers(cast):
    keeper = Role.SYSTEM_ADMINISTRATOR
    return {
        "above": cast.administrator,
        "of the unit": r.person_with(keeper, cast.faculty),
        "below": r.person_with(keeper, cast.department),
        "elsewhere": r.person_with(keeper, r.unit("Third University")),
        "leader": cast.leader,
        "decider": cast.decider,
        "superuser": r.person(is_superuser=True),
    }


def passed(attempts):
    done = set()
    for name, attempt in attempts.items():
        try:
            attempt()
            done.add(name)
        except Refused:
            pass
    return done


def old_leaver(cast, number):
    return r.person(
        f"Gro Gone{number}",
        unit=cast.faculty,
        is_active=False,
        left_on=TODAY - 400 * DAY,
    )


@pytest.mark.parametrize(
    ("change", "may"),
    [
        (
            lambda cast, who, n: accounts.move(
                actor=who, person=r.person(unit=cast.faculty), unit=cast.department
            ),
            {"above", "of the unit"},
        ),
        (
            lambda cast, who, n: leaving.leave(
                actor=who, person=r.person(unit=cast.faculty), day=TODAY
            ),
            {"above", "of the unit"},
        ),
        (
            lambda cast, who, n: accounts.merge(
                actor=who,
                person=r.person(unit=cast.faculty),
                into=r.person(unit=cast.department),
            ),
            {"above", "of the unit"},
        ),
        (
            lambda cast, who, n: accounts.blank(
                actor=who, person=old_leaver(cast, n), reason="Asked for it."
            ),
            {"above", "of the unit"},
        ),
    ],
    ids=["move", "leave", "merge", "blank"],
)
def test_accounts_are_kept_by_the_administrators_of_their_unit(cast, change, may):
    attempts = {
        name: lambda who=who, n=n: change(cast, who, n)
        for n, (name, who) in enumerate(keepers(cast).items())
    }

    assert passed(attempts) == may
    assert AccessEvent.objects.count() == len(may)


def test_who_leaves_today_is_gone_at_once_with_roles_and_deputies(cast):
    admin = cast.administrator
    (theirs,) = deputies.name(
        actor=cast.leader,
        principal=cast.leader,
        deputy=cast.officer,
        roles=[Role.UNIT_LEADER],
        valid_from=TODAY,
        valid_until=TODAY + 9 * DAY,
    )
    (for_others,) = deputies.name(
        actor=cast.officer,
        principal=cast.officer,
        deputy=cast.leader,
        roles=[Role.CASE_OFFICER],
        valid_from=TODAY + DAY,
        valid_until=TODAY + 9 * DAY,
    )
    AccessEvent.objects.all()

    leaving.leave(actor=admin, person=cast.leader, day=TODAY)

    person = User.objects.get(pk=cast.leader.pk)
    assert (person.left_on, person.is_active, person.held) == (TODAY, False, [])
    assert not Deputyship.objects.filter(ended_at=None).exists()
    assert person.assignments.get().valid_until == TODAY
    assert [row[:3] for row in traced()[2:]] == [
        ("role_ended", admin.pk, cast.leader.pk),
        ("deputy_ended", admin.pk, cast.officer.pk),
        ("deputy_ended", admin.pk, cast.leader.pk),
        ("person_left", admin.pk, cast.leader.pk),
    ]
    assert {theirs.pk, for_others.pk} == set(
        Deputyship.objects.values_list("pk", flat=True)
    )


def test_who_leaves_later_works_until_the_day(cast):
    day = TODAY + 5 * DAY
    leaving.leave(actor=cast.administrator, person=cast.leader, day=day)
    assert User.objects.get(pk=cast.leader.pk).is_active
    assert cast.leader.assignments.get().valid_until == day

    assert leaving.close_accounts(today=day - DAY) == 0
    assert leaving.close_accounts(today=day) == 1

    assert not User.objects.get(pk=cast.leader.pk).is_active


def test_two_accounts_of_one_person_become_one_pair_of_eyes(cast):
    old, new = cast.leader, r.person("Liv Newname", unit=cast.faculty)

    accounts.merge(actor=cast.administrator, person=old, into=new)

    old.refresh_from_db()
    new = User.objects.get(pk=new.pk)
    assert (old.is_active, old.merged_into, new.keys) == (False, new, {old.pk, new.pk})
    told = {"account": str(old.public_id)}
    row = ("person_merged", cast.administrator.pk, new.pk, cast.faculty.pk, told)
    assert traced()[-1] == row


def test_a_blanked_name_is_gone_and_never_returns(cast):
    person = old_leaver(cast, 1)

    accounts.blank(actor=cast.administrator, person=person, reason="Asked for it.")

    gone = User.objects.get(pk=person.pk)
    assert str(gone) == "Former employee"
    assert gone.username == f"former-{gone.public_id.hex[:8]}"
    assert (gone.email, gone.unit, gone.has_usable_password()) == (
        "",
        cast.faculty,
        False,
    )
    assert traced() == [
        (
            *("person_blanked", cast.administrator.pk, person.pk, cast.faculty.pk),
            {"reason": "Asked for it."},
        )
    ]


def test_what_is_refused(cast, settings):
    admin, twin = cast.administrator, r.person("Synne Again", unit=cast.faculty)
    admin.earlier_accounts = [twin.pk]
    admin.save()
    settings.KEEP_LEAVERS_NAMES = 500
    young, officer = old_leaver(cast, 1), cast.officer
    closed = r.unit("Closed", parent=cast.faculty)
    closed.closed_on = TODAY
    closed.save()
    joined = r.person(unit=cast.faculty, merged_into=officer, is_active=False)
    attempts = {
        "leave oneself": lambda: leaving.leave(actor=admin, person=admin, day=TODAY),
        "left long ago": lambda: leaving.leave(actor=admin, person=young, day=TODAY),
        "left in the past": lambda: leaving.leave(
            actor=admin, person=officer, day=TODAY - DAY
        ),
        "move oneself": lambda: accounts.move(
            actor=admin, person=twin, unit=cast.department
        ),
        "move a foreigner": lambda: accounts.move(
            actor=admin, person=cast.stranger, unit=cast.department
        ),
        "move to a closed unit": lambda: accounts.move(
            actor=admin, person=officer, unit=closed
        ),
        "merge oneself": lambda: accounts.merge(actor=admin, person=officer, into=twin),
        "merge with itself": lambda: accounts.merge(
            actor=admin, person=officer, into=officer
        ),
        "merge twice": lambda: accounts.merge(actor=admin, person=joined, into=officer),
        "merge into a closed one": lambda: accounts.merge(
            actor=admin, person=officer, into=young
        ),
        "merge across institutions": lambda: accounts.merge(
            actor=admin, person=officer, into=cast.stranger
        ),
        "blank too early": lambda: accounts.blank(
            actor=admin, person=young, reason="Asked."
        ),
        "blank somebody at work": lambda: accounts.blank(
            actor=admin, person=officer, reason="Asked."
        ),
    }

    assert passed(attempts) == set()
    settings.KEEP_LEAVERS_NAMES = 30
    wordless = {"no": lambda: accounts.blank(actor=admin, person=young, reason=" ")}
    assert passed(wordless) == set()
    assert traced() == []


def test_an_empty_installation_begins_with_one_administrator(db):
    person = r.person("Synne Admin", username="synne")

    call_command(
        *("start_institution", "--name", "Fjordheim", "--administrator", "synne")
    )

    unit = Unit.objects.get()
    role = RoleAssignment.objects.get()
    assert (role.user, role.role, role.unit) == (person, "system_administrator", unit)
    assert traced() == [
        ("unit_added", None, None, unit.pk, {"name": "Fjordheim"}),
        (
            *("role_given", None, person.pk, unit.pk),
            {"role": "system_administrator", "from": TODAY.isoformat()},
        ),
    ]
    for name in ("nobody", "synne"):
        with pytest.raises(CommandError):
            call_command(
                *("start_institution", "--name", "Fjordheim"), "--administrator", name
            )
