"""The first step of a new partnership: with whom? Choosing opens the draft."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from register.choices import CaseState, PartnerRole
from register.models import Partner, Unit, User
from register.policies import may_keep_partners
from register.queries import partners_found, partners_like, units_to_propose_for
from register.requests import SignedInRequest
from register.services import partners
from workflows.forms.proposal_partners import NewPartnerForm, PartnerChoiceForm
from workflows.models import Case
from workflows.queries import cases_readable_by
from workflows.services import amending, proposing
from workflows.services.moving import WorkflowError
from workflows.views.acting import add_errors
from workflows.views.proposals import own_case_or_404, sent_back, steps

HERE = "workflows:proposal-partners"


class WithoutCase(FormView):
    """A page on a draft, or on none yet: then the first partner opens it."""

    request: SignedInRequest

    @cached_property
    def case(self) -> Case | None:
        public_id = self.kwargs.get("public_id")
        return own_case_or_404(self.request, public_id) if public_id else None

    def dispatch(self, request: HttpRequest, *args: Any, **kw: Any) -> HttpResponseBase:
        """Refuse before anything is filled in, not after."""
        user = request.user
        if not user.is_authenticated:
            return super().dispatch(request, *args, **kw)
        if self.case is None and not units_to_propose_for(user).exists():
            raise PermissionDenied
        if self.case and self.case.state not in CaseState.WITH_PROPOSER:
            return redirect(self.case)
        return super().dispatch(request, *args, **kw)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def refuse(self, form: Any, refusal: WorkflowError) -> HttpResponse:
        self.__dict__.pop("case", None)
        form.add_error(None, str(refusal))
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            case=self.case,
            steps=steps(self.case, HERE),
            sent_back=sent_back(self.case),
            choose_url=self.url("workflows:proposal-start", HERE),
            new_url=self.url(
                "workflows:proposal-start-with-new", "workflows:proposal-new-partner"
            ),
            **kwargs,
        )

    def url(self, without_case: str, with_case: str) -> str:
        if self.case is None:
            return reverse(without_case)
        return reverse(with_case, args=[self.case.public_id])


class ChoosePartner(WithoutCase):
    template_name = "workflows/proposal_partners.html"
    form_class = PartnerChoiceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        data = self.request.POST
        chosen = {
            "partner": data.get("partner") or data.get("remove"),
            "seen": data.get("seen"),
        }
        return super().get_form_kwargs() | ({"data": chosen} if data else {})

    def form_valid(self, form: PartnerChoiceForm) -> HttpResponse:  # type: ignore[override]
        change = without_partner if "remove" in self.request.POST else with_partner
        try:
            url = change(self.request.user, self.case, **form.cleaned_data)
        except WorkflowError as refusal:
            return self.refuse(form, refusal)
        return redirect(url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: User = self.request.user  # type: ignore[assignment]
        drafts = cases_readable_by(user).filter(state=CaseState.DRAFT, proposer=user)
        return super().get_context_data(
            found=partners_found(user, self.request.GET.get("q", "")[:200]),
            chosen=list(roles_of(self.case)) if self.case else (),
            drafts=drafts if self.case is None else (),
            **kwargs,
        )


class AddPartner(WithoutCase):
    """A partner that is not in the register yet. Those that may be the same are shown
    first; it is added when the person says that it is another one."""

    template_name = "workflows/proposal_new_partner.html"
    form_class = NewPartnerForm

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.request.GET.get("q", "")}

    def form_valid(self, form: NewPartnerForm) -> HttpResponse:  # type: ignore[override]
        user: User = self.request.user  # type: ignore[assignment]
        if not may_keep_partners(user):
            raise PermissionDenied
        facts = form.facts()
        alike = partners_like(facts["name"], facts["country"], facts["identifiers"])
        if alike and "anyway" not in self.request.POST:
            context = self.get_context_data(form=form, alike=alike)
            return self.render_to_response(context, status=409)
        try:
            partner = partners.add_partner(actor=user, **facts)
            return redirect(with_partner(user, self.case, partner=partner))
        except ValidationError as error:
            add_errors(form, error)  # type: ignore[arg-type]
            return self.form_invalid(form)
        except WorkflowError as refusal:
            return self.refuse(form, refusal)


def with_partner(
    actor: User, case: Case | None, *, partner: Partner, seen: int | None = None
) -> str:
    """Open a draft with the partner, or add it to the draft; answers where to go on."""
    if case is None:
        case = proposing.start(
            actor=actor,
            title=(_("Cooperation with %(partner)s") % {"partner": partner})[:300],
            unit=home_of(actor),
            partners=[(partner, PartnerRole.PARTNER)],
        )
        return reverse("workflows:proposal-about", args=[case.public_id])
    chosen = roles_of(case)
    chosen.setdefault(partner, PartnerRole.PARTNER)
    amending.amend(case_id=case.pk, actor=actor, seen=seen, partners=chosen.items())
    return reverse(HERE, args=[case.public_id])


def without_partner(
    actor: User, case: Case | None, *, partner: Partner, seen: int | None = None
) -> str:
    """Take the partner off the draft; answers where to go on."""
    if case is None:
        return reverse("workflows:proposal-start")
    chosen = roles_of(case)
    chosen.pop(partner, None)
    amending.amend(case_id=case.pk, actor=actor, seen=seen, partners=chosen.items())
    return reverse(HERE, args=[case.public_id])


def roles_of(case: Case) -> dict[Partner, str]:
    partnerships = case.partnerships.select_related("partner__country")
    return {each.partner: each.role for each in partnerships}


def home_of(person: User) -> Unit:
    """The unit to begin with: one's own where one may propose for it."""
    units = units_to_propose_for(person)
    return units.filter(pk=person.unit_id or 0).first() or units.order_by("-path")[0]
