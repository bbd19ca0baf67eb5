from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from register.signals import access_changed
from workflows.signals import case_moved


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from notifications import checks, receivers  # noqa: F401, PLC0415  app ready

        case_moved.connect(receivers.tell, dispatch_uid="notifications.tell")
        access_changed.connect(
            receivers.tell_of_access, dispatch_uid="notifications.tell_of_access"
        )
