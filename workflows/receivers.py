"""What workflows does when Django tells of something."""

from workflows.services import catalogue, delegating


def load_catalogue(**kwargs: object) -> None:
    """After each migration: the question catalogue and the delegation table that ship
    with the product."""
    catalogue.load_shipped()
    delegating.load_shipped()
