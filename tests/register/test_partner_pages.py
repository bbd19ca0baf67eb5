"""Partners: the list, one of them, adding, mending, and searching while one types."""

import re
from html import unescape

import pytest
from django.urls import reverse

from register.models import Cooperation, Partner
from tests.factories import register as r
from tests.factories import workflows as w
from tests.register.rows import plain_row

pytestmark = pytest.mark.once

LIST = reverse("register:partner-list")
SEARCH = reverse("register:partner-search")
ADD = reverse("register:partner-add")
ROR = "048a87296"  # Uppsala's, whose check digits fit
WHOLE = {
    "name": "Universitetet i Uppsala",
    "country": "SE",
    "city": "Uppsala",
    "kind": "university",
    "website": "https://www.uppsala.example",
    "names_local": "Uppsala universitet",
    "names_english": "Uppsala University\nUppsala Univ.",
    "names_former": "",
    "names_short": "UU",
    "ror": f"https://ror.org/{ROR}",
    "erasmus": "S UPPSALA01, s uppsala02",
    "pic": "999985029",
    "lei": "",
    "no_org": "",
}


def names_in(html):
    return re.findall(r'<div><(?:a href="[^"]+"|strong)>([^<]+)<', html)


def typed(html):
    """What the form holds: the value of every field by name."""
    fields = re.findall(r'<input type="(?!hid)\w+" name="(\w+)" value="([^"]*)"', html)
    fields += re.findall(r'<textarea name="(\w+)"[^>]*>\s*([^<]*)</textarea>', html)
    for name, options in re.findall(
        r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL
    ):
        fields += [(name, v) for v in re.findall(r'value="(\w*)" selected', options)]
    return {name: unescape(value) for name, value in fields if value}


def test_the_list_is_by_name_and_counts_only_what_one_sees(cast, read):
    uppsala, aarhus = r.partner("Uppsala"), r.partner("Aarhus", country="DK")
    w.approved(cast, partner=uppsala)
    plain_row(cast, uppsala, aarhus)

    lists = [read(user, LIST) for user in (cast.proposer, cast.auditor)]

    counts = [re.findall(r'class="quiet">(\d+|None) ', html) for html in lists]
    assert names_in(lists[0]) == names_in(lists[1]) == ["Aarhus", "Uppsala"]
    assert counts == [["1", "2"], ["None", "1"]]


def test_the_list_pages_both_ways(cast, read):
    for each in range(51):
        r.partner(f"Partner {each:02}")

    first = read(cast.proposer, LIST)
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = read(cast.proposer, f"{LIST}{following}")
    back = re.search(r'rel="prev" href="([^"]+)"', second)[1].replace("&amp;", "&")

    assert names_in(first) == [f"Partner {each:02}" for each in range(50)]
    assert names_in(second) == ["Partner 50"]
    assert names_in(read(cast.proposer, f"{LIST}{back}")) == names_in(first)


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_list_asks_eight_times_however_many_partners(
    cast, browser, names_known, django_assert_num_queries, rows
):
    Partner.objects.bulk_create(
        Partner(name=f"P {each}", country_id="SE") for each in range(rows)
    )
    client = browser(cast.auditor)

    with django_assert_num_queries(8):
        client.get(LIST)


@pytest.mark.parametrize("bad", ["after=zzz", "q=%00", "q=" + "x" * 300])
def test_a_bad_address_shows_the_first_page(cast, read, bad):
    r.partner("Uppsala")

    assert names_in(read(cast.proposer, f"{LIST}?{bad}")) == ["Uppsala"]


def test_searching_finds_any_name_city_and_identifier_and_tells_what_is_known(
    cast, read
):
    partner = r.partner(
        "UiT Norges arktiske universitet",
        country="NO",
        city="Tromsø",
        names=[("former", "Universitetet i Tromsø")],
        identifiers={"no_org": "970422528"},
    )
    w.approved(cast, partner=partner)
    texts = ["tromso", "arktisk norges", "970422528", "UIT", "bergen", "", " "]

    found = {text: names_in(read(cast.auditor, f"{SEARCH}?q={text}")) for text in texts}
    html = read(cast.auditor, f"{SEARCH}?q=uit", **{"HX-Request": "true"})

    name = ["UiT Norges arktiske universitet"]
    assert found == dict.fromkeys(texts[:4], name) | {text: [] for text in texts[4:]}
    assert "We already know this partner: 1 cooperation<" in html
    assert f'type="submit" name="partner" value="{partner.public_id}"' in html
    assert "<html" not in html


def test_searching_shows_ten_at_most_and_says_that_there_are_more(cast, read):
    for each in range(11):
        r.partner(f"Institute {each:02}")

    html = read(cast.proposer, f"{SEARCH}?q=institute")

    assert len(names_in(html)) == 10
    assert "The first 10 are shown" in html


def test_a_partner_is_added_with_names_and_identifiers(cast, browser):
    response = browser(cast.proposer).post(ADD, WHOLE)

    partner = Partner.objects.get()
    assert response["Location"] == partner.get_absolute_url()
    assert (partner.name, partner.country_id) == (WHOLE["name"], "SE")
    assert set(partner.names.values_list("kind", "name")) == {
        ("local", "Uppsala universitet"),
        ("english", "Uppsala University"),
        ("english", "Uppsala Univ."),
        ("short", "UU"),
    }
    assert set(partner.identifiers.values_list("scheme", "value")) == {
        ("ror", ROR),
        ("erasmus", "S UPPSALA01"),
        ("erasmus", "S UPPSALA02"),
        ("pic", "999985029"),
    }


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "Give the partner a name."),
        ("country", "", "Choose the country the partner is in."),
        ("country", "XX", "Select a valid choice"),
        ("website", "not an address", "This is not a web address."),
        ("website", "javascript:alert(1)", "This is not a web address."),
        ("ror", "048a87297", "The check digits of this ROR id do not fit."),
        ("ror", "nonsense", "A ROR id looks like"),
        ("erasmus", "123", "An Erasmus code looks like"),
        ("pic", "12", "A PIC has nine digits."),
        ("lei", "529900T8BM49AURSDO56", "The check digits of this LEI do not fit."),
        ("no_org", "970422529", "This is not a Norwegian organisation number"),
        ("pic", "111111111", "“111111111” belongs to Taken AB, which is in"),
        ("names_local", "x" * 301, "at most 300 characters"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    cast, browser, field, value, sentence
):
    r.partner("Taken AB", identifiers={"pic": "111111111"})
    sent = WHOLE | {field: value}

    response = browser(cast.proposer).post(ADD, sent)

    html = response.content.decode()
    kept = {name: text.strip() for name, text in sent.items() if text.strip()}
    if field == "country":
        kept.pop("country", None)  # a list can hold only what is on it
    assert response.status_code == 422
    assert sentence in unescape(html)
    assert kept.items() <= typed(html).items()
    assert Partner.objects.count() == 1


def test_a_partner_is_mended_and_its_cooperations_are_found_by_the_new_name(
    cast, browser
):
    partner = r.partner("Old College", identifiers={"pic": "111111111"})
    row = plain_row(cast, partner, title="Ice")
    url = reverse("register:partner-edit", args=[partner.public_id])
    client = browser(cast.proposer)
    form = client.get(url).content.decode()
    sent = typed(form) | {"name": "New University", "names_former": "Old College"}

    response = client.post(url, sent)

    assert response["Location"] == partner.get_absolute_url()
    assert Cooperation.objects.get(pk=row.pk).search_text == (
        "ice new university old college 111111111"
    )
    assert typed(client.get(url).content.decode()) == sent


def test_mending_takes_away_what_was_taken_out(cast, browser):
    partner = r.partner(identifiers={"pic": "111111111"}, names=[("short", "P")])
    url = reverse("register:partner-edit", args=[partner.public_id])

    browser(cast.proposer).post(
        url, {"name": "P", "country": "SE", "kind": "company", "pic": "222222222"}
    )

    assert list(partner.identifiers.values_list("value", flat=True)) == ["222222222"]
    assert list(partner.names.all()) == []


def test_only_those_who_keep_partners_may_add_or_mend(cast, browser):
    partner = r.partner("Uppsala")
    edit = reverse("register:partner-edit", args=[partner.public_id])
    people = ("proposer", "officer", "leader", "auditor", "administrator")

    answers = {
        name: [
            browser(getattr(cast, name)).post(url, {"name": ""}).status_code
            for url in (ADD, edit)
        ]
        for name in people
    }

    assert answers == {
        name: [422, 422] if name in ("proposer", "officer") else [403, 403]
        for name in people
    }


def test_only_those_who_keep_partners_are_offered_to_mend_one(cast, read):
    url = r.partner("Uppsala").get_absolute_url()

    offered = [f"{url}edit/" in read(u, url) for u in (cast.proposer, cast.auditor)]

    assert offered == [True, False]


def test_one_partner_shows_its_names_and_the_cooperations_one_sees(cast, read):
    partner = r.partner(
        "Uppsala University",
        city="Uppsala",
        website="https://uu.example",
        names=[("local", "Uppsala universitet")],
        identifiers={"ror": ROR},
    )
    w.approved(cast, partner=partner, title="Running one")
    w.rejected(cast, partner=partner, title="Refused one")
    w.draft(cast, partner=partner, title="Draft one")

    pages = {
        name: read(getattr(cast, name), partner.get_absolute_url())
        for name in ("proposer", "auditor", "administrator")
    }

    titles = ["Running one", "Draft one", "Refused one"]
    seen = {name: re.findall(r">(\w+ one)</a>", html) for name, html in pages.items()}
    assert seen == {
        "proposer": titles,
        "auditor": ["Running one", "Refused one"],
        "administrator": [],
    }
    for fact in ("Uppsala universitet", ROR, "https://uu.example", "Uppsala, Sweden"):
        assert fact in pages["administrator"]
