"""The pages around signing in that allauth leaves to us."""

from typing import Any

from allauth.account.views import LoginView
from allauth.decorators import rate_limit
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import login_webauthn
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.sign_in.devices import device
from config.sign_in.forms import NewPasswordForm


class SignIn(LoginView):
    """The institution's button first, where there is one; then user name, password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            institution_name=settings.OIDC_NAME if settings.OIDC_ISSUER else "",
            is_local=settings.LOCAL_SIGN_IN,
        )


class Security(IndexView):
    """Password, second factor and sessions of one's account."""

    template_name = "account/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        kinds = found["authenticators"]
        codes = kinds.get("recovery_codes")
        return found | {
            "totp": kinds.get("totp"),
            "passkeys": kinds.get("webauthn", []),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "has_password": self.request.user.has_usable_password(),
            "institution_name": settings.OIDC_NAME,
        }


@method_decorator(rate_limit(action="change_password"), name="dispatch")
class ChangePassword(PasswordChangeView):
    """The other sessions end by themselves: they were signed with the old password."""

    form_class = NewPasswordForm
    template_name = "account/password_change.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        UserSession.objects.create_from_request(self.request)
        messages.success(
            self.request,
            _("Your password is changed, and your other sessions have ended."),
        )
        return answer


class Sessions(ListUserSessionsView):
    """Where one is signed in: end one of them, or all others."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        for session in found["sessions"]:
            session.device = device(session.user_agent)
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        if "session" not in self.request.POST:
            return super().form_valid(form)
        mine = UserSession.objects.filter(user=self.request.user)
        key = self.request.POST["session"]
        get_object_or_404(mine, pk=key if key.isdecimal() else 0).end()
        messages.success(self.request, gettext_lazy("The session has ended."))
        return redirect("usersessions_list")


@login_not_required
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """A passkey belongs to the local account, and is switched off with it."""
    if not settings.LOCAL_SIGN_IN:
        raise Http404
    return login_webauthn(request)


@login_not_required
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The administration has no door of its own: neither lock-out nor second factor is
    walked around there."""
    if request.user.is_authenticated and not getattr(request.user, "is_staff", False):
        raise PermissionDenied
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = reverse("admin:index")
    if request.user.is_authenticated:
        return redirect(target)
    return redirect(f"{reverse('login')}?{urlencode({'next': target})}")
