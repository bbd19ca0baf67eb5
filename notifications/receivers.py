"""The only place that listens to workflows."""

from notifications import tasks
from notifications.kinds import MAY_BE_TOLD
from notifications.services import announcing


def tell(*, event_id: int, verb: str, **kwargs: object) -> None:
    """A case moved: write the messages now; the sweep would find it otherwise."""
    if verb in MAY_BE_TOLD and announcing.announce(event_id=event_id):
        tasks.wake()
