"""The tree of processes, tried with programs that cost nothing."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.config.processes import processes_with, wait_until

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
SUPERVISOR = """
import os, sys
from pathlib import Path
from config.supervision import StopAsked, Tree
folder = Path(sys.argv[1])
tree = Tree(folder, held=os.open(folder / "lock", os.O_RDWR | os.O_CREAT))
tree.start("leaf", ["sleep", "1000"])
tree.start("branch", ["sh", "-c", "sleep 1000 & sleep 1000"])
if "deaf" in sys.argv:
    tree.start("deaf", ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"])
print(tree.warden.pid, *(child.process.pid for child in tree.children), flush=True)
try:
    while True:
        tree.pause(0.1)
        for sentence in tree.tend():
            print(sentence, flush=True)
except StopAsked:
    tree.stop()
"""


class Running:
    """A supervisor with two programs, one of which has a child of its own."""

    def __init__(self, folder, *more):
        self.mark = str(folder)
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(folder), *more],
            cwd=ROOT,
            env=os.environ | {"MARK": self.mark},
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        self.warden, self.leaf, self.branch = map(int, line.split()[:3])

    def left(self):
        return processes_with(self.mark)

    def settled(self):
        """What runs once the shell has started its own children too."""
        seen = set()
        while seen != (now := self.left()) or not now:
            seen = now
            time.sleep(0.5)
        return seen


@pytest.fixture
def start(tmp_path):
    """Start a supervisor; whatever it leaves behind is cleared away afterwards."""
    started = []

    def start(*more):
        started.append(Running(tmp_path, *more))
        return started[-1]

    yield start
    for running in started:
        running.process.stdout.close()
        for pid in running.left():
            with suppress(ProcessLookupError):  # it went by itself a moment ago
                os.kill(pid, signal.SIGKILL)
        running.process.wait()


@pytest.fixture
def running(start):
    return start()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everybody(running, number):
    running.process.send_signal(number)

    assert running.process.wait(5) == 0
    assert running.left() == set()


def test_a_program_that_will_not_listen_is_stopped_within_five_seconds(start):
    running = start("deaf")
    asked = time.monotonic()

    running.process.terminate()

    assert running.process.wait(5) == 0
    assert time.monotonic() - asked < 5
    assert running.left() == set()


def test_a_killed_supervisor_leaves_not_even_one_that_will_not_listen(start):
    running = start("deaf")

    running.process.kill()
    running.process.wait()

    assert wait_until(lambda: running.left() == set())


def test_a_killed_supervisor_leaves_no_child_and_no_grandchild(running):
    # The supervisor, its warden, the leaf, the branch and the two that it started.
    assert wait_until(lambda: len(running.left()) == 6)

    running.process.kill()
    running.process.wait()

    assert wait_until(lambda: running.left() == set())


def test_without_its_warden_a_killed_supervisor_would_leave_children(running):
    os.kill(running.process.pid, signal.SIGSTOP)
    os.kill(running.warden, signal.SIGKILL)
    running.process.kill()
    running.process.wait()

    assert not wait_until(lambda: running.left() == set(), seconds=2)


def test_a_killed_warden_is_replaced_and_knows_everybody(running):
    os.kill(running.warden, signal.SIGKILL)
    time.sleep(1)

    running.process.kill()
    running.process.wait()

    assert wait_until(lambda: running.left() == set())


def test_a_program_that_died_is_started_again(running):
    os.kill(running.leaf, signal.SIGKILL)

    died, started = running.process.stdout.readline(), running.process.stdout.readline()

    assert died.startswith("leaf stopped (exit -9) and starts again in 1 s.")
    assert started == "leaf was started again.\n"


def test_what_a_dead_program_left_is_cleared_away_before_the_next_start(running):
    before = running.settled()
    os.kill(running.branch, signal.SIGKILL)
    running.process.stdout.readline()
    running.process.stdout.readline()

    assert wait_until(lambda: len(running.left()) == len(before))
