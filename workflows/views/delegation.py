"""The delegation tables: which there are, and what stands in one."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from register.clock import local_today
from register.models import Unit, User
from register.requests import SignedInRequest
from workflows import policies
from workflows.models import DelegationTable
from workflows.policies.delegating import whats_wrong
from workflows.queries import institutions_kept_by, tables_visible_to
from workflows.services import delegating
from workflows.services.moving import WorkflowError
from workflows.views.packs import for_readers, number


def table_or_404(user: User, pk: int) -> DelegationTable:
    return get_object_or_404(tables_visible_to(user), pk=pk)


def tables_in_force(user: User) -> list[tuple[Unit, DelegationTable]]:
    """For each institution of the reader, the table that holds today."""
    units = Unit.objects.filter(pk__in=policies.reads_questions_of(user))
    found = DelegationTable.objects.in_force_at([u.pk for u in units], local_today())
    return [(unit, found[unit.pk]) for unit in units]


@dataclass(frozen=True)
class Row:
    """A version in the list. in_force_at: the reader's institutions it holds at now."""

    table: DelegationTable
    in_force_at: list[Unit]

    @property
    def is_coming(self) -> bool:
        day = self.table.valid_from
        return self.table.is_published and day is not None and day > local_today()


@for_readers
def table_list(request: SignedInRequest) -> HttpResponse:
    in_force = tables_in_force(request.user)
    rows = [
        Row(table, [unit for unit, held in in_force if held.pk == table.pk])
        for table in tables_visible_to(request.user)
    ]
    context = {
        "rows": rows,
        "kept": list(institutions_kept_by(request.user)),
        "several": len(in_force) > 1,
    }
    return render(request, "workflows/delegation/list.html", context)


@for_readers
def table_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    table = table_or_404(request.user, pk)
    lines = list(table.rules.all())
    edits = may_edit(request.user, table)
    context = {
        "table": table,
        "lines": lines,
        "may_edit": edits,
        "wrong": whats_wrong(lines) if edits else None,
        "kept": list(institutions_kept_by(request.user)),
        "in_force_at": [
            unit for unit, held in tables_in_force(request.user) if held.pk == pk
        ],
    }
    return render(request, "workflows/delegation/detail.html", context)


def may_edit(user: User, table: DelegationTable) -> bool:
    """Whether it is a draft that this person keeps."""
    if table.is_published or table.institution is None:
        return False
    return policies.may_keep_catalogue(user, table.institution)


@for_readers
@require_POST
def table_copy(request: SignedInRequest) -> HttpResponse:
    """A draft from the version named, or else from the one in force."""
    institution = get_object_or_404(
        institutions_kept_by(request.user), pk=number(request.POST.get("institution"))
    )
    wanted = number(request.POST.get("version"))
    table: Any = (
        table_or_404(request.user, wanted)
        if wanted
        else DelegationTable.objects.in_force(institution, local_today())
    )
    try:
        draft = delegating.copy(
            actor=request.user, table=table, institution=institution
        )
    except WorkflowError as refusal:
        messages.error(request, str(refusal))
        return redirect("workflows:delegation-list")
    messages.success(
        request,
        _("This draft begins as version %(version)s stands; change what you need.")
        % {"version": table.version},
    )
    return redirect("workflows:delegation-detail", draft.pk)
