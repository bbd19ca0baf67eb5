"""What the register does when Django tells of something."""

from register.services import reference


def load_reference_data(**kwargs: object) -> None:
    """After each migration: the code lists that ship with the product."""
    reference.load_countries()
    reference.load_fields_of_science()
