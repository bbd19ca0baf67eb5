"""The register page follows indexes on PostgreSQL, at a size where that matters."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from register.choices import Role
from register.filters import ORDERS
from register.models import Cooperation, Partner
from register.paging import Cursor
from register.queries import (
    cooperations_matching,
    cooperations_visible_to,
    partners_matching,
)
from tests.factories import register as r

pytestmark = pytest.mark.postgres
START = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def twenty_thousand(cast):
    Cooperation.objects.bulk_create(
        [
            Cooperation(
                title=f"Title {each}",
                unit=cast.department,
                proposer=cast.proposer,
                responsible=cast.proposer,
                number=f"2020/{each:05}" if each % 2 else None,
                ends_on=START.date() + timedelta(days=each) if each % 2 else None,
                next_review_on=START.date() + timedelta(days=each % 900),
                risk=each % 5,
                last_event_at=START + timedelta(minutes=each),
                search_text=f"title {each} uppsala {each * 7919}",
            )
            for each in range(20_000)
        ],
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('register_cooperation_search')")
        cursor.execute("ANALYZE register_cooperation")
    return Cooperation.objects.order_by("last_event_at")


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def plan_of(rows):
    return list(nodes(json.loads(rows.explain(format="json"))[0]["Plan"]))


def indexes_of(rows):
    return {node.get("Index Name") for node in plan_of(rows)} - {None}


def deep_page(order):
    """The second half of the register in this order, as a page in its middle asks."""
    middle = order.sort(Cooperation.objects.all())[10_000]
    values = [getattr(middle, column) for column in order.columns]
    start = Cursor(values, str(middle.public_id))
    return next(order.stretches(Cooperation.objects.all(), start))[:51]


def test_no_deep_page_and_no_search_reads_the_whole_register(twenty_thousand):
    pages = {name: deep_page(order) for name, order in ORDERS.items()}
    searches = {
        text: cooperations_matching(Cooperation.objects.order_by(), text)
        for text in ("15838", "uppsala 15838")
    }

    whole = {
        name
        for name, rows in (pages | searches).items()
        if any(node["Node Type"] == "Seq Scan" for node in plan_of(rows))
    }

    assert whole == set()
    assert {frozenset(indexes_of(rows)) for rows in searches.values()} == {
        frozenset({"register_cooperation_search"})
    }


def test_a_page_for_somebody_who_sees_little_goes_to_that_alone(twenty_thousand, cast):
    """Also for the leader of a unit that has nothing, where nothing is open."""
    nothing = r.unit(parent=r.unit(parent=r.unit("Elsewhere College")))
    people = [r.person(), r.person_with(Role.UNIT_LEADER, nothing)]

    for user in people:
        page = cooperations_visible_to(user).order_by("-last_event_at", "-pk")[:51]
        plan = plan_of(page)

        assert "cooperation_by_change" not in indexes_of(page)
        assert not [
            node
            for node in plan
            if node["Node Type"] == "Seq Scan"
            and node["Relation Name"] == "register_cooperation"
        ]


def test_searching_for_a_partner_follows_the_trigram_index(cast):
    Partner.objects.bulk_create(
        Partner(name=f"P {each}", country_id="SE", search_text=f"p {each * 7919}")
        for each in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('register_partner_search')")
        cursor.execute("ANALYZE register_partner")

    found = partners_matching("15838").order_by()

    assert "register_partner_search" in indexes_of(found)
