"""Evidence, open points, independent assessors."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.choices import Role
from register.clock import local_today
from register.models import User
from register.queries.people import people_with_one_of
from workflows.choices import Confidence
from workflows.forms.answers import AnswersForm, Asked
from workflows.forms.cases import CaseForm, DateField, LongText, people_of
from workflows.models import OpenPoint
from workflows.queries import assessors_for
from workflows.questions.asking import by_topic
from workflows.questions.pack import Topic


class EvidenceForm(CaseForm):
    upload = forms.FileField(
        label=_("A file"),
        required=False,
        help_text=_(
            "PDF, Word, Excel, OpenDocument, text or picture. Never graded information."
        ),
    )
    address = forms.URLField(
        label=_("Or an address on the web"),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    quotation = LongText(
        label=_("What does it say there?"),
        required=False,
        rows=3,
        help_text=_("Copy the sentence: pages change and vanish."),
    )
    seen_on = DateField(label=_("When did you see it?"))
    confidence = forms.ChoiceField(
        label=_("How sure is it?"),
        choices=Confidence.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs["initial"] = {"seen_on": local_today()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def say_that_the_file_is_gone(self) -> None:
        """A browser keeps what was typed, but never a chosen file."""
        if self.files.get("upload") and "upload" not in self.errors:
            self.add_error("upload", _("Choose the file again, please."))


class PointForm(CaseForm):
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who finds out?"), empty_label=None
    )
    due_on = DateField(label=_("By when?"))
    outcome = LongText(
        label=_("What was found out?"),
        required=False,
        help_text=_(
            "With this the point is closed. Leave it empty to change only who finds "
            "out, or by when."
        ),
    )

    def __init__(self, *args: Any, point: OpenPoint, **kwargs: Any):
        facts = {"owner": point.owner_id, "due_on": point.due_on}
        kwargs["initial"] = facts | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        advisers = people_with_one_of((Role.ADVISER, *Role.SPECIALISTS), self.case.unit)
        present = User.objects.filter(pk=point.owner_id)
        people = people_of(self.case) | advisers | present
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class InviteForm(CaseForm):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Who should assess?"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = assessors_for(self.case)  # type: ignore[attr-defined]


class HandInForm(AnswersForm):
    """All the questions as one form, and what is left to say."""

    words = LongText(
        label=_("In short"),
        required=False,
        help_text=_("What you would tell the decider, in a few sentences."),
    )
    red_flag = LongText(
        label=_("Red flag"),
        required=False,
        rows=2,
        help_text=_(
            "Only when this must not be approved as it is: say why. The decider must "
            "answer it. Leave it empty otherwise."
        ),
    )

    def topics(self) -> list[tuple[Topic, list[Asked]]]:
        """The questions under their topics."""
        asked = {one.question.code: one for one in self.asked()}
        parts = by_topic(self.sheet.pack, self.questions)
        return [
            (topic, [asked[question.code] for question in parts[topic.code]])
            for topic in self.sheet.pack.topics
            if topic.code in parts
        ]
