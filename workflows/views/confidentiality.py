"""Who sees a case, who has read it, and notes that only few read."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from register.choices import Role
from register.models import User
from register.queries.access import people_of_institution
from register.requests import SignedInRequest
from workflows import policies
from workflows.choices import Verb
from workflows.forms.cases import ReasonForm
from workflows.forms.confiding import LevelForm, NoteForm, ReaderForm
from workflows.queries.people import readers_of
from workflows.services import confidentiality, notes
from workflows.views.acting import ActView, case_or_404
from workflows.views.people import parts_of

READINGS_A_PAGE = 100


class AboutReaders(ActView):
    """A page that leads back to “Who sees this case”."""

    def get_success_url(self) -> str:
        return reverse("workflows:readers", args=[self.case.public_id])


class Level(AboutReaders):
    """Everybody who reads the case sees who else does; the form is for those who may
    choose."""

    template_name = "workflows/readers.html"
    verb = Verb.SET_CONFIDENTIALITY
    form_class = LevelForm
    title = _("Who sees this case")
    button = _("Save")
    done = _("Saved. The reason stands in the history.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.request.user}

    def _frame(self) -> dict[str, Any]:
        """Whoever reads it, and why; where nobody could handle or decide it, that."""
        people = [
            (person, ", ".join(parts_of(self.case, person)))
            for person in readers_of(self.case)
        ]
        named = self.case.named_readers.filter(ended_at=None)  # type: ignore[attr-defined]
        unit = self.case.unit
        missing = [
            role.label
            for role in (Role.CASE_OFFICER, Role.DECIDER)
            if not any(person.has_role(role, unit) for person, _parts in people)
        ]
        return super()._frame() | {
            "people": people,
            "named": named.select_related("user", "named_by"),
            "missing": missing if self.case.state != "draft" else [],
            "may_choose": self._why_not(Verb.NAME_READER) is None,
            "may_audit": policies.may_see_readings(self.case, self.request.user),
        }

    def act(self, form: LevelForm, **by: Any) -> None:
        confidentiality.set_level(**by, **form.given())


class NameReader(AboutReaders):
    verb = Verb.NAME_READER
    form_class = ReaderForm
    title = _("Name somebody to read the case")
    lead = _("They read all of it, whatever its level, until somebody ends it.")
    button = _("Name this person")
    done = _("The person may read the case now.")

    def get_form_kwargs(self) -> dict[str, Any]:
        people = people_of_institution(self.case.unit)
        return super().get_form_kwargs() | {
            "people": people.exclude(pk__in=self.case.readers)
        }

    def act(self, form: ReaderForm, **by: Any) -> None:
        confidentiality.name_reader(**by, **form.given())


class EndReader(AboutReaders):
    verb = Verb.END_READER
    form_class = ReasonForm
    title = _("End somebody's reading")
    button = _("End it")
    done = _("This person reads the case no longer by name.")

    @cached_property
    def person(self) -> User:
        return get_object_or_404(
            User, public_id=self.kwargs["person"], pk__in=self.case.readers
        )

    @property
    def lead(self) -> Any:  # type: ignore[override]
        sentence = _("%(who)s was named to read the case.")
        return sentence % {"who": self.person}

    def act(self, form: ReasonForm, **by: Any) -> None:
        confidentiality.end_reader(**by, person=self.person, **form.given())


class WriteNote(ActView):
    form_class = NoteForm
    title = _("Write a restricted note")
    lead = _(
        "Only you, the people you choose and the unit's auditor see that it exists."
    )
    button = _("Save the note")
    done = _("The note is kept.")

    def refusal(self) -> Any:
        return policies.why_not_write_note(self.case, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        unit, writer = self.case.unit, self.request.user
        others = [
            person
            for person in readers_of(self.case)
            if person != writer and not person.has_role(Role.AUDITOR, unit)
        ]
        return super().get_form_kwargs() | {"people": others}

    def act(self, form: NoteForm, **by: Any) -> None:
        del by["seen"]  # it is no part of the case's own story
        notes.write(**by, **form.given())

    def get_success_url(self) -> str:
        return reverse("workflows:case-tab", args=[self.case.public_id, "people"])


@require_safe
def readings(request: SignedInRequest, public_id: object) -> HttpResponse:
    """Who has opened it, newest first: for the auditor alone."""
    case = case_or_404(request, public_id)
    if not policies.may_see_readings(case, request.user):
        raise Http404
    listed = Paginator(case.readings.select_related("user"), READINGS_A_PAGE)
    context = {"case": case, "page": listed.get_page(request.GET.get("page"))}
    return render(request, "workflows/readings.html", context)
