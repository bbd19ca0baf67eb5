from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from register.choices import Role


class SignInConfig(AppConfig):
    name = "config.sign_in"
    verbose_name = _("Sign-in")

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in  # noqa: PLC0415  app ready
        from allauth.mfa.signals import authenticator_removed  # noqa: PLC0415

        from config.sign_in import gates  # noqa: PLC0415

        refuse_unknown_roles(settings.SECOND_FACTOR_ROLES)
        user_logged_in.connect(gates.begin_watching, dispatch_uid="sign_in.seen")
        authenticator_removed.connect(
            gates.ask_for_factor_again, dispatch_uid="sign_in.removed"
        )


def refuse_unknown_roles(names: list[str]) -> None:
    """A role that is misspelt would need no second factor, and nobody would notice."""
    if unknown := sorted(set(names) - set(Role.values)):
        raise ImproperlyConfigured(
            f"MIDTVEIS_SECOND_FACTOR_ROLES names {', '.join(unknown)}. "
            f"Write some of {', '.join(Role.values)}."
        )
