"""Typed readers for the environment. A bad value stops the start with a sentence."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "MIDTVEIS_"
LOCAL = {"localhost", "127.0.0.1"}
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str:
    """The value of MIDTVEIS_<name>; without a default it must be set."""
    value = os.environ.get(PREFIX + name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"{PREFIX}{name} must be set. See .env.example for what it means."
        )
    return default


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, str(default)).lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}. Write true or false.")
    return value in TRUE


def integer(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(
            f"{PREFIX}{name} is {value!r}. Write a whole number, {least} or more."
        )
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Comma-separated words; empty ones are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(
            f"{PREFIX}{name} is {value!r}. Write one of {', '.join(allowed)}."
        )
    return value


def issuer(name: str) -> str:
    """The address of a sign-in service, or nothing. Its keys come over this line."""
    value = text(name, "").rstrip("/")
    url = urlsplit(value)
    if value and url.scheme != "https" and url.hostname not in LOCAL:
        raise ImproperlyConfigured(
            f"{PREFIX}{name} is {value!r}. Write an address that begins with https://."
        )
    return value


def folder(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().resolve()


def secret(name: str, kept_in: Path) -> str:
    """A secret from the environment, or from the file that `./run` keeps it in."""
    kept = kept_in.read_text().strip() if kept_in.is_file() else None
    return text(name, kept)


SQLITE_OPTIONS = {
    "timeout": 20,
    # Writers queue up instead of failing with "database is locked".
    "transaction_mode": "IMMEDIATE",
    # FULL: a register of decisions loses no commit when the power goes.
    "init_command": (
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA cache_size=-20000;"
        "PRAGMA foreign_keys=ON;"
    ),
}


def database(name: str, default: str) -> dict[str, object]:
    """A Django DATABASES entry from sqlite:///file or postgres://user:pw@host/db."""
    url = urlsplit(text(name, default))
    if url.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.path.removeprefix("/")) or ":memory:",
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": None,
        }
    if url.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(
        f"{PREFIX}{name} begins with {url.scheme!r}. Write sqlite:///path/to/file "
        "or postgres://user:password@host:5432/database."
    )


def mail(name: str) -> dict[str, object]:
    """Django's EMAIL_* settings from smtp://user:pw@host:25 or smtps://…:465."""
    url = urlsplit(text(name, "smtp://localhost:25"))
    if url.scheme not in {"smtp", "smtps", "smtp+starttls"}:
        raise ImproperlyConfigured(
            f"{PREFIX}{name} begins with {url.scheme!r}. Write smtp://host:25, "
            "smtp+starttls://user:password@host:587 or smtps://user:password@host:465."
        )
    return {
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp+starttls",
    }
