"""The pack that ships, read from its file, and small ways to ask it something."""

import csv
from functools import cache
from itertools import product
from pathlib import Path

from register.choices import CaseType, Risk
from workflows.choices import Moment
from workflows.questions import reading
from workflows.questions.asking import Scope
from workflows.questions.making import make
from workflows.questions.pack import Pack, Question
from workflows.services.catalogue import PACKS

LEVELS = {
    "": Risk.NONE,
    "L": Risk.LOW,
    "M": Risk.MEDIUM,
    "H": Risk.HIGH,
    "C": Risk.CRITICAL,
}
TIMES = [(moment, kind) for moment in Moment.values for kind in CaseType.values]


@cache
def shipped() -> Pack:
    path = PACKS / "2026.12.yaml"
    return make(reading.read(path.read_text(encoding="utf-8"), path.name).document)


@cache
def scope(moment: str = "planning", kind: str = "research") -> Scope:
    return Scope(shipped(), moment, kind)


def question(code: str) -> Question:
    return shipped().by_code[code]


def table(name: str) -> list[dict[str, str]]:
    """A table made from the shared catalogue, not from the pack."""
    path = Path(__file__).parent / f"expected_{name}.csv"
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def given(**chosen: str) -> dict[str, frozenset[str]]:
    """EXP_1="yes", several as MOB_1="incoming outgoing", a fact as type="guest"."""
    return {
        name.replace("_", "-"): frozenset(options.split())
        for name, options in chosen.items()
    }


def harmless(scope: Scope) -> dict[str, frozenset[str]]:
    """Every question that applies, answered so that it weighs nothing."""
    return facts(scope) | {
        each.code: frozenset(
            next(([o.code] for o in each.options if not o.level), [])
            if each.kind != "text"
            else []
        )
        for each in scope.questions
    }


def facts(scope: Scope) -> dict[str, frozenset[str]]:
    return {"type": frozenset({scope.case_type})}


def openers() -> dict[str, list[tuple[str, str]]]:
    """By follow-up: the single answers and facts that bring it up."""
    return {
        row["question"]: [tuple(each.split("=")) for each in row["follows"].split()]
        for row in table("questions")
        if row["follows"]
    }


def single_answers() -> list[tuple[str, str]]:
    """Every answer of the pack, and every fact of a case."""
    of_the_case = {
        "type": CaseType.values,
        "agreement": ["any", "student_exchange", "staff_exchange"],
        "funder": ["named"],
    }
    return [
        *((each.code, option.code) for each in shipped() for option in each.options),
        *((name, one) for name, values in of_the_case.items() for one in values),
    ]


def combinations(*codes: str):
    """Every way to answer these questions with one option each."""
    options = [[option.code for option in question(code).options] for code in codes]
    return (dict(zip(codes, chosen, strict=True)) for chosen in product(*options))
