"""Say whether one has a conflict of interest; asked before the first act on a case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from workflows import policies
from workflows.choices import Verb
from workflows.forms.confiding import DeclarationForm
from workflows.services import declaring
from workflows.views.acting import ActView
from workflows.views.cases import who_else


class Declare(ActView):
    """?next=… is where the person was going; there they go on."""

    template_name = "workflows/declare.html"
    verb = Verb.DECLARE
    form_class = DeclarationForm
    asks_interests = False
    title = _("First: your interests")
    lead = _(
        "Everybody who acts on a case says once whether they have a conflict of "
        "interest, and again at each review."
    )
    button = _("Save and go on")
    done = _("Your answer is noted.")

    @property
    def is_own(self) -> bool:
        return policies.is_own(self.case, self.request.user)

    @property
    def has_conflict(self) -> bool:
        said = self.case.declared
        return any(said.get(key) for key in self.request.user.keys)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.has_conflict:
            return self.render_to_response(self._frame() | self._conflicted())
        return super().get(request, *args, **kwargs)

    def _conflicted(self) -> dict[str, Any]:
        """Calmly: that it is fine, and who goes on."""
        refusal = None if self.is_own else policies.CONFLICTED
        others = who_else(self.case, self.request.user, only=refusal)
        return {
            "title": _("You have declared a conflict of interest"),
            "lead": "",
            "is_own": self.is_own,
            "others": [] if self.is_own else others,
        }

    def act(self, form: DeclarationForm, **by: Any) -> None:
        del by["seen"]  # what others did meanwhile changes nothing in it
        declaring.declare(**by, **form.declared())
        del self.case

    def get_success_url(self) -> str:
        wanted = self.request.GET.get("next", "")
        if self.has_conflict and not self.is_own:
            return self.request.path
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            return wanted
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            said=self.request.user.pk in self.case.declared, **kwargs
        )
