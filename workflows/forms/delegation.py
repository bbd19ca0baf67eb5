"""Input from the pages of delegation tables and from a recommendation."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from register.choices import AgreementKind, CaseType, Risk
from register.clock import local_today
from workflows.choices import OpinionsNeeded
from workflows.forms.cases import CaseForm, DateField, LongText
from workflows.models import DelegationRule, DelegationTable
from workflows.policies.delegating import DECIDABLE, HEIGHT
from workflows.services.delegating import IN_THE_PAST

LEVELS = [(kind.value, kind.label) for kind in HEIGHT]


class RecommendForm(CaseForm):
    is_for = forms.TypedChoiceField(
        label=_("What do you say?"),
        choices=[("yes", _("I recommend it")), ("no", _("I advise against it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether you recommend it.")},
    )
    reasons = LongText(
        label=_("Reasons"),
        help_text=_("The decider reads them, and so does everybody who sees the case."),
        error_messages={"required": _("Give your reasons; the decider reads them.")},
    )


class TableForm(forms.Form):
    """Knows in which state its person saw the draft."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, table: DelegationTable, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.table = table
        self.fields["seen"].initial = table.fingerprint

    def given(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "seen"}

    def look_again(self) -> None:
        """Somebody was faster: keep what was typed, on the draft as it is now."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = self.table.fingerprint
        self.data = data


class LineForm(TableForm):
    """One line. A line that says what it is for goes before the plain one."""

    risk = forms.TypedChoiceField(
        label=_("Risk"),
        coerce=int,
        choices=[(int(risk), Risk(risk).label) for risk in DECIDABLE],
    )
    case_type = forms.ChoiceField(
        label=_("Only for the case type"),
        required=False,
        choices=[("", _("Every case type")), *CaseType.choices],
    )
    agreement_kind = forms.ChoiceField(
        label=_("Only for the kind of agreement"),
        required=False,
        choices=[("", _("Every kind")), *AgreementKind.choices],
        help_text=_(
            "Where a case has agreements of several kinds, the strictest line counts."
        ),
    )
    recommends = forms.MultipleChoiceField(
        label=_("A leader recommends at"),
        choices=LEVELS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Two levels need two people."),
        error_messages={"required": _("Choose at least one level.")},
    )
    decides = forms.ChoiceField(label=_("Decided at"), choices=LEVELS)
    opinions = forms.ChoiceField(
        label=_("Opinions needed"), choices=OpinionsNeeded.choices
    )
    signs = forms.ChoiceField(label=_("Signed at"), choices=LEVELS)

    def __init__(self, *args: Any, line: DelegationRule | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in self.fields:
            if line and name != "seen":
                self.initial[name] = getattr(line, name)


class PlanForm(TableForm):
    valid_from = DateField(
        label=_("Holds from"), error_messages={"required": _("Choose the first day.")}
    )
    note = forms.CharField(
        label=_("Why is it changed?"),
        max_length=300,
        help_text=_("Those who handle cases read it beside the version."),
        error_messages={"required": _("Say why the table is changed.")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["valid_from"] = self.table.valid_from
        self.initial["note"] = self.table.note

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day < local_today():
            raise forms.ValidationError(IN_THE_PAST)
        return day
