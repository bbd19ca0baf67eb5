"""The request as our views get it, and what of it outlives a session."""

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
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


SIGNED_OUT = _(
    "You had been signed out. What you wrote is kept below; please save it again."
)


def keep_unsent(request: HttpRequest, said: str | Promise = SIGNED_OUT) -> None:
    """What somebody wrote before they have to sign in, or to confirm that it is them;
    `said` is the sentence that gives it back."""
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    if len(text) <= LONGEST_KEPT:
        kept = {"path": request.path, "typed": text, "said": str(said)}
        request.session[UNSENT] = kept


def take_unsent(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page and not sent; only once, and said aloud."""
    unsent = request.session.get(UNSENT)
    if request.method != "GET" or not unsent or unsent["path"] != request.path:
        return None
    del request.session[UNSENT]
    messages.warning(request, unsent["said"])
    return QueryDict(unsent["typed"])
