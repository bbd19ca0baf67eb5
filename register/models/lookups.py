"""How the database is asked, where Django knows no word for it."""

from typing import Any

from django.db.models import BigAutoField
from django.db.models.lookups import In


@BigAutoField.register_lookup
class Among(In):
    """`in` for the few keys that a statement of its own finds.

    PostgreSQL then follows the index to each of them, also where it is one of several
    ways to a row; with IN it would read every row and compare.
    """

    lookup_name = "among"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        if connection.vendor == "postgresql":
            return f"= ANY(ARRAY{rhs})"
        return super().get_rhs_op(connection, rhs)
