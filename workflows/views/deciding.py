"""Ask for a decision; decide; open a review and conclude it; end a case."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.choices import CaseState
from workflows.choices import Verb
from workflows.forms.cases import (
    AskForm,
    CloseForm,
    Conditions,
    DecisionForm,
    NoticeForm,
    OutcomeForm,
    ReviewOpenForm,
    people_of,
)
from workflows.forms.delegation import RecommendForm
from workflows.queries import said_of
from workflows.queries.people import own_conflicts
from workflows.services import (
    concluding,
    deciding,
    recommending,
    reviewing,
    terminating,
)
from workflows.sheets import Sheet
from workflows.views.acting import ActView
from workflows.views.assessments import AssessmentRead

# The topic that says what the cooperation is good for: value is weighed beside risk.
VALUE = "PUR"


class Recommend(ActView):
    template_name = "workflows/recommend.html"
    verb = Verb.RECOMMEND
    form_class = RecommendForm
    title = _("Recommend")
    lead = _(
        "Say what you think before it is decided. You then do not decide it yourself."
    )
    button = _("Confirm")
    done = _("What you said is recorded, and the decider reads it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.case
        is_assessed = case.state == CaseState.ASSESSED
        return super().get_context_data(
            assessment=case.last_assessment if is_assessed else None,
            recommended=said_of(case, self.request.user),
            interests=own_conflicts(case),
            **kwargs,
        )

    def act(self, form: RecommendForm, **by: Any) -> None:
        recommending.recommend(**by, **form.given())


class AskDecision(ActView):
    verb = Verb.ASK_DECISION
    form_class = AskForm
    title = _("Ask for a decision")
    lead = _("The deciders of the unit get a message. You cannot decide it yourself.")
    button = _("Ask for a decision")
    done = _("The deciders have been asked.")

    def act(self, form: AskForm, **by: Any) -> None:
        deciding.ask(
            **by,
            question=form.cleaned_data["question"],
        )


class Decide(ActView):
    template_name = "workflows/decide.html"
    verb = Verb.APPROVE
    needs_fresh_sign_in = True
    form_class = DecisionForm
    title = _("Decide")
    button = _("Confirm the decision")
    done = _("The decision is recorded, and the proposer has been told.")

    @property
    def verbs(self) -> Iterable[Verb]:
        return (Verb.APPROVE, Verb.REJECT)

    @cached_property
    def conditions(self) -> Any:
        proposed = deciding.proposed_conditions(self.case)
        return Conditions(
            self.request.POST or self.unsent,
            initial=[vars(one) for one in proposed],
            form_kwargs={"people": people_of(self.case)},
        )

    @cached_property
    def red_flags(self) -> list[Any]:
        assessment = self.case.last_assessment
        return assessment.red_flags if assessment else []

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"has_red_flags": bool(self.red_flags)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **self._table(),
            conditions=self.conditions,
            decision=self.case.open_decision,
            rule=self.case.rule,
            recommended=said_of(self.case, self.request.user),
            no_approval=self._why_not(Verb.APPROVE),
            flags=self.red_flags,
            interests=own_conflicts(self.case),
            **kwargs,
        )

    def _table(self) -> dict[str, Any]:
        """The assessment as it lies before the decider."""
        assessment = self.case.last_assessment
        if assessment is None:  # it was reopened meanwhile
            return {}
        read = AssessmentRead(Sheet(assessment), 1, is_corrected=False)
        answers = {topic.code: topic.answers for topic in read.topics}
        everything = [one for topic in answers.values() for one in topic]
        assessors = assessment.assessors.filter(handed_in_at__isnull=False)
        return {
            "assessment": assessment,
            "sheet": read.sheet,
            "value": answers.get(VALUE, []),
            "proposals": [one for one in everything if one.answer.is_proposal],
            "assessors": assessors.count(),
        }

    def form_valid(self, form: DecisionForm) -> HttpResponseBase:  # type: ignore[override]
        if not self.conditions.is_valid():
            form.add_error(None, _("Look at the conditions: one of them is not whole."))
            return self.form_invalid(form)
        return super().form_valid(form)

    def act(self, form: DecisionForm, **by: Any) -> None:
        deciding.decide(
            **by,
            verdict=form.cleaned_data["verdict"],
            reasons=form.cleaned_data["reasons"],
            conditions=self.conditions.required(),
            to_red_flags=form.cleaned_data.get("to_red_flags", ""),
        )


class OpenReview(ActView):
    verb = Verb.OPEN_REVIEW
    form_class = ReviewOpenForm
    title = _("Open a review")
    lead = _("The questions are asked again, with the last answers beside them.")
    button = _("Open the review")
    done = _("The review is open.")

    def act(self, form: ReviewOpenForm, **by: Any) -> None:
        reviewing.open_review(
            **by,
            ground=form.cleaned_data["ground"],
        )


class ConcludeReview(ActView):
    template_name = "workflows/conclude.html"
    verb = Verb.CONTINUE
    needs_fresh_sign_in = True
    form_class = OutcomeForm
    title = _("Conclude the review")
    button = _("Confirm the outcome")
    done = _("The outcome is recorded.")

    @property
    def verbs(self) -> Iterable[Verb]:
        return (Verb.CONTINUE, Verb.SUSPEND, Verb.GIVE_NOTICE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            review=self.case.coming_review,
            not_continued=self._why_not(Verb.CONTINUE),
            assessment=self.case.last_assessment,
            **kwargs,
        )

    def act(self, form: OutcomeForm, **by: Any) -> None:
        concluding.conclude(
            **by,
            outcome=form.cleaned_data["outcome"],
            reasons=form.cleaned_data["reasons"],
            notice=form.notice() if form.is_termination else None,
        )


class GiveNotice(ActView):
    verb = Verb.GIVE_NOTICE
    needs_fresh_sign_in = True
    form_class = NoticeForm
    title = _("Terminate the cooperation")
    lead = _("Notice is given and the exit begins; another person closes the case.")
    button = _("Give notice")
    danger = True
    done = _("Notice is given. The case is closed with a report when the exit is done.")

    def act(self, form: NoticeForm, **by: Any) -> None:
        terminating.give_notice(
            **by,
            notice=form.notice(),
            reasons=form.cleaned_data["reasons"],
        )


class Close(ActView):
    verb = Verb.CLOSE
    needs_fresh_sign_in = True
    form_class = CloseForm
    title = _("Close the case")
    lead = _("The cooperation has ended and nothing is left to do.")
    button = _("Close the case")
    danger = True
    done = _("The case is closed.")

    def act(self, form: CloseForm, **by: Any) -> None:
        terminating.close(
            **by,
            report=form.cleaned_data["report"],
        )
