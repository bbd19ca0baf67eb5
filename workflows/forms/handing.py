"""Input for handing a case over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.forms.access import PersonField
from register.queries.access import people_of_institution
from workflows.choices import HandedPart
from workflows.forms.cases import CaseForm, LongText


class HandOverForm(CaseForm):
    part = forms.ChoiceField(
        label=_("What is handed over?"),
        choices=HandedPart.choices,
        widget=forms.RadioSelect,
    )
    to = PersonField(label=_("To whom?"))
    reason = LongText(
        label=_("Reason"), help_text=_("The others read it in the history."), rows=2
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = people_of_institution(self.case.unit)
        self.fields["to"].people = people  # type: ignore[attr-defined]
