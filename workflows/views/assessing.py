"""Answer the questions of a case, section by section; confirm proposals; complete."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from workflows import policies
from workflows.choices import ActionKind, Verb
from workflows.forms.answers import AnswersForm
from workflows.forms.cases import CaseForm
from workflows.questions.pack import Question
from workflows.services import answering
from workflows.services.answering import OthersWroteToo
from workflows.services.moving import WorkflowError
from workflows.sheets import Sheet
from workflows.views.acting import ActView
from workflows.views.sections import SCREEN, Section, screen_of, sections

COMPLETING = (Verb.COMPLETE_ASSESSMENT, Verb.COMPLETE_REVIEW)


class OnSheet(ActView):
    """A page about the open assessment."""

    @cached_property
    def sheet(self) -> Sheet:
        return Sheet.of(self.case)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sheet=self.sheet, **kwargs)

    def refuse(self, form: CaseForm, refusal: WorkflowError) -> HttpResponse:
        self.__dict__.pop("sheet", None)
        return super().refuse(form, refusal)


class Assess(OnSheet):
    """One section of the questions. Each answer saves itself where JavaScript runs; the
    button saves the whole section everywhere."""

    template_name = "workflows/assess.html"
    verb = Verb.ANSWER
    form_class = AnswersForm
    done = ""

    @property
    def title(self) -> Any:  # type: ignore[override]
        if self.case.state == "under_review":
            return _("Answer the review questions")
        if self.case.state == "terminating":
            return _("Answer the exit questions")
        return _("Answer the questions")

    def refusal(self) -> Any:
        if self.case.open_assessment is None and self.case.state not in policies.UNSENT:
            return policies.NO_QUESTIONS
        return super().refusal()

    @cached_property
    def sections(self) -> list[Section]:
        return sections(self.sheet, self.request.user)

    @cached_property
    def section(self) -> Section:
        """The one asked for; else what waits for this person, or the first."""
        wanted = self.request.GET.get("topic", "")
        known = {section.code: section for section in self.sections}
        first = next(iter(known.values()))
        if wanted == SCREEN:  # still the page, when its last answer has decided
            return known.get(SCREEN) or screen_of(self.sheet)
        if wanted:
            return known.get(wanted, first)
        return first if first.questions and not first.is_done else _open_one(known)

    @property
    def questions(self) -> list[Question]:
        """Those on this page."""
        return self.section.questions

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "sheet": self.sheet,
            "questions": self.questions if self.refusal() is None else [],
            "person": self.request.user,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        completing = [
            verb
            for verb in COMPLETING
            if self._why_not(verb) in (None, policies.UNDECLARED)
        ]
        return super().get_context_data(
            sections=self.sections,
            section=self.section,
            can_complete=bool(completing),
            **kwargs,
        )

    def act(self, form: AnswersForm, **by: Any) -> None:
        del by["seen"]  # each answer knows by itself whether it was changed meanwhile
        self.written = answering.save_answers(answers=form.answers(), **by)
        if code := self.request.POST.get("confirm"):
            answering.confirm(questions=[code], **by)

    def refuse(self, form: Any, refusal: WorkflowError) -> HttpResponse:
        if isinstance(refusal, OthersWroteToo):
            form.conflicts = {one.question.code: one for one in refusal.conflicts}
        return super().refuse(form, refusal)

    def get_success_url(self) -> str:
        messages.success(self.request, _("Your answers are saved."))
        address = reverse("workflows:assess", args=[self.case.public_id])
        if "confirm" in self.request.POST or "stay" in self.request.POST:
            return f"{address}?topic={self.section.code}"
        return f"{address}?topic={self._next().code}"

    def _next(self) -> Section:
        """The section after this one, as the questions stand now."""
        del self.sheet, self.case
        now = sections(self.sheet, self.request.user)
        codes = [section.code for section in now]
        if self.section.code not in codes:
            return now[0]
        following = now[codes.index(self.section.code) + 1 : -1] or now
        return next((one for one in following if not one.is_done), following[0])


def _open_one(known: dict[str, Section]) -> Section:
    unfinished = (one for one in known.values() if not one.is_done)
    return next(unfinished, next(iter(known.values())))


class SaveAnswer(Assess):
    """One question, saved by itself: the answer says what became of it, and brings the
    follow-ups that appear or go."""

    http_method_names = ("post",)
    asks_interests = False  # the page around it has asked; else it is refused in words

    @cached_property
    def question(self) -> Question:
        question = self.sheet.pack.by_code.get(self.kwargs["code"])
        if question is None:
            raise Http404
        return question

    @property
    def questions(self) -> list[Question]:
        return [self.question]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form, case_id=self.case.pk, actor=self.request.user, seen=None)
        except OthersWroteToo as refusal:
            form.conflicts = {one.question.code: one for one in refusal.conflicts}
            return self._say(form, status=409)
        except WorkflowError as refusal:
            form.add_error(None, str(refusal))
            return self._say(form, status=422)
        return self._say(form, status=200)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self._say(form, status=422)

    def _say(self, form: Any, *, status: int) -> HttpResponse:
        """htmx shows what comes with 200 only; the state is in the words."""
        saved = status == 200
        if saved:
            self.case = self.written.case
            self.sheet = Sheet(self.written)
            self.__dict__.pop("sections", None)
            self.__dict__.pop("section", None)
        context = {
            "case": self.case,
            "sheet": self.sheet,
            "sections": self.sections,
            "section": self.section,
            "question": self.question,
            "form": form,
            "saved": saved,
            "answer": self.sheet.answers.get(self.question.code),
            "role": self.sheet.pack.roles_of(self.question),
            "stop_text": _stop_text(self.sheet, self.question),
            "version": self._version(form),
            "theirs": next((c.theirs for c in form.conflicts.values()), None),
            "appeared": self._appeared() if self._is_same else [],
            "gone": self._gone if self._is_same else set(),
        }
        return render(
            self.request, "workflows/answer_saved.html", context, status=status
        )

    def _version(self, form: Any) -> int:
        if form.conflicts:
            return form.conflicts[self.question.code].theirs.version
        answer = self.sheet.answers.get(self.question.code)
        return answer.version if answer else 0

    @property
    def _is_same(self) -> bool:
        """Whether the page's section is still there: the quick screen goes when it has
        decided, and the page stays as it is until the person goes on."""
        return self.section.code == self.request.GET.get("topic")

    @property
    def _gone(self) -> set[str]:
        return self._shown - {question.code for question in self.section.questions}

    @property
    def _shown(self) -> set[str]:
        return set(self.request.POST.getlist("shown"))

    def _appeared(self) -> list[Any]:
        """(code after which it stands, question) for what the page lacks."""
        codes = [question.code for question in self.section.questions]
        new = [q for q in self.section.questions if q.code not in self._shown]
        form = AnswersForm(
            case=self.case, sheet=self.sheet, questions=new, person=self.request.user
        )
        before = dict(zip(codes[1:], codes, strict=False))
        return [(before.get(a.question.code, ""), a) for a in form.asked()]


def _stop_text(sheet: Sheet, question: Question) -> str:
    actions = (sheet.pack.actions[code] for code in question.actions)
    return next((a.text for a in actions if a.kind == ActionKind.STOP), "")
