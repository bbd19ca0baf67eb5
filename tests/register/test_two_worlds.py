"""What somebody may not see leaves no trace: with or without it, every page that they
can open is the same, byte for byte."""

import pytest
from django.urls import reverse

from register.choices import Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.register.rows import plain_row

pytestmark = pytest.mark.once

REGISTER = reverse("register:cooperation-list")
PARTNERS = reverse("register:partner-list")
SEARCH = reverse("register:partner-search")


@pytest.fixture
def partner(cast):
    return r.partner("Uppsala University")


@pytest.fixture
def outsider(cast, partner):
    """Somebody at another university, with one case of their own with that partner."""
    unit = r.unit("Elsewhere College")
    user = r.person_with(Role.UNIT_LEADER, unit)
    plain_row(cast, partner, title="Ice", unit=unit, proposer=user, responsible=user)
    return user


def pages(read, user, partner):
    addresses = [
        REGISTER,
        f"{REGISTER}?q=ice",
        f"{REGISTER}?q=secret",
        f"{REGISTER}?q=2026",
        f"{REGISTER}?country=SE&state=running",
        f"{REGISTER}?sort=title&before=end",
        f"{REGISTER}?partner={partner.public_id}",
        f"{REGISTER}?flag=no_agreement",
        f"{REGISTER}?due=90",
        PARTNERS,
        f"{PARTNERS}?q=uppsala",
        f"{SEARCH}?q=uppsala",
        partner.get_absolute_url(),
    ]
    plain = {url: read(user, url) for url in addresses}
    by_htmx = {
        f"{url} by htmx": read(user, url, **{"HX-Request": "true"})
        for url in addresses[:-1]
    }
    return plain | by_htmx


def test_an_outsider_gets_the_same_pages_with_and_without_a_hidden_case(
    cast, read, outsider, partner
):
    without = pages(read, outsider, partner)
    hidden = w.approved(cast, title="Secret ice", partner=partner)

    assert pages(read, outsider, partner) == without
    assert hidden.title in read(cast.auditor, REGISTER)
    assert pages(read, cast.auditor, partner).keys() == without.keys()


def test_an_overseer_gets_the_same_pages_with_and_without_a_draft(
    cast, read, outsider, partner
):
    w.approved(cast, title="Ice", partner=partner)
    without = pages(read, cast.auditor, partner)
    w.draft(cast, title="Secret ice", partner=partner)

    assert pages(read, cast.auditor, partner) == without
    assert "Secret ice" in read(cast.proposer, REGISTER)


def test_the_system_administrator_sees_no_case_by_that_role(cast, read, partner):
    w.approved(cast, title="Secret ice", partner=partner)

    html = read(cast.administrator, REGISTER)

    assert ("Secret ice" in html, "0 cooperations" in html) == (False, True)


def test_somebody_whose_role_ended_gets_what_a_stranger_gets(cast, read, partner):
    w.approved(cast, title="Secret ice", partner=partner)
    auditor = cast.auditor
    seen = "Secret ice" in read(auditor, REGISTER)
    auditor.assignments.update(valid_from="2020-01-01", valid_until="2020-12-31")

    assert (seen, "Secret ice" in read(auditor, REGISTER)) == (True, False)
