"""The only place that listens to workflows."""

from notifications import tasks
from notifications.kinds import KIND_OF
from notifications.services import announcing


def tell(*, event_id: int, verb: str, **kwargs: object) -> None:
    """A case moved: write the messages now; the sweep would find it otherwise."""
    if verb in KIND_OF and announcing.announce(event_id=event_id):
        tasks.wake()
