"""When the next look at a case is due. Date arithmetic only: `today` is an argument."""

from calendar import monthrange
from datetime import date, timedelta

from register.choices import Risk

# Workflow 10: months between reviews by residual risk; 0 is a case taken in unassessed.
INTERVAL_MONTHS: dict[int, int] = {
    Risk.NONE: 6,
    Risk.LOW: 36,
    Risk.MEDIUM: 12,
    Risk.HIGH: 6,
    Risk.CRITICAL: 6,
}
LOW_WITHOUT_END_MONTHS = 24


# Workflow 9: working days within which the next hand should act; targets, not rights.
TARGET_WORKING_DAYS: dict[str, int] = {
    "proposed": 20,
    "assessed": 10,
    "returned": 20,
    "suspended": 10,
    "terminating": 20,
}
# Workflow 9: an extraordinary review is answered within two weeks.
EXTRAORDINARY_WORKING_DAYS = 10
# Workflow 9: what an unsure answer leaves open is found out within two weeks.
POINT_WORKING_DAYS = 10
# From so many days before its date a planned review may be opened without a ground.
PREPARING_DAYS = 60


def is_early(today: date, due: date) -> bool:
    """Whether a review due then would be opened out of turn."""
    return today < due - timedelta(days=PREPARING_DAYS)


def extraordinary_due(today: date, planned: date) -> date:
    """By when an extraordinary review is answered: never later than was planned."""
    return min(planned, add_working_days(today, EXTRAORDINARY_WORKING_DAYS))


def add_working_days(day: date, days: int) -> date:
    """So many Mondays to Fridays later."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def act_by(state: str, since: date) -> date | None:
    """The target day for the next step of a case that has waited since `since`."""
    days = TARGET_WORKING_DAYS.get(state)
    return None if days is None else add_working_days(since, days)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def next_review_on(
    *,
    today: date,
    risk: int,
    starts_on: date | None,
    ends_on: date | None,
    most_months: int | None = None,
) -> date:
    """The latest day that the rule allows: the interval of the risk, or `most_months`
    where an answer shortens it, never longer than half the agreement's length, never
    after its end; tomorrow at the earliest."""
    months = min(INTERVAL_MONTHS[risk], most_months or INTERVAL_MONTHS[risk])
    if risk == Risk.LOW and ends_on is None:
        months = min(months, LOW_WITHOUT_END_MONTHS)
    due = add_months(today, months)
    if ends_on is not None:
        half = (ends_on - (starts_on or today)) / 2
        due = min(due, today + half, ends_on)
    return max(due, today + timedelta(days=1))
