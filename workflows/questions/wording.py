"""Which words of a text were added and which were taken out. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Words:
    """A stretch of text; marked where the other version does not have it."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True)
class Wording:
    """The old text with what went marked, the new one with what came marked."""

    old: tuple[Words, ...]
    new: tuple[Words, ...]


def compare(old: str, new: str) -> Wording:
    """Word by word; blanks belong to the word before them."""
    before, after = _words(old), _words(new)
    plain = [word.strip() for word in before], [word.strip() for word in after]
    blocks = SequenceMatcher(None, *plain, autojunk=False).get_opcodes()
    return Wording(
        tuple(_stretches((tag, before[i:j]) for tag, i, j, _m, _n in blocks)),
        tuple(_stretches((tag, after[m:n]) for tag, _i, _j, m, n in blocks)),
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+\s*", text.strip())


def _stretches(found: Iterator[tuple[str, list[str]]]) -> Iterator[Words]:
    for tag, words in found:
        if words:
            yield Words("".join(words), is_marked=tag != "equal")
