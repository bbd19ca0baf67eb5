"""Refuses to start on settings that would do harm later."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.checks import Error, Tags, register

SECRET_LENGTH = 32


@register(Tags.security)
def secret_is_long(**kwargs: Any) -> list[Error]:
    if len(settings.SECRET_KEY) >= SECRET_LENGTH or settings.DEBUG:
        return []
    return [
        Error(
            f"MIDTVEIS_SECRET_KEY is shorter than {SECRET_LENGTH} signs.",
            hint="Make a long random one; .env.example shows how.",
            id="register.E001",
        )
    ]


@register()
def time_zone_is_known(**kwargs: Any) -> list[Error]:
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return [
            Error(
                f"MIDTVEIS_TIME_ZONE {settings.TIME_ZONE!r} is not a known time zone.",
                hint="Write one such as Europe/Oslo.",
                id="register.E002",
            )
        ]
    return []


@register(Tags.database)
def sqlite_waits_its_turn(**kwargs: Any) -> list[Error]:
    return complaints_of(settings.DATABASES["default"])


def complaints_of(database: dict[str, Any]) -> list[Error]:
    """Without IMMEDIATE, SQLite ignores our locks and two decisions can meet."""
    options = database.get("OPTIONS", {})
    is_sqlite = database["ENGINE"].endswith("sqlite3")
    if not is_sqlite or options.get("transaction_mode") == "IMMEDIATE":
        return []
    return [
        Error(
            "SQLite must be opened with transaction_mode IMMEDIATE.",
            hint="Use MIDTVEIS_DATABASE_URL; config.env sets the options.",
            id="register.E003",
        )
    ]
