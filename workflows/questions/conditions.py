"""The small language in which a pack says when a question is asked or a rule fires:

    EXP-1 in (possibly, yes) or SAN-4 not in (not-needed) and type in (research)

`and` binds closer than `or`; parentheses group. A name is a question, or in small
letters a fact of the case (`FACTS`). What is not answered makes every test false, also
`not in`: a follow-up appears on an answer, never on silence.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Given = Mapping[str, frozenset[str]]

# The facts of a case that a condition may ask for, and their possible values.
FACTS: dict[str, str] = {
    "type": "research, education, guest, innovation or framework",
    "agreement": "any, or the kind of an agreement on the case",
    "funder": "named",
}
TOKEN = re.compile(r"\s*([(),]|[A-Za-z][\w-]*)")


class NotACondition(ValueError):
    """Says what is wrong with the text."""


class Condition:
    """Something that holds or not, given the answers."""

    def holds(self, given: Given) -> bool:
        raise NotImplementedError

    def tests(self) -> Iterator["Chosen"]:
        """Every single test in it."""
        raise NotImplementedError


@dataclass(frozen=True)
class Chosen(Condition):
    """One of the options was chosen, or (`negated`) none of them."""

    name: str
    options: frozenset[str]
    negated: bool = False

    def holds(self, given: Given) -> bool:
        if self.name not in given:
            return False
        return bool(given[self.name] & self.options) != self.negated

    def tests(self) -> Iterator["Chosen"]:
        yield self

    def __str__(self) -> str:
        word = "not in" if self.negated else "in"
        return f"{self.name} {word} ({', '.join(sorted(self.options))})"


@dataclass(frozen=True)
class Several(Condition):
    """All of the parts, or any of them."""

    parts: tuple[Condition, ...]
    needs_all: bool

    def holds(self, given: Given) -> bool:
        quantifier = all if self.needs_all else any
        return quantifier(part.holds(given) for part in self.parts)

    def tests(self) -> Iterator[Chosen]:
        for part in self.parts:
            yield from part.tests()

    def __str__(self) -> str:
        joined = f" {'and' if self.needs_all else 'or'} ".join(map(str, self.parts))
        return f"({joined})" if not self.needs_all else joined


def parse(text: str) -> Condition:
    """Raises NotACondition with a sentence that says what is wrong."""
    reader = _Reader(_tokens(text))
    condition = reader.any_of()
    if (left := reader.next) is not None:
        raise NotACondition(f"“{left}” is not expected here; write “and” or “or”")
    return condition


def _tokens(text: str) -> list[str]:
    tokens, place = [], 0
    while place < len(text.rstrip()):
        found = TOKEN.match(text, place)
        if not found:
            raise NotACondition(f"“{text[place:].strip()}” cannot be read")
        tokens.append(found[1])
        place = found.end()
    return tokens


class _Reader:
    """Takes the tokens one by one, from the loosest bond to the closest."""

    def __init__(self, tokens: list[str]):
        self.tokens = tokens

    @property
    def next(self) -> str | None:
        return self.tokens[0] if self.tokens else None

    def take(self, *wanted: str) -> str:
        if not self.tokens:
            raise NotACondition("the condition ends too early")
        word = self.tokens.pop(0)
        if wanted and word not in wanted:
            raise NotACondition(
                f"“{word}” stands where “{' or '.join(wanted)}” is expected"
            )
        return word

    def any_of(self) -> Condition:
        return self._joined("or", self.all_of)

    def all_of(self) -> Condition:
        return self._joined("and", self.single)

    def _joined(self, joint: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self.next == joint:
            self.take(joint)
            parts.append(part())
        return parts[0] if len(parts) == 1 else Several(tuple(parts), joint == "and")

    def single(self) -> Condition:
        if self.next == "(":
            self.take("(")
            condition = self.any_of()
            self.take(")")
            return condition
        name = self._word("a question")
        negated = self.take("in", "not") == "not"
        if negated:
            self.take("in")
        return Chosen(name, self._options(), negated)

    def _options(self) -> frozenset[str]:
        self.take("(")
        options = [self._word("an answer")]
        while self.take(",", ")") == ",":
            options.append(self._word("an answer"))
        return frozenset(options)

    def _word(self, what: str) -> str:
        word = self.take()
        if word in "(),":
            raise NotACondition(f"“{word}” stands where {what} is expected")
        return word
