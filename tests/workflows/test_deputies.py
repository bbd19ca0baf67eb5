"""A deputy acts in their principal's roles: the history says so, and no second pair of
eyes comes of it (lesson L24). Each promise is asked of a broken twin too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from register.choices import Role
from register.clock import local_today
from register.models import Deputyship, User
from register.services import roles
from tests.factories import register as r
from tests.factories import workflows as w
from workflows import policies
from workflows.choices import Verb, Verdict
from workflows.services import assessing, deciding, handling
from workflows.services.moving import NotAllowed

pytestmark = pytest.mark.django_db
TODAY, DAY = local_today(), timedelta(1)


@pytest.fixture(autouse=True)
def _ask_nothing(db):
    w.ask_nothing()


def fresh(person):
    return User.objects.get(pk=person.pk)


def stands_in(deputy, principal, role, first=TODAY, last=TODAY):
    return Deputyship.objects.create(
        principal=principal,
        deputy=deputy,
        role=role,
        valid_from=first,
        valid_until=last,
        named_by=principal,
        named_at=timezone.now(),
    )


def decide(case, actor):
    deciding.decide(
        case_id=case.pk,
        actor=fresh(actor),
        verdict=Verdict.REJECTED,
        reasons="The risk is not worth it.",
    )


def test_the_history_says_who_acted_for_whom(cast):
    stands_in(cast.auditor, cast.officer, Role.CASE_OFFICER)
    case = w.quickly_sent(cast)
    w.declare_none(case, cast.auditor)

    handling.take_case(case_id=case.pk, actor=fresh(cast.auditor))

    event = case.events.select_related("person", "on_behalf_of").last()
    assert event.actor == "Are Auditor for Odd Officer"
    assert (event.person, event.on_behalf_of) == (cast.auditor, cast.officer)
    assert '"for":"user:' in event.body


def proposed_by_the_principal(cast):
    """A proposed; B decides for A."""
    r.role(cast.decider, Role.PROPOSER, cast.department)
    stands_in(cast.auditor, cast.decider, Role.DECIDER)
    return w.quickly_asked(cast, actor=cast.decider), cast.auditor


def proposed_by_the_deputy(cast):
    """B proposed; B decides for A."""
    stands_in(cast.proposer, cast.decider, Role.DECIDER)
    return w.quickly_asked(cast), cast.proposer


def assessed_by_the_principal(cast):
    """A assessed; B decides for A."""
    r.role(cast.officer, Role.DECIDER, cast.faculty)
    stands_in(cast.auditor, cast.officer, Role.DECIDER)
    return w.quickly_asked(cast), cast.auditor


def assessed_by_the_deputy(cast):
    """B assessed for A; A decides."""
    r.role(cast.officer, Role.DECIDER, cast.faculty)
    stands_in(cast.auditor, cast.officer, Role.CASE_OFFICER)
    case = w.quickly_sent(cast)
    assessing.complete(case_id=case.pk, actor=fresh(cast.auditor), conclusion="Fine.")
    r.role(cast.leader, Role.CASE_OFFICER, cast.faculty)
    deciding.ask(case_id=case.pk, actor=fresh(cast.leader))
    return case, cast.officer


def deputy_of_the_deputy(cast):
    """C for B for A."""
    stands_in(cast.leader, cast.decider, Role.DECIDER)
    stands_in(cast.auditor, cast.leader, Role.DECIDER)
    return w.quickly_asked(cast), cast.auditor


def deputy_of_somebody_who_lost_the_role(cast):
    stands_in(cast.auditor, cast.decider, Role.DECIDER)
    roles.end(
        actor=cast.administrator,
        assignment=cast.decider.assignments.get(),
        until=TODAY - DAY,
    )
    return w.quickly_asked(cast), cast.auditor


def deputy_of_yesterday_and_tomorrow(cast):
    stands_in(cast.auditor, cast.decider, Role.DECIDER, TODAY - 9 * DAY, TODAY - DAY)
    stands_in(cast.auditor, cast.decider, Role.DECIDER, TODAY + DAY, TODAY + 9 * DAY)
    return w.quickly_asked(cast), cast.auditor


REFUSED = [
    proposed_by_the_principal,
    proposed_by_the_deputy,
    assessed_by_the_principal,
    assessed_by_the_deputy,
    deputy_of_the_deputy,
    deputy_of_somebody_who_lost_the_role,
    deputy_of_yesterday_and_tomorrow,
]


def stays_apart(cast, story):
    """Whether the decision is refused and nothing has happened."""
    case, actor = story(cast)
    w.declare_none(w.fresh(case), *User.objects.exclude(pk__in=case.declared))
    before = case.events.count()
    try:
        decide(case, actor)
    except NotAllowed:
        return case.events.count() == before
    return False


@pytest.mark.parametrize("story", REFUSED)
def test_a_deputy_never_breaks_separation(cast, story):
    assert stays_apart(cast, story)


def test_a_deputy_with_no_part_in_it_decides(cast):
    def story(cast):
        stands_in(cast.auditor, cast.decider, Role.DECIDER)
        return w.quickly_asked(cast), cast.auditor

    assert not stays_apart(cast, story)


def permit_without_the_principal(verb, case, user):
    """The broken twin: what the deputy may do with both their roles, whatever the
    principal did."""
    return policies.Permit(policies._why_not(verb, case, user))


@pytest.mark.parametrize(
    "story", [proposed_by_the_principal, assessed_by_the_principal]
)
def test_without_asking_for_the_principal_separation_breaks(cast, story, monkeypatch):
    monkeypatch.setattr(policies, "permit", permit_without_the_principal)

    assert not stays_apart(cast, story)


def test_one_deputy_of_two_is_still_one_pair_of_eyes(cast):
    """B asks for the decision for A, and cannot make it for C."""
    stands_in(cast.auditor, cast.officer, Role.CASE_OFFICER)
    stands_in(cast.auditor, cast.decider, Role.DECIDER)
    case = w.quickly_sent(cast)
    w.declare_none(case, cast.auditor)
    assessing.complete(case_id=case.pk, actor=cast.officer, conclusion="Fine.")
    deciding.ask(case_id=case.pk, actor=fresh(cast.auditor))

    refusal = policies.why_not(Verb.REJECT, w.fresh(case), fresh(cast.auditor))

    assert refusal is not None
