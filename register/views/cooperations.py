"""The register page: the main screen."""

from collections.abc import Iterable
from datetime import date
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from register import queries
from register.choices import CaseState, Flag, Risk
from register.filters import CooperationFilter
from register.models import User
from register.paging import LostPlace, Order, Page, page
from register.requests import SignedInRequest

CELLS = (
    "pk",
    "public_id",
    "number",
    "title",
    "unit__name",
    "unit__name_en",
    "state",
    "risk",
    "next_review_on",
    "ends_on",
    "last_event_at",
    "legacy",
    "confidentiality",
)
# Shown beside the state; the other flags can be filtered by, or stand in a column.
BADGES = (Flag.OVERDUE, Flag.LAPSED, Flag.LEGACY, Flag.PARTNER_UNNAMED)
# What a column is called, and how it is sorted when it is first chosen.
HEADS = (
    ("-number", _("Number")),
    ("title", _("Cooperation")),
    ("state", _("State")),
    ("-risk", _("Risk")),
    ("review", _("Next review")),
    ("end", _("End")),
    ("-changed", _("Last change")),
)


@require_safe
def cooperation_list(request: SignedInRequest) -> HttpResponse:
    """What this person may see, filtered, sorted, 50 at a time."""
    chosen = CooperationFilter(
        request.GET,
        queries.cooperations_visible_to(request.user),
        readable=queries.cooperations_readable_by(request.user),
        units=queries.units_around(request.user),
    )
    listed, complaints = listed_page(chosen, request)
    context = {
        "filter": chosen,
        "address": chosen.address(),
        "complaints": complaints,
        "count": chosen.qs.count(),
        "first_url": f"?{chosen.address().urlencode()}" if listed.previous else "",
        "heads": heads(chosen.order),
        "page": listed,
        "rows": list(dressed(listed.rows, chosen.today, request.user)),
    }
    return answered(request, "register/cooperation_list.html", context)


def listed_page(
    chosen: CooperationFilter, request: SignedInRequest
) -> tuple[Page, list[str]]:
    """The page asked for, or the first one with a sentence why."""
    rows = chosen.qs.values(*CELLS)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        return page(rows, chosen.order, after=after, before=before), chosen.complaints()
    except LostPlace:
        lost = str(_("That page is not there any more; this is the first one."))
        return page(rows, chosen.order), [*chosen.complaints(), lost]


def dressed(
    rows: list[dict[str, Any]], today: date, user: User
) -> Iterable[dict[str, Any]]:
    """The rows with partners and with the words for what they hold; the risk only of
    those that this person reads."""
    partners = queries.partners_by_cooperation([row["pk"] for row in rows])
    known = queries.only_known_to(user, rows)
    short = cache(partial(date_format, format="SHORT_DATE_FORMAT"))
    states = {state.value: str(state.label) for state in CaseState}
    unit_name = cache(queries.unit_name)
    risks = {risk.value: str(risk.label) for risk in Risk}
    anywhere = reverse("workflows:case-detail", args=[UUID(int=0)])
    for row in rows:
        named = partners.get(row["pk"], [])
        flags = queries.flags_of(row, named, today)
        yield row | {
            "url": anywhere.replace(str(UUID(int=0)), str(row["public_id"])),
            "partners": in_one_line(named),
            "unit": unit_name(row["unit__name"], row["unit__name_en"]),
            "state_label": states[row["state"]],
            "risk_label": "" if row["pk"] in known else risks[row["risk"]],
            "flags": [flag for flag in flags if flag in BADGES],
            "review": short(row["next_review_on"]) if row["next_review_on"] else "",
            "end": short(row["ends_on"]) if row["ends_on"] else "",
            "changed": short(timezone.localdate(row["last_event_at"])),
        }


def in_one_line(partners: list[tuple[str, str]]) -> str:
    """The first two with their countries, and how many more there are."""
    countries = queries.country_names()
    parts = [f"{name}, {countries[code]}" for name, code in partners[:2]]
    if more := len(partners[2:]):
        parts.append(
            ngettext("%(count)d more", "%(count)d more", more) % {"count": more}
        )
    return "; ".join(parts)


def heads(order: Order) -> list[dict[str, Any]]:
    """Each column's name, the order its link gives, and the direction it has now."""
    directions = ("ascending", "descending")
    return [
        {
            "label": label,
            "sort": order.reversed().name if is_current else first,
            "direction": directions[order.descending] if is_current else "",
        }
        for first, label in HEADS
        for is_current in [first.strip("-") == order.name.strip("-")]
    ]


def answered(
    request: SignedInRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    """The whole page; for htmx its results, and the address to stand in the bar."""
    if not request.htmx:
        return render(request, template, context)
    response = render(request, f"{template}#results", context)
    response["HX-Push-Url"] = f"{request.path}?{context['address'].urlencode()}"
    return response
