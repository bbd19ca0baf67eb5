"""Codes: each has its form and stands once, and what is named is known."""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext

from workflows.choices import ROLES_OF
from workflows.questions.faults import Finding, Path
from workflows.questions.parts import Draft, Part, label, sound
from workflows.questions.shapes import one_of

ROLES = ("A", *ROLES_OF)
# A gate keeps the code of its action in ten signs.
CODES = {
    "topic": (r"[A-Z]{2,4}", "EXP"),
    "question": (r"[A-Z]{2,4}-[0-9]{1,3}", "EXP-1"),
    "option": (r"[A-Za-z][A-Za-z0-9_-]{0,39}", "not-needed"),
    "field": (r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", "end-date"),
    "action": (r"[A-Za-z0-9][A-Za-z0-9_-]{0,9}", "G-LIC"),
    "rule": (r"K[0-9]{1,3}", "K1"),
}


def codes(draft: Draft) -> Iterator[Finding]:
    """Each code is written as its kind is, and stands once."""
    alike = [draft.topics, draft.questions, draft.actions, draft.rules]
    alike += [q.of(kind) for q in draft.questions for kind in ("option", "field")]
    for parts in alike:
        yield from _malformed(parts)
        yield from _twice(parts)


def _malformed(parts: list[Part]) -> Iterator[Finding]:
    for part in parts:
        form, example = CODES[part.kind]
        if not re.fullmatch(form, part.code):
            path = part.path if part.kind == "action" else part.at("code")
            yield Finding(
                path,
                gettext("%(part)s: the code has not the right form.") % {"part": part},
                gettext("Write it like “%(example)s”.") % {"example": example},
            )


def _twice(parts: list[Part]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for part in parts:
        seen[part.code] += 1
        if seen[part.code] == 2:
            yield Finding(
                part.at("code"),
                gettext("%(part)s stands here twice.") % {"part": part},
                gettext("Give one of the two another code."),
            )


def prefixes(draft: Draft) -> Iterator[Finding]:
    """The code of a question begins with that of its topic."""
    for question in draft.questions:
        if question.code.partition("-")[0] != question.inside:
            names = {"question": question, "topic": question.inside}
            yield Finding(
                question.at("code"),
                gettext("%(question)s stands in topic %(topic)s.") % names,
                gettext("Begin its code with “%(topic)s-”, or move it.") % names,
            )


def roles(draft: Draft) -> Iterator[Finding]:
    """A role that nobody can hold would leave its questions unanswered."""
    for role in draft.roles:
        if role.code not in ROLES:
            yield Finding(
                role.path,
                gettext("%(role)s cannot be held by anyone.") % {"role": role},
                one_of(ROLES),
            )


# Which codes stand under which keys, and of what kind they are.
REFERENCES = {
    "question": (
        ("who", "role"),
        ("confirmed_by", "role"),
        ("actions", "action"),
        ("sources", "source"),
    ),
    "action": (("role", "role"), ("cleared_by", "role")),
    "rule": (("actions", "action"), ("requires", "question")),
}


def references(draft: Draft) -> Iterator[Finding]:
    """Everything that is named is known here."""
    for part in sound([*draft.questions, *draft.actions, *draft.rules]):
        for key, kind in REFERENCES[part.kind]:
            for code, path in part.names(key):
                if code not in draft.known[kind]:
                    yield _unknown(kind, code, path)


def _unknown(kind: str, code: str, path: Path) -> Finding:
    do = {
        "role": gettext("Write the code of a role of this pack."),
        "action": gettext("Write the code of an action of this pack."),
        "source": gettext("Write the key of a source of this pack."),
        "question": gettext(
            "Write the code of a question of this pack, or take the rule out."
        ),
    }[kind]
    what = gettext("%(part)s is not known here.") % {"part": label(kind, code)}
    return Finding(path, what, do)
