"""Nobody approves their own (T64): forty ways, each really tried and each refused; the
page in the docs tells them. Beside each guard its twin: without it, a way opens."""

from pathlib import Path

import pytest
from django.conf import settings

from register.models import User
from tests.factories import workflows as w
from tests.journeys import ways
from workflows import policies
from workflows.models import Case, Decision
from workflows.policies import deciding, people
from workflows.services import verifying

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = Path(settings.BASE_DIR, "docs", "domain", "self-approval.md")
WAYS = (
    ways.directly,
    ways.as_superuser,
    ways.with_the_system_administrator_s_role,
    ways.after_losing_the_proposer_s_role,
    ways.as_the_responsible_person,
    ways.after_handing_over,
    ways.after_the_responsible_person_was_changed,
    ways.by_another_proposer_written_past_the_services,
    ways.by_calling_it_older_than_the_register,
    ways.by_taking_in_one_s_own_draft,
    ways.by_withdrawing_and_proposing_again,
    ways.as_deputy_of_the_decider,
    ways.by_one_s_own_deputy,
    ways.by_the_deputy_of_a_deputy,
    ways.after_one_s_deputy_assessed_it,
    ways.by_a_second_account_that_was_joined,
    ways.by_two_accounts_of_one_subject,
    ways.by_a_role_given_to_oneself,
    ways.by_a_friend_s_role_that_one_gave,
    ways.by_a_claim_that_one_wrote_the_rule_for,
    ways.by_a_table_that_one_published,
    ways.by_moving_the_case_to_another_unit,
    ways.by_moving_the_unit_below_one_s_own,
    ways.as_the_one_who_asked,
    ways.as_the_one_who_assessed,
    ways.as_the_one_who_recommended,
    ways.as_the_one_who_changed_the_facts,
    ways.in_spite_of_a_conflict_of_interest,
    ways.without_a_word_on_one_s_interests,
    ways.by_an_old_tab,
    ways.by_the_page,
    ways.by_a_link,
    ways.by_the_administration_site,
    ways.by_a_command,
    ways.by_the_clock,
    ways.by_calling_the_transition,
    ways.by_sql,
    ways.by_writing_the_decision,
    ways.by_concluding_one_s_own_review,
    ways.by_resuming_one_s_own,
)


def told_on_the_page() -> dict[str, str]:
    """The ways and what refuses each, as the docs tell it."""
    rows = [line.split(" | ") for line in PAGE.read_text().splitlines()]
    cells = [row for row in rows if len(row) == 2 and not row[0].startswith("| ---")]
    return {way.strip("| "): said.strip(" |") for way, said in cells[1:]}


def title(way) -> str:
    return way.__name__.replace("_s_", "'s ").replace("_", " ")


def test_the_page_lists_every_way():
    assert list(told_on_the_page()) == [title(way) for way in WAYS]
    assert len(WAYS) >= 25


@pytest.mark.parametrize("way", WAYS, ids=title)
def test_it_is_refused_as_the_page_says(cast, way):
    world = ways.make(cast)

    said = ways.outcome(world, way)

    assert said.startswith(told_on_the_page()[title(way)])
    assert said != ""
    assert w.fresh(world.case).state == "assessed"
    assert Decision.objects.exclude(decided_by=None).count() == 0
    assert list(verifying.breaks()) == []


def nobody_is_own(monkeypatch):
    monkeypatch.setattr(people, "is_own", lambda case, user: False)
    monkeypatch.setattr(deciding, "has_prepared", lambda case, user: False)


def nobody_has_prepared(monkeypatch):
    monkeypatch.setattr(deciding, "has_prepared", lambda case, user: False)


def nobody_was_its_own(monkeypatch):
    now = property(lambda case: frozenset({case.proposer_id, case.responsible_id}))
    monkeypatch.setattr(Case, "own_people", now)


def accounts_are_people(monkeypatch):
    monkeypatch.setattr(User, "keys", property(lambda user: frozenset({user.pk})))
    monkeypatch.setattr(deciding, "has_prepared", lambda case, user: False)


def deputies_add_eyes(monkeypatch):
    monkeypatch.setattr(deciding, "has_prepared", lambda case, user: False)
    for room in (people, deciding):
        monkeypatch.setattr(room, "hands", lambda case, user: user.keys)


def a_principal_is_not_asked(monkeypatch):
    ask = policies._why_not

    def of_the_deputy_alone(verb, case, user, *, in_person=True):
        return ask(verb, case, user) if in_person else None

    monkeypatch.setattr(policies, "_why_not", of_the_deputy_alone)


def nobody_is_partial(monkeypatch):
    monkeypatch.setattr(policies, "conflicted", lambda case, user: None)


def nobody_declares(monkeypatch):
    monkeypatch.setattr(policies, "undeclared", lambda case, user: None)


# What falls when a guard falls: these ways then lead to an approval.
TWINS = {
    nobody_is_own: [ways.directly, ways.as_superuser, ways.as_deputy_of_the_decider],
    nobody_has_prepared: [
        *(ways.as_the_one_who_recommended, ways.as_the_one_who_changed_the_facts),
        ways.by_another_proposer_written_past_the_services,
        ways.by_calling_it_older_than_the_register,
    ],
    nobody_was_its_own: [
        *(ways.after_handing_over, ways.after_the_responsible_person_was_changed),
    ],
    accounts_are_people: [ways.by_a_second_account_that_was_joined],
    deputies_add_eyes: [ways.after_one_s_deputy_assessed_it],
    a_principal_is_not_asked: [ways.by_one_s_own_deputy],
    nobody_is_partial: [ways.in_spite_of_a_conflict_of_interest],
    nobody_declares: [ways.without_a_word_on_one_s_interests],
}


@pytest.mark.parametrize(
    ("guard", "way"),
    [(guard, way) for guard, opened in TWINS.items() for way in opened],
    ids=title,
)
def test_without_the_guard_the_way_is_open(cast, monkeypatch, guard, way):
    """The twin of each guard: the same way, and nothing refuses it."""
    world = ways.make(cast)
    guard(monkeypatch)

    assert ways.outcome(world, way) == ""
