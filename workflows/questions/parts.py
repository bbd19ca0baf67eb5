"""A document that may be faulty, taken apart: its coded nodes, and which are sound."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy

from workflows.questions.faults import Path, shortened
from workflows.questions.pack import Document

LABELS = {
    "pack": gettext_lazy("The pack"),
    "role": gettext_lazy("Role %(code)s"),
    "source": gettext_lazy("Source %(code)s"),
    "action": gettext_lazy("Action %(code)s"),
    "rule": gettext_lazy("Rule %(code)s"),
    "topic": gettext_lazy("Topic %(code)s"),
    "question": gettext_lazy("Question %(code)s"),
    "option": gettext_lazy("Option %(code)s of %(question)s"),
    "field": gettext_lazy("Field %(code)s of %(question)s"),
}


def label(kind: str, code: str, inside: str = "") -> str:
    """What a node is called in a sentence."""
    return str(LABELS[kind]) % {"code": shortened(code), "question": inside}


def around(path: Path) -> Iterator[Path]:
    """The path and those of the nodes around it, from the inside out."""
    return (path[:length] for length in range(len(path), -1, -1))


@dataclass(frozen=True)
class Part:
    """A node with a code; sound: it has the shape that it should have."""

    kind: str
    code: str
    path: Path
    told: Document
    is_sound: bool
    inside: str = ""
    parts: tuple["Part", ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return label(self.kind, self.code, self.inside)

    def at(self, *keys: str | int) -> Path:
        """The path of something in it."""
        return (*self.path, *keys)

    def names(self, key: str) -> list[tuple[str, Path]]:
        """The codes under a key, which holds one or a list of them."""
        value = self.told.get(key, [])
        if isinstance(value, str):
            return [(value, self.at(key))]
        return [(name, self.at(key, place)) for place, name in enumerate(value)]

    def of(self, kind: str) -> list["Part"]:
        return [part for part in self.parts if part.kind == kind]


@dataclass(frozen=True)
class Draft:
    """spoilt: the paths at which the document has not the shape that it should."""

    document: Document
    spoilt: frozenset[Path]

    @cached_property
    def topics(self) -> list[Part]:
        return list(self._listed("topic", self.document, (), "topics"))

    @cached_property
    def questions(self) -> list[Part]:
        return [
            question
            for topic in self.topics
            for question in self._listed(
                "question", topic.told, topic.path, "questions", topic.code
            )
        ]

    @cached_property
    def by_code(self) -> dict[str, Part]:
        return {part.code: part for part in reversed(self.questions)}

    @cached_property
    def rules(self) -> list[Part]:
        return list(self._listed("rule", self.document, (), "rules"))

    @cached_property
    def actions(self) -> list[Part]:
        return list(self._keyed("action", "actions"))

    @cached_property
    def roles(self) -> list[Part]:
        return list(self._keyed("role", "roles"))

    @property
    def named(self) -> list[Part]:
        """What a fault may be said to stand in."""
        return [*self.topics, *self.questions, *self.rules, *self.actions]

    @cached_property
    def known(self) -> dict[str, set[str]]:
        """Every code that may be referred to, by kind."""
        return {
            "role": set(self._group("roles")),
            "action": set(self._group("actions")),
            "source": set(self._group("sources")),
            "question": set(self.by_code),
        }

    @cached_property
    def _unsound(self) -> frozenset[Path]:
        """Every node around a spoilt one."""
        return frozenset(each for path in self.spoilt for each in around(path))

    def _listed(
        self, kind: str, told: Document, path: Path, key: str, inside: str = ""
    ) -> Iterator[Part]:
        for place, each in enumerate(_items(told.get(key))):
            if isinstance(each, dict) and isinstance(each.get("code"), str):
                yield self._part(kind, each["code"], each, (*path, key, place), inside)

    def _keyed(self, kind: str, key: str) -> Iterator[Part]:
        for code, each in self._group(key).items():
            if isinstance(each, dict):
                yield self._part(kind, code, each, (key, code))

    def _group(self, key: str) -> Document:
        group = self.document.get(key)
        return group if isinstance(group, dict) else {}

    def _part(
        self, kind: str, code: str, told: Document, path: Path, inside: str = ""
    ) -> Part:
        parts: Iterable[Part] = ()
        if kind == "question":
            parts = [
                *self._listed("option", told, path, "options", code),
                *self._listed("field", told, path, "fields", code),
            ]
        sound = path not in self._unsound
        return Part(kind, code, path, told, sound, inside, tuple(parts))


def sound(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.is_sound]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
