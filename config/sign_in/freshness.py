"""When somebody last showed that it is them."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest

# A sign-in at the institution of which its own clock says that it is new.
AT_INSTITUTION = "institution"
# Allauth notes each return from the institution so, also one that asked for nothing.
PERHAPS_OLD = "socialaccount"


def is_fresh(request: HttpRequest) -> bool:
    """Did this person, in this session, lately give a password, a code, a passkey, or
    sign in at the institution anew? A session that recorded nothing is not fresh."""
    oldest = time.time() - settings.FRESH_MINUTES * 60
    return any(
        record["at"] > oldest
        for record in get_authentication_records(request, request.user)
        if record["method"] != PERHAPS_OLD
    )


def confirm_at_institution(request: HttpRequest, user: object) -> None:
    record_authentication(request, user, AT_INSTITUTION, reauthenticated=True)
