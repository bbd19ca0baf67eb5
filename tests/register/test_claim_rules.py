"""Roles by claims: what the rules give and take, and who keeps the rules."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from register.choices import Role
from register.clock import local_today
from register.models import ClaimRule, RoleAssignment, User
from register.services import signing_in
from tests.factories import register as r

pytestmark = pytest.mark.django_db
ISSUER = "https://login.fjordheim.example"
PAGE = "/access/claims/"


def rule(cast, value="dec", role=Role.DECIDER, *, claim="groups", unit=None, **other):
    return signing_in.add_rule(
        **{"actor": cast.administrator, "institution": cast.institution} | other,
        issuer=ISSUER,
        claim=claim,
        value=value,
        unit=unit or cast.faculty,
        role=role,
    )


def arrive(person, **claims):
    """They sign in with these claims; the roles that they hold then."""
    signing_in.bring_roles_in_line(user=person, issuer=ISSUER, claims=claims)
    return User.objects.get(pk=person.pk).roles


@pytest.mark.parametrize(
    ("claim", "value", "claims", "fits"),
    [
        ("groups", "dec", {"groups": ["staff", "dec"]}, True),
        ("groups", "dec", {"groups": "dec"}, True),
        ("groups", "dec", {"groups": ["decider", "de"]}, False),
        ("groups", "dec", {"groups": "staff dec"}, False),
        ("groups", "dec", {}, False),
        ("realm.roles", "dec", {"realm": {"roles": ["dec"]}}, True),
        ("https://x.example/roles", "dec", {"https://x.example/roles": "dec"}, True),
        ("realm.roles", "dec", {"realm": "roles"}, False),
        ("employee", "true", {"employee": True}, True),
        ("unit", "42", {"unit": 42}, True),
        ("unit", "None", {"unit": None}, False),
    ],
)
def test_a_rule_fits_its_whole_value(claim, value, claims, fits):
    assert ClaimRule(claim=claim, value=value).fits(claims) is fits


def test_roles_follow_the_claims_and_what_a_person_gave_stays(cast):
    rule(cast)
    rule(cast, "off", Role.CASE_OFFICER, unit=cast.institution)
    person = r.person()
    by_hand = r.role(person, Role.DECIDER, cast.faculty, granted_by=cast.administrator)
    hand = (Role.DECIDER, cast.faculty.path)
    officer = (Role.CASE_OFFICER, cast.institution.path)

    both = arrive(person, groups=["dec", "off"])
    again = arrive(person, groups=["dec", "off"])
    one = arrive(person, groups=["off"])
    none = arrive(person)

    assert sorted(both) == sorted(again) == sorted([hand, hand, officer])
    assert sorted(one) == sorted([hand, officer])
    assert none == [hand]
    given = RoleAssignment.objects.filter(user=person, claim_rule__isnull=False)
    assert {row.granted_by for row in given} == {cast.administrator}
    assert {row.valid_until for row in given} == {local_today() - timedelta(days=1)}
    by_hand.refresh_from_db()
    assert by_hand.valid_until is None


def test_a_role_that_comes_back_is_a_new_one(cast):
    rule(cast)
    person = r.person()
    for groups in (["dec"], [], ["dec"]):
        held = arrive(person, groups=groups)

    assert held == [(Role.DECIDER, cast.faculty.path)]
    assert RoleAssignment.objects.filter(user=person).count() == 2


def test_claims_of_another_service_give_nothing(cast):
    rule(cast)
    person = r.person()

    signing_in.bring_roles_in_line(
        user=person, issuer="https://other.example", claims={"groups": ["dec"]}
    )

    assert User.objects.get(pk=person.pk).roles == []


def test_a_rule_without_a_role_only_settles_in_the_unit(cast):
    rule(cast, "physics", "", unit=cast.department)
    rule(cast)
    person = r.person()

    held = arrive(person, groups=["dec", "physics"])
    person.refresh_from_db()
    arrive(person)

    assert held == [(Role.DECIDER, cast.faculty.path)]
    assert person.unit == cast.department


def test_a_rule_that_ends_takes_its_roles_along_at_once(cast):
    ended = rule(cast)
    person = r.person()
    arrive(person, groups=["dec"])

    for _twice in range(2):
        signing_in.end_rule(actor=cast.administrator, rule=ended)

    assert User.objects.get(pk=person.pk).roles == []
    assert arrive(person, groups=["dec"]) == []
    assert RoleAssignment.objects.filter(claim_rule=ended).count() == 1
    rule(cast)  # and the same may be made anew


def test_a_rule_is_there_once_and_stays_within_its_institution(cast):
    rule(cast)

    with pytest.raises(ValidationError, match="there already"):
        rule(cast)
    with pytest.raises(ValidationError, match="one of its units"):
        rule(cast, unit=r.unit("Another University"))


def test_the_administrator_keeps_the_rules_of_their_own_institution(cast, browser):
    client = browser(cast.administrator)
    typed = {
        "issuer": ISSUER + "/",
        "claim": "groups",
        "value": "dec",
        "unit": cast.faculty.pk,
        "role": Role.DECIDER,
    }
    elsewhere = r.unit("Another University")
    foreign = rule(cast, institution=elsewhere, unit=elsewhere)

    added = client.post(PAGE, typed)
    again = client.post(PAGE, typed)
    outside = client.post(PAGE, typed | {"unit": elsewhere.pk, "value": "other"})
    mine = ClaimRule.objects.get(institution=cast.institution)
    page = client.get(PAGE).content.decode()
    not_mine = client.post(reverse("register:claim-end", args=[foreign.pk]))
    client.post(reverse("register:claim-end", args=[mine.pk]))

    assert [one.status_code for one in (added, again, outside)] == [302, 422, 422]
    assert "This rule is there already." in again.content.decode()
    assert (mine.issuer, mine.created_by) == (ISSUER, cast.administrator)
    assert "groups = dec" in page
    assert "Another University" not in page
    assert not_mine.status_code == 404
    assert set(ClaimRule.objects.filter(ended_at=None)) == {foreign}


@pytest.mark.parametrize("who", ["proposer", "officer", "decider", "auditor"])
def test_nobody_else_sees_or_keeps_rules(cast, browser, who):
    kept = rule(cast)
    client = browser(getattr(cast, who))

    assert client.get(PAGE).status_code == 403
    end = client.post(reverse("register:claim-end", args=[kept.pk]))
    assert end.status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_as_often_for_many(
    cast, browser, count, django_assert_num_queries
):
    for number in range(count):
        rule(cast, f"value-{number}")
    client = browser(cast.administrator)

    with django_assert_num_queries(7):
        client.get(PAGE)
