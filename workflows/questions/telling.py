"""A pack in the reader's words: conditions as sentences, and what a difference between
two packs is called and says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from register.choices import AgreementKind, CaseType, Risk, UnitKind
from workflows.choices import ActionKind, Blocks, Moment
from workflows.questions import wording
from workflows.questions.comparing import Change, FieldChange
from workflows.questions.conditions import Chosen, Condition, Several, parse
from workflows.questions.pack import LEVELS, Pack
from workflows.questions.shapes import LANGUAGE_NAMES
from workflows.questions.wording import Words

Label = Any  # a text, or one that is translated when it is read
FACTS: dict[str, tuple[Label, Mapping[str, Label]]] = {
    "type": (gettext_lazy("the kind of cooperation"), dict(CaseType.choices)),
    "agreement": (
        gettext_lazy("an agreement on the case"),
        {"any": gettext_lazy("any"), **dict(AgreementKind.choices)},
    ),
    "funder": (gettext_lazy("the funder"), {"named": gettext_lazy("named")}),
}


# Conditions -------------------------------------------------------------------------
def condition(told: Condition, pack: Pack) -> str:
    """“Is the work on the list?” (TEC-1): Yes or Unsure; and …"""
    if isinstance(told, Several):
        word = gettext("; and ") if told.needs_all else gettext("; or ")
        return word.join(_part(part, pack) for part in told.parts)
    assert isinstance(told, Chosen)
    question = pack.by_code.get(told.name)
    if question is None:
        name, options = FACTS.get(told.name, (told.name, {}))
        names = {"what": str(name)}
        texts = [str(options.get(code, code)) for code in sorted(told.options)]
    else:
        names = {"what": f"“{question.text}” ({question.code})"}
        texts = [o.text for o in question.options if o.code in told.options]
    names["answers"] = gettext(" or ").join(texts)
    if told.negated:
        return gettext("%(what)s: anything but %(answers)s") % names
    return f"{names['what']}: {names['answers']}"


def _part(told: Condition, pack: Pack) -> str:
    text = condition(told, pack)
    return f"({text})" if isinstance(told, Several) else text


# Differences ------------------------------------------------------------------------
KINDS: dict[str, Label] = {
    "topic": gettext_lazy("Topic"),
    "question": gettext_lazy("Question"),
    "action": gettext_lazy("Action"),
    "rule": gettext_lazy("Rule"),
}
KEYS: dict[str, Label] = {
    "text": gettext_lazy("Text"),
    "title": gettext_lazy("Title"),
    "why": gettext_lazy("Why it is asked"),
    "help": gettext_lazy("Help"),
    "who": gettext_lazy("Who answers"),
    "confirmed_by": gettext_lazy("Who else may confirm"),
    "kind": gettext_lazy("Kind"),
    "level": gettext_lazy("Level"),
    "unsure": gettext_lazy("Counts as unsure"),
    "stored_as": gettext_lazy("Kept as"),
    "moments": gettext_lazy("When it is asked"),
    "case_types": gettext_lazy("Kinds of cooperation"),
    "core": gettext_lazy("In the core"),
    "screen": gettext_lazy("In the quick screen"),
    "off": gettext_lazy("Switched off"),
    "country_fact": gettext_lazy("A fact about a country"),
    "rows": gettext_lazy("Several rows"),
    "prefill": gettext_lazy("Filled in from"),
    "show_if": gettext_lazy("Asked only when"),
    "if": gettext_lazy("Condition"),
    "actions": gettext_lazy("Actions"),
    "sources": gettext_lazy("Sources"),
    "options": gettext_lazy("Answers"),
    "fields": gettext_lazy("Facts"),
    "questions": gettext_lazy("Questions"),
    "raise_to": gettext_lazy("Raises the risk to"),
    "propose": gettext_lazy("Proposes the risk"),
    "requires": gettext_lazy("Makes mandatory"),
    "fires_at": gettext_lazy("Comes into play from"),
    "role": gettext_lazy("Whose opinion"),
    "days": gettext_lazy("Days"),
    "months": gettext_lazy("Months"),
    "blocks": gettext_lazy("Stands before"),
    "cleared_by": gettext_lazy("Cleared by"),
    "to": gettext_lazy("Decided at"),
    "if_topics": gettext_lazy("Topics"),
    "count": gettext_lazy("Number"),
}
TRUTH = {"true": gettext_lazy("Yes"), "false": gettext_lazy("No")}
LEVEL_LABELS = {code: Risk(level).label for code, level in LEVELS.items()}
QUESTION_KINDS: dict[str, Label] = {
    "one": gettext_lazy("One answer"),
    "several": gettext_lazy("Several answers may fit"),
    "text": gettext_lazy("A text, with what the assessor finds"),
}
WORDS: dict[str, Mapping[str, Label]] = {
    "moments": dict(Moment.choices),
    "case_types": dict(CaseType.choices),
    "kind": {**QUESTION_KINDS, **dict(ActionKind.choices)},
    "blocks": dict(Blocks.choices),
    "to": dict(UnitKind.choices),
    **dict.fromkeys(("level", "raise_to", "propose", "fires_at"), LEVEL_LABELS),
    **dict.fromkeys(("unsure", "core", "screen", "off", "country_fact", "rows"), TRUTH),
}
LISTS = frozenset(
    (
        *("confirmed_by", "cleared_by", "actions", "sources", "moments"),
        *("case_types", "options", "fields", "requires"),
    )
)
ONE_ANSWER = gettext_lazy("Answer “%(code)s”: %(key)s")
ONE_FACT = gettext_lazy("Fact “%(code)s”: %(key)s")


@dataclass(frozen=True)
class Line:
    """One value before and after, with the words that went and came marked; a side
    from which nothing differs is left out."""

    label: str
    old: tuple[Words, ...]
    new: tuple[Words, ...]


@dataclass(frozen=True)
class Told:
    """A change as it is shown."""

    kind: str
    what: str
    code: str
    title: str
    lines: tuple[Line, ...]


def change(found: Change, old: Pack, new: Pack) -> Told:
    title = _title(found, new) or _title(found, old)
    lines = tuple(_line(found.code, each, old, new) for each in found.fields)
    return Told(found.kind, str(KINDS[found.what]), found.code, title, lines)


def _title(found: Change, pack: Pack) -> str:
    """What the reader knows it by; empty where the pack does not have it."""
    titles: dict[str, Callable[[], Mapping[str, str]]] = {
        "topic": lambda: {topic.code: topic.text for topic in pack.topics},
        "question": lambda: {q.code: q.text for q in pack},
        "action": lambda: {code: a.title for code, a in pack.actions.items()},
        "rule": lambda: {rule.code: rule.text for rule in pack.rules},
    }
    return titles[found.what]().get(found.code, "")


def _line(code: str, field: FieldChange, old: Pack, new: Pack) -> Line:
    words = wording.compare(
        value(field.name, field.old, old, code), value(field.name, field.new, new, code)
    )
    went, came = (
        any(each.is_marked for each in side) for side in (words.old, words.new)
    )
    return Line(
        name(field.name),
        words.old if went or not came else (),
        words.new if came or not went else (),
    )


def name(told: str) -> str:
    """options.yes.text.nb: Answer “yes”: Text (bokmål)"""
    parts = told.split(".")
    if parts[0] in ("options", "fields") and len(parts) > 2:
        form = ONE_ANSWER if parts[0] == "options" else ONE_FACT
        return form % {"code": parts[1], "key": name(".".join(parts[2:]))}
    label = str(KEYS.get(parts[0], parts[0]))
    if parts[-1] in LANGUAGE_NAMES:
        return f"{label} ({LANGUAGE_NAMES[parts[-1]]})"
    return f"{label}: {name('.'.join(parts[1:]))}" if len(parts) > 1 else label


def value(told: str, text: str, pack: Pack, code: str = "") -> str:
    """The value under this name of a node: codes by what they stand for."""
    key = told.rpartition(".")[2]
    if key in ("show_if", "if") and text:
        return condition(parse(text), pack)
    if key in LISTS:
        return " · ".join(_word(key, each, pack, code) for each in text.split(", "))
    return _word(key, text, pack, code)


def _word(key: str, told: str, pack: Pack, code: str) -> str:
    if key in ("who", "role", "confirmed_by", "cleared_by"):
        return pack.role(told)
    if key == "actions" and told in pack.actions:
        return pack.actions[told].title
    if key == "sources" and told in pack.sources:
        return str(pack.sources[told])
    question = pack.by_code.get(code)
    if key == "options" and question and (option := question.option(told)):
        return option.text
    return str(WORDS.get(key, {}).get(told, told))
