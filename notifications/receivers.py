"""The only place that listens to workflows."""


def tell(*, event_id: int, **kwargs: object) -> None:
    """A case moved: write the messages now; the sweep would find it otherwise."""
