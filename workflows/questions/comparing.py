"""What differs between two packs, field by field, and what must be answered anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workflows.questions.pack import Document, Pack, Question

What = Literal["topic", "question", "action", "rule"]
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class FieldChange:
    """One value before and after; empty where there was or is none. The name leads to
    it: text.nb, options.yes.level."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """What became of one coded node. Of what is new or gone, every value is told."""

    kind: Kind
    what: What
    code: str
    fields: tuple[FieldChange, ...]


def compare(old: Document, new: Document) -> list[Change]:
    """The changes between two sound documents: topics, each with its questions, then
    actions and rules, in the order of the new document; what is gone stands last."""
    before, after = dict(_nodes(old)), dict(_nodes(new))
    gone = [name for name in before if name not in after]
    return [
        change
        for name in [*after, *gone]
        if (change := _change(*name, before.get(name), after.get(name)))
    ]


def changed_questions(old_pack: Pack, new_pack: Pack) -> frozenset[str]:
    """The questions of the new pack that an earlier answer no longer answers. A better
    translation, another help or another order of the options changes nothing."""
    before = {question.code: _meaning(question) for question in old_pack}
    return frozenset(
        question.code
        for question in new_pack
        if before.get(question.code) != _meaning(question)
    )


def _meaning(question: Question) -> tuple[object, ...]:
    return (
        question.texts.get("en"),
        question.kind,
        question.has_rows,
        frozenset((option.code, option.level) for option in question.options),
        frozenset((field.code, field.kind) for field in question.fields),
    )


def _nodes(document: Document) -> Iterator[tuple[tuple[What, str], Document]]:
    for topic in document["topics"]:
        yield ("topic", topic["code"]), {**topic, "questions": {}}
        for question in topic["questions"]:
            yield ("question", question["code"]), question
    for code, action in document.get("actions", {}).items():
        yield ("action", code), action
    for rule in document.get("rules", ()):
        yield ("rule", rule["code"]), rule


def _change(
    what: What, code: str, old: Document | None, new: Document | None
) -> Change | None:
    before, after = dict(_flat(old or {})), dict(_flat(new or {}))
    names = dict.fromkeys([*after, *before])
    fields = tuple(
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name)
    )
    if not fields:
        return None
    kind: Kind = "added" if old is None else "removed" if new is None else "changed"
    return Change(kind, what, code, fields)


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every value under its name, as text. Of nodes with codes their order counts."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(each, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        yield name, ", ".join(each["code"] for each in value)
        for each in value:
            yield from _flat(each, f"{name}.{each['code']}")
    elif isinstance(value, list):
        yield name, ", ".join(map(str, value))
    elif name.rpartition(".")[2] != "code":
        yield name, str(value).lower() if isinstance(value, bool) else str(value)
