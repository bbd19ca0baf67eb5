"""The invented university that a newcomer looks around in."""

import json
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from register.choices import CaseState, Flag, Risk, Role
from register.clock import local_today
from register.models import Partner, RoleAssignment, User
from register.queries import flagged
from workflows.models import Case, CaseEvent
from workflows.services import verifying
from workflows.services.demo import loading, telling


@pytest.fixture
def loaded(db):
    call_command("load_demo", verbosity=0)


@pytest.fixture
def output(capsys):
    def run(*arguments):
        call_command("load_demo", *arguments)
        return capsys.readouterr().out

    return run


def test_every_state_and_every_role_is_there(loaded):
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState)
    assert set(RoleAssignment.objects.values_list("role", flat=True)) == set(Role)


def test_everything_happened_through_the_services_so_every_history_holds(loaded):
    assert list(verifying.breaks()) == []
    assert CaseEvent.objects.filter(person=None).count() == 0
    assert all(case.events.exists() for case in Case.objects.all())


def test_risks_vary_and_dates_are_near(loaded):
    today = local_today()
    running = Case.objects.filter(state__in=CaseState.RUNNING)

    assert set(running.values_list("risk", flat=True)) == {
        Risk.NONE,
        Risk.LOW,
        Risk.MEDIUM,
        Risk.HIGH,
    }
    assert Case.objects.get(next_review_on=today + timedelta(days=20))
    assert Case.objects.get(flagged(Flag.OVERDUE, today)).state == "approved"
    lapsed = Case.objects.filter(flagged(Flag.LAPSED, today), state="approved")
    assert [case.title for case in lapsed] == ["Student exchange in maritime law"]


def test_a_critical_case_is_rejected_and_old_ones_carry_the_legacy_mark(loaded):
    assert Case.objects.get(risk=Risk.CRITICAL).state == CaseState.REJECTED
    legacy = Case.objects.filter(legacy=True)
    assert {(case.state, case.risk) for case in legacy} == {("approved", Risk.NONE)}


def test_partners_are_invented_and_spread_over_ten_countries(loaded):
    partners = Partner.objects.all()

    assert len({partner.country_id for partner in partners}) >= 10
    assert all(partner.website.endswith(".example") for partner in partners)
    assert {
        identifier.scheme
        for partner in partners
        for identifier in partner.identifiers.all()
    } == {"erasmus"}


def test_nobody_decided_what_they_proposed_or_assessed(loaded):
    for case in Case.objects.all():
        for decision in case.decisions.filter(decided_at__isnull=False):
            involved = {case.proposer, case.responsible, decision.asked_by}
            involved.add(decision.assessment.completed_by)
            assert decision.decided_by not in involved


def test_user_names_are_unique_and_everybody_can_sign_in(loaded, client):
    names = [person["username"] for person in telling.story()["people"]]

    assert len(names) == len(set(names)) == User.objects.count()
    for name in names:
        assert client.login(username=name, password=loading.PASSWORD)


def test_loading_again_changes_nothing(loaded, output):
    before = list(CaseEvent.objects.values_list("hash", flat=True))

    assert output("--if-empty") == ""
    with pytest.raises(CommandError, match="There is data already"):
        call_command("load_demo")

    assert list(CaseEvent.objects.values_list("hash", flat=True)) == before


def test_it_stops_halfway_without_leaving_anything(db, monkeypatch, tmp_path):
    told = telling.story()
    told["cooperations"][-1]["title"] = " "
    path = tmp_path / "story.json"
    path.write_text(json.dumps(told))
    monkeypatch.setattr(telling, "STORY", path)

    with pytest.raises(Exception, match="title"):
        loading.load()

    assert loading.is_empty()
    assert not Case.objects.exists()


def test_the_list_says_who_can_sign_in_and_how(loaded, output):
    lines = output("--list").splitlines()

    assert lines[0] == "Ingrid Solbakken – Proposer (FYS) – proposer – fjordheim"
    assert len(lines) == User.objects.count()


def test_the_list_is_empty_where_the_demo_is_not(db, output):
    User.objects.create_user("proposer", password="a password of their own")

    assert output("--list") == ""


def test_a_password_of_ones_own_is_used_and_listed(db, output):
    output("--password", "tulip")

    assert output("--list") == ""
    assert output("--list", "--password", "tulip").count("tulip") == 13


@override_settings(EMBEDDED=False)
def test_it_refuses_to_open_a_real_installation_with_a_known_password(db, output):
    with pytest.raises(CommandError, match="This is no trial installation"):
        call_command("load_demo")
    assert loading.is_empty()

    assert output("--force").startswith("Loaded")


def test_it_loads_within_five_seconds(db):
    begun = time.process_time()  # of this process: others may be busy

    loading.load()

    assert time.process_time() - begun < 5
