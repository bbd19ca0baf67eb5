"""Register a new partnership, step by step: partner, what, why, summary.

The draft exists from the first partner on and is its owner's alone; each step saves
what was changed. A returned case goes through the same steps.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from register.choices import CaseState, PartnerRole, Role
from register.models import Partner, User
from register.queries import (
    partners_matching,
    people_with_role,
    units_to_propose_for,
)
from register.services import partners
from workflows import policies
from workflows.choices import Verb
from workflows.forms.cases import ConfirmForm
from workflows.forms.proposals import AboutForm, NewPartnerForm, ReasonsForm
from workflows.models import Case
from workflows.queries import cases_visible_to
from workflows.services import amending, proposing
from workflows.services.moving import AlreadyThere, WorkflowError
from workflows.views.acting import ActView, add_errors, case_or_404

STEPS = {
    "workflows:proposal-partners": gettext_lazy("Partner"),
    "workflows:proposal-about": gettext_lazy("What"),
    "workflows:proposal-reasons": gettext_lazy("Why"),
    "workflows:proposal-summary": gettext_lazy("Look through and send"),
}
LIKE_THIS = 5  # so many partners that may be the same are shown


def own_case_or_404(user: User, public_id: object) -> Case:
    """A case of one's own; somebody else's draft does not exist for this person."""
    case = case_or_404(user, public_id)
    if not policies.is_own(case, user):
        raise Http404
    return case


def steps(case: Case | None, here: str) -> list[dict[str, Any]]:
    """The steps indicator: where one is, what is done, where one may go."""
    done = finished(case)
    return [
        {
            "label": label,
            "url": reverse(name, args=[case.public_id]) if case else "",
            "is_current": name == here,
            "is_done": name in done,
        }
        for name, label in STEPS.items()
    ]


def finished(case: Case | None) -> set[str]:
    if case is None:
        return set()
    facts = {
        "workflows:proposal-partners": case.partnerships.exists(),
        "workflows:proposal-about": case.starts_on,
        "workflows:proposal-reasons": case.purpose,
    }
    return {name for name, is_there in facts.items() if is_there}


def resume(request: HttpRequest, public_id: object) -> HttpResponse:
    """Go on where something is missing, or to the summary."""
    case = own_case_or_404(request.user, public_id)  # type: ignore[arg-type]
    done = finished(case)
    missing = [name for name in STEPS if name not in done]
    return redirect(missing[0], public_id)


class Step(ActView):
    """A page of the wizard on a draft or a returned case."""

    verb = Verb.AMEND
    done = ""
    here: ClassVar[str]
    following: ClassVar[str]

    @cached_property
    def case(self) -> Case:
        return own_case_or_404(self.request.user, self.kwargs["public_id"])  # type: ignore[arg-type]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.case.state not in CaseState.WITH_PROPOSER:
            return self.already_sent()
        return super().get(request, *args, **kwargs)

    def already_sent(self) -> HttpResponse:
        sentence = _("This has been sent already. Here you see how it goes on.")
        messages.info(self.request, sentence)
        return redirect(self.case)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            steps=steps(self.case, self.here), sent_back=self.sent_back(), **kwargs
        )

    def sent_back(self) -> Any:
        """The event that tells what must be mended, on a returned case."""
        if self.case.state != CaseState.RETURNED:
            return None
        events = self.case.events.filter(verb=Verb.SEND_BACK)
        return events.select_related("person", "payload").last()

    def get_success_url(self) -> str:
        if "later" in self.request.POST:
            messages.success(self.request, _("Your draft is kept under “My work”."))
            return reverse("workflows:my-work")
        return reverse(self.following, args=[self.case.public_id])


class Facts(Step):
    """A step that asks for facts."""

    template_name = "workflows/proposal_facts.html"
    has_free_text = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.request.user}

    def act(self, form: Any) -> None:
        amending.amend(
            case_id=self.case.pk,
            actor=self.request.user,  # type: ignore[arg-type]
            seen=form.cleaned_data["seen"],
            **form.facts(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(has_free_text=self.has_free_text, **kwargs)


class About(Facts):
    form_class = AboutForm
    here = "workflows:proposal-about"
    following = "workflows:proposal-reasons"
    title = gettext_lazy("What is it about?")


class Reasons(Facts):
    form_class = ReasonsForm
    here = "workflows:proposal-reasons"
    following = "workflows:proposal-summary"
    title = gettext_lazy("Why is it worth it?")
    has_free_text = True


class Summary(Step):
    """Everything that was written, what happens next, and the one button."""

    template_name = "workflows/proposal_summary.html"
    form_class = ConfirmForm
    verb = Verb.SUBMIT
    here = "workflows:proposal-summary"
    title = gettext_lazy("Look through and send")

    def act(self, form: ConfirmForm) -> None:
        self.case = proposing.submit(
            case_id=self.case.pk,
            actor=self.request.user,  # type: ignore[arg-type]
            seen=form.cleaned_data["seen"],
        )

    def refuse(self, form: Any, refusal: WorkflowError) -> HttpResponse:
        if isinstance(refusal, AlreadyThere):
            return self.already_sent()
        return super().refuse(form, refusal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unit = self.case.unit
        return super().get_context_data(
            officers=people_with_role(Role.CASE_OFFICER, unit),
            leaders=people_with_role(Role.UNIT_LEADER, unit),
            missing=[name for name in STEPS if name not in finished(self.case)][:-1],
            **kwargs,
        )

    def get_success_url(self) -> str:
        sentence = _("Sent. Its case number is %(number)s.")
        messages.success(self.request, sentence % {"number": self.case.number})
        return self.case.get_absolute_url()
