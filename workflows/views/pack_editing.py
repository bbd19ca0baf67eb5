"""A draft of a question pack: change its parts, publish it or throw it away."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from register.requests import SignedInRequest, take_unsent
from workflows import policies
from workflows.forms.pack_questions import NewQuestionForm, QuestionForm
from workflows.forms.packs import (
    ActionForm,
    DraftForm,
    NodeForm,
    PublishForm,
    RuleForm,
)
from workflows.models import Catalogue
from workflows.questions import comparing, editing, pack, telling
from workflows.questions.faults import Path
from workflows.services import catalogue
from workflows.services.catalogue import NOT_A_DRAFT, NOT_A_KEEPER, PackRefused
from workflows.services.moving import WorkflowError
from workflows.views.packs import base_of, differences, pack_or_404


class EditDraft(FormView):
    """Asks for a change of a draft and hands it to a service in `act`.

    Faults are shown at their fields (422); who was late finds everything typed still
    there, on the draft as it is now (409)."""

    request: SignedInRequest
    title: Any = ""
    done: Any = _("Saved.")

    def act(self, form: Any, **by: Any) -> Any:
        """Call the one service. by: its actor and catalogue_id."""
        raise NotImplementedError

    @cached_property
    def version(self) -> Catalogue:
        return pack_or_404(self.request.user, self.kwargs["pk"])

    def refusal(self) -> Any:
        """None, or the sentence why this person may not change this version."""
        if self.version.is_published or self.version.institution is None:
            return NOT_A_DRAFT
        return None if self.is_keeper else NOT_A_KEEPER

    @property
    def is_keeper(self) -> bool:
        institution = self.version.institution
        return institution is not None and policies.may_keep_catalogue(
            self.request.user, institution
        )

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := self.refusal():
            return self.refused(refusal)
        return super().get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever may change nothing here is told so. A keeper who was late goes on to
        the service, and keeps what was typed."""
        refusal = self.refusal()
        if refusal and not self.is_keeper:
            return self.refused(refusal, status=403)
        return super().post(request, *args, **kwargs)

    def refused(self, refusal: Any, status: int = 200) -> HttpResponse:
        context = {"version": self.version, "title": self.title, "refusal": refusal}
        return self.response_class(
            self.request, ["workflows/packs/refused.html"], context, status=status
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Filled with what was typed before a session ran out, where that happened."""
        kwargs = super().get_form_kwargs() | {"pack": self.version}
        if unsent := take_unsent(self.request):
            kwargs["data"] = unsent
        return kwargs

    def form_valid(self, form: DraftForm) -> HttpResponseBase:  # type: ignore[override]
        try:
            self.act(form, actor=self.request.user, catalogue_id=self.version.pk)
        except PackRefused as refusal:
            form.take_faults(refusal.faults)
            return self.form_invalid(form)
        except Catalogue.DoesNotExist as gone:
            raise Http404 from gone
        except WorkflowError as refusal:
            return self.late(form, refusal)
        messages.success(self.request, self.done)
        return super().form_valid(form)

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def late(self, form: DraftForm, refusal: WorkflowError) -> HttpResponse:
        form.look_again()
        form.add_error(None, str(refusal))
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_success_url(self) -> str:
        return reverse("workflows:pack-detail", args=[self.version.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = {"version": self.version, "pack": self.version.pack}
        return super().get_context_data(title=self.title, **frame, **kwargs)


class EditNode(EditDraft):
    """One part of the draft; whoever was late sees how theirs differs from what stands
    there now."""

    @cached_property
    def document(self) -> pack.Document:
        return self.version.document

    def path(self) -> Path | None:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        path = self.path()
        if path is None:
            raise Http404
        return super().get_form_kwargs() | {"path": path}

    def act(self, form: NodeForm, **by: Any) -> None:
        seen = form.cleaned_data["seen"]
        catalogue.change(**by, seen=seen, document=form.typed_document)

    def late(self, form: Any, refusal: WorkflowError) -> HttpResponse:
        found = comparing.compare(self.document, form.typed_document)
        self.extra_context = {
            "late": [
                telling.change(change, self.version.pack, self.version.pack)
                for change in found
            ]
        }
        return super().late(form, refusal)

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#{self.kwargs['code']}"


class EditQuestion(EditNode):
    template_name = "workflows/packs/question.html"
    form_class = QuestionForm
    title = _("Change a question")

    def path(self) -> Path | None:
        return editing.question_path(self.document, self.kwargs["code"])

    @cached_property
    def is_own(self) -> bool:
        return self.kwargs["code"] not in catalogue.shipped_codes()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"is_own": self.is_own}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.kwargs["code"]
        more = {"code": code, "is_own": self.is_own}
        return super().get_context_data(**more, **kwargs)


class AddQuestion(EditNode):
    template_name = "workflows/packs/question.html"
    form_class = NewQuestionForm
    title = _("Add a question")
    done = _("The question has been added.")

    def path(self) -> Path | None:
        return editing.topic_path(self.document, self.kwargs["code"])

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        shipped = Catalogue.objects.filter(institution=None)
        documents = [self.document, *(each.document for each in shipped)]
        return kwargs | {"code": editing.next_code(documents, self.kwargs["code"])}

    def act(self, form: NodeForm, **by: Any) -> None:
        super().act(form, **by)
        self.kwargs["code"] = form.cleaned_data["code"]  # where the page goes on


class EditRule(EditNode):
    template_name = "workflows/packs/rule.html"
    form_class = RuleForm
    title = _("Change a rule")

    def path(self) -> Path | None:
        return editing.rule_path(self.document, self.kwargs["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.kwargs["code"]
        rules = {rule.code: rule for rule in self.version.pack.rules}
        return super().get_context_data(code=code, rule=rules.get(code), **kwargs)


class EditAction(EditNode):
    template_name = "workflows/packs/action.html"
    form_class = ActionForm
    title = _("Change an action")

    def path(self) -> Path | None:
        return editing.action_path(self.document, self.kwargs["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code = self.kwargs["code"]
        action = self.version.pack.actions.get(code)
        return super().get_context_data(code=code, action=action, **kwargs)


class TakeOutQuestion(EditDraft):
    template_name = "workflows/packs/confirm.html"
    form_class = DraftForm
    title = _("Take the question out?")
    done = _("The question has been taken out.")

    def act(self, form: DraftForm, **by: Any) -> None:
        seen = form.cleaned_data["seen"]
        catalogue.take_out(**by, seen=seen, code=self.kwargs["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = self.version.pack.by_code.get(self.kwargs["code"])
        if question is None:
            raise Http404
        more = {"question": question, "button": _("Take out")}
        return super().get_context_data(**more, **kwargs)


class Publish(EditDraft):
    template_name = "workflows/packs/publish.html"
    form_class = PublishForm
    title = _("Publish this draft")
    done = _("Published. From now on new assessments are asked this version.")

    def act(self, form: PublishForm, **by: Any) -> None:
        catalogue.publish(**by, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        base = base_of(self.version)
        institution = self.version.institution
        assert institution is not None
        in_force = Catalogue.objects.in_force(institution)
        return super().get_context_data(
            base=base,
            changes=differences(base, self.version) if base else [],
            in_force=in_force,
            is_behind=base != in_force,
            **kwargs,
        )


class Discard(EditDraft):
    template_name = "workflows/packs/confirm.html"
    form_class = DraftForm
    title = _("Throw this draft away?")
    done = _("The draft has been thrown away.")

    def act(self, form: DraftForm, **by: Any) -> None:
        catalogue.discard(**by)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"button": _("Throw away")}
        return super().get_context_data(**more, **kwargs)

    def get_success_url(self) -> str:
        return reverse("workflows:pack-list")
