"""`python -m bench [--rounds 200] [--keep] [--seeing]`: exits with 0 whatever it finds,
because a measurement is no test."""

import argparse
import os
import tempfile
from pathlib import Path

import django

DATABASE = "postgres://postgres@127.0.0.1:5432/midtveis_bench"
# Rounds among 100,000 cooperations, where 25 probes take their turns.
MOST_AT_SIZE = 40


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument(
        "--keep", action="store_true", help="leave the databases for the next run"
    )
    parser.add_argument(
        "--seeing", action="store_true", help="only who sees what; all else stays"
    )
    options = parser.parse_args()
    url = os.environ.get("MIDTVEIS_BENCH_DATABASE_URL", DATABASE)
    with tempfile.TemporaryDirectory(prefix="midtveis-bench-") as folder:
        set_environment(url, Path(folder))
        django.setup()
        # Models can be imported only now that Django knows its settings.
        from bench import reporting, running, seeing  # noqa: PLC0415

        if options.seeing:
            results = reporting.read()
        else:
            results = running.run(
                url, folder=Path(folder), rounds=options.rounds, keep=options.keep
            )
        rounds = min(options.rounds, MOST_AT_SIZE)
        results["seeing"] = seeing.measured(url, Path(folder), rounds)
    reporting.write(results)
    print(reporting.table(results), reporting.sight(results), sep="\n\n")
    print(reporting.verdicts(results))


def set_environment(url: str, folder: Path) -> None:
    """As in production, but for TLS, which a proxy speaks."""
    for name in [name for name in os.environ if name.startswith("MIDTVEIS_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MIDTVEIS_SECRET_KEY": "only-for-the-bench-" + "x" * 40,
        "MIDTVEIS_HTTPS": "false",
        "MIDTVEIS_DATABASE_URL": url,
        "MIDTVEIS_VAR": str(folder),
        "MIDTVEIS_BROKER_URL": f"redis+socket://{folder}/broker.sock",
    }


if __name__ == "__main__":
    main()
