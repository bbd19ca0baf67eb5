"""Which roles and units the institution's sign-in service gives: the rules, and one
form. Each institution's administrator sees and keeps their own."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from register.choices import Role, UnitKind
from register.clock import local_today
from register.forms import ClaimRuleForm
from register.models import ClaimRule, Unit, User
from register.policies import may_keep_claim_rules
from register.requests import SignedInRequest
from register.services import signing_in


def institutions_of(user: User) -> QuerySet[Unit]:
    if not may_keep_claim_rules(user):
        raise PermissionDenied
    kept = user.units_as(Role.SYSTEM_ADMINISTRATOR)
    return kept.filter(kind=UnitKind.INSTITUTION)


@require_http_methods(["GET", "HEAD", "POST"])
def claim_list(request: SignedInRequest) -> HttpResponse:
    institutions = institutions_of(request.user)
    form = ClaimRuleForm(
        request.POST or None, institutions=institutions, issuer=settings.OIDC_ISSUER
    )
    if form.is_valid() and is_added(request, form):
        messages.success(
            request, _("The rule is there. It counts from each person's next sign-in.")
        )
        return redirect("register:claim-list")
    today = local_today()
    current = Q(assignments__valid_until=None) | Q(assignments__valid_until__gte=today)
    rules = ClaimRule.objects.filter(institution__in=institutions, ended_at=None)
    context = {
        "form": form,
        "rules": rules.select_related("unit").annotate(
            holders=Count("assignments", filter=current)
        ),
        "issuer": settings.OIDC_ISSUER,
    }
    status = 422 if form.is_bound else 200
    return render(request, "register/claim_list.html", context, status=status)


def is_added(request: SignedInRequest, form: ClaimRuleForm) -> bool:
    """False where a rule refuses it; the sentence then stands in the form."""
    try:
        signing_in.add_rule(actor=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@require_POST
def claim_end(request: SignedInRequest, pk: int) -> HttpResponse:
    institutions = institutions_of(request.user)
    rules = ClaimRule.objects.filter(institution__in=institutions)
    signing_in.end_rule(actor=request.user, rule=get_object_or_404(rules, pk=pk))
    messages.success(request, _("The rule has ended, and the roles that it gave."))
    return redirect("register:claim-list")
