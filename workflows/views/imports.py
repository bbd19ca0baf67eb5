"""Bring in a list: upload it, say what its columns mean, look at the report, import."""

import csv
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.fields.json import KeyTransform
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from register.policies import may_import
from register.requests import SignedInRequest
from register.services.tables import TableRefused
from workflows.forms.imports import ColumnsForm, UploadForm
from workflows.models import ImportBatch
from workflows.queries import imports_visible_to
from workflows.services.importing import batches
from workflows.services.importing.plan import Line, Outcome
from workflows.services.moving import WorkflowError

View = Callable[..., Any]
LINES_A_PAGE = 50
LISTS_SHOWN = 100
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def for_importers(view: View) -> View:
    """To everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_import(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_importers
def import_list(request: SignedInRequest) -> HttpResponse:
    # The reports are long: here only their counts are fetched.
    found = imports_visible_to(request.user).defer("report", "columns", "mapping")
    rows = found.annotate(
        new=KeyTransform("new", "report"), changed=KeyTransform("changed", "report")
    )
    return render(request, "workflows/import_list.html", {"rows": rows[:LISTS_SHOWN]})


@for_importers
def import_start(request: SignedInRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        try:
            batch = batches.upload(actor=request.user, **form.cleaned_data)
        except (TableRefused, WorkflowError) as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("workflows:import-columns", batch.public_id)
    context = {"form": form, "steps": steps("upload")}
    return render(request, "workflows/import_start.html", context)


@for_importers
def import_columns(request: SignedInRequest, public_id: object) -> HttpResponse:
    batch = batch_or_404(request, public_id)
    if batch.status == ImportBatch.Status.DONE:
        return redirect("workflows:import-detail", public_id)
    form = ColumnsForm(request.POST or None, batch=batch)
    if form.is_valid():
        try:
            batches.check(batch=batch, actor=request.user, mapping=form.mapping)
        except (TableRefused, WorkflowError) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("workflows:import-detail", public_id)
    examples = batches.first_rows(batch)
    context = {
        "batch": batch,
        "form": form,
        "examples": examples,
        "by_column": [(c, [row.cells[c] for row in examples]) for c in batch.columns],
        "steps": steps("columns", batch),
    }
    return render(request, "workflows/import_columns.html", context)


@for_importers
def import_detail(request: SignedInRequest, public_id: object) -> HttpResponse:
    batch = batch_or_404(request, public_id)
    if batch.status == ImportBatch.Status.UPLOADED:
        return redirect("workflows:import-columns", public_id)
    return show_report(request, batch)


@for_importers
@require_POST
def import_run(request: SignedInRequest, public_id: object) -> HttpResponse:
    batch = batch_or_404(request, public_id)
    try:
        done = batches.run(batch_id=batch.pk, actor=request.user)
    except WorkflowError as refusal:
        return show_report(request, batch, refusal=str(refusal))
    messages.success(request, what_was_done(done.report))
    return redirect("workflows:import-detail", public_id)


@for_importers
def import_report(request: SignedInRequest, public_id: object) -> HttpResponse:
    """The report as a file for a spreadsheet; only=… leaves one kind of row."""
    batch = batch_or_404(request, public_id)
    answer = StreamingHttpResponse(
        written(lines_of(batch, request.GET.get("only", ""))), content_type="text/csv"
    )
    name = f"import-{batch.made_at:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]


def batch_or_404(request: SignedInRequest, public_id: object) -> ImportBatch:
    return get_object_or_404(imports_visible_to(request.user), public_id=public_id)


def show_report(
    request: SignedInRequest, batch: ImportBatch, *, refusal: str = ""
) -> HttpResponse:
    only = request.GET.get("only", "")
    lines = Paginator(lines_of(batch, only), LINES_A_PAGE)
    counts = batch.report["counts"]
    context = {
        "batch": batch,
        "report": batch.report,
        "counts": [(o, o.label, counts[o]) for o in Outcome],
        "only": only,
        "page": lines.get_page(request.GET.get("page")),
        "total": sum(counts.values()),
        "refusal": refusal,
        "steps": steps("done" if batch.done_at else "check", batch),
    }
    status = 409 if refusal else 200
    return render(request, "workflows/import_detail.html", context, status=status)


def lines_of(batch: ImportBatch, only: str) -> list[Line]:
    """What asks for attention first: refused, changed, new; else as in the file."""
    order = list(Outcome.values)
    lines = [Line(*line) for line in batch.report.get("lines", ())]
    chosen = [line for line in lines if only in ("", line.outcome)]
    return sorted(chosen, key=lambda line: (order.index(line.outcome), line.row))


def written(lines: list[Line]) -> Iterator[str]:
    """CSV as spreadsheets in Norway open it. A text that a spreadsheet would take for a
    formula is led in by an apostrophe."""
    writer = csv.writer(_Echo(), delimiter=";")
    head = [_("Row"), _("Result"), _("Reference"), _("Title"), _("Explanation")]
    yield "\ufeff" + writer.writerow(head)
    for line in lines:
        texts = [
            str(Outcome(line.outcome).label),
            line.reference,
            line.title,
            line.note,
        ]
        safe = [f"'{t}" if t.startswith(FORMULA_SIGNS) else t for t in texts]
        yield writer.writerow([line.row, *safe])


class _Echo:
    """Hands back each line that is written to it."""

    def write(self, line: str) -> str:
        return line


def what_was_done(report: dict[str, Any]) -> str:
    new = ngettext(
        "%(count)d cooperation was taken in.",
        "%(count)d cooperations were taken in.",
        report["new"],
    ) % {"count": report["new"]}
    changed = ngettext(
        "%(count)d was changed.", "%(count)d were changed.", report["changed"]
    ) % {"count": report["changed"]}
    return f"{new} {changed}" if report["changed"] else new


def steps(current: str, batch: ImportBatch | None = None) -> list[dict[str, Any]]:
    """The way of a list. Until it is imported one can go back to its columns."""
    labels = {
        "upload": _("Upload"),
        "columns": _("Columns"),
        "check": _("Check"),
        "done": _("Import"),
    }
    place = list(labels).index(current)
    again = batch and not batch.done_at and current == "check"
    columns_url = batch and reverse("workflows:import-columns", args=[batch.public_id])
    return [
        {
            "label": label,
            "is_current": name == current,
            "is_done": at < place,
            "url": columns_url if again and name == "columns" else "",
        }
        for at, (name, label) in enumerate(labels.items())
    ]
