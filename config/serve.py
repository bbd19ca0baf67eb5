"""Midtveis on one machine with one command: `python -m config.serve`, or `./run`.

Broker, web, worker and beat in one supervised tree, on SQLite, under one folder."""

import argparse
import atexit
import fcntl
import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.programs import (
    BASE_DIR,
    HOST,
    NoBroker,
    beat_command,
    broker_command,
    manage_command,
    web_command,
    worker_command,
)
from config.supervision import Child, StopAsked, Tree

READY_WITHIN = 90.0  # seconds
LONGEST_SOCKET_PATH = 100  # bytes; the systems allow 104 to 108


class CannotStart(Exception):
    """What is wrong and what to do about it, in a sentence for whoever starts."""


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        port = read_port(arguments)
        var = env.folder("VAR", BASE_DIR / "var")
        lock = prepare_folder(var)
        refuse_taken(port)
        serve(port, var, lock)
    except (CannotStart, NoBroker, ImproperlyConfigured) as problem:
        print(f"Midtveis could not start. {problem}", file=sys.stderr)
        return 1
    return 0


def read_port(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="./run", description="Start Midtveis here.")
    parser.add_argument("--port", type=int, default=env.integer("PORT", 8000, least=1))
    port: int = parser.parse_args(arguments).port
    if not 0 < port < 65536:
        parser.error(f"{port} is not a port. Write a number from 1 to 65535.")
    return port


# Before the start -----------------------------------------------------------------
def prepare_folder(var: Path) -> int:
    """Make the folder that holds everything; return the lock that keeps it ours."""
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        (var / "broker").mkdir(exist_ok=True)
        var.chmod(0o700)
        lock = os.open(var / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(
            f"The folder {var} cannot be written ({error.strerror}). Choose another "
            "with MIDTVEIS_VAR, or make this one yours."
        ) from None
    wait_for(lock, var)
    return lock


def wait_for(lock: int, var: Path) -> None:
    """A start that was killed a moment ago may still be clearing up: be patient."""
    deadline = time.monotonic() + 4
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"It already runs on the folder {var}. Stop it there with Ctrl-C, "
                    "or give this one another folder with MIDTVEIS_VAR."
                ) from None
            time.sleep(0.1)


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} cannot be used ({error.strerror}). Stop the program that "
                f"uses it, or choose another port: ./run --port {port + 1}"
            ) from None


def keep_secret_key(var: Path) -> None:
    """A key of this installation's own, made once and readable by its owner only."""
    path = var / "secret-key"
    if os.environ.get("MIDTVEIS_SECRET_KEY") or path.exists():
        return
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(secrets.token_urlsafe(50))


def set_environment(port: int, var: Path, broker_socket: Path) -> None:
    os.environ |= {
        "MIDTVEIS_EMBEDDED": "true",
        "MIDTVEIS_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    os.environ.setdefault("MIDTVEIS_SITE_URL", f"http://{HOST}:{port}")
    os.environ.setdefault("MIDTVEIS_BROKER_URL", f"redis+socket://{broker_socket}")


# The run itself -------------------------------------------------------------------
def serve(port: int, var: Path, lock: int) -> None:
    """Start everything, say so, and watch over it until asked to stop."""
    os.chdir(BASE_DIR)
    keep_secret_key(var)
    tree = Tree(var / "log", held=lock)
    broker_socket = choose_socket(var)
    set_environment(port, var, broker_socket)
    try:
        start(tree, port, var, broker_socket)
        greet(port, var)
        watch(tree)
    except StopAsked:
        say("Stopping …")
    finally:
        tree.stop()
    say("Stopped. Nothing is left running.")


def choose_socket(var: Path) -> Path:
    usual = var / "broker.sock"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_PATH:
        return usual
    short = tempfile.mkdtemp(prefix="midtveis-")
    atexit.register(shutil.rmtree, short, ignore_errors=True)
    return Path(short, usual.name)


def start(tree: Tree, port: int, var: Path, broker_socket: Path) -> None:
    say(f"Midtveis keeps everything in {var}")
    if os.environ["MIDTVEIS_BROKER_URL"].endswith(str(broker_socket)):
        tree.start("broker", broker_command(var / "broker", broker_socket))
    say("Bringing the database up to date …")
    finish(tree, "migrate", manage_command("migrate", "--no-input"))
    finish(tree, "load_demo", manage_command("load_demo", "--if-empty"))
    say("Starting web, worker and beat …")
    web = tree.start("web", web_command(port))
    tree.start("worker", worker_command())
    tree.start("beat", beat_command(var))
    wait_until_ready(tree, web, port)


def finish(tree: Tree, name: str, command: Sequence[str]) -> None:
    if tree.run(name, command) != 0:
        raise CannotStart(f"The step {name} failed. {tail(tree.logs / f'{name}.log')}")


def wait_until_ready(tree: Tree, web: Child, port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not is_ready(port):
        if time.monotonic() > deadline or web.failures > 2:
            raise CannotStart(f"The pages do not answer. {tail(web.log)}")
        tree.pause(0.1)
        tend(tree)


def is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def greet(port: int, var: Path) -> None:
    listing = subprocess.run(
        manage_command("load_demo", "--list"),
        capture_output=True,
        check=False,
        text=True,
    )
    say("")
    say(f"Midtveis is ready: http://{HOST}:{port}/")
    if listing.returncode == 0 and listing.stdout.strip():
        say("")
        say(listing.stdout.rstrip())
    say("")
    say(f"What the programs say is kept in {var / 'log'}. Ctrl-C stops everything.")


def watch(tree: Tree) -> NoReturn:
    while True:
        tree.pause(0.5)
        tend(tree)


def tend(tree: Tree) -> None:
    for sentence in tree.tend():
        say(sentence)


def tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-12:] if log.exists() else []
    return "\n".join([f"The end of {log}:", *(f"    {line}" for line in lines)])


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
