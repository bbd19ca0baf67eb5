from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "register"
    verbose_name = _("Register")

    def ready(self) -> None:
        from register import checks, receivers  # noqa: F401, PLC0415  app ready

        post_migrate.connect(
            receivers.load_reference_data,
            sender=self,
            dispatch_uid="register.reference",
        )
