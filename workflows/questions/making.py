"""A pack from its document. `checking` says whether a document is sound; what is read
here has passed it."""

from register.choices import Risk
from workflows.questions.conditions import parse
from workflows.questions.pack import (
    LEVELS,
    Action,
    Document,
    Field,
    Option,
    Pack,
    Question,
    Rule,
    Source,
    Topic,
)


def make(document: Document) -> Pack:
    """The pack of a sound document."""
    return Pack(
        version=document["version"],
        topics=tuple(_topic(each) for each in document["topics"]),
        actions={
            code: _action(code, each)
            for code, each in document.get("actions", {}).items()
        },
        rules=tuple(_rule(each) for each in document.get("rules", ())),
        roles=document.get("roles", {}),
        sources={
            key: Source(key, **each)
            for key, each in document.get("sources", {}).items()
        },
    )


def _topic(told: Document) -> Topic:
    return Topic(
        code=told["code"],
        texts=told["title"],
        whys=told.get("why", {}),
        questions=tuple(_question(each, told["code"]) for each in told["questions"]),
    )


def _question(told: Document, topic: str) -> Question:
    return Question(
        code=told["code"],
        texts=told["text"],
        helps=told.get("help", {}),
        topic=topic,
        who=told["who"],
        confirmed_by=tuple(told.get("confirmed_by", ())),
        kind=told.get("kind", "one"),
        options=tuple(_option(each) for each in told.get("options", ())),
        fields=tuple(
            Field(each["code"], each["text"], each.get("kind", "text"))
            for each in told.get("fields", ())
        ),
        has_rows=told.get("rows", False),
        moments=frozenset(told["moments"]),
        case_types=frozenset(told["case_types"]),
        is_core=told.get("core", False),
        is_screen=told.get("screen", False),
        is_off=told.get("off", False),
        is_country_fact=told.get("country_fact", False),
        prefill=told.get("prefill", ""),
        show_if=parse(told["show_if"]) if told.get("show_if") else None,
        actions=tuple(told.get("actions", ())),
        sources=tuple(told.get("sources", ())),
    )


def _option(told: Document) -> Option:
    return Option(
        code=told["code"],
        texts=told["text"],
        level=LEVELS[told["level"]] if told.get("level") else Risk.NONE,
        is_unsure=told.get("unsure", False),
        stored_as=told.get("stored_as", ""),
    )


def _action(code: str, told: Document) -> Action:
    return Action(
        code=code,
        texts=told["text"],
        titles=told["title"],
        kind=told["kind"],
        fires_at=LEVELS[told["fires_at"]],
        role=told.get("role", ""),
        days=told.get("days", 0),
        blocks=told.get("blocks", ""),
        cleared_by=tuple(told.get("cleared_by", ())),
        to=told.get("to", ""),
        months=told.get("months", 0),
    )


def _rule(told: Document) -> Rule:
    topics = told.get("if_topics", {})
    return Rule(
        code=told["code"],
        texts=told["text"],
        condition=parse(told["if"]) if told.get("if") else None,
        topics_at=LEVELS[topics["level"]] if topics else 0,
        topics_count=topics.get("count", 0),
        raises_to=LEVELS[told["raise_to"]] if told.get("raise_to") else 0,
        proposes=LEVELS[told["propose"]] if told.get("propose") else 0,
        actions=tuple(told.get("actions", ())),
        requires=tuple(told.get("requires", ())),
    )
