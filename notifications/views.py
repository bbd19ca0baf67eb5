"""The inbox of a person; the outbox and its mails for whoever keeps a small site."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from notifications import outbox, policies, queries
from notifications.models import Message
from notifications.services import reading, writing
from register.requests import SignedInRequest


@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    told = queries.inbox_of(request.user)
    page = Paginator(told, settings.PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(message, writing.subject_of(message)) for message in page]
    return render(
        request, "notifications/inbox.html", {"rows": rows, **neighbours(page)}
    )


@require_safe
def open_message(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The one link of a mail: to the case, or to one's deputies where it is about no
    case; and the message counts as read."""
    try:
        message = reading.read(public_id=public_id, actor=request.user)
    except Message.DoesNotExist:
        raise Http404 from None
    return redirect(message.case or "register:deputies")


@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    reading.read_all(actor=request.user)
    messages.success(request, _("All messages are marked as read."))
    return redirect("notifications:inbox")


@require_safe
def outbox_list(request: SignedInRequest) -> HttpResponse:
    hide_outbox_from_others(request)
    kept = Paginator(outbox.kept_mails(), settings.PAGE_SIZE)
    page = kept.get_page(request.GET.get("page"))
    rows = [outbox.read(Path(path)) for path in page]
    return render(
        request, "notifications/outbox.html", {"rows": rows, **neighbours(page)}
    )


@require_safe
def outbox_mail(request: SignedInRequest, name: str) -> HttpResponse:
    hide_outbox_from_others(request)
    mail = outbox.find(name)
    if mail is None:
        raise Http404
    return render(request, "notifications/outbox_mail.html", {"mail": mail})


def hide_outbox_from_others(request: SignedInRequest) -> None:
    """It exists in the one-machine size only, and for its administrator only."""
    if not (settings.EMBEDDED and policies.may_operate(request.user)):
        raise Http404


def neighbours(page: Page) -> dict[str, str]:
    """The addresses of the pages beside this one, as the pager wants them."""
    found = {}
    if page.has_previous():
        found["previous_url"] = f"?page={page.previous_page_number()}"
    if page.has_next():
        found["next_url"] = f"?page={page.next_page_number()}"
    return found
