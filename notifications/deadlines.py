"""The ladder of reminders around a review. Dates only: `today` is an argument."""

from datetime import date, timedelta

# Days from the review's date. From the first in TO_LEADERS on, the leaders hear too.
STEPS = (-60, -30, -7, 0, 7, 14)
FIRST_STEP = STEPS[0]
TO_LEADERS = 7


def step_on(today: date, due: date) -> int | None:
    """The most urgent step that has come; None while it is too early for any.

    Steps missed in an outage are not told one by one: the last of them stands for all.
    """
    return max((step for step in STEPS if due + timedelta(step) <= today), default=None)


def next_on(today: date, due: date) -> date | None:
    """The day of the next reminder that has not come yet; None after the last."""
    days = (due + timedelta(step) for step in STEPS)
    return min((day for day in days if day > today), default=None)


def occasion(due: date, step: int) -> str:
    """What a reminder is about, once. A moved date begins a new series."""
    return f"{due}:{step:+d}"


def step_of(occasion: str) -> int:
    return int(occasion.rpartition(":")[2])


def horizon(today: date) -> date:
    """The last review date for which a step has come."""
    return today - timedelta(FIRST_STEP)
