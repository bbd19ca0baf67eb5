"""My work, and the page of a case with its tabs."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from register.choices import CaseState as S
from register.clock import local_today
from register.models import User
from register.queries import HOME, unit_name
from register.queries.access import deputyships_today
from register.requests import SignedInRequest
from workflows import policies
from workflows.choices import Verb
from workflows.models import Case, Opinion
from workflows.policies import why_not
from workflows.policies.handing import HANDS_OVER
from workflows.queries import (
    cases_left_behind,
    cases_visible_to,
    documents_shown,
    next_steps,
    said_of,
    with_unit_then,
)
from workflows.queries.people import people_around, who_may
from workflows.services import handing_over
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
    user = request.user
    context = {
        "waiting": waiting_for(user),
        "left_behind": _left_behind(user),
        "deputyships": deputyships_today(user) if user.principals else (),
    }
    return render(request, "workflows/my_work.html", context)


def leavers(request: SignedInRequest) -> HttpResponse:
    """What those who have left still carry, for whoever may hand it over."""
    if not request.user.holds_one(HANDS_OVER):
        raise PermissionDenied
    context = {"left_behind": _left_behind(request.user)}
    return render(request, "workflows/leavers.html", context)


def _left_behind(user: User) -> list[dict[str, Any]]:
    if not user.holds_one(HANDS_OVER):
        return []
    cases = list(cases_left_behind(user, local_today()))
    parts = handing_over.parts_left_behind(cases, local_today())
    may = [case for case in cases if why_not(Verb.HAND_OVER, case, user) is None]
    return [{"case": case, "parts": parts[case.pk]} for case in may]


def case_detail(
    request: SignedInRequest, public_id: object, tab: str = "facts"
) -> HttpResponse:
    if tab not in TABS:
        raise Http404
    try:
        case = case_or_404(request, public_id, prepared=with_unit_then)
    except Http404:
        return known_case(request, public_id, tab)
    context = {
        "case": case,
        "tab": tab,
        "tabs": TABS,
        "unit_then": unit_name_then(case),
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


def unit_name_then(case: Any) -> str:
    """What its unit was called when the case began; empty where it still is."""
    return unit_name(case.unit_then, case.unit_then_en) if case.unit_then else ""


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
    given = Opinion.objects.filter(given_at__isnull=False).select_related("given_by")
    decisions = case.decisions.select_related("asked_by", "decided_by", "rule__table")
    return {
        "decisions": decisions.prefetch_related(
            "conditions__owner",
            "conditions__met_by",
            "assessment__catalogue",
            Prefetch("assessment__opinions", given, to_attr="opinions_given"),
        ),
        "recommended": said_of(case, request.user),
        "reads_table": bool(policies.reads_questions_of(request.user)),
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
