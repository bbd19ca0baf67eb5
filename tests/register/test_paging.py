"""Pages by key: each row once, in order, both ways, whatever is empty or equal."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db.models import F

from register.filters import ORDERS
from register.models import Cooperation
from register.paging import END, SIGNER, LostPlace, page
from tests.register.rows import plain_row

TODAY = date(2026, 3, 1)


@pytest.fixture
def rows(cast):
    """Nine rows: dates that repeat, dates that are missing, titles that repeat."""
    for place in range(9):
        day = TODAY + timedelta(days=place % 3) if place % 3 else None
        plain_row(
            cast,
            title=f"Title {place % 4}",
            number=f"2026/{place:04}" if place > 3 else None,
            next_review_on=day,
            ends_on=day,
            risk=place % 2,
        )
    return Cooperation.objects.values(
        "public_id",
        "title",
        "state",
        "risk",
        "number",
        "next_review_on",
        "ends_on",
        "last_event_at",
    )


def in_plain_order(rows, order):
    """What the database itself says, with empty values placed as the page promises."""
    first, *rest = (F(name) for name in (*order.columns, "pk"))
    if order.descending:
        keys = [first.desc(nulls_first=True), *(key.desc() for key in rest)]
    else:
        keys = [first.asc(nulls_last=True), *(key.asc() for key in rest)]
    return [row["public_id"] for row in rows.order_by(*keys)]


def forward(rows, order, size):
    pages = [page(rows, order, size=size)]
    while pages[-1].next:
        pages.append(page(rows, order, after=pages[-1].next, size=size))
    return pages


def backward(rows, order, size):
    pages = [page(rows, order, before=END, size=size)]
    while pages[0].previous:
        pages.insert(0, page(rows, order, before=pages[0].previous, size=size))
    return pages


def ids(*pages):
    return [row["public_id"] for each in pages for row in each.rows]


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3, 9, 10])
def test_going_forward_shows_every_row_once_in_order(rows, name, size):
    pages = forward(rows, ORDERS[name], size)

    assert ids(*pages) == in_plain_order(rows, ORDERS[name])


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("size", [1, 3])
def test_going_back_from_the_last_page_shows_every_row_once_in_order(rows, name, size):
    pages = backward(rows, ORDERS[name], size)

    assert ids(*pages) == in_plain_order(rows, ORDERS[name])


@pytest.mark.parametrize("name", ORDERS)
def test_next_and_then_previous_comes_back(rows, name):
    pages = forward(rows, ORDERS[name], 3)

    for here, there in pairwise(pages):
        back = page(rows, ORDERS[name], before=there.previous, size=3)
        assert ids(back) == ids(here)


@pytest.mark.parametrize("name", [name for name in ORDERS if name[0] != "-"])
def test_one_direction_is_the_other_reversed(rows, name):
    up, down = (in_plain_order(rows, ORDERS[each]) for each in (name, f"-{name}"))

    assert ids(*forward(rows, ORDERS[f"-{name}"], 4)) == down == up[::-1]


def test_going_back_to_the_beginning_shows_a_full_first_page(rows):
    order = ORDERS["title"]
    first = page(rows, order, size=4)
    second = page(rows, order, after=first.next, size=4)
    Cooperation.objects.filter(public_id=first.rows[0]["public_id"]).update(title="Z")

    back = page(rows, order, before=second.previous, size=4)

    assert len(back.rows) == 4
    assert back.previous == ""


def test_a_page_whose_rows_are_gone_is_the_first_page(rows):
    order = ORDERS["title"]
    first = page(rows, order, size=4)
    matching = rows.filter(title="Title 0")

    assert ids(page(matching, order, after=first.next, size=4)) == ids(
        page(matching, order, size=4)
    )


def test_no_rows_make_one_empty_page(rows):
    empty = page(rows.filter(title="?"), ORDERS["review"])

    assert (empty.rows, empty.previous, empty.next) == ([], "", "")


@pytest.mark.parametrize("text", ["x", "a:b", "%00", "9" * 4000, "e30:abc"])
def test_a_cursor_that_is_not_ours_is_refused(rows, text):
    with pytest.raises(LostPlace):
        page(rows, ORDERS["title"], after=text)


def test_a_cursor_of_another_order_is_refused(rows):
    cursor = page(rows, ORDERS["title"], size=2).next

    with pytest.raises(LostPlace):
        page(rows, ORDERS["review"], after=cursor)


def test_a_cursor_names_its_row_by_the_public_id_alone(rows):
    order = ORDERS["title"]
    first = page(rows, order, size=2)
    last = first.rows[-1]

    assert SIGNER.unsign_object(first.next) == [
        "title",
        [last["title"]],
        str(last["public_id"]),
    ]
