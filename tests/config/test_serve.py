"""`./run` as a person meets it: real processes, a real port, a folder of its own."""

import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.config.processes import processes_with, wait_until

pytestmark = [pytest.mark.services, pytest.mark.embedded]
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
        return processes_with(f"MIDTVEIS_VAR={self.var}\0")

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        code = self.process.wait(10)
        self.process.stdout.close()
        return code


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
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house")).wait_until_ready()
    yield house
    house.stop()


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


def test_beat_sends_the_sweep_and_the_worker_does_it(house):
    log = house.var / "log" / "worker.log"

    assert wait_until(
        lambda: re.search(r"notifications\.tasks\.sweep\[.*succeeded", log.read_text()),
        seconds=75,
    )


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
    master = re.search(r"Listening at: .* \((\d+)\)", web_log(house))[1]

    os.kill(int(master), signal.SIGKILL)
    died, started = (house.process.stdout.readline() for _ in range(2))

    assert died.startswith("web stopped (exit -9)")
    assert started == "web was started again.\n"
    assert wait_until(lambda: answers(house), seconds=20)


def test_ctrl_c_and_a_kill_leave_nothing_and_the_data_is_there_again(tmp_path):
    # Longer than a socket's address may be: the broker must still start.
    var = tmp_path / ("deep" * 20)
    first = House(var).wait_until_ready()
    assert len(first.left()) >= 6
    key = (var / "secret-key").read_text()
    asked = time.monotonic()

    assert first.stop(signal.SIGINT) == 0
    assert time.monotonic() - asked < 5
    assert first.left() == set()

    second = House(var).wait_until_ready()
    assert (var / "secret-key").read_text() == key
    assert "Loaded" not in (var / "log" / "load_demo.log").read_text()

    assert second.stop(signal.SIGKILL) == -9
    assert wait_until(lambda: second.left() == set(), seconds=5)


def test_ctrl_c_during_the_first_migration_leaves_nothing(tmp_path):
    house = House(tmp_path)
    house.process.stdout.readline()
    house.process.stdout.readline()

    assert house.stop(signal.SIGTERM) == 0
    assert house.left() == set()


def test_a_bad_setting_is_told_with_what_to_do(tmp_path):
    house = House(tmp_path, MIDTVEIS_PORT="eighty")
    said, _ = house.process.communicate(timeout=20)

    assert house.process.returncode == 1
    assert said == (
        "Midtveis could not start. MIDTVEIS_PORT is 'eighty'. "
        "Write a whole number, 1 or more.\n"
    )


def web_log(house):
    return (house.var / "log" / "web.log").read_text()


def answers(house):
    try:
        return house.get("/health/ready")[0] == 200
    except OSError:
        return False
