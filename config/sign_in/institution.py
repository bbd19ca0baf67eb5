"""Signing in through the institution (Feide, Entra ID, Keycloak): the code flow of
OpenID Connect with PKCE, and an ID token that is verified in full.

Allauth trusts the line to the token endpoint and reads userinfo. Here the token's
signature, issuer, audience, age and nonce are checked besides, and userinfo must speak
of the same subject."""

import time
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from config.sign_in.refusals import refused
from config.sign_in.tokens import TokenRefused, verified


class InstitutionAdapter(OpenIDConnectOAuth2Adapter):
    asked: dict[str, Any] = {}

    @property
    def openid_config(self) -> dict[str, Any]:
        found = super().openid_config
        if found.get("issuer", "").rstrip("/") != settings.OIDC_ISSUER:
            raise TokenRefused("the service calls itself by another name (issuer)")
        return found

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return request.build_absolute_uri(reverse("institution-callback"))

    def complete_login(
        self, request: HttpRequest, app: Any, token: Any, **kwargs: Any
    ) -> Any:
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise TokenRefused("there is no ID token")
        claims = self.verified(app, id_token)
        if self.asked.get("fresh") and not is_new(claims):
            raise TokenRefused("a new sign-in was asked for (auth_time)")
        data = {"id_token": claims, "userinfo": claims | self.userinfo(claims, token)}
        login = self.get_provider().sociallogin_from_response(request, data)
        login.claims = data["userinfo"]
        login.is_new = is_new(claims)
        return login

    def verified(self, app: Any, id_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        return verified(
            id_token,
            keys=answer.json(),
            issuer=self.openid_config["issuer"],
            client_id=app.client_id,
            nonce=self.asked.get("nonce", ""),
        )

    def userinfo(self, claims: dict[str, Any], token: Any) -> dict[str, Any]:
        """What the ID token leaves out, where the service tells it."""
        if "userinfo_endpoint" not in self.openid_config:
            return {}
        found = self._fetch_user_info(token.token)
        if found.get("sub") != claims["sub"]:
            raise TokenRefused("userinfo speaks of somebody else (sub)")
        return found


class InstitutionProvider(OpenIDConnectProvider):
    oauth2_adapter_class = InstitutionAdapter

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """With a nonce that waits in the session beside the state."""
        nonce = get_random_string(32)
        parameters = kwargs.pop("auth_params", None) or self.get_auth_params()
        return super().redirect(
            request,
            process,
            next_url,
            data,
            auth_params=parameters | {"nonce": nonce},
            nonce=nonce,
            **kwargs,
        )

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Nothing is kept: claims may tell what this register must never store."""
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        return []


class Callback(OAuth2CallbackView):
    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.asked = state or {}  # type: ignore[attr-defined]
        return state, response


def is_new(claims: dict[str, Any]) -> bool:
    """Does the service itself say that the person signed in just now?"""
    at = claims.get("auth_time")
    return isinstance(at, int) and at > time.time() - settings.FRESH_MINUTES * 60


def go(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    if not settings.OIDC_ISSUER:
        raise Http404
    provider = get_adapter().get_provider(request, provider=settings.OIDC_ISSUER)
    next_url = get_next_redirect_url(request)
    try:
        return provider.redirect(request, "login", next_url, **kwargs)
    except (TokenRefused, RequestException) as error:
        return refused(request, f"the service does not answer ({type(error).__name__})")


# A link, not a form: our policy lets forms go nowhere else, and the service may send
# the visitor on to addresses that nobody here knows.
@require_GET
@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    return go(request)


@require_GET
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Show there anew that it is you; the session and what waits in it stay."""
    anew = {"prompt": "login", "max_age": "0"}
    return go(request, auth_params=anew, fresh=True)


@require_GET
@never_cache
@login_not_required
def callback(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_ISSUER:
        raise Http404
    adapter = InstitutionAdapter(request, settings.OIDC_ISSUER)
    return Callback.adapter_view(adapter)(request)
