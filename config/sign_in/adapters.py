"""What allauth asks of this installation."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.sign_in import arriving
from config.sign_in.refusals import refused
from config.sign_in.tokens import TokenRefused

log = logging.getLogger("midtveis.sign_in")

# One sentence for an unknown name, a wrong password, an account that is closed and one
# that is locked: none of them tells whether the account exists.
DOES_NOT_FIT = _(
    "This does not fit, or there have been too many attempts. Check what you typed. "
    "After five failed attempts wait five minutes, and try again."
)
WAYS = {
    "reauthenticate": _("Write your password"),
    "mfa_reauthenticate": _("Write a code of your app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
SAID_ALIKE = {
    "username_password_mismatch": DOES_NOT_FIT,
    "too_many_login_attempts": DOES_NOT_FIT,
    "rate_limited": DOES_NOT_FIT,
    "incorrect_password": DOES_NOT_FIT,
}
# The page that follows says it.
UNSAID = {
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/recovery_codes_generated.txt",
}


class Accounts(DefaultAccountAdapter):
    """Accounts are made by administrators, or by the institution's sign-in service."""

    error_messages = DefaultAccountAdapter.error_messages | SAID_ALIKE

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if not settings.LOCAL_SIGN_IN:
            raise self.validation_error("username_password_mismatch")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("A sign-in with user name and password failed.")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return refused(request, "the account is closed")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """And by signing in anew at the institution, where the account comes from."""
        methods = super().get_reauthentication_methods(user)
        for method in methods:
            method["description"] = WAYS[method["id"]]
        if not settings.LOCAL_SIGN_IN:
            methods = [one for one in methods if one["id"] != "reauthenticate"]
        known = SocialAccount.objects.filter(
            user_id=user.pk, provider=settings.OIDC_ISSUER
        )
        if settings.OIDC_ISSUER and known.exists():
            methods.append(
                {
                    "id": "institution",
                    "description": _("Sign in with %(name)s once more")
                    % {"name": settings.OIDC_NAME},
                    "url": reverse("institution-confirm"),
                }
            )
        return methods


class SecondFactors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": DOES_NOT_FIT}


class Institution(DefaultSocialAccountAdapter):
    """The institution's own sign-in service. Only the environment names it: rows that
    somebody writes into the database do not count."""

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[SocialApp]:
        if not settings.OIDC_ISSUER:
            return []
        app = SocialApp(
            provider="openid_connect",
            # The issuer itself: a subject means nothing without it.
            provider_id=settings.OIDC_ISSUER,
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings={
                "server_url": settings.OIDC_ISSUER,
                "oauth_pkce_enabled": True,
                "scope": settings.OIDC_SCOPES,
            },
        )
        return [app]

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None):  # type: ignore[no-untyped-def]
        # It stands above this file, which it asks for its settings.
        from config.sign_in.institution import InstitutionProvider  # noqa: PLC0415

        return InstitutionProvider(request, app=self.get_app(request, provider))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """By subject only: an account, its roles by the claims; or a refusal."""
        arriving.arrive(request, sociallogin)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        raise ImmediateHttpResponse(refused(request, in_words(exception, error)))


def in_words(exception: Any, error: Any) -> str:
    """For the log. Only our own sentences surely name no person."""
    if isinstance(exception, TokenRefused):
        return str(exception)
    return f"{type(exception).__name__}, {error}" if exception else f"{error}"
