"""Refuses to start on settings with which mails would be lost or lead nowhere."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register


@register()
def site_address_leads_here(**kwargs: Any) -> list[Error]:
    """Each mail holds one link, made from this address."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme in {"http", "https"} and address.hostname:
        return []
    return [
        Error(
            f"MIDTVEIS_SITE_URL {settings.SITE_URL!r} is not a web address.",
            hint="Write the public address, such as https://midtveis.example.org.",
            id="notifications.E001",
        )
    ]


@register()
def lease_outlives_a_mail(**kwargs: Any) -> list[Error]:
    """A worker that waits for a slow mail server must not lose its claim meanwhile."""
    if settings.MAIL_LEASE > 2 * settings.EMAIL_TIMEOUT:
        return []
    return [
        Error(
            "MAIL_LEASE must be more than twice EMAIL_TIMEOUT.",
            hint="A shorter lease sends mails twice when the mail server is slow.",
            id="notifications.E002",
        )
    ]
