"""The first step of a new partnership: find the partner, or add it."""

import pytest

from register.choices import PartnerRole
from register.models import Cooperation, Partner
from tests.factories import register as r
from tests.factories.proposals import (
    START,
    bare_draft,
    page,
    text,
)
from workflows.models import Case

pytestmark = pytest.mark.once


@pytest.fixture
def proposer(cast, browser):
    return browser(cast.proposer)


@pytest.fixture
def partner(cast):
    return r.partner("Universitetet i Tromsø", country="NO", city="Tromsø")


def test_several_partners_can_be_chosen_and_taken_off(proposer, cast, partner):
    first = r.partner("Uppsala universitet")
    case = bare_draft(cast, partner=first)

    added = proposer.post(page(case, "partners"), {"partner": partner.public_id})
    assert added.url == page(case, "partners")
    assert set(case.partners.all()) == {first, partner}
    proposer.post(page(case, "partners"), {"remove": first.public_id})

    assert [(p.partner, p.role) for p in case.partnerships.all()] == [
        (partner, PartnerRole.PARTNER)
    ]


def test_a_partner_chosen_twice_is_there_once_without_an_event(proposer, cast):
    partner = r.partner()
    case = bare_draft(cast, partner=partner)

    proposer.post(page(case, "partners"), {"partner": partner.public_id})

    assert (case.partners.count(), case.events.count()) == (1, 1)


def test_a_partner_that_is_not_in_the_list_is_added_and_chosen(proposer):
    answer = proposer.post(
        "/new/partner/",
        {
            "name": "Université de Kivu",
            "country": "CD",
            "city": "Bukavu",
            "kind": "university",
            "website": "www.kivu.example",
            "scheme": "ror",
            "identifier": "https://ror.org/03yrm5c26",
        },
    )

    added = Partner.objects.get()
    assert answer.url == page(Case.objects.get(), "about")
    assert (added.name, added.country_id, added.city, added.website) == (
        "Université de Kivu",
        "CD",
        "Bukavu",
        "https://www.kivu.example",
    )
    assert [str(i) for i in added.identifiers.all()] == ["ROR 03yrm5c26"]


def test_what_was_searched_for_becomes_the_name_of_the_new_partner(proposer):
    form = proposer.get("/new/partner/", {"q": "Kivu"}).context["form"]

    assert form["name"].value() == "Kivu"


def test_likely_duplicates_are_shown_before_a_partner_is_added(proposer, partner):
    typed = {"name": "universitetet i TROMSO", "country": "NO", "kind": "university"}

    shown = proposer.post("/new/partner/", typed)
    assert shown.status_code == 409
    assert list(shown.context["alike"]) == [partner]
    assert shown.context["form"]["name"].value() == "universitetet i TROMSO"
    assert Partner.objects.count() == 1

    proposer.post("/new/partner/", typed | {"anyway": "yes"})
    assert Partner.objects.count() == 2


def test_the_same_name_in_another_country_is_no_duplicate(proposer, partner):
    typed = {"name": partner.name, "country": "SE", "kind": "university"}

    assert proposer.post("/new/partner/", typed).status_code == 302


def test_a_known_identifier_shows_whose_it_is(proposer):
    known = r.partner("Kivu", country="CD", identifiers={"ror": "03yrm5c26"})
    typed = {"name": "Other", "country": "FR", "kind": "other", "scheme": "ror"}
    typed["identifier"] = "03yrm5c26"

    shown = proposer.post("/new/partner/", typed)
    insisted = proposer.post("/new/partner/", typed | {"anyway": "yes"})

    assert list(shown.context["alike"]) == [known]
    assert insisted.status_code == 422
    assert "Another partner in the register already has this identifier." in text(
        insisted
    )
    assert list(Partner.objects.all()) == [known]


def test_a_partner_must_be_chosen(proposer):
    answer = proposer.post(START, {"partner": ""})

    assert answer.status_code == 422
    assert "Choose a partner from the list, or add it to the register." in text(answer)
    assert not Cooperation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "Give the partner a name."),
        ("country", "", "Choose the country the partner is in."),
        ("country", "XX", "Select a valid choice. XX is not one of the available"),
        ("website", "not an address", "This is not a web address. One looks like"),
        (
            "identifier",
            "03yrm5c27",
            "The check digits of this ROR id do not fit. Copy it again from ror.org.",
        ),
        ("identifier", "12", "A ROR id looks like 03yrm5c26: nine signs that begin"),
    ],
)
def test_a_new_partner_is_refused_and_what_was_typed_is_kept(
    proposer, field, value, sentence
):
    typed = {"name": "Kivu", "country": "CD", "city": "Bukavu", "kind": "other"}
    typed |= {"scheme": "ror", field: value}

    answer = proposer.post("/new/partner/", typed)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert answer.context["form"]["city"].value() == "Bukavu"
    assert answer.context["form"][field].value() == value
    assert not Partner.objects.exists()


def test_the_search_works_without_javascript(proposer, partner):
    answer = proposer.get(START, {"q": "tromso"})

    button = f'name="partner" value="{partner.public_id}"'
    assert button in text(answer)
    assert button not in text(proposer.get(START, {"q": "nowhere"}))


def test_a_long_partner_name_fits_into_the_working_title(proposer):
    long = r.partner("A" * 300)

    proposer.post(START, {"partner": long.public_id})

    assert len(Case.objects.get().title) == 300
