"""What an approval requires, and that it is met (workflow 7)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from register.requests import SignedInRequest
from workflows import policies
from workflows.choices import Verb
from workflows.forms.confiding import MetForm
from workflows.models import Case, Condition
from workflows.models.case import possible_in
from workflows.queries.people import conditions_of
from workflows.services import conditions
from workflows.services.moving import wrong_state
from workflows.views.acting import ActView, case_or_404


@require_safe
def condition_list(request: SignedInRequest, public_id: object) -> HttpResponse:
    """For everybody who reads the case; the button for those who may."""
    case = case_or_404(request, public_id)
    listed = list(conditions_of(case))
    context = {
        "case": case,
        "title": _("Conditions of the approval"),
        "rows": [(one, why_not_meet(case, one, request)) for one in listed],
        "met": sum(one.met_at is not None for one in listed),
    }
    return render(request, "workflows/conditions.html", context)


def why_not_meet(case: Case, condition: Condition, request: SignedInRequest) -> Any:
    """None when the page may offer it."""
    if case.state not in possible_in(Verb.MEET_CONDITION):
        return wrong_state(case, Verb.MEET_CONDITION)
    refusal = policies.barred(Verb.MEET_CONDITION, case, request.user)
    return refusal or policies.why_not_meet(case, condition, request.user)


class MeetCondition(ActView):
    template_name = "workflows/meet_condition.html"
    verb = Verb.MEET_CONDITION
    form_class = MetForm
    title = _("Mark a condition as met")
    button = _("Mark as met")
    done = _("The condition is marked as met.")

    @cached_property
    def condition(self) -> Condition:
        return get_object_or_404(conditions_of(self.case), pk=self.kwargs["condition"])

    def refusal(self) -> Any:
        if self.condition.met_at:
            return _("This condition has been marked as met already.")
        return super().refusal() or policies.why_not_meet(
            self.case, self.condition, self.request.user
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(condition=self.condition, **kwargs)

    def act(self, form: MetForm, **by: Any) -> None:
        conditions.meet(**by, condition_id=self.condition.pk, **form.given())

    def get_success_url(self) -> str:
        return reverse("workflows:meet_condition", args=[self.case.public_id])
