"""For operators: what could not be sent and why, and a way to send it again.

Nothing of the case is shown but its number: an administrator has no access to cases.
"""

from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import tasks
from notifications.models import Message
from notifications.policies import may_operate
from notifications.services import delivering
from register.choices import Confidentiality
from register.models import User


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    list_display = (
        *("created_at", "kind", "case_number", "recipient"),
        *("state", "attempts", "next_try_at", "error"),
    )
    list_filter = ("state", "kind")
    list_select_related = ("case", "recipient")
    fields = (
        *("kind", "case_number", "recipient", "due_on", "created_at", "state"),
        *("attempts", "next_try_at", "sent_at", "error"),
    )
    actions = ("send_again",)

    @admin.display(description=gettext_lazy("case number"))
    def case_number(self, message: Message) -> str:
        """A restricted case is not told of by its number either."""
        case = message.case
        if case is None or case.confidentiality == Confidentiality.RESTRICTED:
            return ""
        return case.number or ""

    @admin.action(description=gettext_lazy("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        actor = cast(User, request.user)
        count = delivering.resend(messages=queryset, actor=actor)
        tasks.wake()
        text = _("%(count)d failed messages are being sent again.") % {"count": count}
        messages.success(request, text)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_operate(request.user)

    def has_view_permission(
        self, request: HttpRequest, obj: Message | None = None
    ) -> bool:
        return may_operate(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Message | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Message | None = None
    ) -> bool:
        return False
