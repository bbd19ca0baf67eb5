"""My work, and the page of a case with its tabs."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from register.choices import CaseState as S
from register.models import User
from register.queries import HOME
from register.requests import SignedInRequest
from workflows.models import Case
from workflows.queries import (
    cases_visible_to,
    documents_shown,
    next_steps,
    people_around,
    who_may,
)
from workflows.services.waiting import waiting_for
from workflows.templatetags.cases import actions
from workflows.views.acting import case_or_404
from workflows.views.assessments import assessments_of
from workflows.views.history import history_of
from workflows.views.people import people_of_case

BACKBONE = (S.PROPOSED, S.ASSESSED, S.APPROVED, S.UNDER_REVIEW, S.TERMINATED)
# Where a case has left the backbone, its way as it really goes.
WAYS = {
    S.DRAFT: (S.DRAFT, *BACKBONE),
    S.RETURNED: (S.PROPOSED, S.RETURNED, *BACKBONE[1:]),
    S.WITHDRAWN: (S.PROPOSED, S.WITHDRAWN),
    S.REJECTED: (S.PROPOSED, S.ASSESSED, S.REJECTED),
    S.SUSPENDED: (*BACKBONE[:3], S.SUSPENDED, S.TERMINATED),
    S.TERMINATING: (*BACKBONE[:4], S.TERMINATING, S.TERMINATED),
    S.TERMINATED: (*BACKBONE[:4], S.SUSPENDED, S.TERMINATING, S.TERMINATED),
}
TABS = {
    "facts": _("Facts"),
    "assessment": _("Assessment"),
    "decisions": _("Decisions"),
    "people": _("People"),
    "history": _("History"),
}


def my_work(request: SignedInRequest) -> HttpResponse:
    return render(
        request, "workflows/my_work.html", {"waiting": waiting_for(request.user)}
    )


def case_detail(
    request: SignedInRequest, public_id: object, tab: str = "facts"
) -> HttpResponse:
    if tab not in TABS:
        raise Http404
    try:
        case = case_or_404(request, public_id)
    except Http404:
        return known_case(request, public_id, tab)
    context = {
        "case": case,
        "tab": tab,
        "tabs": TABS,
        **_partners(case),
        "steps": way_of(case),
        "next_steps": next_steps(case, request.user),
        **CONTENT[tab](case, request),
    }
    return render(request, f"workflows/case_{tab}.html", context)


def known_case(request: SignedInRequest, public_id: object, tab: str) -> HttpResponse:
    """The bare facts of a case that is open within the institution, for those who may
    not read it; the first page alone."""
    case = get_object_or_404(cases_visible_to(request.user), public_id=public_id)
    if tab != "facts":
        raise Http404
    context = {
        "case": case,
        **_partners(case),
        "fields_of_science": case.fields_of_science.all(),
        "agreements": case.agreements.all(),
    }
    return render(request, "workflows/case_known.html", context)


@require_safe
def why_not_me(request: SignedInRequest, public_id: object) -> HttpResponse:
    """Everything that others can do now: why not this person, and who can."""
    case = case_or_404(request, public_id)
    context = {"case": case, "others": who_else(case, request.user)}
    return render(request, "workflows/why_not.html", context)


MOST_NAMED = 5


def who_else(case: Case, user: User, *, only: Any = None) -> list[dict[str, Any]]:
    """What this person may not do now, why, and who may; only: what is refused with
    this sentence."""
    people = people_around(case)
    refused = actions(case, next_steps(case, user))["refused"]
    rows = []
    for row in refused:
        if only is None or row["reason"] == only:
            may = [one for one in who_may(row["verbs"], case, people) if one != user]
            more = len(may) - MOST_NAMED
            rows.append(row | {"people": may[:MOST_NAMED], "more": max(more, 0)})
    return rows


def _partners(case: Case) -> dict[str, Any]:
    partnerships = list(case.partnerships.select_related("partner__country"))
    abroad = [one for one in partnerships if one.partner.country_id != HOME]
    return {"partnerships": partnerships, "is_partner_missing": not abroad}


def way_of(case: Case) -> list[dict[str, Any]]:
    """The strip of states: those it went through, with who and when, where it is, and
    those that usually follow."""
    events = case.events.select_related("person", "on_behalf_of").order_by("seq")
    entered = {
        event.to_state: event for event in events if event.to_state != event.from_state
    }
    way = list(WAYS.get(S(case.state), BACKBONE))
    here = way.index(S(case.state))
    return [
        {
            "label": state.label,
            "is_current": state == case.state,
            "who": entered[state].actor if state in entered else "",
            "when": entered[state].at if state in entered else None,
        }
        for place, state in enumerate(way)
        if place >= here or state in entered
    ]


def _facts(case: Case, request: SignedInRequest) -> dict[str, Any]:
    return {
        "fields_of_science": case.fields_of_science.all(),
        "agreements": case.agreements.all(),
        "documents": documents_shown(case, request.user).select_related("uploaded_by"),
    }


def _assessment(case: Case, request: SignedInRequest) -> dict[str, Any]:
    return assessments_of(case, request.user)


def _decisions(case: Case, request: SignedInRequest) -> dict[str, Any]:
    decisions = case.decisions.select_related("asked_by", "decided_by")
    return {
        "decisions": decisions.prefetch_related(
            "conditions__owner", "conditions__met_by"
        ),
        "reviews": case.reviews.select_related("decided_by", "assessment"),
        "termination": getattr(case, "termination", None),
    }


CONTENT: dict[str, Callable[[Case, SignedInRequest], dict[str, Any]]] = {
    "facts": _facts,
    "assessment": _assessment,
    "decisions": _decisions,
    "people": people_of_case,
    "history": history_of,
}
