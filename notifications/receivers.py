"""The only place that listens to workflows."""

from notifications import tasks
from notifications.services import announcing


def tell(*, event_id: int, **kwargs: object) -> None:
    """A case moved: write the messages now; the sweep would find it otherwise."""
    if announcing.announce(event_id=event_id):
        tasks.wake()
