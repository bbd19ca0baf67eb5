"""Small changes to the document of a pack. Each gives a changed copy back and leaves
the given one alone; whether the copy is sound is for `checking` to say."""

import copy
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from django.utils.text import slugify

from workflows.questions.faults import Path
from workflows.questions.pack import Document

Node = dict[str, Any]


def node_at(document: Document, path: Path) -> Any:
    """What stands at the path."""
    found: Any = document
    for step in path:
        found = found[step]
    return found


def question_path(document: Document, code: str) -> Path | None:
    """Where the question stands; None where there is none of that code."""
    return next((path for path, each in _questions(document) if each == code), None)


def rule_path(document: Document, code: str) -> Path | None:
    rules = enumerate(document.get("rules", ()))
    return next((("rules", n) for n, rule in rules if rule["code"] == code), None)


def action_path(document: Document, code: str) -> Path | None:
    return ("actions", code) if code in document.get("actions", {}) else None


def topic_path(document: Document, code: str) -> Path | None:
    topics = enumerate(document["topics"])
    return next((("topics", n) for n, topic in topics if topic["code"] == code), None)


def with_node(document: Document, path: Path, node: Mapping[str, Any]) -> Node:
    """With this node in the place of the one at the path."""
    changed = _copied(document)
    node_at(changed, path[:-1])[path[-1]] = node
    return changed


def with_question(document: Document, topic: Path, question: Node) -> Node:
    """With one more question, at the end of its topic."""
    changed = _copied(document)
    node_at(changed, topic)["questions"].append(question)
    return changed


def without_question(document: Document, code: str) -> Node:
    path = question_path(document, code)
    changed = _copied(document)
    if path:
        del node_at(changed, path[:-1])[path[-1]]
    return changed


def with_source(document: Document, source: Mapping[str, str]) -> tuple[Node, str]:
    """With one more source, under a key of its own: OWN-1, OWN-2 …"""
    changed = _copied(document)
    sources = changed.setdefault("sources", {})
    key = next(key for n in count(1) if (key := f"OWN-{n}") not in sources)
    sources[key] = {name: text for name, text in source.items() if text}
    return changed, key


def next_code(documents: Iterable[Document], topic: str) -> str:
    """The first number of the topic that is higher than all in these documents, so
    that a code which was in use is never used for something else."""
    numbers = [
        int(number)
        for document in documents
        for _path, code in _questions(document)
        for prefix, _dash, number in [code.partition("-")]
        if prefix == topic and number.isdigit()
    ]
    return f"{topic}-{max(numbers, default=0) + 1}"


def option_code(text: str, taken: Iterable[str]) -> str:
    """A code for an answer, made from its English text."""
    taken = set(taken)
    stem = slugify(text)[:36].strip("-_") or "answer"
    tries = (stem if n == 1 else f"{stem}-{n}" for n in count(1))
    return next(code for code in tries if code not in taken)


def _questions(document: Document) -> Iterator[tuple[Path, str]]:
    for n, topic in enumerate(document["topics"]):
        for m, question in enumerate(topic["questions"]):
            yield ("topics", n, "questions", m), question["code"]


def _copied(document: Document) -> Node:
    return copy.deepcopy(dict(document))
