"""The request as our views get it, and what of it outlives a session."""

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from register.models import User


class SignedInRequest(HttpRequest):
    """What LoginRequiredMiddleware lets through: somebody has signed in."""

    user: User
    htmx: HtmxDetails
    # The key of the case whose opening is logged already.
    opened: int


UNSENT = "unsent"
LONGEST_KEPT = 200_000  # characters; a stranger must not fill our sessions


def keep_unsent(request: HttpRequest, *, signed_out: bool = True) -> None:
    """The session ran out while somebody wrote, or something is asked first: keep it
    until they come back."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) <= LONGEST_KEPT:
        request.session[UNSENT] = {
            "path": request.path,
            "typed": text,
            "signed_out": signed_out,
        }


def was_signed_out(request: HttpRequest) -> bool:
    """Whether what is kept was kept because the session had run out."""
    return bool(request.session.get(UNSENT, {}).get("signed_out", True))


def take_unsent(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page and not saved; only once."""
    unsent = request.session.get(UNSENT)
    if request.method != "GET" or not unsent or unsent["path"] != request.path:
        return None
    del request.session[UNSENT]
    return QueryDict(unsent["typed"])
