"""The administration keeps accounts; cases are none of its business."""

import pytest
from django.urls import reverse

from register.models import User
from tests.factories import register as r
from tests.factories import workflows as w
from tests.register.trace import traced


@pytest.fixture
def keeper(client, db):
    keeper = r.person("Kari Keeper", is_staff=True, is_superuser=True)
    client.force_login(keeper)
    return client


def test_a_stranger_is_asked_to_sign_in(client, db):
    """At the one door: the administration has none of its own."""
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").url == "/sign-in/?next=%2Fadmin%2F"


def test_units_and_roles_are_looked_up_there_and_not_changed(keeper, cast):
    held = cast.decider.assignments.get()
    for model, row in (("roleassignment", held), ("unit", cast.department)):
        change = reverse(f"admin:register_{model}_change", args=[row.pk])
        assert keeper.get(change).status_code == 200
        assert keeper.post(change, {"role": "auditor"}).status_code == 403
        assert keeper.get(reverse(f"admin:register_{model}_add")).status_code == 403


def test_an_account_and_its_unit_leave_their_trace(keeper, cast):
    typed = {
        "username": "nina",
        "usable_password": "true",
        "password1": r.PASSWORD,
        "password2": r.PASSWORD,
    }
    assert keeper.post(reverse("admin:register_user_add"), typed).status_code == 302
    nina = User.objects.get(username="nina")
    change = reverse("admin:register_user_change", args=[nina.pk])
    told = {"username": "nina", "is_active": "on", "unit": cast.faculty.pk}
    assert keeper.post(change, told).status_code == 302

    assert [(verb, person, unit) for verb, _by, person, unit, _told in traced()] == [
        ("person_added", nina.pk, None),
        ("person_moved", nina.pk, cast.faculty.pk),
    ]


def test_a_superuser_sees_no_case_there_or_elsewhere(keeper, cast):
    case = w.approved(cast, title="Ice cores of the north")

    assert keeper.get(case.get_absolute_url()).status_code == 404
    index = keeper.get("/admin/").content.decode()
    assert "Ice cores" not in index
    assert "/admin/register/cooperation/" not in index
    assert "/admin/workflows/" not in index
