from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignInConfig(AppConfig):
    name = "config.sign_in"
    verbose_name = _("Sign-in")

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in  # noqa: PLC0415  app ready
        from allauth.mfa.signals import authenticator_removed  # noqa: PLC0415

        from config.sign_in import gates  # noqa: PLC0415

        user_logged_in.connect(gates.begin_watching, dispatch_uid="sign_in.seen")
        authenticator_removed.connect(
            gates.ask_for_factor_again, dispatch_uid="sign_in.removed"
        )
