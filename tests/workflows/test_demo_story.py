"""The invented university, loaded once and looked at from all sides."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from register.choices import CaseState, Flag, Risk, Role
from register.clock import local_today
from register.models import Partner, RoleAssignment, User
from register.queries import flagged
from workflows.models import Case, CaseEvent
from workflows.services import verifying
from workflows.services.demo import loading, telling


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(story: None, db: None) -> None:
    """Each test's own changes go; the story stays for the next."""


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


def test_the_list_says_who_can_sign_in_and_how(loaded, output):
    lines = output("--list").splitlines()

    assert lines[0] == "Ingrid Solbakken – Proposer (FYS) – proposer – fjordheim"
    assert len(lines) == User.objects.count()
