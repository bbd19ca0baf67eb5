"""What the trace of access says, as plain rows."""

from register.models import AccessEvent


def traced() -> list[tuple]:
    """(verb, actor, person, unit, told) of every change, in order."""
    rows = AccessEvent.objects.order_by("pk")
    return list(rows.values_list("verb", "actor", "person", "unit", "told"))
