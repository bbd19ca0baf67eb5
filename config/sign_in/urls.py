"""Exactly the pages of allauth that are used here: no sign-up, no e-mail addresses, no
connections."""

from allauth.account.views import reauthenticate
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from config.sign_in import institution
from config.sign_in.views import (
    ChangePassword,
    Security,
    Sessions,
    SignIn,
    admin_sign_in,
    passkey_sign_in,
)

urlpatterns: list[URLPattern] = [
    path("sign-in/", SignIn.as_view(), name="login"),
    path("sign-in/", SignIn.as_view(), name="account_login"),  # as allauth calls it
    path("sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkey_sign_in, name="mfa_login_webauthn"),
    path("sign-in/institution/", institution.sign_in, name="institution-sign-in"),
    path(
        "sign-in/institution/confirm/", institution.confirm, name="institution-confirm"
    ),
    path(
        "sign-in/institution/back/", institution.callback, name="institution-callback"
    ),
    path("sign-out/", login_not_required(LogoutView.as_view()), name="logout"),
    path("confirm/", reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "confirm/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("password/", ChangePassword.as_view(), name="password_change"),
    path("security/", Security.as_view(), name="mfa_index"),
    path("security/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("security/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "security/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("security/passkeys/", Security.as_view(), name="mfa_list_webauthn"),
    path("security/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path("security/sessions/", Sessions.as_view(), name="usersessions_list"),
    path("admin/login/", admin_sign_in),
]
