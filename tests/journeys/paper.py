"""A page as the person at the browser has it: its forms, filled as they stand, and the
words that are read; and the document that tells about them."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

DOC = Path(__file__).parents[2] / "docs/domain/three-cases.md"
TYPED = ("hidden", "text", "search", "date", "number", "url", "email")
CHOSEN = ("radio", "checkbox")
FREE = frozenset({""})


@dataclass
class Form:
    """filled: what it would send as it stands. offered: what may be chosen under a
    name; FREE where one writes."""

    action: str
    method: str
    filled: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, frozenset[str]] = field(default_factory=dict)

    def sent(self, **typed: object) -> dict[str, list[str]]:
        """What is sent when `typed` is filled in. Only what the page offers can be."""
        given = {name: as_list(value) for name, value in typed.items()}
        for name, values in given.items():
            offered = self.offered.get(name)
            assert offered is not None, f"The page does not ask for {name}."
            assert offered == FREE or offered >= set(values), f"{name}: {values}"
        return self.filled | given


def as_list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


class Reader(HTMLParser):
    """Collects the forms in the main part of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.writing: str | None = None
        self.select: str | None = None
        self.is_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.is_main |= tag == "main"
        if tag == "form" and self.is_main:
            method = told.get("method", "get")
            self.forms.append(Form(told.get("action", ""), method))
        elif self.is_main and self.forms and (name := told.get("name")):
            self.take(tag, name, told)
        elif self.forms and tag == "option" and self.select:
            self.offer(self.select, told.get("value", ""), "selected" in told)

    def take(self, tag: str, name: str, told: dict[str, str]) -> None:
        form, kind = self.forms[-1], told.get("type", "text")
        if tag == "textarea":
            self.writing, form.filled[name], form.offered[name] = name, [""], FREE
        elif tag == "select":
            self.select = name
        elif tag == "button":
            self.offer(name, told.get("value", ""), False)
        elif tag == "input" and kind in CHOSEN:
            self.offer(name, told.get("value", "on"), "checked" in told)
        elif tag == "input" and kind in TYPED:
            form.filled.setdefault(name, []).append(told.get("value", ""))
            form.offered[name] = FREE

    def offer(self, name: str, value: str, is_chosen: bool) -> None:
        form = self.forms[-1]
        form.offered[name] = form.offered.get(name, frozenset()) | {value}
        if is_chosen:
            form.filled.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self.writing:
            self.forms[-1].filled[self.writing][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.writing:
            written = self.forms[-1].filled[self.writing]
            written[0] = written[0].removeprefix("\n")
            self.writing = None
        elif tag == "select":
            self.select = None
        self.is_main &= tag != "main"


def forms_of(page: str) -> list[Form]:
    reader = Reader()
    reader.feed(page)
    return reader.forms


def words(page: str) -> str:
    """What is read, without the marks around it."""
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))
    return re.sub(r" ([:;,.?)])", r"\1", text)


def questions_on(page: str) -> list[str]:
    """The codes of the questions that the page shows, in order."""
    return re.findall(r'<section class="question" id="([A-Z]+-\d+)"', page)


def proposed_on(page: str) -> list[str]:
    """The texts of the conditions that stand ready before the decider."""
    return re.findall(r"<summary>Proposed: (.*?)</summary>", page)


def rows_on(page: str) -> list[tuple[str, str, str]]:
    """What, last time and this time, of each row of a comparison."""
    row = r'<tr>\s*<th scope="row">(.*?)</th>\s*<td.*?>(.*?)</td>\s*<td.*?>(.*?)</td>'
    found = re.findall(row, page, re.DOTALL)
    return [(words(a).strip(), words(b).strip(), words(c).strip()) for a, b, c in found]


def code_in(title: str) -> str:
    """The code of the question that a row ends with; empty for other rows."""
    found = re.search(r" ([A-Z]{3}-\d+)$", title)
    return found[1] if found else ""


def number(sentence: str, page: str) -> int:
    """The number that the page says where {} stands in the sentence."""
    before, after = map(re.escape, sentence.split("{}"))
    (found,) = re.findall(rf"{before}(\d+){after}", page)
    return int(found)


# The document -----------------------------------------------------------------------
def figures(chapter: str) -> dict[str, int]:
    """Every bold figure, as “**18 questions in all**”."""
    flat = " ".join(chapter.split())
    return {what: int(n) for n, what in re.findall(r"\*\*(\d+) ([^*]+)\*\*", flat)}


def quotations(chapter: str) -> list[str]:
    """What the document says that a page says."""
    quoted = re.findall(r"^> .*(?:\n> .*)*", chapter, re.MULTILINE)
    return [" ".join(one.replace("\n> ", " ")[2:].split()) for one in quoted]


def chapter(number: int) -> str:
    parts = DOC.read_text(encoding="utf-8").split("\n## ")
    return next(part for part in parts if part.startswith(f"{number}."))
