"""The words of a message: number, what to do, by when, and one link. Nothing else of
the case reaches a template, so nothing else can reach a mail."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from notifications import deadlines
from notifications.choices import Kind
from notifications.models import Message


def subject_of(message: Message) -> str:
    """One line, in the language in force; the inbox shows the same."""
    return " ".join(_render(message, "subject.txt").split())


def mail_of(message: Message, post: BaseEmailBackend) -> EmailMultiAlternatives:
    """The mail, in its recipient's language."""
    with translation.override(message.recipient.language or settings.LANGUAGE_CODE):
        mail = EmailMultiAlternatives(
            subject=subject_of(message),
            body=_render(message, "txt"),
            to=[message.recipient.email],
            connection=post,
            headers=_headers(message),
        )
        mail.attach_alternative(_render(message, "html"), "text/html")
    return mail


def _headers(message: Message) -> dict[str, str]:
    """The same Message-ID at every try, so that a mail that comes twice shows once;
    the reference puts all mails of a case in one thread."""
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{message.public_id}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if message.case:
        headers["References"] = f"<case.{message.case.public_id}@{host}>"
    return headers


def _render(message: Message, part: str) -> str:
    name = f"notifications/email/{message.kind}.{part}"
    return render_to_string(name, _facts(message))


def _facts(message: Message) -> dict[str, Any]:
    path = reverse("notifications:open", args=[message.public_id])
    return {
        "number": message.case.number if message.case else None,
        "due_on": message.due_on,
        "is_overdue": _is_overdue(message),
        "url": settings.SITE_URL + path,
        "institution": settings.INSTITUTION,
    }


def _is_overdue(message: Message) -> bool:
    is_reminder = message.kind == Kind.REVIEW_DUE
    return is_reminder and deadlines.step_of(message.occasion) > 0
