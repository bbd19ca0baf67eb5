"""The questions of an assessment as one form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms.cases import CaseForm, LongText
from workflows.models import Answer, Case, Question, Topic
from workflows.services.assessing import Given


@dataclass(frozen=True)
class Asked:
    """One question on the page: its fields, and what was answered last time."""

    question: Question
    choice: forms.BoundField
    comment: forms.BoundField
    last: Answer | None


class AnswersForm(CaseForm):
    """One choice and one comment a question. Nothing is required: what is missing is
    told when the assessment is completed, and what was answered is kept until then."""

    conclusion = LongText(
        label=_("Conclusion"),
        required=False,
        help_text=_("What the decider should know, in a few sentences."),
    )

    def __init__(
        self,
        *args: Any,
        case: Case,
        questions: list[Question],
        answers: Mapping[int, Answer],
        last: Mapping[str, Answer],
        **kwargs: Any,
    ):
        super().__init__(*args, case=case, **kwargs)
        self.questions, self.last = questions, last
        for question in questions:
            self.fields[f"q_{question.code}"] = _choice(question)
            self.fields[f"c_{question.code}"] = forms.CharField(
                label=_("Comment"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 1}),
            )
            if answer := answers.get(question.pk):
                self._show(question, answer)
        self.order_fields([name for name in self.fields if name != "conclusion"])

    def _show(self, question: Question, answer: Answer) -> None:
        codes = [option.code for option in answer.options.all()]
        self.initial[f"q_{question.code}"] = codes if question.several else codes[0]
        self.initial[f"c_{question.code}"] = answer.comment

    def topics(self) -> list[tuple[Topic, list[Asked]]]:
        """The questions under their topics, in order."""
        topics: dict[Topic, list[Asked]] = {}
        for asked in self._asked():
            topics.setdefault(asked.question.topic, []).append(asked)
        return list(topics.items())

    def _asked(self) -> Iterator[Asked]:
        for question in self.questions:
            code = question.code
            yield Asked(
                question, self[f"q_{code}"], self[f"c_{code}"], self.last.get(code)
            )

    def answers(self) -> dict[str, Given]:
        """The answers that were given, by question code."""
        return {
            question.code: Given(chosen, self.cleaned_data[f"c_{question.code}"])
            for question in self.questions
            if (chosen := self._chosen(question))
        }

    def _chosen(self, question: Question) -> list[str]:
        value = self.cleaned_data[f"q_{question.code}"]
        return list(value) if question.several else [value] if value else []


def _choice(question: Question) -> forms.Field:
    kind, widget = (
        (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
        if question.several
        else (forms.ChoiceField, forms.RadioSelect)
    )
    return kind(
        label=question.text,
        choices=[(option.code, option.text) for option in question.options.all()],
        widget=widget,
        required=False,
        help_text=_("Several answers may fit.") if question.several else "",
    )
