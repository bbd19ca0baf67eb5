"""What every page knows without asking: whose site this is and where one can go."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.queries import unread_count
from register.models import User
from register.policies import may_import, may_propose


class Place(NamedTuple):
    """One entry of the main navigation."""

    label: str
    url: str
    is_current: bool
    count: int


def everybody(user: User) -> bool:
    return True


def in_embedded_mode(user: User) -> bool:
    return settings.EMBEDDED


# label, URL name, who sees it
PLACES: list[tuple[str, str, Callable[[User], bool]]] = [
    (_("My work"), "workflows:my-work", everybody),
    (_("Register"), "register:cooperation-list", everybody),
    (_("Partners"), "register:partner-list", everybody),
    (_("Import"), "register:import-list", may_import),
    (_("Inbox"), "notifications:inbox", everybody),
    (_("Outbox"), "notifications:outbox", in_embedded_mode),
]
COUNTS: dict[str, Callable[[User], int]] = {"notifications:inbox": unread_count}


def navigation(request: HttpRequest) -> list[Place]:
    """The places this person may go; a stranger has none."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [
        place(request, label, name) for label, name, may_see in PLACES if may_see(user)
    ]


def place(request: HttpRequest, label: str, name: str) -> Place:
    url = reverse(name)
    is_current = request.path == url or (url != "/" and request.path.startswith(url))
    count = COUNTS[name](request.user) if name in COUNTS else 0
    return Place(label, url, is_current, count)


def site(request: HttpRequest) -> dict[str, object]:
    """The last two are computed only where a template shows them."""
    return {
        "site_name": "Midtveis",
        "institution": settings.INSTITUTION,
        "embedded": settings.EMBEDDED,
        "navigation": partial(navigation, request),
        "may_propose": lambda: may_propose(request.user),
    }
