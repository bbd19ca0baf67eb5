"""The questions as the floor keeps them in memory: plain texts in one language, made
once by each process."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from workflows.models import Catalogue
from workflows.questions.asking import Scope
from workflows.questions.conditions import Condition, Given
from workflows.questions.pack import Question

SPARE_ROWS = 2


@dataclass(frozen=True)
class Text:
    """One question with all that does not depend on its answer."""

    code: str
    text: str
    help: str
    topic: str
    kind: str
    type: str
    options: list[tuple[str, str]]
    fields: list[tuple[str, str]]
    spare_rows: int
    is_outside: bool
    show_if: Condition | None


@cache
def texts(catalogue: int, moment: str, case_type: str) -> list[Text]:
    pack = Catalogue.objects.get(pk=catalogue).pack
    return [_text(each) for each in Scope(pack, moment, case_type).questions]


def _text(question: Question) -> Text:
    outside = {option.stored_as for option in question.options}
    shown = [option for option in question.options if option.code not in outside]
    return Text(
        code=question.code,
        text=question.text,
        help=question.help,
        topic=question.topic,
        kind=question.kind,
        type="radio" if question.kind == "one" else "checkbox",
        options=[(option.code, option.text) for option in shown],
        fields=[(field.code, field.text) for field in question.fields],
        spare_rows=SPARE_ROWS if question.has_rows else 1,
        is_outside=outside != {""} and bool(outside),
        show_if=question.show_if,
    )


@dataclass(frozen=True)
class Shown:
    text: Text
    chosen: list[str]
    facts: list[tuple[str, str, str]]
    answer: Any


def asked(known: list[Text], facts: Given, rows: list[Any]) -> list[Shown]:
    """The questions whose condition holds, each with its answer. rows: code, options,
    facts, and whatever else the page shows of an answer."""
    answers = {row[0]: row for row in rows}
    chosen = {code: json.loads(row[1]) for code, row in answers.items()}
    given = {**facts, **{code: frozenset(each) for code, each in chosen.items()}}
    return [
        Shown(
            text,
            chosen.get(text.code, []),
            list(_facts(text, answers.get(text.code))),
            answers.get(text.code),
        )
        for text in known
        if text.show_if is None or text.show_if.holds(given)
    ]


def _facts(text: Text, answer: Any) -> Iterator[tuple[str, str, str]]:
    """Name, label and value of each control."""
    told = json.loads(answer[2]) if answer and text.fields else []
    empty = text.spare_rows if text.spare_rows > 1 or not told else 0
    for number, row in enumerate([*told, *[{}] * empty]):
        for code, label in text.fields:
            yield f"f_{text.code}_{number}_{code}", label, row.get(code, "")
