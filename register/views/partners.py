"""Partners: a list, one of them, adding and mending, and searching while one types."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from register import queries
from register.choices import CaseState
from register.forms import PartnerForm, SearchForm
from register.models import Partner
from register.paging import LostPlace, Order, page
from register.policies import may_keep_partners, may_keep_reference
from register.requests import SignedInRequest
from register.services import partners as services

BY_NAME = Order("name", ("name",))
SHOWN_AT_MOST = 50


@require_safe
def partner_list(request: SignedInRequest) -> HttpResponse:
    """Every partner by name, with how many cooperations this person sees of each."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    matching = queries.partners_matching(text).values(*queries.PARTNER_CELLS)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        listed = page(matching, BY_NAME, after=after, before=before)
    except LostPlace:
        listed = page(matching, BY_NAME)
    context = {
        "form": form,
        "text": text,
        "count": matching.count(),
        "page": listed,
        "rows": queries.with_counts(request.user, listed.rows),
        "may_keep": may_keep_partners(request.user),
    }
    part = "#results" if request.htmx else ""
    return render(request, f"register/partner_list.html{part}", context)


@require_safe
def partner_search(request: SignedInRequest) -> HttpResponse:
    """The few best matches, each a button that chooses it in the form around them."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {"found": queries.partners_found(request.user, text)}
    part = "#results" if request.htmx else ""
    return render(request, f"register/partner_search.html{part}", context)


@require_safe
def partner_detail(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    partner = get_object_or_404(
        Partner.objects.select_related("country"), public_id=public_id
    )
    seen = queries.cooperations_visible_to(request.user).filter(
        queries.with_partner(Partner.objects.filter(pk=partner.pk))
    )
    context = {
        "partner": partner,
        "by_state": by_state(seen),
        "count": seen.count(),
        "shown_at_most": SHOWN_AT_MOST,
        "may_keep": may_keep_partners(request.user),
        "may_screen": may_keep_reference(request.user),
        "screenings": partner.screenings.select_related("edition", "screened_by"),
    }
    return render(request, "register/partner_detail.html", context)


def by_state(seen: Any) -> list[tuple[CaseState, list[dict[str, Any]]]]:
    """The newest cooperations under each state; those that are running first."""
    newest = seen.order_by("-last_event_at", "-pk")
    rows = newest.values("public_id", "number", "title", "state", "ends_on")
    shown = list(rows[:SHOWN_AT_MOST])
    order = sorted(CaseState, key=lambda state: state not in CaseState.RUNNING)
    groups = [(state, [r for r in shown if r["state"] == state]) for state in order]
    return [(state, group) for state, group in groups if group]


@require_http_methods(["GET", "HEAD", "POST"])
def partner_add(request: SignedInRequest) -> HttpResponse:
    return edited(request, partner=None)


@require_http_methods(["GET", "HEAD", "POST"])
def partner_edit(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    return edited(request, partner=get_object_or_404(Partner, public_id=public_id))


def edited(request: SignedInRequest, *, partner: Partner | None) -> HttpResponse:
    """The form, and what was typed is kept until it can be saved."""
    if not may_keep_partners(request.user):
        raise PermissionDenied
    form = PartnerForm(request.POST or None, partner=partner)
    if form.is_valid() and (saved := save(request, form)):
        messages.success(request, _("%(partner)s is saved.") % {"partner": saved})
        return HttpResponseRedirect(saved.get_absolute_url())
    status = 422 if form.is_bound else 200
    context = {"form": form, "partner": partner}
    return render(request, "register/partner_form.html", context, status=status)


def save(request: SignedInRequest, form: PartnerForm) -> Partner | None:
    """The saved partner, or None and the reason stands in the form."""
    facts = form.as_service_arguments()
    try:
        if form.partner:
            return services.amend_partner(
                actor=request.user, partner=form.partner, **facts
            )
        return services.add_partner(actor=request.user, **facts)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
