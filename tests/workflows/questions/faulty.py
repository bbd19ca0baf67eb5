"""One small sound pack, and what is told when its text is changed."""

from pathlib import Path

from workflows.questions.checking import check
from workflows.questions.reading import read

SOUND = (Path(__file__).parent / "sound.yaml").read_text(encoding="utf-8")

FOLLOW_UP = "show_if: EXP-1 not in (no)"


def told(text: str) -> list[str]:
    found = read(text, "sound.yaml")
    return [str(fault) for fault in check(found.document, found.lines, "sound.yaml")]


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) == 1, "a change is made in one place"
    return SOUND.replace(old, new)


def lines_of(sentence: str) -> list[str]:
    """The faults as they are told of the file."""
    return [f"sound.yaml, {each}" for each in sentence.split("\n")]
