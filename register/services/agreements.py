"""Write down an agreement. Called by workflows, which lock, check and record."""

from typing import Any

from register.models import Agreement, Cooperation


def register_agreement(cooperation: Cooperation, **facts: Any) -> Agreement:
    """Raises ValidationError when a fact breaks a rule."""
    agreement = Agreement(**facts)
    agreement.full_clean()
    agreement.save()
    agreement.cooperations.add(cooperation)
    return agreement
