"""Case numbers: 2026/0042, without gaps and without races."""

from django.db import transaction

from register.models import NumberSeries


def next_number(year: int) -> str:
    """The next number of the year; see `next_numbers`."""
    return next_numbers(year, 1)[0]


@transaction.atomic
def next_numbers(year: int, count: int) -> list[str]:
    """The next numbers of the year. The series row stays locked until the caller's
    transaction ends, so rolled-back cases give their numbers back."""
    NumberSeries.objects.get_or_create(year=year)
    series = NumberSeries.objects.select_for_update().get(year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return [f"{year}/{number:04}" for number in range(first, first + count)]
