"""The request as our views get it, and what of it outlives a session."""

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from register.models import User


class SignedInRequest(HttpRequest):
    """What LoginRequiredMiddleware lets through: somebody has signed in."""

    user: User
    htmx: HtmxDetails


UNSENT = "unsent"
LONGEST_KEPT = 200_000  # characters; a stranger must not fill our sessions


def keep_unsent(request: HttpRequest) -> None:
    """The session ran out while somebody wrote: keep it until they have signed in."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) <= LONGEST_KEPT:
        request.session[UNSENT] = {"path": request.path, "typed": text}


def take_unsent(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page before the session ran out; only once."""
    unsent = request.session.get(UNSENT)
    if request.method != "GET" or not unsent or unsent["path"] != request.path:
        return None
    del request.session[UNSENT]
    return QueryDict(unsent["typed"])
