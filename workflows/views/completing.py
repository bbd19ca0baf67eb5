"""Confirm proposals, leave the light track, and complete: then it is frozen."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows import policies
from workflows.choices import Verb
from workflows.forms.cases import ReasonForm
from workflows.forms.completing import CompleteForm, ConfirmAnswersForm
from workflows.services import answering, assessing, reviewing
from workflows.views.assessing import COMPLETING, OnSheet


class ConfirmAnswers(OnSheet):
    template_name = "workflows/confirm_answers.html"
    verb = Verb.CONFIRM_ANSWERS
    form_class = ConfirmAnswersForm
    title = _("Confirm answers")
    lead = _(
        "These were proposed by somebody else and count when you confirm them. To "
        "change one, answer the question yourself."
    )
    button = _("Confirm the chosen answers")
    done = _("The answers are confirmed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "sheet": self.sheet,
            "person": self.request.user,
        }

    def act(self, form: ConfirmAnswersForm, **by: Any) -> None:
        answering.confirm(questions=form.cleaned_data["questions"], **by)


class TakeFullTrack(OnSheet):
    verb = Verb.TAKE_FULL_TRACK
    form_class = ReasonForm
    title = _("Ask all questions")
    lead = _("The light track is left. The answers that are there stay.")
    button = _("Ask all questions")
    done = _("All questions are asked now.")

    def act(self, form: ReasonForm, **by: Any) -> None:
        assessing.take_full_track(reason=form.cleaned_data["reason"], **by)


class Complete(OnSheet):
    """What it comes to, what is missing, and the one button that freezes it."""

    template_name = "workflows/complete.html"
    verb = Verb.COMPLETE_ASSESSMENT
    form_class = CompleteForm
    button = _("Complete and freeze")
    done = _("Completed. The answers are now frozen.")

    @property
    def title(self) -> Any:  # type: ignore[override]
        return {
            "under_review": _("Complete the review questions"),
            "terminating": _("Complete the exit questions"),
        }.get(self.case.state, _("Complete the assessment"))

    @property
    def verbs(self) -> Iterable[Verb]:
        return COMPLETING

    def refusal(self) -> Any:
        if self.case.open_assessment is None:
            return policies.NO_QUESTIONS
        verb = COMPLETING[self.case.state != "proposed"]
        return self._why_not(verb)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"sheet": self.sheet}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            gaps=assessing.missing(self.sheet) if self.case.open_assessment else [],
            open_questions={
                question.code: question
                for question in (
                    *self.sheet.unanswered,
                    *self.sheet.unexplained,
                    *self.sheet.unconfirmed,
                )
            }.values(),
            **kwargs,
        )

    def act(self, form: CompleteForm, **by: Any) -> None:
        if self.case.state == "proposed":
            assessing.complete(**by, **form.words())
        else:
            reviewing.complete_questions(**by, **form.words())
