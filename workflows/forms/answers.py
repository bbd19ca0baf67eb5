"""The questions of one section as one form. Nothing is required: what is missing is
told when the assessment is completed, and what was answered is kept until then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows import policies
from workflows.choices import ActionKind
from workflows.forms.cases import CaseForm, DateField
from workflows.models import Answer, Evidence
from workflows.questions.pack import Action, Field, Question, Source
from workflows.questions.prefilling import Prefilled
from workflows.services.answering import Conflict, Given
from workflows.sheets import Sheet

SPARE_ROWS = 2


@dataclass(frozen=True)
class Asked:
    """One question on the page, with all that its template shows."""

    question: Question
    choice: forms.BoundField | None
    comment: forms.BoundField
    seen: forms.BoundField
    still: forms.BoundField | None
    rows: list[list[forms.BoundField]]
    sources: list[Source]
    answer: Answer | None
    last: Answer | None
    prefilled: Prefilled | None
    theirs: Answer | None
    is_mine: bool
    role: str
    stop: Action | None
    evidence: list[Evidence]
    shows_choice: bool

    @property
    def is_short(self) -> bool:
        """Few short options stand beside one another."""
        options = self.question.options
        return len(options) <= 5 and sum(len(option.text) for option in options) <= 50

    @property
    def is_told(self) -> bool:
        """Whether there is a word or a fact to show, or one is needed."""
        fields = [self.comment, *(field for row in self.rows for field in row)]
        is_unsure = self.answer and self.question.is_unsure(self.answer.chosen)
        return bool(
            is_unsure
            or self.evidence
            or any(field.value() or field.errors for field in fields)
        )

    @property
    def can_confirm(self) -> bool:
        return bool(self.answer and self.answer.is_proposal and self.is_mine)


class AnswersForm(CaseForm):
    """Fields by question code: o_ (options), c_ (comment), f_ (facts), v_ (the version
    that the page shows), k_ (last time's answer still holds)."""

    def __init__(
        self,
        *args: Any,
        sheet: Sheet,
        questions: Sequence[Question],
        person: User,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        self.sheet, self.questions, self.person = sheet, questions, person
        self.conflicts: dict[str, Conflict] = {}
        # What is found about a text is for those who assess it.
        self.finds = not policies.is_own(sheet.case, person)
        for question in questions:
            self._ask(question)

    # Fields ------------------------------------------------------------------------
    def _ask(self, question: Question) -> None:
        code, answer = question.code, self.sheet.answers.get(question.code)
        if question.options:
            self.fields[f"o_{code}"] = _choice(question, answer)
        self.fields[f"c_{code}"] = _comment(question)
        self.fields[f"v_{code}"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False
        )
        if self.folds(question):
            self.fields[f"k_{code}"] = forms.BooleanField(
                label=_("Still so"), required=False
            )
        rows = answer.facts if answer else []
        for number in range(_rows_shown(question, rows)):
            for field in question.fields:
                self.fields[f"f_{code}_{number}_{field.code}"] = _fact(field)
        self._show(question, answer)

    def folds(self, question: Question) -> bool:
        """Whether last time's answer stands folded, to be confirmed or changed."""
        code = question.code
        return (
            code in self.sheet.last
            and code not in self.sheet.answers
            and code not in self.sheet.changed
        )

    def _show(self, question: Question, answer: Answer | None) -> None:
        code = question.code
        self.initial[f"v_{code}"] = answer.version if answer else 0
        shown = answer or (self.sheet.last.get(code) if self.folds(question) else None)
        found = self.sheet.prefill_of(question)
        options = shown.options if shown else list(found.options) if found else []
        several = question.kind != "one"
        self.initial[f"o_{code}"] = options if several else next(iter(options), None)
        if shown is None:
            if question.prefill == "purpose":  # asked in the proposal already
                self.initial[f"c_{code}"] = self.sheet.case.purpose
            return
        self.initial[f"c_{code}"] = shown.comment
        for number, row in enumerate(shown.facts):
            for name, value in row.items():
                self.initial[f"f_{code}_{number}_{name}"] = value

    # What the page shows --------------------------------------------------------------
    def asked(self) -> list[Asked]:
        return [self._asked(question) for question in self.questions]

    def _asked(self, question: Question) -> Asked:
        code, sheet = question.code, self.sheet
        conflict = self.conflicts.get(code)
        return Asked(
            question=question,
            choice=self[f"o_{code}"] if question.options else None,
            comment=self[f"c_{code}"],
            seen=self[f"v_{code}"],
            still=self[f"k_{code}"] if f"k_{code}" in self.fields else None,
            rows=list(self._rows(question)),
            sources=sheet.pack.sources_of(question),
            answer=sheet.answers.get(code),
            last=sheet.last.get(code),
            prefilled=sheet.prefill_of(question),
            theirs=conflict.theirs if conflict else None,
            is_mine=sheet.is_for(question, self.person),
            role=sheet.pack.roles_of(question),
            stop=_stop(sheet, question),
            evidence=sheet.evidence.get(code, []),
            shows_choice=question.kind != "text" or self.finds,
        )

    def _rows(self, question: Question) -> Iterator[list[forms.BoundField]]:
        number = 0
        while f"f_{question.code}_{number}_" + _first(question) in self.fields:
            yield [
                self[f"f_{question.code}_{number}_{field.code}"]
                for field in question.fields
            ]
            number += 1

    # What was given -------------------------------------------------------------------
    def answers(self) -> dict[str, Given]:
        """What the page says of each question, also where it was emptied."""
        return {
            question.code: given
            for question in self.questions
            if (given := self._given(question))
        }

    def _given(self, question: Question) -> Given | None:
        code = question.code
        seen = self.cleaned_data.get(f"v_{code}") or 0
        if self.cleaned_data.get(f"k_{code}"):
            return Given(as_before=True, seen=seen)
        if self.folds(question) and not self._has_changed(code):
            return None
        value = self.cleaned_data.get(f"o_{code}") or []
        return Given(
            options=[value] if isinstance(value, str) else list(value),
            comment=self.cleaned_data.get(f"c_{code}", ""),
            facts=[
                {
                    field.code: self.cleaned_data.get(f"f_{code}_{number}_{field.code}")
                    for field in question.fields
                }
                for number, _row in enumerate(self._rows(question))
            ],
            seen=seen,
        )

    def _has_changed(self, code: str) -> bool:
        marks = (f"o_{code}", f"c_{code}", f"f_{code}_")
        return any(name.startswith(marks) for name in self.changed_data)

    def look_again(self) -> None:
        """Others wrote meanwhile: keep what was typed, beside theirs; saving again then
        overwrites what the person has seen."""
        data = cast(QueryDict, self.data).copy()
        for code, conflict in self.conflicts.items():
            data[f"v_{code}"] = str(conflict.theirs.version)
        self.data = data


def _stop(sheet: Sheet, question: Question) -> Action | None:
    """What is said at a question that can stop everything."""
    actions = (sheet.pack.actions[code] for code in question.actions)
    stops = any(option.stored_as for option in question.options)
    stopping = (action for action in actions if action.kind == ActionKind.STOP)
    return next(stopping, None) if stops else None


def _first(question: Question) -> str:
    return question.fields[0].code if question.fields else "-"


def _rows_shown(question: Question, rows: Sequence[Mapping[str, Any]]) -> int:
    if not question.fields:
        return 0
    return len(rows) + SPARE_ROWS if question.has_rows else 1


def _choice(question: Question, answer: Answer | None) -> forms.Field:
    """What is stored in another's place is shown only where it stands. Findings on a
    text are ticked beside it."""
    kept = {option.stored_as for option in question.options if option.stored_as}
    hidden = kept - (answer.chosen if answer else set())
    kind, widget = (
        (forms.ChoiceField, forms.RadioSelect)
        if question.kind == "one"
        else (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
    )
    is_text = question.kind == "text"
    return kind(
        label=_("What the assessor finds") if is_text else question.text,
        choices=[(o.code, o.text) for o in question.options if o.code not in hidden],
        widget=widget,
        required=False,
        help_text=_("Several answers may fit.") if question.kind == "several" else "",
    )


def _comment(question: Question) -> forms.Field:
    is_text = question.kind == "text"
    return forms.CharField(
        label=question.text if is_text else _("Comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3 if is_text else 1}),
    )


def _fact(field: Field) -> forms.Field:
    if field.kind == "date":
        return DateField(label=field.text, required=False)
    if field.kind == "number":
        return forms.DecimalField(label=field.text, required=False, localize=True)
    widget = forms.Textarea(attrs={"rows": 2}) if field.kind == "long" else None
    return forms.CharField(
        label=field.text, required=False, max_length=1000, widget=widget
    )
