"""The shape of a question pack: the closed keys of every node and the type of each."""

from collections.abc import Iterator
from typing import Any

from register.choices import CaseType, ReferenceKind, UnitKind
from workflows.choices import ActionKind, Blocks, Moment
from workflows.questions.faults import Finding
from workflows.questions.pack import LEVELS
from workflows.questions.shapes import (
    Count,
    Flag,
    Keyed,
    Many,
    NamedTexts,
    OneOf,
    Place,
    Shape,
    Text,
    Texts,
)

# What the system can fill in from its reference data. The first say something about a
# country.
COUNTRY_PREFILLS = (
    str(ReferenceKind.THREAT),
    str(ReferenceKind.SANCTIONS),
    "country-indicators",
)
PREFILLS = (*COUNTRY_PREFILLS, "reference-lists", "sanctions-lists", "purpose")

LEVEL = OneOf(LEVELS)
OPTION = Shape(
    "option",
    {"code": Text(), "text": Texts()},
    {"level": LEVEL, "unsure": Flag(), "stored_as": Text()},
)
FIELD = Shape(
    "field",
    {"code": Text(), "text": Texts()},
    {"kind": OneOf(("text", "long", "date", "number"))},
)
QUESTION = Shape(
    "question",
    {
        "code": Text(),
        "text": Texts(),
        "who": Text(),
        "moments": Many(OneOf(Moment.values), least=1),
        "case_types": Many(OneOf(CaseType.values), least=1),
        "sources": Many(Text(), least=1),
    },
    {
        "help": Texts(),
        "confirmed_by": Many(Text()),
        "kind": OneOf(("one", "several", "text")),
        "options": Many(OPTION),
        "fields": Many(FIELD),
        **dict.fromkeys(("rows", "core", "screen", "off", "country_fact"), Flag()),
        "prefill": OneOf(PREFILLS),
        "show_if": Text(),
        "actions": Many(Text()),
    },
)
TOPIC = Shape(
    "topic",
    {"code": Text(), "title": Texts(), "questions": Many(QUESTION, least=1)},
    {"why": Texts()},
)
ACTION = Shape(
    "action",
    {
        "kind": OneOf(ActionKind.values),
        "fires_at": LEVEL,
        "title": Texts(),
        "text": Texts(),
    },
    {
        "role": Text(),
        "days": Count(),
        "blocks": OneOf(Blocks.values),
        "cleared_by": Many(Text(), least=1),
        "to": OneOf(UnitKind.values),
        "months": Count(),
    },
)
RULE = Shape(
    "rule",
    {"code": Text(), "text": Texts()},
    {
        "if": Text(),
        "if_topics": Shape("", {"level": LEVEL, "count": Count()}),
        "raise_to": LEVEL,
        "propose": LEVEL,
        "actions": Many(Text()),
        "requires": Many(Text()),
    },
)
SOURCE = Shape("source", {"title": Text()}, {"address": Text(), "edition": Text()})
PACK = Shape(
    "pack",
    {
        "version": Text(most=20),
        "roles": Keyed(NamedTexts()),
        "topics": Many(TOPIC, least=1),
    },
    {
        "name": Texts(),
        "licence": Text(),
        "sources": Keyed(SOURCE),
        "actions": Keyed(ACTION),
        "rules": Many(RULE),
    },
)


def check(document: Any) -> Iterator[Finding]:
    """Everything in the document that has not the shape of a pack."""
    return PACK.check(document, Place(key="pack"))
