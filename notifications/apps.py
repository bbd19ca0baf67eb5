from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from workflows.signals import case_moved


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from notifications import checks, receivers  # noqa: F401, PLC0415  app ready

        case_moved.connect(receivers.tell, dispatch_uid="notifications.tell")
