"""Rows for lists: many, quickly, without the story that brought them there."""

from datetime import UTC, datetime, timedelta
from itertools import count

from register.folding import fold
from register.models import Cooperation, CooperationPartner, Partner
from tests.factories.register import Cast

_minutes = count(1)


def plain_row(cast: Cast, *partners: Partner, **facts: object) -> Cooperation:
    """A cooperation as it stands in the register; each is a minute newer."""
    changed = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=next(_minutes))
    defaults = {
        "title": "Ice cores and climate",
        "unit": cast.department,
        "proposer": cast.proposer,
        "responsible": cast.proposer,
        "last_event_at": changed,
    }
    row = Cooperation(**defaults | facts)
    words = [row.number or "", row.title, *(p.search_text for p in partners)]
    row.search_text = fold(" ".join(words))
    row.save()
    CooperationPartner.objects.bulk_create(
        CooperationPartner(cooperation=row, partner=partner) for partner in partners
    )
    return row
