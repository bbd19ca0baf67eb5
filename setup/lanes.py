"""The whole test suite, once for each pair of engines that answers here.

    ./test [pytest arguments]         SQLite with the embedded Valkey, then PostgreSQL
    ./test --all [pytest arguments]   browser tests too; nothing may be skipped

Run by `./test`, after the packages are in place. pytest's own last line comes last.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from config.programs import broker_command

# A name of its own for each run, so that two runs at a time do not meet.
POSTGRES = f"postgres://postgres@127.0.0.1:5432/midtveis_{os.getpid()}"
REDIS = "redis://127.0.0.1:6379/15"
NOTHING_COLLECTED = 5  # pytest's exit code


@dataclass
class Lane:
    title: str
    environment: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)  # markers that run elsewhere

    def run(self, arguments: list[str]) -> int:
        print(f"\n── {self.title} ──", flush=True)
        markers = " and ".join(f"not {each}" for each in self.left_out)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-m", markers, *arguments],
            env=os.environ | self.environment,
            check=False,
        ).returncode


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
    browser = [] if everything else ["e2e"]
    sqlite = Lane(
        "SQLite and the embedded Valkey",
        {"MIDTVEIS_TEST_BROKER_URL": embedded},
        browser,
    )
    postgres_url = os.environ.get("MIDTVEIS_TEST_POSTGRES_URL", POSTGRES)
    if not answers("PostgreSQL", lambda: ask_postgres(postgres_url), everything):
        return [sqlite]
    redis_url = os.environ.get("MIDTVEIS_TEST_REDIS_URL", REDIS)
    has_redis = answers("Redis", lambda: redis.from_url(redis_url).ping(), everything)
    postgres = Lane(
        f"PostgreSQL and {'Redis' if has_redis else 'the embedded Valkey'}",
        {
            "MIDTVEIS_TEST_DATABASE_URL": postgres_url,
            "MIDTVEIS_TEST_BROKER_URL": redis_url if has_redis else embedded,
        },
        # What starts ./run brings SQLite and Valkey along: once is enough.
        [*browser, "embedded"],
    )
    sqlite.left_out = [*browser, "postgres"]
    return [sqlite, postgres]


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
    """Stop at the first lane that fails, so that its last line is the last line."""
    codes = []
    for lane in lanes:
        codes.append(lane.run(arguments))
        if codes[-1] not in (0, NOTHING_COLLECTED):
            break
    return min(codes) if max(codes) == NOTHING_COLLECTED else max(codes)


if __name__ == "__main__":
    sys.exit(main())
