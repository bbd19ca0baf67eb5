"""Case numbers: 2026/0042, without gaps and without races."""

from django.db import transaction

from register.models import NumberSeries


@transaction.atomic
def next_number(year: int) -> str:
    """The next number of the year. The series row stays locked until the caller's
    transaction ends, so a rolled-back case gives its number back."""
    NumberSeries.objects.get_or_create(year=year)
    series = NumberSeries.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}/{series.last:04}"
