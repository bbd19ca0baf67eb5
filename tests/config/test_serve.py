"""`./run` as a person meets it: real processes, a real port, a folder of its own."""

import http.client
import os
import re
import shelve
import signal
import socket
import stat
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.config.processes import processes_with, wait_until, words_of

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


class House:
    """One `./run`, without its set-up: started on a free port, read line by line."""

    def __init__(self, var, **more):
        self.var = var
        self.port = free_port()
        self.process = start(var, self.port, **more)
        self.lines = []

    def wait_until_ready(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if "Ctrl-C stops everything" in line:
                return self
        raise AssertionError("\n".join(self.lines))

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body

    def left(self):
        return processes_with(str(self.var))

    def end(self, number):
        """Send the signal and note how it went."""
        self.key = (self.var / "secret-key").read_text()
        self.programs = {word for pid in self.left() for word in words_of(pid)}
        asked = time.monotonic()
        self.process.send_signal(number)
        self.code = self.process.wait(10)
        # After a kill, the warden needs its moment; after a request, nobody may.
        wait_until(lambda: not self.left(), seconds=4 if self.code else 0)
        self.leftovers = self.left()
        self.seconds = time.monotonic() - asked
        self.process.stdout.close()


def start(var, port, **more):
    # The lane's own settings must not reach the house: it brings everything along.
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MIDTVEIS_")}
    clean.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "config.serve", "--port", str(port)],
        cwd=ROOT,
        env=clean | {"MIDTVEIS_VAR": str(var)} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lives(tmp_path_factory):
    """Three lives of one installation: ended by Ctrl-C, by a kill, and still running.

    Its path is longer than the address of a socket may be: the broker must start."""
    var = tmp_path_factory.mktemp("house") / ("deep" * 20)
    first = House(var).wait_until_ready()
    first.end(signal.SIGINT)
    set_clock_back(var)
    second = House(var).wait_until_ready()
    second.end(signal.SIGKILL)
    third = House(var).wait_until_ready()
    yield first, second, third
    third.end(signal.SIGINT)


@pytest.fixture(scope="module")
def house(lives):
    return lives[-1]


def set_clock_back(var):
    """As if beat had last sent its tasks some minutes ago."""
    with shelve.open(str(var / "beat-schedule")) as clock:
        entries = clock["entries"]
        for entry in entries.values():
            entry.last_run_at -= timedelta(minutes=20)
        clock["entries"] = entries


def test_the_screen_shows_the_address_and_the_demo_sign_ins(house):
    assert f"Midtveis is ready: http://127.0.0.1:{house.port}/" in house.lines
    assert any(re.search(r"\bproposer\b", line, re.IGNORECASE) for line in house.lines)


def test_the_sign_in_page_comes_with_its_style_sheet(house):
    status, page = house.get("/sign-in/")
    sheets = re.findall(r'<link [^>]*href="(/static/[^"]+\.css)"', page)

    assert status == 200
    assert sheets
    assert {house.get(sheet)[0] for sheet in sheets} == {200}


def test_the_secret_key_and_the_folder_are_for_their_owner_only(house):
    assert stat.S_IMODE((house.var / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(house.var.stat().st_mode) == 0o700


def test_a_taken_port_is_told_with_what_to_do(house, tmp_path):
    second = start(tmp_path, house.port)
    said, _ = second.communicate(timeout=20)

    assert second.returncode == 1
    assert said == (
        f"Midtveis could not start. Port {house.port} cannot be used (Address already "
        "in use). Stop the program that uses it, or choose another port: "
        f"./run --port {house.port + 1}\n"
    )


def test_a_folder_that_is_in_use_is_told_with_what_to_do(house):
    second = start(house.var, free_port())
    said, _ = second.communicate(timeout=20)

    assert second.returncode == 1
    assert said.startswith("Midtveis could not start. It already runs on the folder")
    assert house.get("/health/ready")[0] == 200


def test_a_killed_web_server_is_started_again(house):
    master = re.search(r"Listening at: .* \((\d+)\)", log(house, "web"))[1]

    os.kill(int(master), signal.SIGKILL)
    died, started = (house.process.stdout.readline() for _ in range(2))

    assert died.startswith("web stopped (exit -9)")
    assert started == "web was started again.\n"
    assert wait_until(lambda: answers(house), seconds=20)


def test_ctrl_c_stops_everything_within_five_seconds(lives):
    first = lives[0]

    assert first.programs >= {"valkey-server", "gunicorn", "worker", "beat"}
    assert first.code == 0
    assert first.seconds < 5
    assert first.leftovers == set()


def test_a_killed_supervisor_leaves_nothing(lives):
    second = lives[1]

    assert second.programs >= {"valkey-server", "gunicorn", "worker", "beat"}
    assert second.code == -9
    assert second.leftovers == set()


def test_a_later_start_finds_the_data_and_the_key(lives):
    assert len({life.key for life in lives[:2]}) == 1
    assert "No migrations to apply" in log(lives[2], "migrate")
    assert (lives[2].var / "secret-key").read_text() == lives[0].key


def test_a_tick_that_fell_due_while_nothing_ran_is_made_up_for(house):
    assert wait_until(lambda: "sweep" in finished_tasks(house), seconds=20)


def test_ctrl_c_during_the_first_migration_leaves_nothing(tmp_path):
    house = House(tmp_path)
    house.process.stdout.readline()
    house.process.stdout.readline()

    house.end(signal.SIGTERM)

    assert house.code == 0
    assert house.leftovers == set()


def test_a_bad_setting_is_told_with_what_to_do(tmp_path):
    house = House(tmp_path, MIDTVEIS_PORT="eighty")
    said, _ = house.process.communicate(timeout=20)

    assert house.process.returncode == 1
    assert said == (
        "Midtveis could not start. MIDTVEIS_PORT is 'eighty'. "
        "Write a whole number, 1 or more.\n"
    )


def finished_tasks(house):
    done = r"Task notifications\.tasks\.(\w+)\[.*succeeded"
    return set(re.findall(done, log(house, "worker") + log(house, "worker", ".log.1")))


def log(house, name, ending=".log"):
    path = house.var / "log" / f"{name}{ending}"
    return path.read_text() if path.exists() else ""


def answers(house):
    try:
        return house.get("/health/ready")[0] == 200
    except OSError:
        return False
