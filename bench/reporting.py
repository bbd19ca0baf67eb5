"""The figures of one run as a table, as a file and as the page in the docs."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

BASE_DIR = Path(__file__).resolve().parent.parent
RESULTS = BASE_DIR / "bench" / "results.json"
TEMPLATE = BASE_DIR / "bench" / "templates" / "performance.md"
DOCUMENT = BASE_DIR / "docs" / "performance.md"


class Target(NamedTuple):
    """A ratio that must not be exceeded."""

    says: str
    ratio: float
    at_most: float

    @property
    def verdict(self) -> str:
        return "met" if self.ratio <= self.at_most else "MISSED"


def targets(results: dict[str, Any]) -> Iterator[Target]:
    by_name = {work["name"]: work for work in results["workloads"]}
    register, deep = by_name["register"]["page"], by_name["deep"]["page"]
    yield Target(
        "the register page against its floor", ratio_to_floor(by_name["register"]), 2
    )
    yield Target(
        "a deep page against the first", deep["median"] / register["median"], 1.2
    )
    yield Target(
        "10,000 cooperations against 1,000",
        register["median"] / results["small"]["median"],
        1.2,
    )
    yield Target(
        "who sees little against who sees everything, at 100,000",
        max(ratio for *_where, ratio in sights(results)),
        2,
    )


def sights(results: dict[str, Any]) -> Iterator[tuple[str, str, str, dict, float]]:
    """(database, request, person, figures, ratio to who sees everything)"""
    for database, requests in results["seeing"].items():
        for request, by_person in requests.items():
            all_seeing = next(iter(by_person.values()))["median"]
            for who, figures in by_person.items():
                ratio = figures["median"] / all_seeing
                yield database, request, who, figures, ratio


def sight(results: dict[str, Any]) -> str:
    """A line for each database and person, a column for each request."""
    requests = list(next(iter(results["seeing"].values())))
    lines = [
        f"| database | who | {' | '.join(requests)} | statements of the first |",
        f"|---|---|{'--:|' * len(requests)}--:|",
    ]
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    statements: dict[tuple[str, str], int] = {}
    for database, _request, who, figures, ratio in sights(results):
        cells[database, who].append(f"{figures['median']:.1f} ({ratio:.2f} ×)")
        statements.setdefault((database, who), figures["statements"])
    lines += [
        f"| {' | '.join([*key, *each])} | {statements[key]} |"
        for key, each in cells.items()
    ]
    return "\n".join(lines)


def ratio_to_floor(work: dict[str, Any]) -> float:
    return work["page"]["median"] / work["floor"]["median"]


def table(results: dict[str, Any]) -> str:
    """Markdown, which a terminal shows well enough."""
    lines = [
        "| workload | page, ms (p95) | floor, ms (p95) | ratio | SQL alone, ms "
        "| statements |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for work in results["workloads"]:
        alone = f"{work['sql']['median']:.1f}" if work["sql"] else "–"
        ours, floors = work["statements"]
        lines.append(
            f"| {work['says']} | {_timing(work['page'])} | {_timing(work['floor'])} "
            f"| {ratio_to_floor(work):.2f} | {alone} | {ours} (floor {floors}) |"
        )
    return "\n".join(lines)


def verdicts(results: dict[str, Any]) -> str:
    lines = ["| target | at most | measured | |", "|---|--:|--:|---|"]
    lines += [
        f"| {each.says} | {each.at_most:.1f} × | {each.ratio:.2f} × | {each.verdict} |"
        for each in targets(results)
    ]
    return "\n".join(lines)


def _timing(figures: dict[str, float]) -> str:
    return f"{figures['median']:.1f} ({figures['p95']:.1f})"


def write(results: dict[str, Any]) -> None:
    text = json.dumps(results, indent=2, ensure_ascii=False)
    RESULTS.write_text(f"{text}\n", encoding="utf-8")
    DOCUMENT.write_text(document(results), encoding="utf-8")


def read() -> dict[str, Any]:
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return results


def document(results: dict[str, Any]) -> str:
    """docs/performance.md: the page is written by each run and never by hand."""
    return TEMPLATE.read_text(encoding="utf-8").format(
        table=table(results),
        verdicts=verdicts(results),
        sight=sight(results),
        cooperations=f"{results['cooperations']:,}",
        measured_on=results["measured_on"],
        rounds=results["rounds"],
        small_ms=_timing(results["small"]),
        filled=_filling(results["filling_seconds"]),
        **results["machine"],
    )


def _filling(seconds: float | None) -> str:
    if seconds is None:
        return "The databases were there already."
    return f"Filling took {seconds:.0f} seconds."
