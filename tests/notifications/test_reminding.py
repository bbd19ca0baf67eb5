"""Who is reminded of a review, when, and when not."""

from datetime import date, timedelta

import pytest

from notifications.models import Message
from notifications.services import reminding
from register.choices import CaseState, Role
from register.models import Cooperation, User
from tests.factories import register as r
from tests.factories import workflows as w
from tests.factories.notifications import move_review, occasions, told, with_review
from workflows.choices import ReviewOutcome
from workflows.services import concluding, reviewing

pytestmark = pytest.mark.django_db
DUE = date(2027, 3, 1)


def days(count):
    return DUE + timedelta(days=count)


@pytest.fixture
def case(cast):
    case = with_review(cast, DUE)
    Cooperation.objects.filter(pk=case.pk).update(case_officer=cast.officer)
    return w.fresh(case)


def test_every_step_is_told_once_to_responsible_and_case_officer(case):
    for day in range(-70, 31):
        reminding.plan(today=days(day))
        reminding.plan(today=days(day))

    steps = ["-60", "-30", "-7", "+0", "+7", "+14"]
    assert occasions(case) == [f"2027-03-01:{step}" for step in steps]
    for step in steps:
        late = {("review_due", "Liv")} if step in ("+7", "+14") else set()
        assert told(occasion=f"2027-03-01:{step}") == late | {
            ("review_due", "Pia"),
            ("review_due", "Odd"),
        }


def test_the_reminder_says_by_when(case):
    reminding.plan(today=days(-30))

    assert {message.due_on for message in Message.objects.all()} == {DUE}


@pytest.mark.parametrize(
    ("last_seen", "outage", "then"),
    [(-61, 3, "-60"), (-31, 3, "-30"), (-61, 40, "-30"), (-8, 40, "+14"), (-60, 3, "")],
)
def test_an_outage_collapses_to_the_most_urgent_step(case, last_seen, outage, then):
    reminding.plan(today=days(last_seen))
    before = set(occasions(case))

    reminding.plan(today=days(last_seen + outage))

    new = set(occasions(case)) - before
    assert new == ({f"2027-03-01:{then}"} if then else set())


def test_an_earlier_step_is_not_told_after_a_later_one(case):
    reminding.plan(today=days(-7))

    assert reminding.plan(today=days(-40)) == []


def test_a_moved_date_begins_a_new_series(case):
    reminding.plan(today=days(-30))
    move_review(case, days(20))
    reminding.plan(today=days(-30))
    reminding.plan(today=days(-10))

    assert occasions(case) == ["2027-03-01:-30", "2027-03-21:-60", "2027-03-21:-30"]


def test_no_date_no_reminder(case):
    move_review(case, None)

    assert reminding.plan(today=days(0)) == []


def test_whoever_takes_over_hears_the_step_that_stands(cast, case):
    reminding.plan(today=days(-60))
    Cooperation.objects.filter(pk=case.pk).update(case_officer=cast.adviser)
    reminding.plan(today=days(-45))

    assert {name for _kind, name in told()} == {"Pia", "Odd", "Ada"}


def test_a_leaver_is_not_reminded(cast, case):
    User.objects.filter(pk=cast.proposer.pk).update(is_active=False)
    reminding.plan(today=days(-60))

    assert told() == {("review_due", "Odd")}


def test_leaders_hear_every_step_when_all_who_carry_the_case_have_left(cast, case):
    gone = [cast.proposer.pk, cast.officer.pk]
    User.objects.filter(pk__in=gone).update(is_active=False)
    reminding.plan(today=days(-60))

    assert told() == {("review_due", "Liv")}


def test_case_officers_of_the_unit_hear_when_there_is_no_leader_either(cast, case):
    gone = [cast.proposer.pk, cast.officer.pk, cast.leader.pk]
    User.objects.filter(pk__in=gone).update(is_active=False)
    r.person_with(Role.CASE_OFFICER, cast.faculty, "Nora New")
    reminding.plan(today=days(-60))

    assert told() == {("review_due", "Nora")}


def test_leaders_above_the_unit_hear_and_those_beside_it_do_not(cast, case):
    r.person_with(Role.UNIT_LEADER, cast.faculty, "Frida Faculty")
    r.person_with(Role.UNIT_LEADER, cast.other_department, "Lars Law")
    former = r.person_with(Role.UNIT_LEADER, cast.department, "Fred Former")
    former.assignments.update(valid_from=date(2020, 1, 1), valid_until=date(2021, 1, 1))
    reminding.plan(today=days(7))

    assert {name for _kind, name in told()} == {"Pia", "Odd", "Liv", "Frida"}


@pytest.mark.parametrize("state", CaseState.values)
def test_only_running_cases_with_a_coming_review_are_reminded_of(cast, state):
    move_review(w.in_state(cast, state), DUE)

    assert bool(reminding.plan(today=DUE)) == (state in ("approved", "under_review"))


def test_a_decided_review_is_followed_by_its_next_and_not_by_itself(cast, case):
    reviewing.open_review(case_id=case.pk, actor=cast.officer, ground="Ownership.")
    w.declare_none(case)
    reminding.plan(today=days(0))
    reviewing.complete_questions(
        case_id=case.pk,
        actor=cast.officer,
        answers=w.core(w.answers("midway")),
        conclusion="Same.",
    )
    concluding.conclude(
        case_id=case.pk,
        actor=cast.decider,
        outcome=ReviewOutcome.CONTINUE,
        reasons="Goes well.",
    )

    assert reminding.plan(today=days(14)) == []
    assert w.fresh(case).next_review_on > days(14)


@pytest.mark.parametrize("cases", [1, 4])
def test_planning_asks_as_often_for_one_case_as_for_many(
    cast, cases, django_assert_num_queries
):
    for _ in range(cases):
        with_review(cast, DUE)

    with django_assert_num_queries(4):  # cases, what was told, leaders, officers
        assert len(reminding.missing(today=days(7))) == cases * 2
