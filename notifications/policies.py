"""Who may see what was sent. Pure predicates."""

from typing import TYPE_CHECKING

from register.choices import Role

if TYPE_CHECKING:
    from register.models import User


def may_operate(user: "User") -> bool:
    """See which mails were sent and which failed, and send one again."""
    return user.holds(Role.SYSTEM_ADMINISTRATOR)
