"""A question pack as a YAML file: read with the line of every node, and written.

Only plain data is read: texts, whole numbers, true and false, lists and groups of keys.
`yes`, `no`, `on` and `off` are words, as they are the usual codes of answers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext

from workflows.questions.faults import Fault, Lines, NotAPack, Path, shortened

MOST_BYTES = 2_000_000
MOST_NODES = 100_000  # an alias (*name) unfolds to everything that it points to
DEEPEST = 12

TAG = "tag:yaml.org,2002:"
MAP, SEQ, STR = f"{TAG}map", f"{TAG}seq", f"{TAG}str"
BOOL, INT, NULL = f"{TAG}bool", f"{TAG}int", f"{TAG}null"
TRUTH = {"true": True, "false": False}
UNUSUAL_BREAKS = frozenset("\r\x85\u2028\u2029")
WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,8})\Z")


@dataclass(frozen=True)
class Read:
    document: dict[str, Any]
    lines: Lines


def read(text: str, name: str) -> Read:
    """The document in a YAML text. Raises NotAPack with everything that is wrong."""
    return _Reading(name).read(text)


def write(document: Mapping[str, Any]) -> str:
    """The YAML of a document, in its own order, which `read` gives back equal."""
    return yaml.dump(
        document,
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=100,
    )


class _TooDeep(Exception):
    def __init__(self, line: int):
        self.line = line


class _Loader(yaml.SafeLoader):
    """What YAML 1.1 would take for a number with a point, a date or nothing keeps its
    tag, so that it can be refused: nobody means it so."""

    yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in found if tag not in (BOOL, INT)]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.depth += 1
        if self.depth > DEEPEST:
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise _TooDeep(event.start_mark.line + 1)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Loader.add_implicit_resolver(BOOL, re.compile(r"(?:true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver(INT, WHOLE, list("-+0123456789"))


class _Dumper(yaml.SafeDumper):
    """Items stand under their key, and a text of several lines keeps its lines. `yes`
    is quoted: other programs would read it as true."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def text(self, data: str) -> yaml.ScalarNode:
        style = "|" if "\n" in data else None
        if not UNUSUAL_BREAKS.isdisjoint(data):
            style = '"'  # escaped there, and in every other style read as "\n"
        return self.represent_scalar(STR, data, style=style)


_Dumper.add_representer(str, _Dumper.text)


@dataclass
class _Reading:
    """Builds the document from the nodes and collects what is wrong on the way."""

    name: str
    faults: list[Fault] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)

    def read(self, text: str) -> Read:
        root = self.composed(text)
        document = self.built(root, ()) if root else {}
        if not (root and isinstance(document, dict)):
            self.fault(
                1,
                gettext("The file holds no question pack."),
                gettext("Begin with the keys “version”, “roles” and “topics”."),
            )
        if self.faults:
            raise NotAPack(sorted(self.faults, key=lambda fault: fault.line or 0))
        return Read(document, self.lines)

    def fault(self, line: int, what: str, do: str) -> None:
        self.faults.append(Fault(self.name, line, what, do))

    def refused(self, line: int, what: str, do: str) -> NotAPack:
        """What ends the reading at once."""
        self.fault(line, what, do)
        return NotAPack(self.faults)

    def composed(self, text: str) -> yaml.Node | None:
        if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
            raise self.refused(
                1,
                gettext("The file is larger than 2 MB."),
                gettext("A question pack is smaller; choose another file."),
            )
        try:
            return yaml.compose(text, Loader=_Loader)
        except _TooDeep as error:
            raise self.too_deep(error.line) from None
        except yaml.reader.ReaderError as error:
            raise self.refused(
                text.count("\n", 0, error.position) + 1,
                gettext("There is a character that YAML does not allow."),
                gettext("Take it out, and save the file as UTF-8."),
            ) from error
        except yaml.MarkedYAMLError as error:
            raise self.unreadable(error) from error

    def too_deep(self, line: int) -> NotAPack:
        return self.refused(
            line,
            gettext("Lists and keys are nested deeper than a pack needs."),
            gettext("Look for a wrong indentation or an open bracket."),
        )

    def unreadable(self, error: yaml.MarkedYAMLError) -> NotAPack:
        mark = error.problem_mark or error.context_mark
        why = ", ".join(filter(None, [error.context, error.problem]))
        return self.refused(
            mark.line + 1 if mark else 1,
            gettext("The YAML cannot be read here: %(why)s.") % {"why": why},
            gettext("Look at the indentation, the colons and the quotes."),
        )

    def built(self, node: yaml.Node, path: Path, line: int = 0) -> Any:
        self.lines[path] = line or self.line_of(node)
        if len(path) >= DEEPEST:
            raise self.too_deep(self.line_of(node))
        if len(self.lines) > MOST_NODES:
            raise self.refused(
                self.line_of(node),
                gettext("The file unfolds to more than a pack can hold."),
                gettext("Write texts out instead of pointing to them with “*”."),
            )
        if isinstance(node, yaml.MappingNode) and node.tag == MAP:
            return {
                key: self.built(value, (*path, key), at)
                for key, at, value in self.pairs(node)
            }
        if isinstance(node, yaml.SequenceNode) and node.tag == SEQ:
            return [self.built(each, (*path, n)) for n, each in enumerate(node.value)]
        return self.scalar(node)

    def line_of(self, node: yaml.Node) -> int:
        return node.start_mark.line + 1

    def pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, int, yaml.Node]]:
        """Keys with their line and value; a key twice or that is no text is told."""
        seen: set[str] = set()
        for key, value in node.value:
            line = self.line_of(key)
            if not isinstance(key, yaml.ScalarNode) or key.tag != STR:
                self.fault(
                    line,
                    gettext("This key is not a text."),
                    gettext("Write a word, or put it in quotes."),
                )
                continue
            if key.value in seen:
                self.fault(
                    line,
                    gettext("The key “%(key)s” stands here twice.")
                    % {"key": shortened(key.value)},
                    gettext("Take one of the two out."),
                )
            seen.add(key.value)
            yield key.value, line, value

    def scalar(self, node: yaml.Node) -> str | int | bool | None:
        value = node.value
        if isinstance(node, yaml.ScalarNode):
            if node.tag == STR:
                return str(value)
            if node.tag == BOOL and value in TRUTH:
                return TRUTH[value]
            if node.tag == INT and WHOLE.match(value):
                return int(value)
        self.fault(self.line_of(node), *self.refusal(node))
        return None

    def refusal(self, node: yaml.Node) -> tuple[str, str]:
        if node.tag == NULL and not node.value:
            return (
                gettext("A value is missing."),
                gettext("Write it after the colon, or take the key out."),
            )
        if not isinstance(node, yaml.ScalarNode):
            return (
                gettext("The tag “%(tag)s” is not read here.")
                % {"tag": shortened(node.tag.removeprefix(TAG))},
                gettext("Take it out."),
            )
        return (
            gettext("“%(value)s” is not a text, a whole number, true or false.")
            % {"value": shortened(node.value)},
            gettext("Put it in quotes if it is a text."),
        )
