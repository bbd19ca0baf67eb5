"""My deputies: everybody who holds a role names who stands in for them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from register.clock import local_today
from register.forms.access import DeputyForm
from register.models import Deputyship, User
from register.queries import access
from register.requests import SignedInRequest
from register.services import deputies
from register.services.access import Refused
from register.views.people import deputy_choices


@require_http_methods(["GET", "HEAD", "POST"])
def my_deputies(request: SignedInRequest) -> HttpResponse:
    """Those there are, and the form for one more."""
    choices = deputy_choices(request.user)
    form = DeputyForm(request.POST or None, **choices)
    if form.is_valid() and named(request, form):
        messages.success(request, _("The deputy is named, and both of you are told."))
        return HttpResponseRedirect(reverse("register:deputies"))
    context = {"form": form, "may_lend": choices["roles"], **sorted_out(request.user)}
    status = 422 if form.is_bound else 200
    return render(request, "register/access/deputies.html", context, status=status)


def named(request: SignedInRequest, form: DeputyForm) -> bool:
    """Whether it is done; else the reason stands in the form."""
    user = request.user
    try:
        deputies.name(actor=user, principal=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def sorted_out(user: User) -> dict[str, Any]:
    """Whose deputy I am, who is mine, and those that are over."""
    found: dict[str, list[Deputyship]] = {"mine": [], "for_others": [], "over": []}
    for row in access.deputies_of(user):
        is_over = row.ended_at is not None or row.valid_until < local_today()
        kind = "mine" if row.principal_id == user.pk else "for_others"
        found["over" if is_over else kind].append(row)
    return found


@require_POST
def end_deputyship(request: SignedInRequest, pk: int) -> HttpResponse:
    """By the person, the deputy, or their administrator from the person's page."""
    row = get_object_or_404(access.deputyships_to_end(request.user), pk=pk)
    try:
        deputies.end(actor=request.user, deputyship=row)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It has ended, and both are told."))
    is_own = request.user in (row.principal, row.deputy)
    page = reverse("register:deputies")
    own = page if is_own else reverse("register:person", args=[row.principal.public_id])
    return HttpResponseRedirect(own)
