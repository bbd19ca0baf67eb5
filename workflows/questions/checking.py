"""Whether a document is a sound question pack: everything that is wrong, at once."""

from collections.abc import Iterator

from django.utils.translation import gettext

from register.choices import CaseType
from workflows.choices import Moment
from workflows.questions import depending, forbidden, naming, structure
from workflows.questions.faults import Fault, Finding, Lines, Path
from workflows.questions.pack import Document
from workflows.questions.parts import Draft, Part, around, sound
from workflows.questions.shapes import one_of

__all__ = ["Fault", "check"]


def check(
    document: Document, lines: Lines | None = None, name: str = "pack"
) -> list[Fault]:
    """Everything that is wrong, in the order of the lines; empty for a sound pack.
    Where no lines are known, a fault says in which question or rule it stands."""
    document = dict(document)
    shape = list(structure.check(document))
    spoilt = frozenset(each.path for each in shape if each.spoils)
    draft = Draft(document, spoilt)
    found = [*shape, *(each for checks in CHECKS for each in checks(draft))]
    faults = [
        Fault(name, _line(lines, each.path), each.what, each.do, each.path)
        if lines
        else Fault(_place(draft, each.path, name), None, each.what, each.do, each.path)
        for each in found
    ]
    return sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0)


def _line(lines: Lines, path: Path) -> int | None:
    """The line of the node, or of the nearest one around it."""
    return next((lines[each] for each in around(path) if each in lines), None)


def _place(draft: Draft, path: Path, name: str) -> str:
    parts = {part.path: part for part in draft.named}
    found = next((parts[each] for each in around(path) if each in parts), None)
    return f"{name}, {found}" if found else name


def options(draft: Draft) -> Iterator[Finding]:
    """There is something to choose, and a harmless answer that is no doubt."""
    for question in sound(draft.questions):
        told = question.of("option")
        if question.told.get("kind", "one") != "text":
            yield from _choice(question, told)
        for option in told:
            yield from _option(option, {each.code for each in told})


def _choice(question: Part, options: list[Part]) -> Iterator[Finding]:
    path = question.at("options") if "options" in question.told else question.path
    names = {"question": question}
    if len(options) < 2:
        yield Finding(
            path,
            gettext("%(question)s has fewer than two options.") % names,
            gettext("Write two or more, or make it a question of kind “text”."),
        )
    elif all("level" in option.told for option in options):
        yield Finding(
            path,
            gettext("%(question)s has no harmless option.") % names,
            gettext("Leave the level out of one of them."),
        )


def _option(option: Part, siblings: set[str]) -> Iterator[Finding]:
    if option.told.get("unsure") and "level" not in option.told:
        yield Finding(
            option.path,
            gettext("%(option)s is unsure, and yet harmless.") % {"option": option},
            gettext("Give it a level."),
        )
    stored_as = option.told.get("stored_as")
    if stored_as is not None and stored_as not in siblings:
        names = {"option": option, "other": stored_as}
        yield Finding(
            option.at("stored_as"),
            gettext("%(option)s is stored as “%(other)s”, which is no option.") % names,
            one_of(sorted(siblings)),
        )


NEEDED = {"assign": ("role", "days"), "gate": ("blocks", "cleared_by")}


def actions(draft: Draft) -> Iterator[Finding]:
    for action in sound(draft.actions):
        for key in NEEDED.get(action.told["kind"], ()):
            if key not in action.told:
                names = {"action": action, "kind": action.told["kind"], "key": key}
                yield Finding(
                    action.path,
                    gettext("%(action)s (%(kind)s) has no “%(key)s”.") % names,
                    gettext("Write it."),
                )


def effects(draft: Draft) -> Iterator[Finding]:
    """A rule has one condition and at most one effect on the risk."""
    for rule in sound(draft.rules):
        told = rule.told
        if ("if" in told) == ("if_topics" in told):
            yield Finding(
                rule.path,
                gettext("%(rule)s has not just one condition.") % {"rule": rule},
                gettext("Write either “if” or “if_topics”."),
            )
        if "raise_to" in told and ("propose" in told or "if_topics" in told):
            yield Finding(
                rule.at("raise_to"),
                gettext("%(rule)s cannot raise the risk here.") % {"rule": rule},
                gettext("Leave “raise_to” out; a rule on topics only proposes.")
                if "if_topics" in told
                else gettext("Write either “raise_to” or “propose”."),
            )


def screen(draft: Draft) -> Iterator[Finding]:
    """The quick screen is part of the core, and there is one for each case type."""
    questions = sound(draft.questions)
    for question in questions:
        if question.told.get("screen") and not question.told.get("core"):
            yield Finding(
                question.at("screen"),
                gettext("%(question)s is in the quick screen but not in the core.")
                % {"question": question},
                gettext("Write “core: true”."),
            )
    if len(questions) == len(draft.questions) and not draft.spoilt:
        yield from _unscreened(questions)


def _unscreened(questions: list[Part]) -> Iterator[Finding]:
    at_planning = [
        question
        for question in questions
        if Moment.PLANNING in question.told["moments"] and not question.told.get("off")
    ]
    screened = [question for question in at_planning if question.told.get("screen")]
    for kind in CaseType:
        if _any_for(kind, at_planning) and not _any_for(kind, screened):
            yield Finding(
                ("topics",),
                gettext("The quick screen asks nothing of the case type “%(kind)s”.")
                % {"kind": kind.value},
                gettext("Write “screen: true” at a question that it is asked."),
            )


def _any_for(kind: str, questions: list[Part]) -> bool:
    return any(kind in question.told["case_types"] for question in questions)


def prefills(draft: Draft) -> Iterator[Finding]:
    """What the system knows of a country is marked as such, so that K10 holds."""
    for question in sound(draft.questions):
        told = question.told
        is_fact = told.get("country_fact", False)
        if told.get("prefill") in structure.COUNTRY_PREFILLS and not is_fact:
            yield Finding(
                question.at("prefill"),
                gettext("%(question)s is filled in from facts about a country.")
                % {"question": question},
                gettext("Write “country_fact: true”."),
            )


CHECKS = (
    naming.codes,
    naming.prefixes,
    naming.roles,
    naming.references,
    options,
    actions,
    effects,
    screen,
    prefills,
    depending.findings,
    forbidden.person_questions,
)
