"""One thing and another beside it: what each says, the words that differ marked."""

from dataclasses import dataclass, field
from typing import Any

from register.choices import Risk
from workflows.questions import wording
from workflows.questions.wording import Words


@dataclass(frozen=True)
class Cell:
    """What one of the two says. choice: in the words of its own pack; words: what was
    written beside it; level: a Risk, 0 where none is given."""

    choice: str = ""
    words: str = ""
    level: int = 0
    # The same words in stretches; marked where the other one does not have them.
    marked: tuple[Words, ...] = ()

    @property
    def level_label(self) -> Any:
        return Risk(self.level).label


@dataclass(frozen=True)
class Row:
    """One thing that both may speak of; None where one of them does not."""

    title: str
    old: Cell | None
    new: Cell | None
    code: str = ""
    # The question says something else than last time.
    is_reworded: bool = False
    # Neither the same nor different: still to be written while the new one is open, or
    # not asked at its moment.
    is_waiting: bool = False
    is_not_asked: bool = False

    @property
    def differs(self) -> bool:
        return self.old != self.new and not (self.is_waiting or self.is_not_asked)


@dataclass(frozen=True)
class Part:
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def changed(self) -> list[Row]:
        return [row for row in self.rows if row.differs]


def beside(title: str, old: Cell | None, new: Cell | None, **more: Any) -> Row:
    """With the words that differ marked."""
    if old and new and old.words != new.words:
        said = wording.compare(old.words, new.words)
        old = Cell(old.choice, old.words, old.level, said.old)
        new = Cell(new.choice, new.words, new.level, said.new)
    return Row(title, old and _whole(old), new and _whole(new), **more)


def _whole(cell: Cell) -> Cell:
    if cell.marked or not cell.words:
        return cell
    return Cell(cell.choice, cell.words, cell.level, (Words(cell.words),))
