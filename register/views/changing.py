"""One page, one change of access: the frame that the pages beside this share."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView

from register.forms.access import ConfirmForm
from register.models import Unit, User
from register.policies import may_administer
from register.queries import access
from register.requests import SignedInRequest
from register.services.access import Refused


class ChangeView(FormView):
    """Asks what a change needs and hands it to the one service in `change`. A refusal
    is shown above the form with everything typed still there."""

    request: SignedInRequest
    template_name = "register/access/change.html"
    form_class: type[Form] = ConfirmForm
    title: Any = ""
    lead: Any = ""
    button: Any = ""
    danger = False
    done: Any = ""

    def change(self, form: Any) -> Any:
        raise NotImplementedError

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        refuse_strangers(self.request.user)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponseBase:  # type: ignore[override]
        try:
            self.change(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return super().form_valid(form)

    def form_invalid(self, form: Form) -> HttpResponse:  # type: ignore[override]
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @property
    def about(self) -> Any:
        """What the page is about; its name stands above the title."""
        raise NotImplementedError

    def facts(self) -> list[Any]:
        """Sentences the person should know before they press the button."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = {
            "title": self.title,
            "lead": self.lead,
            "button": self.button,
            "danger": self.danger,
            "about": self.about,
            "facts": self.facts(),
            "back_url": self.get_success_url(),
        }
        return super().get_context_data(**frame, **kwargs)


class OfPerson(ChangeView):
    """About a person of the administrator's institution."""

    @cached_property
    def person(self) -> User:
        return person_or_404(self.request.user, self.kwargs["public_id"])

    @property
    def about(self) -> User:
        return self.person

    def get_success_url(self) -> str:
        return reverse("register:person", args=[self.person.public_id])


class OfUnit(ChangeView):
    """About a unit that the administrator keeps."""

    @cached_property
    def unit(self) -> Unit:
        return unit_or_404(self.request.user, self.kwargs["pk"])

    @property
    def about(self) -> Unit:
        return self.unit

    def get_success_url(self) -> str:
        return reverse("register:unit", args=[self.unit.pk])


def refuse_strangers(user: User) -> None:
    if not may_administer(user):
        raise PermissionDenied


def person_or_404(user: User, public_id: object) -> User:
    around = access.people_around(user).select_related("unit", "merged_into")
    return get_object_or_404(around, public_id=public_id)


def unit_or_404(user: User, pk: int) -> Unit:
    return get_object_or_404(access.administered_units(user), pk=pk)
