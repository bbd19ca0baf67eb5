"""What a signed-in person must show before some pages open."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from config.middleware import Answer
from config.sign_in.freshness import is_fresh
from register.requests import keep_unsent

CONFIRMED = _("It is you. What you wrote is kept below: look it over and confirm it.")
SET_UP_FIRST = _(
    "Your role needs a second factor at sign-in. Set one up below; then everything "
    "else opens."
)
# With these somebody could confirm that it is them later on: they come first.
KEYS = {
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}
OPEN_WITHOUT_FACTOR = KEYS | {
    "mfa_index",
    "mfa_list_webauthn",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "institution-sign-in",
    "institution-callback",
    "institution-confirm",
    "logout",
    "set_language",
    "health-live",
    "health-ready",
}
# Recovery codes alone are none: sign-in asks only those who have one of these.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
HAS_FACTOR = "has_second_factor"
SEEN = "seen"
SEEN_EVERY = 600  # seconds; each notice is a write


class Gate:
    def __init__(self, get_response: Answer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class SecondFactorFirst(Gate):
    """Whoever holds a role that needs a second factor sets one up before all else. Not
    there at all where no role needs one."""

    def __init__(self, get_response: Answer):
        if not settings.SECOND_FACTOR_ROLES:
            raise MiddlewareNotUsed
        super().__init__(get_response)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if not self.is_missing(request):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        messages.warning(request, SET_UP_FIRST)
        return redirect("mfa_index")

    def is_missing(self, request: HttpRequest) -> bool:
        """Remembered once there is one; asked each time for those without."""
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or request.session.get(HAS_FACTOR):
            return False
        if match is None or match.view_name in OPEN_WITHOUT_FACTOR:
            return False
        if not any(user.holds(role) for role in settings.SECOND_FACTOR_ROLES):
            return False
        request.session[HAS_FACTOR] = is_mfa_enabled(user, FACTORS)
        return not request.session[HAS_FACTOR]


class FreshSignIn(Gate):
    """A page that decides, and one that hands out keys, asks anew who is there when the
    last answer is old. What was typed waits."""

    def process_view(
        self, request: HttpRequest, view: Any, *arguments: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        decides = request.method == "POST" and getattr(
            getattr(view, "view_class", None), "needs_fresh_sign_in", False
        )
        is_key = match is not None and match.view_name in KEYS
        if not (decides or is_key) or is_fresh(request):
            return None
        if decides:
            keep_unsent(request, CONFIRMED)
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_reauthenticate')}?{query}")


class LastSeen(Gate):
    """Notes now and then that a session is in use, for the list of sessions. Sessions
    that did not begin at the sign-in page are not in that list."""

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        seen = request.session.get(SEEN)
        if seen is None or time.time() - seen < SEEN_EVERY:
            return
        request.session[SEEN] = int(time.time())
        mine = UserSession.objects.filter(session_key=request.session.session_key)
        mine.update(last_seen_at=timezone.now())


def begin_watching(request: HttpRequest, **kwargs: Any) -> None:
    request.session[SEEN] = int(time.time())


def ask_for_factor_again(request: HttpRequest, **kwargs: Any) -> None:
    request.session.pop(HAS_FACTOR, None)
