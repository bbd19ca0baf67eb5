"""What is added when everything is answered: confirmations and the last words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.choices import Risk
from register.models import User
from workflows.forms.cases import CaseForm
from workflows.sheets import Sheet


class CompleteForm(CaseForm):
    """What the assessor adds when everything is answered."""

    conclusion = forms.CharField(
        label=_("Conclusion"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What the decider should know, in a few sentences."),
    )
    mitigation = forms.CharField(
        label=_("What is done about the risk?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Measures, who sees to them, and what is left of the risk."),
    )
    proposal = forms.ChoiceField(
        label=_("Several doubts at once: a higher risk is proposed"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("take", _("Take the higher risk")), ("leave", _("Leave it"))],
    )
    not_raised = forms.CharField(
        label=_("Why is the higher risk not taken?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["conclusion"] = sheet.assessment.conclusion
        self.initial["mitigation"] = sheet.assessment.mitigation
        if max(sheet.weighing.inherent, sheet.residual) < Risk.MEDIUM:
            del self.fields["mitigation"]
        if not sheet.weighing.proposed:
            del self.fields["proposal"], self.fields["not_raised"]

    def words(self) -> dict[str, Any]:
        given = self.given()
        takes = given.pop("proposal", "") == "take"
        return given | {"takes_proposal": takes}


class ConfirmAnswersForm(CaseForm):
    """The proposals that this person may confirm."""

    questions = forms.MultipleChoiceField(
        label=_("Answers to confirm"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, sheet: Sheet, person: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.proposals = [
            (question, answer)
            for question in sheet.asked
            if (answer := sheet.answers.get(question.code))
            and answer.is_proposal
            and sheet.is_for(question, person)
        ]
        codes = [question.code for question, _answer in self.proposals]
        self.fields["questions"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        self.initial["questions"] = codes
