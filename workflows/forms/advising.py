"""Input of advisers, of those who clear gates, and of those who judge the risk."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.choices import Risk
from workflows.choices import Blocks, Conclusion, GateResult
from workflows.forms.cases import CaseForm, DateField, LongText
from workflows.models import Gate, Opinion
from workflows.services.advising import conclusions_of


class OpinionForm(CaseForm):
    opinion_id = forms.IntegerField(widget=forms.HiddenInput)
    conclusion = forms.ChoiceField(
        label=_("Conclusion"), widget=forms.RadioSelect, choices=Conclusion.choices
    )
    text = LongText(
        label=_("Opinion"),
        rows=8,
        help_text=_(
            "What you looked at, what you found and what you advise. It is kept with "
            "the case and cannot be changed afterwards."
        ),
    )
    upload = forms.FileField(
        label=_("Document"),
        required=False,
        help_text=_(
            "A signed opinion, a reply or a risk assessment, if there is one: PDF, "
            "Word, Excel, OpenDocument, text or picture. Never graded information."
        ),
    )

    def __init__(self, *args: Any, opinion: Opinion | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if opinion is not None:
            self.fields["opinion_id"].initial = opinion.pk
            offered = conclusions_of(opinion.role)
            self.fields["conclusion"].choices = labelled(offered)  # type: ignore[attr-defined]


class GateForm(CaseForm):
    result = forms.ChoiceField(
        label=_("What did you find?"),
        widget=forms.RadioSelect,
        choices=GateResult.choices,
    )
    reason = LongText(
        label=_("Reason"),
        help_text=_("What it rests on. The others read it with the case."),
    )
    reference = forms.CharField(
        label=_("Reference"),
        required=False,
        max_length=200,
        help_text=_(
            "Number of the licence or permit, authority, archive key. Needed when it "
            "is in order."
        ),
    )
    valid_until = DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("Only where it runs out on a day."),
    )

    def __init__(self, *args: Any, gate: Gate | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if gate is not None and gate.blocks == Blocks.APPROVAL:
            offered = [each for each in GateResult if each != GateResult.AS_CONDITION]
            self.fields["result"].choices = labelled(offered)  # type: ignore[attr-defined]


class RiskForm(CaseForm):
    """A level among those that are possible, and why. The service knows which are."""

    risk = forms.IntegerField(label=_("Level"), widget=forms.RadioSelect)
    reason = LongText(
        label=_("Reason"),
        help_text=_("The others read it in the history."),
    )

    def __init__(self, *args: Any, levels: Sequence[Risk], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["risk"].widget.choices = labelled(levels)  # type: ignore[attr-defined]
        if len(levels) == 1:
            self.initial["risk"] = levels[0]


class ConfirmLoweringForm(CaseForm):
    """Which of the two buttons was pressed."""

    agrees = forms.TypedChoiceField(
        choices=[("yes", _("Agree")), ("no", _("Do not agree"))],
        coerce=lambda value: value == "yes",
        error_messages={
            "required": _("Say whether you agree: use one of the two buttons.")
        },
    )


def labelled(choices: Iterable[Any]) -> list[tuple[Any, Any]]:
    return [(choice.value, choice.label) for choice in choices]
