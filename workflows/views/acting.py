"""One page, one thing to do to a case: the frame that the pages below share."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from register.requests import SignedInRequest, keep_unsent, take_unsent
from workflows import policies
from workflows.choices import Verb
from workflows.forms.cases import CaseForm
from workflows.models import Case
from workflows.models.case import possible_in
from workflows.queries import cases_readable_by
from workflows.services.confidentiality import log_reading
from workflows.services.moving import WorkflowError, wrong_state

KEPT = _("What you wrote is kept below; please save it now.")


def case_or_404(
    request: SignedInRequest, public_id: object, prepared: Any = None
) -> Case:
    """The case, if this person may read it. Every page and file under a case begins
    here, so that a restricted one is never shown without a word in its reading log.

    prepared: what is done to the rows before the case is read.
    """
    rows = cases_readable_by(request.user)
    rows = prepared(rows) if prepared else rows
    case = get_object_or_404(rows, public_id=public_id)
    page = request.resolver_match.view_name if request.resolver_match else ""
    if getattr(request, "opened", None) != case.pk:
        log_reading(case=case, reader=request.user, page=page)
        request.opened = case.pk
    return case


def declare_first(request: SignedInRequest, case: Case) -> HttpResponseBase:
    """To the page that asks for one's interests, and back; what was typed waits."""
    if request.method == "POST":
        keep_unsent(request, KEPT)
    address = reverse(
        "workflows:declare",
        args=[case.public_id],
        query={"next": request.get_full_path()},
    )
    return redirect(address)


class ActView(FormView):
    """Asks for what `verb` needs and hands it to a service in `act`.

    A refusal of the service is shown above the form with everything typed still there
    (409 when the case is not as it was seen).
    """

    request: SignedInRequest
    template_name = "workflows/act.html"
    verb: Verb
    title: Any = ""
    lead: Any = ""
    button: Any = ""
    danger = False
    # What decides is sent by somebody who has shown lately that it is them.
    needs_fresh_sign_in = False
    done: Any = _("Done.")
    asks_interests = True

    def act(self, form: Any, **by: Any) -> Any:
        """Call the one service. by: its case_id, actor and seen."""
        raise NotImplementedError

    @cached_property
    def case(self) -> Case:
        return case_or_404(self.request, self.kwargs["public_id"])

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Everybody says first whether they have a conflict of interest."""
        if self.asks_interests and self.refusal() == policies.UNDECLARED:
            return declare_first(self.request, self.case)
        return super().dispatch(request, *args, **kwargs)

    @property
    def verbs(self) -> Iterable[Verb]:
        """The page is open when one of these may be done."""
        return (self.verb,)

    def refusal(self) -> Any:
        """None, or the sentence why this person may not do this now."""
        reasons = [self._why_not(verb) for verb in self.verbs]
        for better in (None, policies.UNDECLARED):
            if better in reasons:
                return better
        return reasons[0]

    def _why_not(self, verb: Verb) -> Any:
        if self.case.state not in possible_in(verb):
            return wrong_state(self.case, verb)
        return policies.why_not(verb, self.case, self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := self.refusal():
            return self.render_to_response({**self._frame(), "refusal": refusal})
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Filled with what was typed and could not be sent, where that happened."""
        kwargs = super().get_form_kwargs() | {"case": self.case}
        if self.unsent is not None:
            kwargs["data"] = self.unsent
        return kwargs

    @cached_property
    def unsent(self) -> QueryDict | None:
        return take_unsent(self.request)

    def form_valid(self, form: CaseForm) -> HttpResponseBase:  # type: ignore[override]
        try:
            self.act(
                form,
                case_id=self.case.pk,
                actor=self.request.user,
                seen=form.cleaned_data.get("seen"),
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        except WorkflowError as refusal:
            return self.refuse(form, refusal)
        if self.done:
            messages.success(self.request, self.done)
        return super().form_valid(form)

    def form_invalid(self, form: CaseForm) -> HttpResponse:  # type: ignore[override]
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def refuse(self, form: CaseForm, refusal: WorkflowError) -> HttpResponse:
        del self.case
        form.case = self.case
        form.look_again()
        form.add_error(None, str(refusal))
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_success_url(self) -> str:
        return self.case.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**self._frame(), **kwargs)

    def _frame(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "title": self.title,
            "lead": self.lead,
            "button": self.button,
            "danger": self.danger,
        }


def add_errors(form: CaseForm, error: ValidationError) -> None:
    """A model's refusal at the form's own field, or above the form."""
    named = error.message_dict if hasattr(error, "error_dict") else {}
    for name, sentences in named.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
    if not named:
        form.add_error(None, error)
