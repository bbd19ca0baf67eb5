"""What an answer rests on, what is still to be found out, and those who assess for
themselves."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.clock import local_today
from register.requests import SignedInRequest
from workflows import policies
from workflows.choices import Verb
from workflows.forms.looking import EvidenceForm, HandInForm, InviteForm, PointForm
from workflows.independence import BlindSheet, side_by_side
from workflows.models import Assessment, Case, OpenPoint
from workflows.queries import points_of
from workflows.questions.pack import Question
from workflows.services import looking
from workflows.services.moving import WorkflowError
from workflows.sheets import Sheet
from workflows.views.acting import ActView, case_or_404
from workflows.views.assessing import OnSheet


class EvidenceList(OnSheet):
    """The questions that are asked, each with what its answer rests on."""

    http_method_names = ("get", "head")
    template_name = "workflows/evidence_list.html"
    verb = Verb.ADD_EVIDENCE
    form_class = EvidenceForm
    title = _("Evidence")
    lead = _(
        "What the answers rest on. Choose the question that you have something for."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            (question, self.sheet.evidence.get(question.code, []))
            for question in self.sheet.asked
            if not looking.why_no_evidence(self.sheet, question.code)
        ]
        return super().get_context_data(rows=rows, **kwargs)


class AddEvidence(OnSheet):
    template_name = "workflows/add_evidence.html"
    verb = Verb.ADD_EVIDENCE
    form_class = EvidenceForm
    title = _("Add evidence")
    lead = _("A file, or an address together with what it says there.")
    button = _("Save the evidence")
    done = _("The evidence is kept with the question.")

    @cached_property
    def question(self) -> Question:
        question = self.sheet.pack.by_code.get(self.kwargs["code"])
        if question is None:
            raise Http404
        return question

    def refusal(self) -> Any:
        code = self.question.code
        return super().refusal() or looking.why_no_evidence(self.sheet, code) or None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.question,
            kept=self.sheet.evidence.get(self.question.code, []),
            **kwargs,
        )

    def act(self, form: EvidenceForm, **by: Any) -> None:
        del by["seen"]  # it is kept whatever happened meanwhile
        looking.add_evidence(question=self.question.code, **by, **form.given())

    def form_invalid(self, form: EvidenceForm) -> HttpResponse:  # type: ignore[override]
        form.say_that_the_file_is_gone()
        return super().form_invalid(form)

    def refuse(self, form: Any, refusal: WorkflowError) -> HttpResponse:
        form.say_that_the_file_is_gone()
        return super().refuse(form, refusal)

    def get_success_url(self) -> str:
        address = reverse("workflows:assess", args=[self.case.public_id])
        return f"{address}?topic={self.question.topic}#{self.question.code}"


class PointList(ActView):
    """What is still to be found out, by whom and by when."""

    http_method_names = ("get", "head")
    template_name = "workflows/point_list.html"
    verb = Verb.SETTLE_POINT
    title = _("Open points")
    lead = _("Answers that are unsure. Somebody finds out, by a day.")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := self.refusal():
            return self.render_to_response({**self._frame(), "refusal": refusal})
        points = [on_table(point) for point in points_of(self.case)]
        return self.render_to_response({**self._frame(), "points": points})


def on_table(point: OpenPoint) -> dict[str, Any]:
    """The point with its question and the unsure answer."""
    sheet = Sheet(point.assessment)
    return {
        "point": point,
        "question": sheet.pack.by_code.get(point.question),
        "answer": sheet.answers.get(point.question),
        "is_overdue": point.due_on < local_today(),
    }


class SettlePoint(ActView):
    template_name = "workflows/settle_point.html"
    verb = Verb.SETTLE_POINT
    form_class = PointForm
    title = _("Settle an open point")
    button = _("Save")
    done = _("Saved.")

    @cached_property
    def point(self) -> OpenPoint:
        points = OpenPoint.objects.select_related("owner", "assessment__catalogue")
        return get_object_or_404(
            points, pk=self.kwargs["point"], assessment__case=self.case
        )

    def refusal(self) -> Any:
        if self.point.closed_at:
            return super().refusal() or _("This point has been closed already.")
        return super().refusal()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"point": self.point}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(one=on_table(self.point), **kwargs)

    def act(self, form: PointForm, **by: Any) -> None:
        looking.settle_point(point_id=self.point.pk, **by, **form.given())

    def get_success_url(self) -> str:
        return reverse("workflows:settle_point", args=[self.case.public_id])


class InviteAssessor(OnSheet):
    template_name = "workflows/invite_assessor.html"
    verb = Verb.INVITE_ASSESSOR
    form_class = InviteForm
    title = _("Independent assessors")
    lead = _(
        "Each answers the same questions alone, and sees nobody else's answers before "
        "their own are handed in."
    )
    button = _("Ask this person")
    done = _("The assessor is asked.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assessors = self.sheet.assessment.assessors.select_related("user", "invited_by")
        return super().get_context_data(assessors=assessors, **kwargs)

    def act(self, form: InviteForm, **by: Any) -> None:
        looking.invite_assessor(**by, **form.given())

    def get_success_url(self) -> str:
        return reverse("workflows:invite_assessor", args=[self.case.public_id])


class HandIn(ActView):
    template_name = "workflows/hand_in.html"
    verb = Verb.HAND_IN
    form_class = HandInForm
    title = _("Your own assessment")
    lead = _(
        "Answer for yourself. You see the others' answers, and they see yours, when "
        "yours are handed in; after that they stay as they are."
    )
    button = _("Hand in")
    done = _("Handed in. Thank you; here are the others' answers beside yours.")

    @cached_property
    def assessment(self) -> Assessment | None:
        """The last one that this person was asked about."""
        asked = self.case.assessments.filter(assessors__user=self.request.user)
        return asked.select_related("catalogue").order_by("-begun_at", "-id").first()

    def get_form_kwargs(self) -> dict[str, Any]:
        assert self.assessment is not None
        sheet = BlindSheet(self.assessment)
        return super().get_form_kwargs() | {
            "sheet": sheet,
            "questions": sheet.asked,
            "person": self.request.user,
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever was asked keeps what they typed, also when it comes too late."""
        if self.assessment is None:
            refused = {**self._frame(), "refusal": self.refusal()}
            return self.render_to_response(refused, status=409)
        return super().post(request, *args, **kwargs)

    def act(self, form: HandInForm, **by: Any) -> None:
        looking.hand_in(
            answers=form.answers(),
            words=form.cleaned_data["words"],
            red_flag=form.cleaned_data["red_flag"],
            **by,
        )

    def get_success_url(self) -> str:
        return reverse("workflows:assessors", args=[self.case.public_id])


def assessors(request: SignedInRequest, public_id: object) -> HttpResponse:
    """What each of them answered, side by side, and how far apart they are."""
    case = case_or_404(request, public_id)
    frame = {"case": case, "title": _("Independent assessments")}
    if refusal := policies.why_not_compare(case, request.user):
        context = frame | {"refusal": refusal}
        return render(request, "workflows/assessors.html", context, status=403)
    return render(request, "workflows/assessors.html", frame | _compared(case))


def _compared(case: Case) -> dict[str, Any]:
    assessment = case.open_assessment or case.last_assessment
    if assessment is None:
        return {}
    return {
        "assessment": assessment,
        "compared": side_by_side(assessment),
        "flags": assessment.red_flags,
        "decision": assessment.decisions.exclude(to_red_flags="").first(),
    }
