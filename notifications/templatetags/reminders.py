"""What a case page tells about its reminders."""

from datetime import date

from django import template

from notifications import deadlines
from notifications.choices import Kind
from notifications.kinds import CATALOGUE
from register.clock import local_today
from workflows.models import Case

register = template.Library()


@register.simple_tag
def next_reminder(case: Case) -> date | None:
    """The day on which the next midway reminder is planned, or None."""
    due = case.next_review_on
    if due is None or case.state not in CATALOGUE[Kind.REVIEW_DUE].states:
        return None
    return deadlines.next_on(local_today(), due)
