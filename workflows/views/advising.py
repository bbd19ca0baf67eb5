"""Advisers' opinions, gates, and people's judgement of the risk."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.choices import Risk
from workflows import policies
from workflows.choices import Verb
from workflows.forms.advising import (
    ConfirmLoweringForm,
    GateForm,
    OpinionForm,
    RiskForm,
)
from workflows.models import Gate, Opinion
from workflows.models.case import possible_in
from workflows.services import advising
from workflows.sheets import Sheet
from workflows.templatetags.consequences import SHOWN, OpenedGate, opened_gate
from workflows.templatetags.risk import Because, because
from workflows.views.acting import ActView
from workflows.views.assessing import OnSheet


class GiveOpinion(OnSheet):
    template_name = "workflows/give_opinion.html"
    verb = Verb.GIVE_OPINION
    form_class = OpinionForm
    title = _("Give an opinion")
    button = _("Give the opinion")
    done = _("Your opinion is kept with the case.")

    @cached_property
    def mine(self) -> dict[int, Opinion]:
        """The opinions that wait for this person."""
        roles = policies.roles_in(self.case, self.request.user)
        return {o.pk: o for o in self.case.waiting_opinions if o.role in roles}

    @cached_property
    def opinion(self) -> Opinion | None:
        """The one that was sent or asked for; else the first."""
        wanted = self.request.POST.get("opinion_id") or self.request.GET.get("opinion")
        if wanted and wanted.isdecimal():
            return self.mine.get(int(wanted))
        return next(iter(self.mine.values()), None)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"opinion": self.opinion}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        role, opinion = self.sheet.pack.role, self.opinion
        return super().get_context_data(
            opinion=opinion,
            role=role(opinion.role) if opinion else "",
            action=self.sheet.pack.actions.get(opinion.action) if opinion else None,
            because=self._because(opinion.because if opinion else ()),
            choices=[(each, role(each.role)) for each in self.mine.values()],
            **kwargs,
        )

    def _because(self, codes: Iterable[str]) -> list[Because]:
        """Without the answers that stand with a rule already."""
        reasons = [because(self.sheet, code) for code in codes]
        joined = {one.code for each in reasons if each.rule for one in each.said}
        return [each for each in reasons if each.rule or each.code not in joined]

    def act(self, form: OpinionForm, **by: Any) -> None:
        advising.give_opinion(**by, **form.given())

    def get_success_url(self) -> str:
        """The next one of theirs, or back to the case."""
        del self.case, self.mine
        if self.mine:
            return reverse("workflows:give_opinion", args=[self.case.public_id])
        return super().get_success_url()


class ClearGate(OnSheet):
    """All gates of the case for everybody who sees it; the form for those who may."""

    template_name = "workflows/clear_gate.html"
    verb = Verb.CLEAR_GATE
    needs_fresh_sign_in = True
    form_class = GateForm
    title = _("Gates")
    lead = _(
        "What must be in order first. A gate is cleared by another person than the one "
        "whose answer opened it."
    )
    button = _("Clear the gate")
    done = _("The gate is cleared.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = self.refusal()
        if policies.is_blind(self.case, self.request.user):
            self.template_name = ActView.template_name
        elif refusal:
            context = {**self._frame(), "refusal": refusal, **self._gates()}
            return self.render_to_response(context)
        return super().get(request, *args, **kwargs)

    @cached_property
    def sheet(self) -> Sheet:  # type: ignore[override]
        """The answers as they stand, also when they are frozen."""
        looked_at = self.case.open_assessment or self.case.last_assessment
        return Sheet(looked_at) if looked_at else Sheet.of(self.case)

    @cached_property
    def gates(self) -> list[OpenedGate]:
        show = partial(opened_gate, sheet=self.sheet, user=self.request.user)
        return [show(gate) for gate in self.case.gates.select_related(*SHOWN)]

    @cached_property
    def gate(self) -> Gate | None:
        """The one in the address; else the only one that this person may clear."""
        key = self.kwargs.get("gate")
        if key is None:
            may = [g.gate for g in self.gates if g.gate.is_open and not g.refusal]
            return may[0] if len(may) == 1 else None
        found = next((g.gate for g in self.gates if g.gate.pk == key), None)
        if found is None:
            raise Http404
        return found

    def _gates(self) -> dict[str, Any]:
        """A sentence that holds for every gate is said once, above them."""
        open_gates = [one for one in self.gates if one.gate.is_open]
        cleared = [one for one in self.gates if not one.gate.is_open]
        shown = {"open_gates": open_gates, "cleared": cleared}
        told = {str(one.refusal or "") for one in open_gates}
        if self.case.state not in possible_in(self.verb) or not told:
            return shown
        if len(told) > 1:
            return shown | {"differ": True}
        return shown | {"refusal": told.pop()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"gate": self.gate}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = next((g for g in self.gates if g.gate == self.gate), None)
        if chosen and self.request.method == "GET":
            chosen = None if chosen.refusal or not chosen.gate.is_open else chosen
        by_itself = chosen is not None and "gate" in self.kwargs
        return super().get_context_data(
            chosen=chosen, by_itself=by_itself, **self._gates(), **kwargs
        )

    def act(self, form: GateForm, **by: Any) -> None:
        gate_id = self.gate.pk if self.gate else 0
        advising.clear_gate(**by, gate_id=gate_id, **form.given())

    def get_success_url(self) -> str:
        """The gates that are left, or back to the case."""
        del self.case
        if self.case.open_gates:
            return reverse("workflows:clear_gate", args=[self.case.public_id])
        return super().get_success_url()


class ChangeRisk(OnSheet):
    """A level among those that are possible now, and why."""

    template_name = "workflows/change_risk.html"
    form_class = RiskForm

    @property
    def levels(self) -> list[Risk]:
        raise NotImplementedError

    @property
    def no_level(self) -> Any:
        """Why no level is possible, where that is so."""
        raise NotImplementedError

    def refusal(self) -> Any:
        return super().refusal() or (None if self.levels else self.no_level)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"levels": self.levels}


class RaiseRisk(ChangeRisk):
    verb = Verb.RAISE_RISK
    title = _("Raise the risk")
    lead = _("Where you see more than the answers show. It counts at once.")
    button = _("Raise the risk")
    done = _("The risk is raised.")
    no_level = _("The risk is critical already.")

    @property
    def levels(self) -> list[Risk]:
        return [level for level in Risk if level > self.sheet.residual]

    def act(self, form: RiskForm, **by: Any) -> None:
        advising.raise_risk(**by, **form.given())


class LowerRisk(ChangeRisk):
    verb = Verb.LOWER_RISK
    title = _("Propose a lower risk")
    lead = _(
        "Say what has been done about the risk. It counts when a decider of the unit "
        "has agreed."
    )
    button = _("Propose the lower risk")
    done = _("Proposed. It counts when a decider has agreed.")

    @property
    def levels(self) -> list[Risk]:
        sheet = self.sheet
        return [one for one in Risk if not advising.why_not_lower_to(sheet, one)]

    @property
    def no_level(self) -> Any:
        if self.sheet.residual <= Risk.LOW:
            return _("The risk is low already.")
        return advising.why_not_lower_to(self.sheet, self.sheet.residual - 1)

    def act(self, form: RiskForm, **by: Any) -> None:
        advising.lower_risk(**by, **form.given())


class ConfirmLowering(OnSheet):
    template_name = "workflows/confirm_lowering.html"
    verb = Verb.CONFIRM_LOWERING
    needs_fresh_sign_in = True
    form_class = ConfirmLoweringForm
    title = _("Confirm the lower risk")
    lead = _("Two people stand behind a lower risk: who proposed it, and you.")
    done = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(change=self.case.pending_lowering, **kwargs)

    def act(self, form: ConfirmLoweringForm, **by: Any) -> None:
        agrees = form.cleaned_data["agrees"]
        advising.confirm_lowering(**by, agrees=agrees)
        messages.success(
            self.request,
            _("The lower risk is confirmed.")
            if agrees
            else _("The proposal falls. It stands in the history."),
        )
