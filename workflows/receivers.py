"""What workflows does when Django tells of something."""

from workflows.services import catalogue


def load_catalogue(**kwargs: object) -> None:
    """After each migration: the question catalogue that ships with the product."""
    catalogue.load_shipped()
