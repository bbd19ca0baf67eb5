"""The ladder is arithmetic on dates and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import deadlines

DUE = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (-400, None),
        (-61, None),
        (-60, -60),
        (-31, -60),
        (-30, -30),
        (-8, -30),
        (-7, -7),
        (-1, -7),
        (0, 0),
        (6, 0),
        (7, 7),
        (13, 7),
        (14, 14),
        (400, 14),
    ],
)
def test_only_the_most_urgent_step_that_has_come_is_told(days, step):
    assert deadlines.step_on(DUE + timedelta(days), DUE) == step


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.sampled_from(deadlines.STEPS))
def test_occasion_tells_its_step_again(due, step):
    assert deadlines.step_of(deadlines.occasion(due, step)) == step


@given(
    st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    st.dates(date(2020, 1, 1), date(2100, 1, 1)),
)
def test_a_step_has_come_exactly_within_the_horizon(today, due):
    has_come = deadlines.step_on(today, due) is not None

    assert has_come == (due <= deadlines.horizon(today))


def test_step_never_falls_back_while_days_pass():
    days = [DUE + timedelta(n) for n in range(-70, 30)]
    steps = [deadlines.step_on(day, DUE) for day in days]
    told = [step for step in steps if step is not None]

    assert told == sorted(told)
    assert list(dict.fromkeys(told)) == list(deadlines.STEPS)
