"""A draft of a delegation table: change its lines, rehearse it, publish it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from register.clock import local_today
from register.requests import SignedInRequest, take_unsent
from workflows.forms.delegation import LineForm, PlanForm, TableForm
from workflows.models import DelegationRule, DelegationTable
from workflows.policies.delegating import whats_wrong
from workflows.services import delegating
from workflows.services.delegating import NOT_A_DRAFT, NOT_A_KEEPER
from workflows.services.moving import WorkflowError
from workflows.services.rehearsing import rehearse
from workflows.views.delegation import may_edit, table_or_404


class EditTable(FormView):
    """Asks for a change of a draft and hands it to a service in `act`. Whoever was late
    finds everything typed still there, on the draft as it is now (409)."""

    request: SignedInRequest
    form_class: Any = TableForm
    template_name = "workflows/delegation/line.html"
    title: Any = ""
    lead: Any = ""
    button: Any = ""
    danger = False
    done: Any = _("Saved.")

    def act(self, form: Any, **by: Any) -> Any:
        """Call the one service. by: its actor, table_id and seen."""
        raise NotImplementedError

    @cached_property
    def table(self) -> DelegationTable:
        return table_or_404(self.request.user, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever may change nothing here is told so."""
        if may_edit(request.user, self.table):
            return super().dispatch(request, *args, **kwargs)
        refusal = NOT_A_DRAFT if self.table.is_published else NOT_A_KEEPER
        context = {"table": self.table, "title": self.title, "refusal": refusal}
        template = ["workflows/delegation/refused.html"]
        status = 200 if request.method == "GET" else 403
        return self.response_class(request, template, context, status=status)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Filled with what was typed before a session ran out, where that happened."""
        kwargs = super().get_form_kwargs() | {"table": self.table}
        if unsent := take_unsent(self.request):
            kwargs["data"] = unsent
        return kwargs

    def form_valid(self, form: TableForm) -> HttpResponseBase:  # type: ignore[override]
        by = {"actor": self.request.user, "table_id": self.table.pk}
        try:
            self.act(form, **by, seen=form.cleaned_data["seen"])
        except (DelegationTable.DoesNotExist, DelegationRule.DoesNotExist) as gone:
            raise Http404 from gone
        except WorkflowError as refusal:
            form.look_again()
            form.add_error(None, str(refusal))
            return self.form_invalid(form, status=409)
        if self.done:
            messages.success(self.request, self.done)
        return super().form_valid(form)

    def form_invalid(self, form: Any, status: int = 422) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_success_url(self) -> str:
        return reverse("workflows:delegation-detail", args=[self.table.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = {"table": self.table, "title": self.title, "lead": self.lead}
        press = {"button": self.button, "danger": self.danger}
        return super().get_context_data(**frame, **press, **kwargs)


class AddLine(EditTable):
    form_class = LineForm
    title = _("Add a line")
    lead = _(
        "A line for one case type or one kind of agreement goes before the line that "
        "holds for all."
    )
    button = _("Save the line")

    def act(self, form: LineForm, **by: Any) -> None:
        delegating.write_line(**by, **form.given())


class EditLine(EditTable):
    form_class = LineForm
    title = _("Change the line")
    button = _("Save the line")

    @cached_property
    def line(self) -> DelegationRule:
        return get_object_or_404(self.table.rules, pk=self.kwargs["line"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"line": self.line}

    def act(self, form: LineForm, **by: Any) -> None:
        delegating.write_line(**by, line_id=self.line.pk, **form.given())


class RemoveLine(EditTable):
    template_name = "workflows/delegation/confirm.html"
    title = _("Take the line out?")
    button = _("Take out")
    danger = True
    done = _("The line has been taken out.")

    def act(self, form: TableForm, **by: Any) -> None:
        delegating.remove_line(**by, line_id=self.kwargs["line"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = get_object_or_404(self.table.rules, pk=self.kwargs["line"])
        return super().get_context_data(line=line, **kwargs)


class Discard(EditTable):
    template_name = "workflows/delegation/confirm.html"
    title = _("Throw this draft away?")
    button = _("Throw away")
    danger = True
    done = _("The draft has been thrown away.")

    def act(self, form: TableForm, **by: Any) -> None:
        delegating.discard(**by)

    def get_success_url(self) -> str:
        return reverse("workflows:delegation-list")


class DryRun(EditTable):
    """What it would change, and from which day it is to hold."""

    template_name = "workflows/delegation/dry_run.html"
    form_class = PlanForm
    title = _("Dry run")
    lead = _("Nothing is changed by looking.")
    button = _("Go on to publish")
    done = ""

    def act(self, form: PlanForm, **by: Any) -> None:
        delegating.plan(**by, **form.given())

    def get_success_url(self) -> str:
        return reverse("workflows:delegation-publish", args=[self.table.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rehearsal=rehearse(self.table, local_today()),
            wrong=whats_wrong(self.table.rules.all()),
            **kwargs,
        )


class Publish(EditTable):
    """The second step: what is about to happen, and a button."""

    template_name = "workflows/delegation/publish.html"
    title = _("Publish this table")
    button = _("Publish")
    done = _("Published. Decisions that are asked for already keep their own version.")

    def act(self, form: TableForm, **by: Any) -> None:
        delegating.publish(**by)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rehearsal = rehearse(self.table, local_today())
        return super().get_context_data(
            rehearsal=rehearsal, lines=self.table.rules.all(), **kwargs
        )
