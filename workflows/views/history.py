"""The history of a case as it is read: one entry an event, but many small answers of
one person in a row as one."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator

from workflows.choices import Verb
from workflows.models import Case, CaseEvent, Catalogue
from workflows.queries import timeline, with_names
from workflows.queries.people import conflicted_people

EVENTS_A_PAGE = 50
# Answers that save themselves one by one within this time are told together.
TOGETHER = timedelta(hours=1)


def history_of(case: Case, request: Any) -> dict[str, Any]:
    pages = Paginator(timeline(case, request.user), EVENTS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    conflicted = conflicted_people(case, request.user)
    entries = entries_of(with_names(page))
    for entry in entries:
        event = entry["event"]
        entry["is_conflicted"] = bool(
            conflicted & {event.person_id, event.on_behalf_of_id}
        )
    return {"entries": entries, "questions": questions_of(case), "page": page}


def entries_of(events: Iterable[CaseEvent]) -> list[dict[str, Any]]:
    """events: newest first."""
    entries = []
    for together in _folded(events):
        newest = together[0]
        name = newest.verb if len(together) == 1 else "answers"
        entries.append(
            {
                "at": newest.at,
                "event": newest,
                "events": together,
                "template": f"workflows/events/{name}.html",
            }
        )
    return entries


def _folded(events: Iterable[CaseEvent]) -> list[list[CaseEvent]]:
    folded: list[list[CaseEvent]] = []
    for event in events:
        if folded and _belongs(event, folded[-1][0]):
            folded[-1].append(event)
        else:
            folded.append([event])
    return folded


def _belongs(event: CaseEvent, newest: CaseEvent) -> bool:
    return (
        event.verb == newest.verb == Verb.ANSWER
        and event.person_id == newest.person_id
        and newest.at - event.at <= TOGETHER
    )


def questions_of(case: Case) -> dict[str, str]:
    """The text of every question that the case was ever asked, by code; as it reads in
    the newest pack that has it."""
    used = case.assessments.values("catalogue")
    packs = Catalogue.objects.filter(pk__in=used).order_by("published_at", "id")
    return {question.code: question.text for one in packs for question in one.pack}
