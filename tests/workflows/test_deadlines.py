"""Date rules: a table of the awkward days, and a second reckoning that walks day by day
and month by month where the first one calculates."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.choices import CaseState, Risk
from workflows.deadlines import (
    act_by,
    add_months,
    add_working_days,
    extraordinary_due,
    is_early,
    next_review_on,
)

NONE, LOW, MEDIUM, HIGH, CRITICAL = Risk.values
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 11, 22), 36, date(2029, 11, 22)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months, expected):
    assert add_months(day, months) == expected


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("risk", "starts_on", "ends_on", "expected"),
    [
        # Without an end, the interval of the risk alone.
        (NONE, TODAY, None, date(2027, 5, 22)),
        (LOW, TODAY, None, date(2028, 11, 22)),  # 24 months, not 36
        (MEDIUM, TODAY, None, date(2027, 11, 22)),
        (HIGH, TODAY, None, date(2027, 5, 22)),
        (CRITICAL, TODAY, None, date(2027, 5, 22)),
        (MEDIUM, None, None, date(2027, 11, 22)),
        # A long agreement leaves the interval as it is.
        (LOW, TODAY, date(2036, 11, 22), date(2029, 11, 22)),
        (MEDIUM, TODAY, date(2030, 11, 22), date(2027, 11, 22)),
        # Never later than half the agreement's length: two years are 730 days.
        (LOW, TODAY, date(2028, 11, 21), date(2027, 11, 22)),
        (LOW, TODAY, date(2026, 12, 2), date(2026, 11, 27)),
        (LOW, date(2026, 1, 1), date(2027, 1, 1), date(2027, 1, 1)),  # and not after it
        (LOW, None, date(2027, 11, 22), date(2027, 5, 23)),  # 365 days: 182 and a half
        # Near its end, or past it: tomorrow at the earliest.
        (LOW, date(2020, 1, 1), date(2026, 11, 30), date(2026, 11, 30)),
        (LOW, date(2020, 1, 1), date(2026, 11, 23), date(2026, 11, 23)),
        (LOW, date(2020, 1, 1), TODAY, date(2026, 11, 23)),
        (HIGH, date(2020, 1, 1), date(2021, 1, 1), date(2026, 11, 23)),
        (HIGH, TODAY, TODAY, date(2026, 11, 23)),
    ],
)
def test_the_next_review_is_due_by_risk_and_agreement(
    risk, starts_on, ends_on, expected
):
    assert (
        next_review_on(today=TODAY, risk=risk, starts_on=starts_on, ends_on=ends_on)
        == expected
    )


def month_by_month(day: date, months: int) -> date:
    """The second reckoning: step from first to first, then look for the day."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(days=32)).replace(day=1)
    found = first
    while found.day < day.day and (found + timedelta(days=1)).month == first.month:
        found += timedelta(days=1)
    return found


@given(DAYS, st.integers(0, 60))
@settings(max_examples=200)
def test_months_later_agrees_with_walking_there(day, months):
    assert add_months(day, months) == month_by_month(day, months)


@given(
    today=DAYS,
    risk=st.sampled_from(Risk.values),
    begun=st.none() | st.integers(-4000, 400),
    length=st.none() | st.integers(0, 6000),
)
@settings(max_examples=300)
def test_the_next_review_keeps_every_limit_and_is_the_latest_that_does(
    today, risk, begun, length
):
    starts_on = None if begun is None else today + timedelta(days=begun)
    ends_on = None if length is None else (starts_on or today) + timedelta(days=length)
    months = {NONE: 6, LOW: 36, MEDIUM: 12, HIGH: 6, CRITICAL: 6}[risk]
    if risk == LOW and ends_on is None:
        months = 24

    def allowed(day: date) -> bool:
        in_time = day <= month_by_month(today, months)
        if ends_on is None:
            return in_time
        waits, lasts = (day - today).days, (ends_on - (starts_on or today)).days
        return in_time and day <= ends_on and 2 * waits <= lasts

    due = next_review_on(today=today, risk=risk, starts_on=starts_on, ends_on=ends_on)

    tomorrow = today + timedelta(days=1)
    assert due >= tomorrow
    assert allowed(due) or due == tomorrow
    assert not allowed(due + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # from a Saturday
        (date(2026, 11, 23), 10, date(2026, 12, 7)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_working_days_are_mondays_to_fridays(day, days, expected):
    assert add_working_days(day, days) == expected


@given(DAYS, st.integers(0, 60))
def test_so_many_working_days_lie_between(day, days):
    end = add_working_days(day, days)

    between = [day + timedelta(days=n + 1) for n in range((end - day).days)]
    assert len([each for each in between if each.isoweekday() <= 5]) == days
    assert end == day or end.isoweekday() <= 5


def test_a_review_is_early_until_sixty_days_before_it_is_due():
    assert [is_early(TODAY, TODAY + timedelta(days=n)) for n in (61, 60, 0, -1)] == [
        True,
        False,
        False,
        False,
    ]


def test_an_extraordinary_review_is_due_in_two_weeks_or_as_planned_before():
    planned = [date(2027, 1, 1), date(2026, 12, 4), date(2026, 12, 1), TODAY]

    assert [extraordinary_due(TODAY, each) for each in planned] == [
        date(2026, 12, 4),
        date(2026, 12, 4),
        date(2026, 12, 1),
        TODAY,
    ]


def test_each_waiting_state_has_a_target_and_no_other():
    monday = date(2026, 11, 23)

    assert {state: act_by(state, monday) for state in CaseState.values} == (
        dict.fromkeys(CaseState.values)
        | dict.fromkeys(["proposed", "returned", "terminating"], date(2026, 12, 21))
        | dict.fromkeys(["assessed", "suspended"], date(2026, 12, 7))
    )
