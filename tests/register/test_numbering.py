"""Case numbers: no gap, no double, year by year."""

import pytest
from django.db import transaction

from register.models import NumberSeries
from register.services.numbering import next_number

pytestmark = pytest.mark.django_db


def test_numbers_follow_each_other_within_a_year():
    given = [next_number(year) for year in (2026, 2026, 2027, 2026)]

    assert given == ["2026/0001", "2026/0002", "2027/0001", "2026/0003"]


def test_a_number_grows_beyond_four_digits():
    NumberSeries.objects.create(year=2026, last=9999)

    assert next_number(2026) == "2026/10000"


def take_and_fail() -> None:
    with transaction.atomic():
        next_number(2026)
        raise ZeroDivisionError


def test_a_transaction_taken_back_gives_its_number_back():
    next_number(2026)

    with pytest.raises(ZeroDivisionError):
        take_and_fail()

    assert next_number(2026) == "2026/0002"
