"""Error pages that need more than a template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's one-time key was missing or old: nothing has been changed."""
    return render(request, "403_csrf.html", status=403)
