"""Recording that a partner was looked for in a list, through its page."""

from datetime import date

import pytest
from django.urls import reverse

from register.choices import ReferenceKind
from register.clock import local_today
from register.models import Screening
from register.services import indicators
from tests.factories import register as r


@pytest.fixture
def edition(cast):
    return indicators.load_edition(
        actor=cast.adviser,
        kind=ReferenceKind.SANCTIONS_LIST,
        source="EU",
        edition="2026-11",
        published_on=date(2026, 11, 1),
        rows=[],
    )


def page(partner):
    return reverse("register:screening-add", args=[partner.public_id])


def given(edition, **more):
    return {
        "edition": edition.pk,
        "searched_name": "Nordby AS",
        "result": "no-match",
        "screened_on": local_today().isoformat(),
        "note": "",
    } | more


@pytest.mark.parametrize("who", ["officer", "adviser", "specialist", "administrator"])
def test_those_who_keep_reference_data_record_a_screening(cast, browser, edition, who):
    partner, person = r.partner("Nordby"), getattr(cast, who)

    answer = browser(person).post(page(partner), given(edition))

    assert answer.url == partner.get_absolute_url()
    (told,) = Screening.objects.all()
    assert (told.partner, told.edition, told.result, told.screened_by) == (
        partner,
        edition,
        "no-match",
        person,
    )
    shown = browser(person).get(partner.get_absolute_url()).content.decode()
    assert "EU, 2026-11 · Nordby AS" in shown


@pytest.mark.parametrize("who", ["proposer", "decider", "auditor"])
def test_others_neither_record_nor_read_them(cast, browser, edition, who):
    partner = r.partner("Nordby")
    browser(cast.officer).post(page(partner), given(edition))
    client = browser(getattr(cast, who))

    assert client.get(page(partner)).status_code == 403
    assert client.post(page(partner), given(edition)).status_code == 403
    assert "Nordby AS" not in client.get(partner.get_absolute_url()).content.decode()
    assert Screening.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "kept"),
    [
        ({"result": "match-high"}, "Nordby AS"),  # not of this kind of list
        ({"screened_on": "2062-01-01"}, "2062-01-01"),
        ({"searched_name": " "}, "no-match"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(cast, browser, edition, wrong, kept):
    partner = r.partner("Nordby")

    answer = browser(cast.officer).post(page(partner), given(edition, **wrong))

    assert answer.status_code == 422
    assert "Please look at this before you go on" in answer.content.decode()
    assert kept in answer.content.decode()
    assert not Screening.objects.exists()
