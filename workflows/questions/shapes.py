"""The kinds of node that a pack is made of, and what is said where one is not so."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from django.utils.translation import gettext, gettext_lazy

from workflows.questions.faults import Finding, Path, shortened
from workflows.questions.pack import LANGUAGES
from workflows.questions.parts import label

LANGUAGE_NAMES = {
    "en": gettext_lazy("English"),
    "nb": gettext_lazy("bokmål"),
    "nn": gettext_lazy("nynorsk"),
}


@dataclass(frozen=True)
class Place:
    """Where the check stands: in the key of a node that has a name."""

    path: Path = ()
    owner: str = ""
    key: str = ""
    code: str = ""
    question: str = ""

    def down(self, step: str | int, **changes: str) -> "Place":
        return replace(self, path=(*self.path, step), **changes)

    def found(self, what: str, do: str, spoils: bool = True) -> Finding:
        return Finding(self.path, what, do, spoils)

    def wrong(self, wanted: str) -> Finding:
        names = {"owner": self.owner, "key": self.key, "wanted": wanted}
        return self.found(
            gettext("%(owner)s: “%(key)s” has not the right form.") % names,
            gettext("Write %(wanted)s.") % names,
        )


class Node(Protocol):
    def check(self, told: Any, place: Place) -> Iterator[Finding]: ...


@dataclass(frozen=True)
class Text:
    """A text in one language, or a code."""

    most: int = 0

    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(told, str) or not told.strip():
            yield place.wrong(gettext("a text"))
        elif self.most and len(told) > self.most:
            most = {"most": self.most}
            yield place.wrong(gettext("a text of at most %(most)d characters") % most)


@dataclass(frozen=True)
class OneOf:
    words: Collection[str]

    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(told, str) or told not in self.words:
            names = {"owner": place.owner, "key": place.key, "value": shortened(told)}
            yield place.found(
                gettext("%(owner)s: “%(key)s” cannot be “%(value)s”.") % names,
                one_of(self.words),
            )


class Flag:
    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(told, bool):
            yield place.wrong(gettext("true or false"))


class Count:
    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(told, int) or isinstance(told, bool) or told < 1:
            yield place.wrong(gettext("a whole number above zero"))


@dataclass(frozen=True)
class Many:
    of: Node
    least: int = 0

    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(told, list):
            yield place.wrong(gettext("a list"))
            return
        if len(told) < self.least:
            yield place.wrong(gettext("a list with at least one entry"))
        for index, each in enumerate(told):
            code = each.get("code") if isinstance(each, dict) else None
            code = code if isinstance(code, str) else f"#{index + 1}"
            yield from self.of.check(each, place.down(index, code=code))


@dataclass(frozen=True)
class Keyed:
    """Nodes under keys that are their codes."""

    of: Node

    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(told, dict):
            yield place.wrong(gettext("a group of keys"))
            return
        for code, each in told.items():
            yield from self.of.check(each, place.down(code, code=code))


class Texts:
    """A text in every language. What is missing is told, and hinders nothing else."""

    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(told, dict):
            languages = ", ".join(LANGUAGES)
            yield place.wrong(
                gettext("a text in each language (%(languages)s)")
                % {"languages": languages}
            )
            return
        for key in [key for key in told if key not in LANGUAGES]:
            finding = unknown(place.down(key), place.owner, key, LANGUAGES)
            yield replace(finding, spoils=False)
        for language in LANGUAGES:
            text = told.get(language, "")
            if not isinstance(text, str) or not text.strip():
                at = place.down(language) if language in told else place
                yield self.untranslated(at, language)

    def untranslated(self, place: Place, language: str) -> Finding:
        names = {
            "owner": place.owner,
            "key": place.key,
            "language": LANGUAGE_NAMES[language],
        }
        return place.found(
            gettext("%(owner)s has no “%(key)s” in %(language)s.") % names,
            gettext("Write it; every text stands in all three languages."),
            spoils=False,
        )


class NamedTexts(Texts):
    """Texts that have a code of their own: a role."""

    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        owner = label("role", place.code)
        yield from super().check(told, replace(place, owner=owner, key="name"))


@dataclass(frozen=True)
class Shape:
    """A node with a closed list of keys; a named one is told by its code."""

    kind: str
    needs: Mapping[str, Node]
    may: Mapping[str, Node] = field(default_factory=dict)

    def check(self, told: Any, place: Place) -> Iterator[Finding]:
        if not isinstance(told, dict):
            yield place.wrong(gettext("a group of keys"))
            return
        place = self.entered(place)
        keys = {**self.needs, **self.may}
        for key, value in told.items():
            if key in keys:
                yield from keys[key].check(value, place.down(key, key=key))
            else:
                yield unknown(place.down(key), place.owner, key, keys)
        for key in self.needs:
            if key not in told:
                yield missing(place, key)

    def entered(self, place: Place) -> Place:
        if not self.kind:
            return place
        if self.kind == "question":
            place = replace(place, question=place.code)
        return replace(place, owner=label(self.kind, place.code, place.question))


def one_of(words: Collection[str]) -> str:
    return gettext("Write one of: %(words)s.") % {"words": ", ".join(words)}


def unknown(place: Place, owner: str, key: str, known: Collection[str]) -> Finding:
    names = {"owner": owner, "key": shortened(key)}
    return place.found(
        gettext("%(owner)s has a key “%(key)s” that is not known here.") % names,
        one_of(known),
    )


def missing(place: Place, key: str) -> Finding:
    names = {"owner": place.owner, "key": key}
    return place.found(
        gettext("%(owner)s has no “%(key)s”.") % names, gettext("Write it.")
    )
