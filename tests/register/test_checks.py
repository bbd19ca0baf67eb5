import pytest

from register import checks


@pytest.mark.parametrize(("length", "ids"), [(31, ["register.E001"]), (32, [])])
def test_a_short_secret_is_refused(settings, length, ids):
    settings.SECRET_KEY, settings.DEBUG = "x" * length, False

    assert [error.id for error in checks.secret_is_long()] == ids


@pytest.mark.parametrize(
    ("zone", "ids"),
    [("Europe/Oslo", []), ("Europe/Midtveis", ["register.E002"])],
)
def test_an_unknown_time_zone_is_refused(settings, zone, ids):
    settings.TIME_ZONE = zone

    assert [error.id for error in checks.time_zone_is_known()] == ids


@pytest.mark.parametrize(
    ("engine", "options", "ids"),
    [
        ("sqlite3", {"transaction_mode": "IMMEDIATE"}, []),
        ("sqlite3", {}, ["register.E003"]),
        ("postgresql", {}, []),
    ],
)
def test_sqlite_without_immediate_transactions_is_refused(engine, options, ids):
    database = {"ENGINE": f"django.db.backends.{engine}", "OPTIONS": options}

    assert [error.id for error in checks.complaints_of(database)] == ids
