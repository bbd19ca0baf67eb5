"""The pages of access, by role: who is let in, what they show, what they change."""

from datetime import timedelta

import pytest
from django.urls import reverse

from register.choices import Role
from register.clock import local_today
from register.models import Deputyship, RoleAssignment, Unit, User
from tests.factories import register as r

pytestmark = pytest.mark.django_db
TODAY = local_today()
PEOPLE, UNITS, MINE = map(
    reverse, ["register:people", "register:units", "register:deputies"]
)


@pytest.fixture
def cast(cast):
    User.objects.exclude(pk=cast.stranger.pk).update(unit=cast.faculty)
    cast.keeper = r.person_with(Role.SYSTEM_ADMINISTRATOR, cast.faculty, "Kai Keeper")
    cast.other_keeper = r.person_with(
        Role.SYSTEM_ADMINISTRATOR, cast.stranger.assignments.get().unit
    )
    return cast


def pages(cast):
    person, unit = [cast.officer.public_id], [cast.faculty.pk]
    role = [cast.officer.public_id, cast.leader.assignments.get().pk]
    return {
        "people": PEOPLE,
        "units": UNITS,
        **{
            name: reverse(f"register:{name}", args=person)
            for name in (
                *("person", "role-give", "person-move", "person-left"),
                *("person-join", "person-blank", "person-deputy"),
            )
        },
        **{
            name: reverse(f"register:{name}", args=unit)
            for name in (
                *("unit", "unit-add", "unit-rename", "unit-move", "unit-merge"),
                "unit-close",
            )
        },
        "another's role": reverse("register:role-end", args=role),
    }


def test_each_page_opens_for_administrators_of_that_institution_alone(cast, browser):
    people = {
        200: cast.keeper,
        403: cast.decider,
        404: cast.other_keeper,
    }
    answers = {
        name: [browser(person).get(url).status_code for person in people.values()]
        for name, url in pages(cast).items()
    }

    usual = {name: [200, 403, 404] for name in answers}
    lists = {"people": [200, 403, 200], "units": [200, 403, 200]}
    assert answers == usual | lists | {"another's role": [404, 403, 404]}


def test_the_lists_begin_at_the_administrators_own_institution(cast, browser, read):
    people, units = read(cast.keeper, PEOPLE), read(cast.keeper, UNITS)

    assert "Pia Proposer" in people
    assert "Sam Stranger" not in people
    assert "Department of Physics" in units
    assert "Elsewhere University" not in units
    theirs = read(cast.other_keeper, PEOPLE)
    assert "Sam Stranger" in theirs
    assert "Pia Proposer" not in theirs


def test_people_are_found_by_name_role_and_unit(cast, read):
    def names(**asked):
        query = "&".join(f"{key}={value}" for key, value in asked.items())
        html = read(cast.administrator, f"{PEOPLE}?{query}")
        everybody = User.objects.all()
        return {u.first_name for u in everybody if f">{u}</a>" in html}

    assert names(q="odd off") == {"Odd"}
    assert names(role="decider") == {"Dag", "Dina"}
    assert names(role="decider", unit=cast.faculty.pk) == {"Dag"}
    assert names(unit=cast.department.pk) == {"Pia", "Liv"}
    assert names(q="nobody of that name") == set()


@pytest.mark.parametrize("more", [1, 4])
def test_a_longer_list_asks_no_more(cast, browser, django_assert_num_queries, more):
    for number in range(more):
        at = r.unit(f"Group {number}", parent=cast.faculty)
        person = r.person_with(Role.ADVISER, at)
        person.unit = at
        person.save()
    client = browser(cast.administrator)
    client.get(PEOPLE)
    for url, most in ((PEOPLE, 8), (UNITS, 6)):
        with django_assert_num_queries(most):
            client.get(url)


def test_an_administrator_gives_and_ends_a_role(cast, browser):
    client, person = browser(cast.keeper), [cast.officer.public_id]
    given = {
        "role": "adviser",
        "unit": cast.department.pk,
        "valid_from": TODAY.isoformat(),
        "valid_until": "",
    }
    page = reverse("register:role-give", args=person)

    assert client.post(page, given | {"unit": cast.institution.pk}).status_code == 422
    assert client.post(page, given).status_code == 302
    held = RoleAssignment.objects.get(user=cast.officer, role="adviser")
    assert held.granted_by == cast.keeper
    again = client.post(page, given)
    assert again.status_code == 422
    assert "holds the role there already" in again.content.decode()

    end = reverse("register:role-end", args=[*person, held.pk])
    assert client.post(end, {"until": TODAY.isoformat()}).status_code == 302
    held.refresh_from_db()
    assert held.valid_until == TODAY


def test_a_unit_is_added_renamed_and_closed(cast, browser, read):
    client = browser(cast.keeper)

    def post(page, unit, **typed):
        return client.post(reverse(f"register:{page}", args=[unit.pk]), typed)

    post("unit-add", cast.faculty, name="Chemistry", kind="department")
    unit = Unit.objects.get(name="Chemistry")
    post("unit-rename", unit, name="Alchemy")
    assert post("unit-close", unit).status_code == 302
    assert post("unit-close", unit).status_code == 422

    tree = read(cast.keeper, UNITS)
    assert "Alchemy" in tree
    assert "“Chemistry” until" in tree
    assert "closed" in tree


def test_everybody_names_their_own_deputy_and_ends_it(cast, browser, read):
    client = browser(cast.decider)
    typed = {
        "deputy": "liv",
        "roles": ["decider"],
        "valid_from": TODAY.isoformat(),
        "valid_until": (TODAY + timedelta(9)).isoformat(),
    }
    late = typed | {"valid_until": (TODAY + timedelta(999)).isoformat()}
    refused = client.post(MINE, late)
    assert refused.status_code == 422
    assert 'value="liv"' in refused.content.decode()
    assert client.post(MINE, typed | {"deputy": "sam"}).status_code == 422
    assert client.post(MINE, typed | {"deputy": "specialist"}).status_code == 422

    assert client.post(MINE, typed).status_code == 302

    row = Deputyship.objects.get()
    assert (row.principal, row.deputy) == (cast.decider, cast.leader)
    assert "for Dag Decider as Decider" in read(cast.leader, MINE)
    end = reverse("register:deputy-end", args=[row.pk])
    assert browser(cast.officer).post(end).status_code == 404
    assert browser(cast.other_keeper).post(end).status_code == 404
    assert browser(cast.keeper).post(end).status_code == 302
    row.refresh_from_db()
    assert row.ended_at is not None
