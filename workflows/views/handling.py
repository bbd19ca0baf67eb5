"""Take, send back, withdraw, reopen, suspend, resume; change facts; add papers."""

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from workflows.choices import Verb
from workflows.forms.cases import (
    AgreementForm,
    ConfirmForm,
    DocumentForm,
    FactsForm,
    ReasonForm,
)
from workflows.forms.handing import HandOverForm
from workflows.services import amending, handing_over, handling
from workflows.views.acting import ActView


class TakeCase(ActView):
    verb = Verb.TAKE_CASE
    form_class = ConfirmForm
    title = _("Take the case")
    lead = _("You become its case officer, and its tasks come to you.")
    button = _("Take the case")
    done = _("You are now the case officer.")

    def act(self, form: ConfirmForm, **by: Any) -> None:
        handling.take_case(
            **by,
        )


class HandOver(ActView):
    """Filled in for what somebody who has left still holds."""

    verb = Verb.HAND_OVER
    form_class = HandOverForm
    title = _("Hand the case over")
    lead = _(
        "Whoever answered for a case never decides it, also after it is handed over; "
        "nor does whoever answers for it from now on."
    )
    button = _("Hand it over")
    done = _("The case is handed over.")

    def act(self, form: HandOverForm, **by: Any) -> None:
        handing_over.hand_over(**by, **form.given())


class WithReason(ActView):
    """The moves that need a reason and nothing else; the address names the verb."""

    form_class = ReasonForm
    done = _("Done. The reason stands in the history.")
    PAGES: ClassVar[dict[Verb, tuple[Any, Any, bool]]] = {
        Verb.SEND_BACK: (
            _("Send back to the proposer"),
            _("Say what must be mended. The proposer gets a message."),
            False,
        ),
        Verb.WITHDRAW: (
            _("Withdraw the proposal"),
            _("The case ends here and is kept. A new proposal may refer to it."),
            True,
        ),
        Verb.REOPEN_ASSESSMENT: (
            _("Reopen the assessment"),
            _("A new version begins; the old one stays as it is."),
            False,
        ),
        Verb.SUSPEND: (
            _("Suspend the cooperation"),
            _("Nothing new may be shared until it is resumed."),
            True,
        ),
        Verb.RESUME: (
            _("Resume the cooperation"),
            _("It runs again, and the next review is planned."),
            False,
        ),
    }

    @property
    def verb(self) -> Verb:  # type: ignore[override]
        try:
            verb = Verb(self.kwargs["verb"])
            self.title, self.lead, self.danger = self.PAGES[verb]
        except (ValueError, KeyError):
            raise Http404 from None
        self.button = verb.label
        return verb

    def act(self, form: ReasonForm, **by: Any) -> None:
        handling.with_reason(
            **by,
            verb=self.verb,
            reason=form.cleaned_data["reason"],
        )


class ChangeFacts(ActView):
    verb = Verb.AMEND
    form_class = FactsForm
    title = _("Change the facts")
    lead = _("What it was before, what it is now and why stand in the history.")
    button = _("Save the changes")
    done = _("The changes are saved.")

    def act(self, form: FactsForm, **by: Any) -> None:
        amending.amend(
            **by,
            reason=form.cleaned_data["reason"],
            **form.facts(),
        )


class AddAgreement(ActView):
    verb = Verb.ADD_AGREEMENT
    form_class = AgreementForm
    title = _("Add an agreement")
    button = _("Save the agreement")
    done = _("The agreement is registered.")

    def act(self, form: AgreementForm, **by: Any) -> None:
        amending.add_agreement(**by, **form.given())


class AddDocument(ActView):
    verb = Verb.ADD_DOCUMENT
    form_class = DocumentForm
    title = _("Add a document")
    lead = _("Only those who see the case can open it.")
    button = _("Save the document")
    done = _("The document is kept with the case.")

    def act(self, form: DocumentForm, **by: Any) -> None:
        del by["seen"]  # a file is kept whatever happened meanwhile
        amending.add_document(**by, **form.given())
