"""Interests, levels, readers, restricted notes and met conditions, as typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.choices import Confidentiality
from register.models import User
from workflows import policies
from workflows.choices import ConflictGround
from workflows.forms.cases import CaseForm, LongText

LEVELS = {
    Confidentiality.OPEN: _(
        "Open within the institution: once it is approved, everybody who works here "
        "sees the bare facts; the assessment and the documents stay with the unit."
    ),
    Confidentiality.UNIT: _(
        "The unit and those above it: everybody who handles, advises, decides or "
        "audits for the unit reads the case."
    ),
    Confidentiality.RESTRICTED: _(
        "Named people only: those who carry it, its case officer, the people named "
        "below and the auditor. Whoever opens it is written down."
    ),
}
ANSWERS = [
    ("no", _("I have no conflict of interest")),
    ("yes", _("I have a conflict of interest")),
]


class DeclarationFields(forms.Form):
    """Nothing is chosen beforehand: “none” is an answer, never a default."""

    has_conflict = forms.ChoiceField(
        label=_("Do you have a conflict of interest in this case?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
        help_text=_(
            "You have one if you or somebody close to you would gain or lose by the "
            "outcome, or if others could have good reason to think so."
        ),
    )
    grounds = forms.MultipleChoiceField(
        label=_("If you have one: what is it about?"),
        choices=ConflictGround.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = LongText(
        label=_("Explain it in a sentence or two"),
        required=False,
        rows=2,
        help_text=_("Only when you have one. Those who handle the case read it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        has_conflict = data.get("has_conflict")
        if has_conflict == "yes" and not data.get("grounds"):
            self.add_error("grounds", _("Choose at least one ground."))
        if has_conflict == "no" and (data.get("grounds") or data.get("text")):
            self.add_error(
                "has_conflict",
                _("You wrote about a conflict, but chose that there is none."),
            )
        return data

    def declared(self) -> dict[str, Any]:
        return {
            "has_conflict": self.cleaned_data["has_conflict"] == "yes",
            "grounds": self.cleaned_data["grounds"],
            "text": self.cleaned_data["text"],
        }


class DeclarationForm(DeclarationFields, CaseForm):
    """On a page of its own."""


class SendForm(DeclarationFields, CaseForm):
    """The last word before a proposal is sent. Whoever has told their interests
    already is not asked again."""

    def __init__(self, *args: Any, asks: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asks = asks
        if not asks:
            for name in DeclarationFields.base_fields:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.asks else self.cleaned_data

    def interests(self) -> dict[str, Any] | None:
        return self.declared() if self.asks else None


class LevelForm(CaseForm):
    level = forms.ChoiceField(
        label=_("Who sees it?"),
        choices=list(LEVELS.items()),
        widget=forms.RadioSelect,
    )
    reason = LongText(
        label=_("Why do you change it?"),
        rows=2,
        help_text=_("It stands in the history."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        level.initial = self.case.confidentiality
        level.choices = [  # type: ignore[attr-defined]
            (value, told)
            for value, told in LEVELS.items()
            if not policies.why_not_level(self.case, value, person)
        ]
        self.fields["reason"].required = self.case.state != "draft"


class ReaderForm(CaseForm):
    person = forms.ModelChoiceField(User.objects.none(), label=_("Who?"))
    reason = LongText(
        label=_("Why does this person need to read it?"),
        rows=2,
        help_text=_("It stands in the history."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class NoteForm(CaseForm):
    text = LongText(
        label=_("Note"),
        rows=6,
        help_text=_(
            "Never write graded information (BEGRENSET or higher) here. A note stays "
            "as it is written."
        ),
    )
    readers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Who else reads it?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("You and the unit's auditor always do. Nobody else notices it."),
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        keys = [person.pk for person in people]
        chosen = User.objects.filter(pk__in=keys)
        self.fields["readers"].queryset = chosen  # type: ignore[attr-defined]


class MetForm(CaseForm):
    how = LongText(
        label=_("How is it met?"),
        help_text=_("What you saw, and where it is kept."),
    )
