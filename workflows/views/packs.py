"""The question packs: which there are, what stands in one, what differs, in and out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from register.choices import Role
from register.models import Unit, User
from register.requests import SignedInRequest
from workflows import policies
from workflows.forms.packs import CompareForm, ImportForm
from workflows.models import Catalogue
from workflows.queries import (
    institutions_kept_by,
    packs_visible_to,
    packs_with_use,
)
from workflows.questions import comparing, telling
from workflows.questions.telling import Told
from workflows.services import catalogue
from workflows.services.catalogue import PackRefused
from workflows.services.moving import WorkflowError

View = Callable[..., Any]


def for_readers(view: View) -> View:
    """To those who neither handle cases nor keep questions the page does not exist."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> Any:
        if not policies.reads_questions_of(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def pack_or_404(user: User, pk: int) -> Catalogue:
    return get_object_or_404(packs_visible_to(user), pk=pk)


@dataclass(frozen=True)
class Row:
    """A version in the list. in_force_at: the reader's institutions that ask it now."""

    pack: Catalogue
    in_force_at: list[Unit]
    may_edit: bool


@for_readers
def pack_list(request: SignedInRequest) -> HttpResponse:
    kept = list(institutions_kept_by(request.user))
    in_force = versions_in_force(request.user)
    rows = [
        Row(
            pack,
            [unit for unit, version in in_force if version.pk == pack.pk],
            not pack.is_published and pack.institution in kept,
        )
        for pack in packs_with_use(request.user)
    ]
    context = {
        "rows": rows,
        "kept": kept,
        "several": len(in_force) > 1,
        "reads_cases": request.user.holds_one(Role.OVERSEERS),
    }
    return render(request, "workflows/packs/list.html", context)


def versions_in_force(user: User) -> list[tuple[Unit, Catalogue]]:
    """For each institution of the reader, the version that is asked from now on."""
    institutions = Unit.objects.filter(pk__in=policies.reads_questions_of(user))
    packs = Catalogue.objects.defer("content")
    return [(unit, packs.in_force(unit)) for unit in institutions]


@for_readers
def pack_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    pack = pack_or_404(request.user, pk)
    in_force = versions_in_force(request.user)
    context = {
        "version": pack,
        "pack": pack.pack,
        "kept": list(institutions_kept_by(request.user)),
        "in_force_at": [unit for unit, version in in_force if version.pk == pk],
        "may_edit": may_edit(request.user, pack),
        "base": base_of(pack),
    }
    return render(request, "workflows/packs/detail.html", context)


def may_edit(user: User, pack: Catalogue) -> bool:
    """Whether it is a draft that this person keeps."""
    if pack.is_published or pack.institution is None:
        return False
    return policies.may_keep_catalogue(user, pack.institution)


def base_of(pack: Catalogue) -> Catalogue | None:
    """What a version is compared with: the one it was made from, or for a draft that
    came from a file the one in force."""
    if pack.based_on or pack.is_published or pack.institution is None:
        return pack.based_on
    return Catalogue.objects.in_force(pack.institution)


@for_readers
def pack_export(request: SignedInRequest, pk: int) -> HttpResponse:
    pack = pack_or_404(request.user, pk)
    answer = HttpResponse(catalogue.export(pack), content_type="application/yaml")
    name = f"questions-{pack.version}.yaml"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@for_readers
@require_POST
def pack_copy(request: SignedInRequest) -> HttpResponse:
    """A draft from the version named, or else from the one in force."""
    institution = get_object_or_404(
        institutions_kept_by(request.user), pk=number(request.POST.get("institution"))
    )
    wanted = number(request.POST.get("version"))
    pack = (
        pack_or_404(request.user, wanted)
        if wanted
        else Catalogue.objects.in_force(institution)
    )
    try:
        draft = catalogue.copy(
            actor=request.user, catalogue=pack, institution=institution
        )
    except WorkflowError as refusal:
        messages.error(request, str(refusal))
        return redirect("workflows:pack-list")
    messages.success(
        request,
        _("This draft begins as version %(version)s stands; change what you need.")
        % {"version": pack.version},
    )
    return redirect("workflows:pack-detail", draft.pk)


def number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


@for_readers
def pack_compare(request: SignedInRequest) -> HttpResponse:
    form = CompareForm(request.GET or None, user=request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        old, new = form.cleaned_data["from"], form.cleaned_data["to"]
        context |= {"old": old, "new": new, "changes": differences(old, new)}
    return render(request, "workflows/packs/compare.html", context)


def differences(old: Catalogue, new: Catalogue) -> list[Told]:
    return [
        telling.change(change, old.pack, new.pack)
        for change in comparing.compare(old.document, new.document)
    ]


@for_readers
def pack_import(request: SignedInRequest) -> HttpResponse:
    if not policies.keeps_questions(request.user):
        raise Http404
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    faults: list[Any] = []
    if form.is_valid():
        text, name = form.cleaned_data["file"]
        institution = form.cleaned_data["institution"]
        try:
            draft = catalogue.take_in(
                actor=request.user, institution=institution, text=text, name=name
            )
        except PackRefused as refusal:
            faults = refusal.faults
        else:
            messages.success(
                request, _("The file is a sound draft; nobody is asked it yet.")
            )
            return redirect(compare_url(base_of(draft), draft))
    context = {"form": form, "faults": faults}
    status = 422 if form.errors or faults else 200
    return render(request, "workflows/packs/import.html", context, status=status)


def compare_url(old: Catalogue | None, new: Catalogue) -> str:
    if old is None:
        return reverse("workflows:pack-detail", args=[new.pk])
    return f"{reverse('workflows:pack-compare')}?from={old.pk}&to={new.pk}"
