"""The programs that are measured: gunicorn as compose.yaml starts it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from config.programs import broker_command

HOST = "127.0.0.1"
SHAPE = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
PRODUCT = ("config.wsgi:application", "config.settings")
FLOOR = ("django.core.wsgi:get_wsgi_application()", "bench.floor_settings")


@contextmanager
def serving(program: tuple[str, str], database_url: str) -> Iterator[int]:
    """The port on which the program answers."""
    application, settings = program
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, *SHAPE]
    command += ["--bind", f"{HOST}:{port}", "--no-control-socket"]
    # A proxy keeps its connections, and so does the bench between two rounds.
    command += ["--keep-alive", "60", "--log-level", "warning"]
    own = {"DJANGO_SETTINGS_MODULE": settings, "MIDTVEIS_DATABASE_URL": database_url}
    with running(command, os.environ | own):
        wait_for(port)
        yield port


@contextmanager
def broker(folder: Path) -> Iterator[None]:
    """A change of state wakes a worker, so there is a broker, with nobody behind it."""
    with running(broker_command(folder, folder / "broker.sock"), dict(os.environ)):
        yield


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return listener.getsockname()[1]


def wait_for(port: int) -> None:
    for _attempt in range(100):
        try:
            connection = HTTPConnection(HOST, port, timeout=60)
            connection.request("GET", "/register/")
            connection.getresponse().read()
            return
        except ConnectionError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answers on port {port}")
