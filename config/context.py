"""What every page knows without asking: whose site this is and where one can go."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.policies import may_operate
from notifications.queries import unread_count
from register.models import User
from register.policies import (
    may_administer,
    may_import,
    may_keep_claim_rules,
    may_propose,
)
from workflows.policies import keeps_questions


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation."""

    label: str | Promise
    url: str
    is_current: bool
    count: int


def everybody(user: User) -> bool:
    return True


def keeps_the_outbox(user: User) -> bool:
    return settings.EMBEDDED and may_operate(user)


def keeps_claim_rules(user: User) -> bool:
    return bool(settings.OIDC_ISSUER) and may_keep_claim_rules(user)


# label, URL name, who sees it
PLACES: list[tuple[str | Promise, str, Callable[[User], bool]]] = [
    (_("My work"), "workflows:my-work", everybody),
    (_("Register"), "register:cooperation-list", everybody),
    (_("Partners"), "register:partner-list", everybody),
    (_("Import"), "workflows:import-list", may_import),
    (_("Questions"), "workflows:pack-list", keeps_questions),
    (_("Delegation"), "workflows:delegation-list", keeps_questions),
    (_("Access"), "register:people", may_administer),
    (_("Inbox"), "notifications:inbox", everybody),
    (_("Roles by claims"), "register:claim-list", keeps_claim_rules),
    (_("Outbox"), "notifications:outbox", keeps_the_outbox),
]
COUNTS: dict[str, Callable[[User], int]] = {"notifications:inbox": unread_count}


def navigation(request: HttpRequest) -> list[Place]:
    """The places this person may go; a stranger has none."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    seen = [
        (label, name, reverse(name)) for label, name, may_see in PLACES if may_see(user)
    ]
    here = nearest(request.path, [url for _label, _name, url in seen])
    return [
        Place(label, url, url == here, COUNTS[name](user) if name in COUNTS else 0)
        for label, name, url in seen
    ]


def nearest(path: str, urls: list[str]) -> str | None:
    """The place that a page belongs to: the longest address its own begins with."""
    around = [
        url for url in urls if path == url or (url != "/" and path.startswith(url))
    ]
    return max(around, key=len, default=None)


def proposes(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and may_propose(user)


def site(request: HttpRequest) -> dict[str, object]:
    """The last two are computed only where a template shows them."""
    return {
        "institution": settings.INSTITUTION,
        "embedded": settings.EMBEDDED,
        "navigation": partial(navigation, request),
        "may_propose": partial(proposes, request),
    }
