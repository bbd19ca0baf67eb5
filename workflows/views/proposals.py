"""Register a new partnership, step by step: partner (next file), what, why, summary.

The draft exists from the first partner on and is its owner's alone; each step saves
what was changed. A returned case goes through the same steps.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.choices import CaseState, Role
from register.queries.people import people_with_role
from register.requests import SignedInRequest
from workflows import policies
from workflows.choices import Verb
from workflows.forms.confiding import SendForm
from workflows.forms.proposals import AboutForm, ReasonsForm
from workflows.models import Case, CaseEvent
from workflows.services import amending, proposing
from workflows.services.moving import AlreadyThere, WorkflowError
from workflows.sheets import Sheet
from workflows.views.acting import ActView, case_or_404
from workflows.views.assessing import Assess
from workflows.views.sections import SCREEN, Section, sections

STEPS = {
    "workflows:proposal-partners": gettext_lazy("Partner"),
    "workflows:proposal-about": gettext_lazy("What"),
    "workflows:proposal-reasons": gettext_lazy("Why"),
    "workflows:proposal-questions": gettext_lazy("Quick questions"),
    "workflows:proposal-summary": gettext_lazy("Look through and send"),
}


LAST = "workflows:proposal-summary"


def later(request: HttpRequest) -> str:
    messages.success(request, _("Your draft is kept under “My work”."))
    return reverse("workflows:my-work")


def own_case_or_404(request: SignedInRequest, public_id: object) -> Case:
    """A case of one's own; somebody else's draft does not exist for this person."""
    case = case_or_404(request, public_id)
    if not policies.is_own(case, request.user):
        raise Http404
    return case


def steps(case: Case | None, here: str) -> list[dict[str, Any]]:
    """The steps indicator: where one is, what is done, where one may go."""
    done = finished(case)
    return [
        {
            "name": name,
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
        "workflows:proposal-questions": case.open_assessment
        and case.open_assessment.track,
    }
    return {name for name, is_there in facts.items() if is_there}


def sent_back(case: Case | None) -> CaseEvent | None:
    """The event that tells what must be mended, on a returned case."""
    if case is None or case.state != CaseState.RETURNED:
        return None
    events = case.events.filter(verb=Verb.SEND_BACK)
    return events.select_related("person", "on_behalf_of", "payload").last()


def resume(request: SignedInRequest, public_id: object) -> HttpResponse:
    """Go on where something is missing, or to the summary."""
    case = own_case_or_404(request, public_id)
    done = finished(case)
    missing = [name for name in STEPS if name not in done]
    return redirect(missing[0], public_id)


class Step(ActView):
    """A page of the wizard on a draft or a returned case."""

    verb = Verb.AMEND
    done = ""
    here: ClassVar[str]

    @cached_property
    def case(self) -> Case:
        return own_case_or_404(self.request, self.kwargs["public_id"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.case.state not in CaseState.WITH_PROPOSER:
            return self.no_draft()
        return super().get(request, *args, **kwargs)

    def no_draft(self) -> HttpResponse:
        sentence = _("This is not a draft any more. Here you see how it goes on.")
        messages.info(self.request, sentence)
        return redirect(self.case)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            steps=steps(self.case, self.here), sent_back=sent_back(self.case), **kwargs
        )


class Facts(Step):
    """A step that asks for facts."""

    template_name = "workflows/proposal_facts.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.request.user}

    def act(self, form: Any, **by: Any) -> None:
        amending.amend(
            **by,
            **form.facts(),
        )

    def get_success_url(self) -> str:
        if "later" in self.request.POST:
            return later(self.request)
        step = -1 if "back" in self.request.POST else 1
        names = list(STEPS)
        return reverse(names[names.index(self.here) + step], args=[self.case.public_id])


class About(Facts):
    form_class = AboutForm
    here = "workflows:proposal-about"
    title = gettext_lazy("What is it about?")


class Reasons(Facts):
    form_class = ReasonsForm
    here = "workflows:proposal-reasons"
    title = gettext_lazy("Why is it worth it?")


class Questions(Step, Assess):
    """The quick screen; then, on the same step, what else the academic side knows."""

    template_name = "workflows/assess.html"
    verb = Verb.ANSWER
    here = "workflows:proposal-questions"
    title = gettext_lazy("Quick questions")  # type: ignore[assignment]

    @cached_property
    def sections(self) -> list[Section]:
        return sections(self.sheet, self.request.user)[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(wizard=True, **kwargs)

    def get_success_url(self) -> str:
        """Further questions may have come up; else on to the summary."""
        if "later" in self.request.POST:
            return later(self.request)
        waiting = Sheet.of(own_case_or_404(self.request, self.case.public_id))
        was_screen = self.section.code == SCREEN
        goes_on = was_screen and waiting.waits_for(self.request.user)
        name = self.here if goes_on or waiting.choice.missing else LAST
        return reverse(name, args=[self.case.public_id])


class Summary(Step):
    """Everything that was written, what happens next, and the one button."""

    template_name = "workflows/proposal_summary.html"
    form_class = SendForm
    verb = Verb.SUBMIT
    asks_interests = False  # it asks for them itself
    here = "workflows:proposal-summary"
    title = gettext_lazy("Look through and send")
    PARTS: ClassVar[dict[str, str]] = {
        "workflows:proposal-partners": "workflows/proposal_part_partners.html",
        "workflows:proposal-about": "workflows/proposal_part_about.html",
        "workflows:proposal-reasons": "workflows/proposal_part_reasons.html",
        "workflows:proposal-questions": "workflows/proposal_part_questions.html",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        asks = self.request.user.keys.isdisjoint(self.case.declared)
        return super().get_form_kwargs() | {"asks": asks}

    def refusal(self) -> Any:
        refusal = super().refusal()
        return None if refusal == policies.UNDECLARED else refusal

    def act(self, form: SendForm, **by: Any) -> None:
        self.case = proposing.send(**by, interests=form.interests())

    def refuse(self, form: Any, refusal: WorkflowError) -> HttpResponse:
        if isinstance(refusal, AlreadyThere):
            messages.info(self.request, str(refusal))
            return redirect(self.case)
        return super().refuse(form, refusal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts = steps(self.case, self.here)[:-1]
        sheet = Sheet.of(self.case)
        return super().get_context_data(
            sheet=sheet,
            waiting=sheet.waits_for(self.request.user),
            parts=[part | {"template": self.PARTS[part["name"]]} for part in parts],
            missing=[part for part in parts if not part["is_done"]],
            chosen=self.case.partners.select_related("country"),
            officers=people_with_role(Role.CASE_OFFICER, self.case.unit),
            **kwargs,
        )

    def get_success_url(self) -> str:
        sentence = _("Sent. Its case number is %(number)s.")
        messages.success(self.request, sentence % {"number": self.case.number})
        return self.case.get_absolute_url()
