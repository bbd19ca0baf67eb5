"""Today, where the institution is. Everything else takes `today` as an argument."""

from datetime import date

from django.utils import timezone


def local_today() -> date:
    """The calendar day in the institution's time zone (MIDTVEIS_TIME_ZONE)."""
    return timezone.localdate()
