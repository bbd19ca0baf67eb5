"""The people of an institution, one of them, and what changes who they are here."""

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from register.clock import local_today
from register.forms.access import (
    BlankForm,
    DeputyForm,
    JoinForm,
    LastDayForm,
    LeaveForm,
    OtherUnitForm,
    PeopleFilter,
    RoleForm,
)
from register.models import RoleAssignment, User
from register.policies import administers, is_oneself
from register.queries import access
from register.requests import SignedInRequest
from register.services import accounts, deputies, leaving, roles
from register.views.changing import OfPerson, person_or_404, refuse_strangers

CHANGES_SHOWN = 20


@require_safe
def people_list(request: SignedInRequest) -> HttpResponse:
    """Everybody of the institution, with the roles they hold today."""
    refuse_strangers(request.user)
    units = access.units_of_institutions(request.user)
    form = PeopleFilter(request.GET, units=units)
    found = form.found(access.people_around(request.user)).select_related("unit")
    now = RoleAssignment.objects.current().filter(unit__in=units.values("pk"))
    held = Prefetch("assignments", now.select_related("unit"), to_attr="held_now")
    page = Paginator(found.prefetch_related(held), settings.PAGE_SIZE)
    shown = page.get_page(request.GET.get("page"))
    context = {"filter": form, "page": shown, **beside(shown, request.GET)}
    return render(request, "register/access/people_list.html", context)


def beside(page: Page, asked: QueryDict) -> dict[str, str]:
    """The addresses of the pages around this one, with what was asked for."""
    numbers = {
        "previous_url": page.number - 1 if page.has_previous() else None,
        "next_url": page.number + 1 if page.has_next() else None,
    }
    found = {}
    for name, number in numbers.items():
        if number is not None:
            query = asked.copy()
            query["page"] = str(number)
            found[name] = f"?{query.urlencode()}"
    return found


@require_safe
def person_detail(request: SignedInRequest, public_id: object) -> HttpResponse:
    refuse_strangers(request.user)
    person = person_or_404(request.user, public_id)
    units = access.units_of_institutions(request.user)
    changes = access.changes_around(request.user).filter(person=person)
    context = {
        "person": person,
        "held": access.in_time(access.roles_of(person, units), local_today()),
        "deputyships": access.deputyships_around(request.user, person),
        "changes": changes[:CHANGES_SHOWN],
        "is_oneself": is_oneself(request.user, person),
        "is_kept": administers(request.user, person.unit),
        "may_blank": not person.is_active and accounts.may_be_blanked_from(person),
        "own_units": set(access.administered_units(request.user)),
    }
    return render(request, "register/access/person_detail.html", context)


class GiveRole(OfPerson):
    form_class = RoleForm
    title = _("Give a role")
    button = _("Give the role")
    done = _("The role is given.")

    def get_form_kwargs(self) -> dict[str, Any]:
        units = access.administered_units(self.request.user).open()
        return super().get_form_kwargs() | {"units": units}

    def change(self, form: RoleForm) -> None:
        roles.give(actor=self.request.user, person=self.person, **form.cleaned_data)


class EndRole(OfPerson):
    form_class = LastDayForm
    title = _("End a role")
    button = _("End the role")
    danger = True
    done = _("The role ends on that day.")

    @cached_property
    def held(self) -> RoleAssignment:
        units = access.administered_units(self.request.user).values("pk")
        theirs = self.person.assignments.filter(unit__in=units)
        return get_object_or_404(theirs.select_related("unit"), pk=self.kwargs["pk"])

    def facts(self) -> list[str]:
        return [f"{self.held.get_role_display()} – {self.held.unit}"]

    def change(self, form: LastDayForm) -> None:
        until = form.cleaned_data["until"]
        roles.end(actor=self.request.user, assignment=self.held, until=until)


class MovePerson(OfPerson):
    form_class = OtherUnitForm
    title = _("Move to another unit")
    lead = _("The roles stay as they are until somebody ends them.")
    button = _("Save the unit")
    done = _("The person works at another unit now.")

    def get_form_kwargs(self) -> dict[str, Any]:
        units = access.administered_units(self.request.user).open()
        return super().get_form_kwargs() | {"units": units}

    def change(self, form: OtherUnitForm) -> None:
        unit = form.cleaned_data["to"]
        accounts.move(actor=self.request.user, person=self.person, unit=unit)


class Leave(OfPerson):
    form_class = LeaveForm
    title = _("Has left")
    lead = _(
        "From that day the account is closed. Roles and deputyships end, and the cases "
        "stand in the lists of those who hand them over."
    )
    button = _("Save the day")
    danger = True
    done = _("The day is saved.")

    def change(self, form: LeaveForm) -> None:
        day = form.cleaned_data["day"]
        leaving.leave(actor=self.request.user, person=self.person, day=day)


class JoinAccounts(OfPerson):
    form_class = JoinForm
    title = _("Join with another account")
    lead = _(
        "For two accounts of one person. This one is closed and its roles end; both "
        "count as one pair of eyes in every case. It is never undone."
    )
    button = _("Join the accounts")
    danger = True
    done = _("The accounts are joined.")

    def get_form_kwargs(self) -> dict[str, Any]:
        others = access.people_around(self.request.user).exclude(pk=self.person.pk)
        return super().get_form_kwargs() | {"people": others}

    def change(self, form: JoinForm) -> None:
        into = form.cleaned_data["into"]
        accounts.merge(actor=self.request.user, person=self.person, into=into)


class BlankName(OfPerson):
    form_class = BlankForm
    title = _("Blank the name")
    lead = _(
        "“Former employee” stands instead, wherever the name is looked up. What was "
        "done stays in every history, under a number. It is never undone."
    )
    button = _("Blank the name")
    danger = True
    done = _("The name is blanked.")

    def change(self, form: BlankForm) -> None:
        reason = form.cleaned_data["reason"]
        accounts.blank(actor=self.request.user, person=self.person, reason=reason)


class NameDeputy(OfPerson):
    """Where somebody fell ill and could not name one themselves."""

    form_class = DeputyForm
    title = _("Name a deputy")
    lead = _("Both are told.")
    button = _("Name the deputy")
    done = _("The deputy is named, and both are told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | deputy_choices(self.person)

    def change(self, form: DeputyForm) -> None:
        deputies.name(
            actor=self.request.user, principal=self.person, **form.cleaned_data
        )


def deputy_choices(principal: User) -> dict[str, Any]:
    """Among whom and in which roles somebody's deputy is chosen."""
    return {
        "people": access.colleagues(principal).exclude(pk=principal.pk),
        "roles": deputies.roles_to_lend(principal),
    }
