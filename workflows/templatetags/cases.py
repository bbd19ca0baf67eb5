"""What templates of a case need: where an action lives, and its own small words."""

from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from register.choices import Risk
from workflows.choices import (
    HandedPart,
    ReviewOutcome,
    TerminationGround,
    Verb,
    Verdict,
)
from workflows.models import Case
from workflows.queries import NextStep

register = template.Library()

PAGES = {
    Verb.SUBMIT: "proposal-summary",
    Verb.TAKE_CASE: "take_case",
    Verb.AMEND: "amend",
    Verb.ANSWER: "assess",
    Verb.COMPLETE_ASSESSMENT: "complete",
    Verb.COMPLETE_REVIEW: "complete",
    Verb.CONFIRM_ANSWERS: "confirm_answers",
    Verb.TAKE_FULL_TRACK: "take_full_track",
    Verb.ADD_EVIDENCE: "add_evidence",
    Verb.SETTLE_POINT: "settle_point",
    Verb.INVITE_ASSESSOR: "invite_assessor",
    Verb.HAND_IN: "hand_in",
    Verb.GIVE_OPINION: "give_opinion",
    Verb.CLEAR_GATE: "clear_gate",
    Verb.RAISE_RISK: "raise_risk",
    Verb.LOWER_RISK: "lower_risk",
    Verb.CONFIRM_LOWERING: "confirm_lowering",
    Verb.RECOMMEND: "recommend",
    Verb.ASK_DECISION: "ask_decision",
    Verb.APPROVE: "decide",
    Verb.REJECT: "decide",
    Verb.OPEN_REVIEW: "open_review",
    Verb.CONTINUE: "conclude",
    Verb.GIVE_NOTICE: "give_notice",
    Verb.CLOSE: "close",
    Verb.DECLARE: "declare",
    Verb.SET_CONFIDENTIALITY: "readers",
    Verb.NAME_READER: "name_reader",
    Verb.END_READER: "readers",
    Verb.MEET_CONDITION: "meet_condition",
    Verb.ADD_AGREEMENT: "add_agreement",
    Verb.ADD_DOCUMENT: "add_document",
    Verb.HAND_OVER: "hand_over",
}
# What a page is called that serves more than the verb it is reached by.
LABELS = {
    Verb.SUBMIT: _("Finish and send"),
    Verb.ANSWER: _("Answer the questions"),
    Verb.COMPLETE_ASSESSMENT: _("Look through and complete"),
    Verb.COMPLETE_REVIEW: _("Look through and complete"),
    Verb.SETTLE_POINT: _("Open points"),
    Verb.ADD_EVIDENCE: _("Evidence"),
    Verb.INVITE_ASSESSOR: _("Independent assessors"),
    Verb.HAND_IN: _("Give your own assessment"),
    Verb.RECOMMEND: _("Recommend or advise against"),
    Verb.APPROVE: _("Decide"),
    Verb.REJECT: _("Decide"),
    Verb.CONTINUE: _("Conclude the review"),
    Verb.SET_CONFIDENTIALITY: _("Who sees this case"),
    Verb.MEET_CONDITION: _("Conditions of the approval"),
}
DECIDED = {
    Verdict.APPROVED: _("Approved"),
    Verdict.APPROVED_WITH_CONDITIONS: _("Approved with conditions"),
    Verdict.REJECTED: _("Rejected"),
}
# The one thing that a case waits for in each state; everything else is secondary.
MAIN = {
    "draft": (Verb.SUBMIT,),
    "returned": (Verb.SUBMIT,),
    "proposed": (
        *(Verb.HAND_IN, Verb.GIVE_OPINION, Verb.CONFIRM_LOWERING),
        Verb.ANSWER,
    ),
    "assessed": (
        *(Verb.APPROVE, Verb.RECOMMEND),
        *(Verb.ASK_DECISION, Verb.CLEAR_GATE),
    ),
    "under_review": (
        *(Verb.HAND_IN, Verb.GIVE_OPINION, Verb.CONFIRM_LOWERING),
        *(Verb.CONTINUE, Verb.ANSWER),
    ),
    "suspended": (Verb.RESUME,),
    "terminating": (Verb.CLOSE, Verb.ANSWER),
}


def page_of(case: Case, verb: str) -> str:
    """The address of the page on which `verb` is done."""
    if verb in PAGES:
        return reverse(f"workflows:{PAGES[Verb(verb)]}", args=[case.public_id])
    return reverse("workflows:with-reason", args=[case.public_id, verb])


@register.simple_tag
def action_url(case: Case, verb: str) -> str:
    return page_of(case, verb)


@register.filter
def doing(verb: str) -> Any:
    """What the page of this verb is called."""
    return LABELS.get(Verb(verb), Verb(verb).label)


@register.filter
def day(value: str) -> str:
    """An ISO day from an event, as the reader writes days."""
    return formats.date_format(date.fromisoformat(value)) if value else ""


@register.simple_tag
def actions(case: Case, steps: list[NextStep]) -> dict[str, Any]:
    """The steps as one primary action, the others, and those that are not this
    person's, with the reason; a page that serves two verbs is shown once."""
    allowed: dict[str, NextStep] = {}
    refused: dict[str, NextStep] = {}
    served: dict[str, list[Verb]] = {}
    for step in _ordered(case, steps):
        served.setdefault(page_of(case, step.verb), []).append(step.verb)
        kind = refused if step.refusal else allowed
        kind.setdefault(page_of(case, step.verb), step)
    main = MAIN.get(case.state, ())
    shown = [
        {"url": url, "label": doing(step.verb), "verb": step.verb}
        for url, step in allowed.items()
    ]
    return {
        "primary": next((row for row in shown if row["verb"] in main), None),
        "others": [row for row in shown if row["verb"] not in main],
        "refused": [
            {"label": doing(step.verb), "reason": step.refusal, "verbs": served[url]}
            for url, step in refused.items()
            if url not in allowed
        ],
    }


def _ordered(case: Case, steps: list[NextStep]) -> list[NextStep]:
    main = MAIN.get(case.state, ())
    return sorted(
        steps, key=lambda step: main.index(step.verb) if step.verb in main else 99
    )


@register.filter
def opened(page: str) -> Any:
    """What a page in the reading log is called; `page` is the name of its address."""
    name = page.partition(":")[2]
    verbs = (verb for verb, address in PAGES.items() if address == name)
    return OPENED.get(name) or next(map(doing, verbs), page)


OPENED = {
    "case-detail": _("The first page"),
    "case-tab": _("A page of the case"),
    "document": _("A file"),
    "why-not": _("Why can't I?"),
    "readings": _("Who has read it"),
    "compare": _("Compare with last time"),
    "assessors": _("Independent assessments"),
    "save-answer": _("Answer the questions"),
    "with-reason": _("A step of the case"),
    "write_note": _("Write a restricted note"),
}


@register.filter
def risk_label(value: int) -> Any:
    return Risk(value or 0).label


@register.filter
def verdict_label(value: str) -> Any:
    """What was decided, as a finding and not as the choice on the form."""
    return DECIDED[Verdict(value)] if value else ""


@register.filter
def handed_part(value: str) -> Any:
    return HandedPart(value).label if value else ""


@register.filter
def outcome_label(value: str) -> Any:
    return ReviewOutcome(value).label if value else ""


@register.filter
def ground_label(value: str) -> Any:
    return TerminationGround(value).label if value else ""


@register.filter
def named(questions: dict[str, str] | None, code: str) -> str:
    """The text of a question by its code, where it is known."""
    return questions.get(code, "") if questions else ""


@register.filter
def fact_label(name: str) -> Any:
    """The name of a fact as the forms call it."""
    field = Case._meta.get_field(name)
    if field.many_to_many and field.related_model:
        return field.related_model._meta.verbose_name_plural
    return getattr(field, "verbose_name", name)
