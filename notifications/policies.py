"""Who may see what was sent. Pure predicates."""

from typing import TYPE_CHECKING

from register.choices import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from register.models import User


def may_operate(user: "User | AnonymousUser") -> bool:
    """See which mails were sent and which failed, and send one again."""
    return user.is_authenticated and user.holds(Role.SYSTEM_ADMINISTRATOR)
