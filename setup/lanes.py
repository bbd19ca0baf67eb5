"""The whole test suite, once for each pair of engines that answers here.

    ./test [pytest arguments]         what two minutes allow, and what it leaves out
    ./test --all [pytest arguments]   everything, a browser too; nothing may be skipped

Run by `./test`, after the packages are in place. pytest's own last line comes last.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
import redis

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from config.programs import broker_command

# A name of its own for each run, so that two runs at a time do not meet.
POSTGRES = f"postgres://postgres@127.0.0.1:5432/midtveis_{os.getpid()}"
REDIS = "redis://127.0.0.1:6379/15"
NOTHING_COLLECTED = 5  # pytest's exit code
LEFT_OUT = """\
Left out, for ./test --all: the browser; what takes seconds, such as long walks and
killed programs; on PostgreSQL what is the same on both, such as pages."""


@dataclass
class Lane:
    """One run of pytest: over which engines, and which tests by their markers."""

    title: str
    markers: str
    environment: dict[str, str] = field(default_factory=dict)
    said: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def start(self, arguments: list[str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-m", self.markers, *arguments],
            env=os.environ | self.environment,
            stdout=self.said,
            stderr=subprocess.STDOUT,
        )

    def finish(self) -> int:
        """Wait, tell what it said, and return pytest's exit code."""
        code = self.process.wait()
        print(f"\n── {self.title} ──", flush=True)
        self.said.seek(0)
        shutil.copyfileobj(self.said, sys.stdout.buffer)
        sys.stdout.flush()
        return code


def main() -> int:
    everything = "--all" in sys.argv
    arguments = [each for each in sys.argv[1:] if each != "--all"]
    # Importing from config has named the real settings.
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
    os.environ["MIDTVEIS_TEST_REQUIRE_ALL"] = "1" if everything else ""
    with tempfile.TemporaryDirectory(prefix="midtveis-") as folder:
        broker = subprocess.Popen(
            broker_command(Path(folder), Path(folder, "broker.sock")),
            stdout=subprocess.DEVNULL,
        )
        try:
            lanes = choose_lanes(f"redis+socket://{folder}/broker.sock", everything)
            return run_all(lanes, arguments)
        finally:
            broker.terminate()
            broker.wait()


def choose_lanes(embedded: str, everything: bool) -> list[Lane]:
    """The suite on each pair of engines; on SQLite in two lanes, one with what starts
    real processes and mostly waits: all at once they take the time of the longest."""
    quick = "" if everything else " and not e2e and not slow"
    if not everything:
        print(LEFT_OUT, flush=True)
    broker = {"MIDTVEIS_TEST_BROKER_URL": embedded}
    processes = Lane(
        "Real processes and pages, SQLite and the embedded Valkey",
        f"(services or once) and not postgres{quick}",
        broker,
    )
    sqlite = Lane(
        "SQLite and the embedded Valkey",
        f"not services and not once and not postgres{quick}",
        broker,
    )
    postgres_url = os.environ.get("MIDTVEIS_TEST_POSTGRES_URL", POSTGRES)
    if not answers("PostgreSQL", lambda: ask_postgres(postgres_url), everything):
        return [processes, sqlite]
    redis_url = os.environ.get("MIDTVEIS_TEST_REDIS_URL", REDIS)
    has_redis = answers("Redis", lambda: redis.from_url(redis_url).ping(), everything)
    postgres = Lane(
        f"PostgreSQL and {'Redis' if has_redis else 'the embedded Valkey'}",
        f"(engine or not once){quick}" if quick else "",
        {
            "MIDTVEIS_TEST_DATABASE_URL": postgres_url,
            "MIDTVEIS_TEST_BROKER_URL": redis_url if has_redis else embedded,
            "MIDTVEIS_TEST_ONLY_DATABASE": "1",
        },
    )
    return [processes, sqlite, postgres]


def ask_postgres(url: str) -> None:
    server, _, _ = url.rpartition("/")
    psycopg.connect(f"{server}/postgres", connect_timeout=3).close()


def answers(server: str, ask: Callable[[], object], everything: bool) -> bool:
    """Does the server answer? If not, say why it is left out, or give up if it must."""
    try:
        ask()
    except (psycopg.Error, redis.RedisError) as error:
        reason = f"{server} does not answer: {str(error).splitlines()[0]}"
        if everything:
            sys.exit(f"{reason}\n./test --all needs it: start it, or name another one.")
        print(f"Left out: {reason}", flush=True)
        return False
    return True


def run_all(lanes: list[Lane], arguments: list[str]) -> int:
    """All lanes at once. A lane that failed is told last, so that its last line is
    the last line of all."""
    for lane in lanes:
        lane.start(arguments)
    lanes.sort(key=lambda lane: lane.process.wait() not in (0, NOTHING_COLLECTED))
    codes = [lane.finish() for lane in lanes]
    return min(codes) if max(codes) == NOTHING_COLLECTED else max(codes)


if __name__ == "__main__":
    sys.exit(main())
