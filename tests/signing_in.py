"""Sessions that were confirmed just now, or long ago, or never."""

import time

from django.test import Client

LATER = 10 * 365 * 86_400  # tests move the clock; a confirmation is to outlive that


def confirmed(client: Client, *, ago: float = -LATER, **how: object) -> None:
    """As if whoever is signed in had given their password `ago` seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - ago} | how
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
