"""Record that a partner was looked for in a list (requirement 7)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from register.forms import ScreeningForm
from register.models import Partner
from register.policies import may_keep_reference
from register.requests import SignedInRequest
from register.services import indicators


@require_http_methods(["GET", "HEAD", "POST"])
def screening_add(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The form; what was typed is kept until it can be saved."""
    partner = get_object_or_404(Partner, public_id=public_id)
    if not may_keep_reference(request.user):
        raise PermissionDenied
    form = ScreeningForm(request.POST or None, partner=partner)
    if form.is_valid() and is_recorded(request, form, partner):
        messages.success(request, _("The screening is recorded."))
        return redirect(partner)
    context = {"form": form, "partner": partner}
    status = 422 if form.is_bound else 200
    return render(request, "register/screening_form.html", context, status=status)


def is_recorded(
    request: SignedInRequest, form: ScreeningForm, partner: Partner
) -> bool:
    """False where a rule refuses it; the sentence then stands in the form."""
    try:
        indicators.record_screening(
            actor=request.user, partner=partner, **form.cleaned_data
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True
