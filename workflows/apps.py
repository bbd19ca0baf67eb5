from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("Cases")

    def ready(self) -> None:
        from workflows import receivers  # noqa: PLC0415  app ready

        post_migrate.connect(
            receivers.load_catalogue, sender=self, dispatch_uid="workflows.catalogue"
        )
