"""Answer the questions of a case; complete the assessment or the review's questions."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.choices import Verb
from workflows.forms.answers import AnswersForm
from workflows.models import Answer, Assessment
from workflows.services import assessing, reviewing
from workflows.views.acting import ActView

COMPLETING = (Verb.COMPLETE_ASSESSMENT, Verb.COMPLETE_REVIEW)


class Assess(ActView):
    """Two buttons: save what is answered, or complete and freeze the whole."""

    template_name = "workflows/assess.html"
    verb = Verb.ANSWER
    form_class = AnswersForm
    done = _("Your answers are saved.")

    @property
    def verbs(self) -> Iterable[Verb]:
        return (self.verb, *COMPLETING)

    @property
    def title(self) -> Any:  # type: ignore[override]
        if self.case.state == "under_review":
            return _("Answer the review questions")
        return _("Assess the cooperation")

    def refusal(self) -> Any:
        if self.case.open_assessment is None:
            return _("There are no open questions on this case.")
        return super().refusal()

    def get_form_kwargs(self) -> dict[str, Any]:
        assessment = self.case.open_assessment
        if assessment is None:
            return super().get_form_kwargs() | {
                "questions": [],
                "answers": {},
                "last": {},
            }
        return super().get_form_kwargs() | {
            "questions": list(assessing.questions_of(assessment)),
            "answers": {a.question_id: a for a in _answers(assessment)},
            "last": _last_answers(self.case.last_assessment),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        completing = [verb for verb in COMPLETING if self._why_not(verb) is None]
        return super().get_context_data(
            completing=completing[0] if completing else None,
            last=self.case.last_assessment,
            **kwargs,
        )

    def act(self, form: AnswersForm, **by: Any) -> None:
        by["answers"] = form.answers()
        if "complete" not in self.request.POST:
            assessing.save_answers(**by)
            return
        self.done = _("Completed. The answers are now frozen.")
        conclusion = form.cleaned_data["conclusion"]
        if self.case.state == "under_review":
            reviewing.complete_questions(conclusion=conclusion, **by)
        else:
            assessing.complete(conclusion=conclusion, **by)


def _answers(assessment: Assessment) -> Iterable[Answer]:
    rows = assessment.answers.select_related("question", "answered_by")
    return rows.prefetch_related("options")


def _last_answers(assessment: Assessment | None) -> dict[str, Answer]:
    """By question code, so that a newer catalogue still finds them."""
    rows = _answers(assessment) if assessment else ()
    return {answer.question.code: answer for answer in rows}
