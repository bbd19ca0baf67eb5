"""A tree of processes: started together, started again when one dies, stopped together.
Each has its own process group, and a warden ends the groups if this process is killed.
"""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from config import warden

LONGEST_PAUSE = 30.0  # seconds between two attempts at starting the same program
HEALTHY_AFTER = 60.0  # a program that ran this long starts again without a pause


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, closed the terminal or asked the process to end."""


class Child:
    """One program that shall run: its process, its log, its failures in a row."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.failures = 0
        self.start()

    def start(self) -> None:
        self.again_at: float | None = None
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def is_running(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: int) -> None:
        warden.send(number, [self.process.pid])

    def bury(self) -> float:
        """Clear away what the dead process left and return the pause before the next
        attempt, which doubles as long as the program keeps dying young."""
        self.signal(signal.SIGKILL)
        lived = time.monotonic() - self.started_at
        self.failures = 1 if lived > HEALTHY_AFTER else self.failures + 1
        pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE)
        self.again_at = time.monotonic() + pause
        return pause


class Tree:
    """The running programs of one installation. SIGINT, SIGTERM and SIGHUP ask it to
    stop; `pause` tells."""

    def __init__(self, logs: Path, *, held: int) -> None:
        """`held` is an open lock file: it stays held until the last child has ended."""
        self.logs = logs
        self.held = held
        self.children: list[Child] = []
        self.stop_asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop_asked.set())
        self.start_warden()

    def start_warden(self) -> None:
        # By path and without the package, so that it is small and starts at once.
        self.warden = subprocess.Popen(
            [sys.executable, "-P", warden.__file__],
            stdin=subprocess.PIPE,
            process_group=0,
            pass_fds=[self.held],
            text=True,
        )

    def start(self, name: str, command: Sequence[str]) -> Child:
        child = Child(name, command, self.fresh_log(name))
        self.children.append(child)
        self.tell_warden()
        return child

    def fresh_log(self, name: str) -> Path:
        log = self.logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        return log

    def run(self, name: str, command: Sequence[str]) -> int:
        """Run a program to its end and return its exit code."""
        child = self.start(name, command)
        while child.is_running():
            self.pause(0.05)
        self.children.remove(child)
        self.tell_warden()
        return child.process.returncode

    def pause(self, seconds: float) -> None:
        """Sleep, or raise StopAsked as soon as a stop is asked."""
        if self.stop_asked.wait(seconds):
            raise StopAsked

    def tend(self) -> list[str]:
        """Look after everyone once; one sentence for each that had died."""
        if self.warden.poll() is not None:
            self.start_warden()
            self.tell_warden()
        return [self.look_after(each) for each in self.children if is_due(each)]

    def look_after(self, child: Child) -> str:
        if child.again_at is None:
            code = child.process.returncode
            pause = child.bury()
            return (
                f"{child.name} stopped (exit {code}) and starts again in "
                f"{pause:.0f} s. See {child.log}."
            )
        child.start()
        self.tell_warden()
        return f"{child.name} was started again."

    def tell_warden(self) -> None:
        groups = " ".join(str(child.process.pid) for child in self.children)
        # A dead warden hears nothing: `tend` starts another one and tells it.
        with suppress(BrokenPipeError):
            print(groups, file=self.warden.stdin, flush=True)

    def stop(self) -> None:
        """Stop everybody within five seconds: the last started first to hear it, the
        first started (which the others lean on) last."""
        self.end(self.children[1:], patience=3.0)
        self.end(self.children[:1], patience=1.0)
        self.children.clear()
        self.tell_warden()
        self.warden.communicate()

    def end(self, children: Sequence[Child], *, patience: float) -> None:
        for child in reversed(children):
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and any(c.is_running() for c in children):
            time.sleep(0.05)
        for child in children:
            child.signal(signal.SIGKILL)
            child.process.wait()


def is_due(child: Child) -> bool:
    """Has it died unnoticed, or is its pause over?"""
    if child.again_at is not None:
        return time.monotonic() >= child.again_at
    return not child.is_running()
