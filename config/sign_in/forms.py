"""Allauth's forms in our words."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as ByPassword
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Allauth's form, with the field names that password managers have learnt."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        name, password = self.fields.pop("login"), self.fields.pop("password")
        name.label, password.label = _("User name"), _("Password")
        name.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "autofocus": True,
        }
        password.widget.attrs.pop("placeholder", None)
        self.fields |= {"username": name, "password": password}

    def clean(self) -> dict[str, Any]:
        if "username" in self.cleaned_data:
            self.cleaned_data["login"] = self.cleaned_data["username"]
        return super().clean()


class NewPasswordForm(PasswordChangeForm):
    """Says what makes a password strong in one sentence."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _(
            "At least 12 characters, not like your name, and none that many people "
            "use. Four or five words in a row are strong and easy to remember."
        )


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label = _("Name")
        name.help_text = _("So that you know it again, for example: my laptop.")
        alone.label = _("Sign in with this passkey alone, without a password")
        alone.help_text = _("It must then ask for a PIN, a fingerprint or your face.")


def written(code: forms.Field) -> None:
    """A code is read from another screen: figures, and no suggestions."""
    code.label = _("Code")
    code.widget.attrs = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "autofocus": True,
    }


class CodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        written(self.fields["code"])


class ConfirmByCodeForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        written(self.fields["code"])


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        written(self.fields["code"])


class ConfirmByPasswordForm(ByPassword):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs.pop("placeholder", None)
