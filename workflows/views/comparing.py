"""Two assessments of a case side by side: last time and this time."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.requests import SignedInRequest
from workflows import policies
from workflows.models import Assessment
from workflows.questions.sides import Row
from workflows.services.contrasting import contrast
from workflows.views.acting import case_or_404
from workflows.views.assessments import versions_of


@require_safe
def compare(request: SignedInRequest, public_id: object) -> HttpResponse:
    """?old=…&new=… name two assessments of the case; else the newest and the one it
    follows. ?all=1 also shows what is the same."""
    case = case_or_404(request, public_id)
    context: dict[str, Any] = {"case": case, "shows_all": "all" in request.GET}
    if policies.is_blind(case, request.user):
        context["refusal"] = policies.STILL_BLIND
        return render(request, "workflows/compare.html", context)
    listed = list(case.assessments.prefetch_related("catalogue"))
    if len(listed) > 1:
        new = _named(listed, request.GET.get("new")) or listed[0]
        old = _named(listed, request.GET.get("old")) or _before(listed, new)
        parts = contrast(case, old, new)
        context |= {"old": old, "new": new, "choices": _choices(listed), "parts": parts}
        context |= _counted([row for part in parts for row in part.rows])
    return render(request, "workflows/compare.html", context)


def _counted(rows: Sequence[Row]) -> dict[str, int]:
    counts = {
        "differing": sum(row.differs for row in rows),
        "waiting": sum(row.is_waiting for row in rows),
        "not_asked": sum(row.is_not_asked for row in rows),
    }
    return counts | {"same": len(rows) - sum(counts.values())}


def _named(listed: Sequence[Assessment], key: str | None) -> Assessment | None:
    if not key:
        return None
    found = next((one for one in listed if str(one.pk) == key), None)
    if found is None:
        raise Http404
    return found


def _before(listed: Sequence[Assessment], new: Assessment) -> Assessment:
    """What it corrects; else the last completed before it; else the one beside it."""
    older = listed[listed.index(new) + 1 :]
    corrected = [one for one in older if one.pk == new.supersedes_id]
    completed = [one for one in older if one.is_frozen]
    return next(iter([*corrected, *completed, *older]), listed[0])


def _choices(listed: Sequence[Assessment]) -> list[tuple[Assessment, str]]:
    """Each with its version, where it is a correction."""
    versions = versions_of(listed)
    return [
        (one, _("version %(number)d") % {"number": number} if number > 1 else "")
        for one in listed
        if (number := versions[one.pk])
    ]
