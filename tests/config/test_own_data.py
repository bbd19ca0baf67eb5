"""Everything kept about oneself: on one page and as the same file, for oneself only."""

import json

import pytest

from register.clock import local_today
from register.models import NamedReader, User
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.services.own_data import own_data

pytestmark = pytest.mark.django_db
PAGE, FILE = "/access/me/", "/access/me/file/"


@pytest.fixture
def case(cast):
    w.ask_nothing()
    return w.quickly_asked(cast, title="Ice cores of the north")


def test_a_person_reads_what_is_kept_about_them_and_takes_it_along(cast, browser, case):
    client = browser(cast.officer)
    html = client.get(PAGE).content.decode()
    answer = client.get(FILE)
    told = json.loads(answer.content)

    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert set(told) == {
        *("person", "roles", "deputies", "cases", "declarations", "readings"),
        "messages",
    }
    assert told["person"]["email"] == cast.officer.email
    assert told["roles"] == [
        {
            "role": "Case officer",
            "unit": "Fjordheim University",
            "from": local_today().isoformat(),
            "until": None,
            "given_by": "",
        }
    ]
    assert told["cases"] == [
        {"number": case.number, "title": case.title, "as": ["Acted on it"]}
    ]
    assert [row["conflict"] for row in told["declarations"]] == [False]
    for word in (cast.officer.email, case.title, "Case officer"):
        assert word in html


def test_a_case_that_is_no_longer_seen_is_not_told(cast, case):
    reader = r.person("Rune Reader")
    named = NamedReader.objects.create(
        cooperation_id=case.pk,
        user=reader,
        named_by=cast.officer,
        named_at=case.created_at,
    )
    assert [row["as"] for row in own_data(reader)["cases"]] == [["Named reader"]]

    named.ended_at = case.created_at
    named.save()

    assert own_data(User.objects.get(pk=reader.pk))["cases"] == []


def test_a_stranger_signs_in_first(client, db):
    for page in (PAGE, FILE):
        assert client.get(page).status_code == 302
