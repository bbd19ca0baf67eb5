"""What is wrong with a pack, said to the administrator who wrote it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

# The keys and indices that lead to a node of a document, and the line of each node.
Path = tuple[str | int, ...]
Lines = Mapping[Path, int]


@dataclass(frozen=True)
class Fault:
    """Where it stands, what is wrong and what to do about it. path: the node of the
    document, where there is one."""

    where: str
    line: int | None
    what: str
    do: str
    path: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        place = {"where": self.where, "line": self.line}
        if self.line is not None:
            place["where"] = gettext("%(where)s, line %(line)d") % place
        return f"{place['where']}: {self.what} {self.do}"


@dataclass(frozen=True)
class Finding:
    """A fault before its line is looked up. spoils: the node around it has not the
    shape that it should have, so nothing more can be asked of it."""

    path: Path
    what: str
    do: str
    spoils: bool = False


class NotAPack(ValueError):
    """The text is no document at all; says everything that was seen."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def shortened(value: object) -> str:
    """A value as it may be repeated in a sentence."""
    words = " ".join(str(value).split())
    return words if len(words) <= 40 else f"{words[:39]}…"
