"""The administration keeps people, units and roles; cases are none of its business."""

import pytest
from django.urls import reverse

from register.choices import Role
from register.models import RoleAssignment, Unit
from tests.factories import register as r
from tests.factories import workflows as w


@pytest.fixture
def keeper(client, db):
    keeper = r.person("Kari Keeper", is_staff=True, is_superuser=True)
    client.force_login(keeper)
    return client


def test_a_stranger_is_asked_to_sign_in(client, db):
    """At the one door: the administration has none of its own."""
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").url == "/sign-in/?next=%2Fadmin%2F"


def test_a_keeper_gives_a_role(keeper, cast):
    given = {
        "user": cast.stranger.pk,
        "unit": cast.department.pk,
        "role": Role.AUDITOR,
        "valid_from": "2026-11-22",
        "valid_until": "",
        "granted_by": "",
    }

    answer = keeper.post(reverse("admin:register_roleassignment_add"), given)

    assert answer.status_code == 302
    assert RoleAssignment.objects.filter(user=cast.stranger, role=Role.AUDITOR).exists()


def test_a_keeper_makes_a_unit(keeper, cast):
    made = {
        "name": "Department of Chemistry",
        "name_en": "",
        "code": "CHEM",
        "kind": "department",
        "parent": cast.faculty.pk,
    }

    answer = keeper.post(reverse("admin:register_unit_add"), made)

    assert answer.status_code == 302
    unit = Unit.objects.get(code="CHEM")
    assert unit.path == f"{cast.faculty.path}{unit.pk}."


def test_a_superuser_sees_no_case_there_or_elsewhere(keeper, cast):
    case = w.approved(cast, title="Ice cores of the north")

    assert keeper.get(case.get_absolute_url()).status_code == 404
    index = keeper.get("/admin/").content.decode()
    assert "Ice cores" not in index
    assert "/admin/register/cooperation/" not in index
    assert "/admin/workflows/" not in index
