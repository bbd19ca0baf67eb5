"""The request as our views get it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from register.models import User


class SignedInRequest(HttpRequest):
    """What LoginRequiredMiddleware lets through: somebody has signed in."""

    user: User
    htmx: HtmxDetails
