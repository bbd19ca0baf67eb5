"""Input from the pages of a case, handed to services."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from register.choices import AgreementKind, AgreementStatus, DocumentKind, Role
from register.clock import local_today
from register.models import Unit, User
from register.queries.people import people_at, people_with_role
from workflows.choices import ReviewOutcome, TerminationGround, Verdict
from workflows.deadlines import is_early
from workflows.models import Case
from workflows.services.deciding import Required
from workflows.services.terminating import Notice


class DateField(forms.DateField):
    """A day, asked with the browser's own calendar and understood in any usual form."""

    def __init__(self, **kwargs: Any):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class LongText(forms.CharField):
    def __init__(self, *, rows: int = 4, **kwargs: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class CaseForm(forms.Form):
    """Knows which version of the case its person saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any):
        self.case = case
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = case.head_seq

    def given(self) -> dict[str, Any]:
        """What was filled in, without what the page itself carried along."""
        return {key: value for key, value in self.cleaned_data.items() if key != "seen"}

    def look_again(self) -> None:
        """Somebody was faster: keep what was typed, on the case as it is now."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(self.case.head_seq)
        self.data = data


class ReasonForm(CaseForm):
    reason = LongText(
        label=_("Reason"), help_text=_("The others read it in the history.")
    )


class ConfirmForm(CaseForm):
    """Nothing to fill in: the button is the answer."""


class AskForm(CaseForm):
    question = LongText(
        label=_("What should the decider look at?"),
        required=False,
        help_text=_("One or two sentences. The assessment follows with the case."),
    )


class DecisionForm(CaseForm):
    verdict = forms.ChoiceField(
        label=_("Decision"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    reasons = LongText(
        label=_("Reasons"),
        help_text=_("Why the value outweighs the risk, or why it does not."),
    )
    to_red_flags = LongText(
        label=_("What do you say to the red flags?"),
        required=False,
        help_text=_("Needed to approve: why it can go on all the same."),
    )

    def __init__(self, *args: Any, has_red_flags: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not has_red_flags:
            del self.fields["to_red_flags"]


class ConditionForm(forms.Form):
    """Empty, or proposed by the answers: what is left as it was is not set."""

    text = forms.CharField(
        label=_("Condition"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who sees to it"), required=False
    )
    due_on = DateField(label=_("Deadline"), required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.is_set and not all(data.get(name) for name in self.fields):
            raise forms.ValidationError(
                _("A condition needs a text, a person who sees to it and a deadline.")
            )
        return data

    @property
    def is_set(self) -> bool:
        """Something stands in it that was not there before."""
        return self.has_changed() and any(self.cleaned_data.values())


class BaseConditions(BaseFormSet):
    def required(self) -> list[Required]:
        """The conditions that were filled in."""
        return [Required(**form.cleaned_data) for form in self if form.is_set]


Conditions = formset_factory(ConditionForm, formset=BaseConditions, extra=3)


def people_of(case: Case) -> QuerySet[User]:
    """Who can see to a condition: those with a part in the case or its unit."""
    own = User.objects.filter(
        pk__in={case.proposer_id, case.responsible_id, case.case_officer_id}
    )
    return (
        own
        | people_with_role(Role.UNIT_LEADER, case.unit)
        | people_with_role(Role.CASE_OFFICER, case.unit)
    )


class ReviewOpenForm(CaseForm):
    """A ground is needed before its time; near its day the review needs none."""

    ground = LongText(
        label=_("Why now?"),
        required=False,
        help_text=_(
            "For example: the partner's ownership changed, new sanctions, an incident. "
            "The review is then due within two weeks."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        due = self.case.next_review_on
        self.fields["ground"].required = due is None or is_early(local_today(), due)


class NoticeFields(forms.Form):
    ground = forms.ChoiceField(
        label=_("Ground"), choices=[("", "—"), *TerminationGround.choices]
    )
    ends_on = DateField(label=_("Last day of the cooperation"))

    def notice(self) -> Notice:
        return Notice(self.cleaned_data["ground"], self.cleaned_data["ends_on"])


class NoticeForm(NoticeFields, CaseForm):
    reasons = LongText(label=_("Reasons"))


class OutcomeForm(NoticeFields, CaseForm):
    """The ground and the last day are asked for when it is to be terminated."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=ReviewOutcome.choices, widget=forms.RadioSelect
    )
    reasons = LongText(label=_("Reasons"))
    field_order = ["outcome", "reasons", "ground", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("ground", "ends_on"):
            self.fields[name].required = False
            self.fields[name].help_text = _("Only when you terminate.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("outcome") == ReviewOutcome.TERMINATE:
            for name in ("ground", "ends_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed when you terminate."))
        return data

    @property
    def is_termination(self) -> bool:
        return self.cleaned_data["outcome"] == ReviewOutcome.TERMINATE


class CloseForm(CaseForm):
    report = LongText(
        label=_("Closing report"),
        rows=8,
        help_text=_("What was achieved, what was lost, what was learned."),
    )


class AgreementForm(CaseForm):
    kind = forms.ChoiceField(label=_("Type"), choices=AgreementKind.choices)
    title = forms.CharField(label=_("Title"), required=False, max_length=300)
    status = forms.ChoiceField(label=_("Status"), choices=AgreementStatus.choices)
    signed_on = DateField(label=_("Signed"), required=False)
    starts_on = DateField(label=_("Start"), required=False)
    ends_on = DateField(label=_("End"), required=False)
    notice_months = forms.IntegerField(
        label=_("Notice period in months"), required=False, min_value=0, max_value=120
    )


class DocumentForm(CaseForm):
    upload = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, Word, Excel, OpenDocument, text or picture. Never graded information."
        ),
    )
    kind = forms.ChoiceField(label=_("Type"), choices=DocumentKind.choices)
    title = forms.CharField(label=_("Title"), required=False, max_length=200)


class FactsForm(CaseForm):
    """What a case officer may mend after it was sent."""

    title = forms.CharField(label=_("Title"), max_length=300)
    purpose = LongText(label=_("Purpose"), required=False)
    expected_value = LongText(label=_("Expected value"), required=False)
    starts_on = DateField(label=_("Start"), required=False)
    ends_on = DateField(label=_("End"), required=False)
    funder = forms.CharField(label=_("Funder"), required=False, max_length=200)
    responsible = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who answers for it?"),
        empty_label=None,
        help_text=_("Whoever took it in stands here until somebody is named."),
    )
    reason = LongText(
        label=_("Why do you change it?"),
        help_text=_("It stands in the history."),
        rows=2,
    )

    FACTS = (
        *("title", "purpose", "expected_value", "starts_on", "ends_on"),
        *("funder", "responsible"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any):
        facts = {name: getattr(case, name) for name in self.FACTS}
        kwargs["initial"] = facts | (kwargs.get("initial") or {})
        super().__init__(*args, case=case, **kwargs)
        if case.is_unclaimed:
            people = people_at(Unit.objects.below([case.unit.path]), case.responsible)
            self.fields["responsible"].queryset = people  # type: ignore[attr-defined]
        else:
            del self.fields["responsible"]

    def facts(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self.FACTS
        }
