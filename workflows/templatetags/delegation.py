"""The words of a delegation table."""

from collections.abc import Iterable
from typing import Any

from django import template

from register.choices import UnitKind
from workflows.models.recommendation import LEVELS
from workflows.policies.delegating import HEIGHT

register = template.Library()


@register.filter
def levels(kinds: Iterable[str]) -> str:
    """Kinds of units, the lowest first, in words."""
    known = set(kinds)
    return ", ".join(str(UnitKind(kind).label) for kind in HEIGHT if kind in known)


@register.filter
def level(kind: str) -> Any:
    """At which level somebody speaks or decides."""
    return dict(LEVELS).get(kind, kind)


@register.filter
def advisers(assessment: Any) -> str:
    """Who gave an opinion on it, and as what."""
    role = assessment.catalogue.pack.role
    return ", ".join(
        f"{role(one.role)}: {one.get_conclusion_display()} ({one.given_by})"
        for one in assessment.opinions_given
    )
