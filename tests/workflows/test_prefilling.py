"""What the reference data propose: shown with their edition, and nobody's answer before
a person has given it."""

import json
from datetime import date

import pytest
from django.urls import reverse

from register.choices import ReferenceKind
from register.clock import local_today
from register.services import indicators
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.models import Answer
from workflows.services import amending
from workflows.sheets import Sheet


@pytest.fixture
def threat(cast):
    """An edition that names Iran for research and Brazil in general."""
    return indicators.load_edition(
        actor=cast.adviser,
        kind=ReferenceKind.THREAT,
        source="PST",
        edition="2026",
        published_on=date(2026, 2, 5),
        rows=[("IR", "named-for-research", "p. 12"), ("BR", "named-in-general", "")],
    )


def proposed_to(case) -> dict[str, tuple[str, ...]]:
    """What stands chosen before anybody has answered, by question."""
    sheet = Sheet.of(w.fresh(case))
    found = {q.code: sheet.prefill_of(q) for q in sheet.scope.screen}
    return {code: one.options for code, one in found.items() if one}


@pytest.mark.parametrize(
    ("country", "option"),
    [("IR", "named-for-research"), ("BR", "named-in-general"), ("SE", "no")],
)
def test_the_newest_edition_proposes_what_it_says_of_the_country(
    cast, threat, country, option
):
    case = w.draft(cast, partner=r.partner(country=country))

    assert proposed_to(case) == {"CTY-1": (option,)}


def test_without_an_edition_nothing_is_proposed(cast):
    assert proposed_to(w.draft(cast)) == {}


def test_the_page_names_the_edition_and_nothing_is_stored(cast, threat, browser):
    case = w.draft(cast, partner=r.partner(country="IR"))

    page = browser(cast.proposer).get(
        reverse("workflows:proposal-questions", args=[case.public_id])
    )

    assert "PST, 2026" in page.content.decode()
    assert "It warns; you judge." in page.content.decode()
    assert not Answer.objects.exists()


def test_a_list_speaks_only_when_every_partner_was_screened(cast):
    edition = indicators.load_edition(
        actor=cast.adviser,
        kind=ReferenceKind.SANCTIONS_LIST,
        source="EU",
        edition="2026-11",
        published_on=date(2026, 11, 1),
        rows=[],
    )
    first, second = r.partner("Nordby"), r.partner("Sørby")
    case = w.draft(cast, partner=first)
    amending.amend(
        case_id=case.pk,
        actor=cast.proposer,
        partners=[(first, "partner"), (second, "partner")],
    )

    def screened(partner, result):
        indicators.record_screening(
            actor=cast.officer,
            partner=partner,
            edition=edition,
            searched_name=partner.name,
            result=result,
            screened_on=local_today(),
        )
        return proposed_to(case)

    assert screened(first, "no-match") == {}
    assert screened(second, "no-match") == {"SAN-1": ("no-match",)}
    assert screened(second, "possible-match") == {"SAN-1": ("possible-match",)}


def test_what_the_editions_said_is_frozen_with_the_assessment(cast, threat):
    case = w.assessed(cast, partner=r.partner(country="BR"))

    told = json.loads(case.last_assessment.snapshot)["indicators"]

    assert [row[:4] for row in told] == [
        ["threat-assessment", "named-in-general", "PST", "2026"]
    ]
