"""Cases with a review date, and who was told what."""

from datetime import date

from notifications.models import Message
from register.models import Cooperation
from tests.factories import workflows as w
from workflows.models import Case


def with_review(cast, due: date | None, **facts) -> Case:
    """An approved case whose coming review is due that day."""
    return move_review(w.approved(cast, **facts), due)


def move_review(case: Case, due: date | None) -> Case:
    Cooperation.objects.filter(pk=case.pk).update(next_review_on=due)
    return w.fresh(case)


def told(**conditions) -> set[tuple[str, str]]:
    """(kind, first name) of every message; fails if one stands twice."""
    rows = [
        (message.kind, message.recipient.first_name)
        for message in Message.objects.filter(**conditions).select_related("recipient")
    ]
    assert len(rows) == len(set(rows))
    return set(rows)


def occasions(case: Case) -> list[str]:
    rows = Message.objects.filter(case=case, kind="review_due").order_by("id")
    return list(dict.fromkeys(rows.values_list("occasion", flat=True)))
