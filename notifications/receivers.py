"""The only place that listens to workflows and to the register."""

from notifications import tasks
from notifications.kinds import ACCESS_KIND_OF, MAY_BE_TOLD
from notifications.services import announcing


def tell(*, event_id: int, verb: str, **kwargs: object) -> None:
    """A case moved: write the messages now; the sweep would find it otherwise."""
    if verb in MAY_BE_TOLD and announcing.announce(event_id=event_id):
        tasks.wake()


def tell_of_access(*, event_id: int, verb: str, **kwargs: object) -> None:
    """Who may do what has changed: those whom it is about are told."""
    if verb in ACCESS_KIND_OF and announcing.announce_access(event_id=event_id):
        tasks.wake()
