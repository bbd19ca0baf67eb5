"""One calm page for every sign-in that the institution's service did not carry."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger("midtveis.sign_in")


def refused(request: HttpRequest, reason: str) -> HttpResponse:
    """reason: for the log; it names no person."""
    log.warning("A sign-in through the institution was refused: %s.", reason)
    return render(request, "account/refused.html", status=401)
