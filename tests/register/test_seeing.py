"""Who knows of which cooperation: the condition on all rows and its twin for one row
say the same, and it costs nobody more than somebody who sees everything."""

import pytest
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from bench import crowd
from register import policies, queries
from register.choices import Role
from register.models import Cooperation, NamedReader, Unit, User
from tests.factories import register as r
from tests.register.rows import plain_row

URL = reverse("register:cooperation-list")


@pytest.fixture
def people(db):
    """A mixed register of two universities, and one of each kind of person."""
    crowd.fill(640)
    home = Unit.objects.filter(kind="department").order_by("pk")[0]
    names = ["overseer", f"officer{home.pk}", f"proposer{home.pk}-0"]
    users = User.objects.filter(username__in=[*names, "reader", "nobody"])
    return [
        *users,
        r.person_with(Role.UNIT_LEADER, home.parent),
        r.person_with(Role.SYSTEM_ADMINISTRATOR, home),
    ]


def twins_differ(people):
    """(who, which condition) where the many rows and the one row disagree."""
    rows = Cooperation.objects.select_related("unit").prefetch_related("other_units")
    everything = list(rows)
    named = set(NamedReader.objects.values_list("cooperation", "user"))
    for row in everything:
        row.readers = frozenset(
            user.pk for user in people if (row.pk, user.pk) in named
        )
    twins = [
        (queries.visible_to, policies.may_see),
        (queries.readable_by, policies.may_read),
    ]
    return [
        (user.username, one.__name__)
        for user in people
        for condition, one in twins
        if set(rows.filter(condition(user)).values_list("pk", flat=True))
        != {row.pk for row in everything if one(user, row)}
    ]


def test_the_twins_agree_on_every_row_for_every_kind_of_person(people, monkeypatch):
    assert twins_differ(people) == []
    assert len(people) == 7

    for forgotten in ("DRAFT", "RESTRICTED"):
        with monkeypatch.context() as broken:
            broken.setattr(queries, forgotten, Q(pk__in=[]))
            assert twins_differ(people), f"{forgotten} is forgotten and nobody sees it"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_restricted_no_more_than_the_overseer(
    cast, browser, names_known, django_assert_num_queries, rows
):
    """Each finds the same rows in a way of their own, and for as many statements."""
    crowd.lift_the_guard()
    home = cast.department
    people = {
        "overseer": cast.auditor,
        "leader of the unit": cast.leader,
        "leader of a unit it is shared with": r.person_with(
            Role.UNIT_LEADER, cast.other_department
        ),
        "proposer": r.person_with(Role.PROPOSER, home),
        "responsible": r.person(unit=home),
        "named": r.person(unit=cast.faculty),
    }
    for number in range(rows):
        row = plain_row(
            cast,
            r.partner(),
            state="proposed",
            number=f"2026/{number}",
            proposer=people["proposer"],
            responsible=people["responsible"],
        )
        row.other_units.add(cast.other_department)
        row.named_readers.create(
            user=people["named"], named_by=cast.leader, named_at=row.last_event_at
        )

    for who, user in people.items():
        client = browser(user)
        with django_assert_num_queries(8):
            html = client.get(URL).content.decode()
        assert html.count("card-title") == rows, who


def looked_up(rows):
    """Whether SQLite goes to the cooperations by indexes that lead to a person's own,
    rather than reading all of them through."""
    with connection.cursor() as cursor:
        sql, values = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        steps = [step for *_keys, step in cursor.fetchall()]
    return not any(step.startswith("SCAN register_cooperation") for step in steps)


def test_sqlite_looks_up_the_little_and_reads_the_much_in_order(cast):
    if connection.vendor != "sqlite":
        return  # PostgreSQL's plans are held by test_search_plans
    people = [
        r.person(),
        r.person_with(Role.PROPOSER, cast.department),
        cast.leader,
        cast.officer,
        cast.auditor,
    ]
    r.unit(parent=cast.faculty)
    r.unit(parent=cast.faculty)

    pages = [queries.cooperations_visible_to(user)[:51] for user in people]

    assert [looked_up(page) for page in pages] == [True, True, True, False, False]
