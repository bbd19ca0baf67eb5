"""The register page: filters, chips, sorting, pages, and what a bad address does."""

import re
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.urls import reverse

from register import queries
from register.choices import CaseType, Flag
from register.clock import local_today
from register.filters import SORTS
from register.models import Cooperation
from register.services import agreements
from tests.factories import register as r
from tests.factories import workflows as w
from tests.register.rows import plain_row
from tests.workflows.listing import csv_file, imported
from workflows.models import Case

URL = reverse("register:cooperation-list")
TODAY = local_today()
TITLE = re.compile(r'card-title"><a href="[^"]+">([^<]+)</a>')


def titles(html):
    return TITLE.findall(html)


def old_list(cast, title, partner):
    """What came into the register by a list of old cooperations."""
    row = f"1;{title};;;{partner.name};{partner.country_id};"
    imported(cast, csv_file(row), unit=cast.other_department)
    return Case.objects.get(legacy=True)


@pytest.fixture
def world(cast):
    """Four cases; the fish is overdue, lapsed, from before the register, at home."""
    uppsala = r.partner("Uppsala University", country="SE")
    tromso = r.partner("UiT Tromsø", country="NO")
    nairobi = r.partner("University of Nairobi", country="KE")
    made = {
        "sea": w.approved(cast, title="Marine climate", partner=uppsala),
        "fish": old_list(cast, "Kunnskapssamarbeid om fisk", tromso),
        "ice": w.proposed(
            cast, title="Ice cores", partner=nairobi, case_type=CaseType.EDUCATION
        ),
        "idea": w.rejected(
            cast, title="Old idea", partner=uppsala, given={"EXP_1": "yes"}
        ),
    }
    for name, facts in {
        "sea": {"next_review_on": TODAY + timedelta(days=45)},
        "fish": {
            "next_review_on": TODAY - timedelta(days=1),
            "starts_on": TODAY - timedelta(days=99),
            "ends_on": TODAY - timedelta(days=1),
        },
    }.items():
        Cooperation.objects.filter(pk=made[name].pk).update(**facts)
    agreements.register_agreement(made["sea"], kind="mou")
    return made


@pytest.fixture
def shown(world, cast, read):
    """`shown("state=approved")`: the titles that an auditor sees with that address."""

    def by(query):
        html = read(cast.auditor, f"{URL}?{query}")
        names = {case.title: name for name, case in world.items()}
        return {names[title] for title in titles(html)}

    return by


def test_each_filter_shows_exactly_what_it_names(world, cast, shown):
    everything = set(world)
    number = quote(world["ice"].number)
    uppsala = world["sea"].partners.get().public_id
    expected = {
        "": everything,
        "q=samarbeid": {"fish"},
        "q=TROMSO": {"fish"},
        "q=troms%C3%B8+fisk": {"fish"},
        f"q={number}": {"ice"},
        "q=%25": set(),
        "q=_": set(),
        "state=approved": {"sea", "fish"},
        "state=running": {"sea", "fish"},
        "state=ended": {"idea"},
        "country=SE": {"sea", "idea"},
        "country=NO": {"fish"},
        f"partner={uppsala}": {"sea", "idea"},
        "partner_name=uppsala": {"sea", "idea"},
        f"unit={cast.institution.pk}": everything,
        f"unit={cast.department.pk}": everything - {"fish"},
        f"unit={cast.other_department.pk}": {"fish"},
        "case_type=education": {"ice"},
        "risk=0": {"ice", "fish"},
        "due=30": {"fish"},
        "due=60": {"fish", "sea"},
        "flag=overdue": {"fish"},
        "flag=lapsed": {"fish"},
        "flag=not_assessed": {"fish"},
        "flag=legacy": {"fish"},
        "flag=partner_unnamed": {"fish"},
        "flag=no_agreement": everything - {"sea"},
        "flag=overdue&flag=legacy": {"fish"},
        "q=uppsala&state=approved&country=SE": {"sea"},
    }

    assert {query: shown(query) for query in expected} == expected


def test_a_badge_and_its_filter_follow_the_same_rule(world):
    everything = Cooperation.objects.all()
    cells = ("pk", "state", "risk", "next_review_on", "ends_on", "legacy")
    rows = list(everything.values(*cells))
    partners = queries.partners_by_cooperation([row["pk"] for row in rows])

    by_badge = {
        (row["pk"], flag)
        for row in rows
        for flag in queries.flags_of(row, partners[row["pk"]], TODAY)
    }

    by_filter = {
        (key, flag)
        for flag in set(Flag) - {Flag.NO_AGREEMENT}
        for key in everything.filter(queries.flagged(flag, TODAY)).values_list(
            "pk", flat=True
        )
    }
    assert by_badge == by_filter != set()


def test_a_unit_filter_finds_what_is_shared_with_the_unit(world, cast, shown):
    world["fish"].other_units.add(cast.department)

    assert shown(f"unit={cast.department.pk}") == set(world)


def test_a_row_shows_what_a_reader_looks_for(world, cast, read):
    html = read(cast.auditor, f"{URL}?q=fisk")
    row = re.sub(r"<[^>]+>", " ", html[html.index("<tbody") : html.index("</tbody")])

    words = " ".join(row.split())
    assert words.startswith(f"{world['fish'].number} Kunnskapssamarbeid om fisk")
    for part in [
        "UiT Tromsø, Norway · Department of Law",
        "Approved Review overdue Running after its end From before the register",
        "Partner abroad to be named",
    ]:
        assert part in words


def test_a_draft_is_its_proposers_alone(cast, read):
    w.draft(cast, title="Not yet")

    people = (cast.proposer, cast.leader, cast.officer, cast.auditor, cast.stranger)

    assert [titles(read(user, URL)) for user in people] == [["Not yet"], [], [], [], []]


@pytest.mark.parametrize(
    "query",
    [
        "state=flying",
        "risk=9",
        "risk=high",
        f"unit={9**30}",
        "unit=-1",
        "country=XX",
        "country=%27%3B--",
        "due=31",
        "case_type=%00",
        "partner=nobody",
        f"partner={uuid4()}",
        "partner=%00",
        "flag=late",
        "sort=colour",
        "q=%00",
        "partner_name=" + "x" * 300,
        "after=zzz",
        "before=%00",
        "after=WyJ4Il0:abc",
    ],
)
def test_what_is_not_understood_is_named_and_left_out(cast, read, query):
    plain_row(cast, title="Still here")

    html = read(cast.proposer, f"{URL}?{query}")

    assert titles(html) == ["Still here"]
    assert html.count('data-color="warning"') == 1
    assert 'class="chip"' not in html


def test_chips_name_what_is_active_and_each_takes_itself_away(cast, read):
    html = read(
        cast.proposer, f"{URL}?q=ice&state=&flag=overdue&flag=legacy&sort=title"
    )

    chips = re.findall(r'class="chip" href="([^"]+)">([^<]+) <', html)
    assert [(label, href.replace("&amp;", "&")) for href, label in chips] == [
        ("Search: ice", "?flag=overdue&flag=legacy&sort=title"),
        ("Review overdue", "?q=ice&flag=legacy&sort=title"),
        ("From before the register", "?q=ice&flag=overdue&sort=title"),
    ]


def test_the_heads_of_the_columns_sort_both_ways(cast, read):
    for title in ("B", "A", "C"):
        plain_row(cast, title=title)

    up = read(cast.proposer, f"{URL}?sort=title&q=")
    down = read(cast.proposer, f"{URL}?sort=-title")

    assert (titles(up), titles(down)) == (["A", "B", "C"], ["C", "B", "A"])
    assert 'aria-sort="ascending"><a href="?sort=-title">' in up
    assert 'aria-sort="descending"><a href="?sort=title">' in down
    assert up.count("aria-sort") == down.count("aria-sort") == 1


@pytest.mark.parametrize("sort", [order.name for order, _label in SORTS])
def test_every_order_pages_through_all_rows_once(cast, read, settings, sort):
    expected = {plain_row(cast, title=f"No. {each:03}").title for each in range(101)}

    found, query = [], f"sort={sort}"
    for _page in range(3):
        html = read(cast.proposer, f"{URL}?{query}")
        found += titles(html)
        following = re.search(r'rel="next" href="\?([^"]+)"', html)
        query = following[1].replace("&amp;", "&") if following else ""

    assert sorted(found) == sorted(expected)
    assert query == ""


def test_a_page_leads_to_the_first_previous_next_and_last(cast, read):
    for each in range(101):
        plain_row(cast, title=f"No. {each:03}")

    last = read(cast.proposer, f"{URL}?sort=title&before=end")
    previous = re.search(r'rel="prev" href="([^"]+)"', last)[1].replace("&amp;", "&")
    middle = read(cast.proposer, f"{URL}{previous}")

    assert titles(last) == [f"No. {each:03}" for each in range(51, 101)]
    assert titles(middle) == [f"No. {each:03}" for each in range(1, 51)]
    assert re.findall(r">(First|Previous page|Next page|Last)</a>", middle) == [
        "First",
        "Previous page",
        "Next page",
        "Last",
    ]
    assert re.findall(r">(First|Previous page|Next page|Last)</a>", last) == [
        "First",
        "Previous page",
    ]


def test_the_second_page_of_the_bare_register_leads_back_to_the_first(cast, read):
    for _row in range(51):
        plain_row(cast)

    first = read(cast.proposer, URL)
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = read(cast.proposer, f"{URL}{following}")

    assert re.findall(r'href="([^"]*)">First</a>', first + second) == ["?"]


def test_htmx_gets_the_results_alone_and_a_clean_address(cast, browser):
    plain_row(cast, title="Ice")

    response = browser(cast.proposer).get(
        f"{URL}?q=ice&state=&country=&risk=77&sort=-changed",
        headers={"HX-Request": "true"},
    )

    html = response.content.decode()
    assert titles(html) == ["Ice"]
    assert "<html" not in html
    assert "data-announce>1 cooperation<" in html
    assert response["HX-Push-Url"] == f"{URL}?q=ice"


def test_a_search_without_hits_says_what_to_do(cast, read):
    html = read(cast.proposer, f"{URL}?q=zzz")

    assert "Nothing matches" in html
    assert "0 cooperations" in html


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_page_asks_eight_times_however_many_rows(
    cast, browser, names_known, django_assert_num_queries, rows
):
    partners = [r.partner() for _ in range(3)]
    for _row in range(rows):
        plain_row(cast, *partners, proposer=cast.auditor)
    client = browser(cast.auditor)

    with django_assert_num_queries(8):
        response = client.get(f"{URL}?sort=title&q=ice")

    assert len(titles(response.content.decode())) == min(rows, 50)
