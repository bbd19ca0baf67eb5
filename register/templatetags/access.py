"""Words of the pages about access."""

from datetime import date
from typing import Any

from django import template
from django.utils import formats

from register.choices import Role

register = template.Library()


@register.filter
def role_label(value: str) -> Any:
    return dict(Role.choices).get(value, value)


@register.filter
def told_day(value: str) -> str:
    """An ISO day of the trace, as the reader writes days."""
    return formats.date_format(date.fromisoformat(value)) if value else ""


@register.filter
def depth(path: str) -> int:
    """How deep in the tree a unit stands; the institution at 0."""
    return path.count(".") - 1
