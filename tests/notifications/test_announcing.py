"""Which event reaches whom: whole sets, so nobody is missing and nobody too many."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.choices import Kind
from notifications.kinds import KIND_OF
from notifications.models import Announcement, Message
from notifications.services import announcing
from register.choices import Role
from register.models import Cooperation
from tests.factories import register as r
from tests.factories import workflows as w
from tests.factories.notifications import told
from workflows.models import CaseEvent
from workflows.services import deciding

pytestmark = pytest.mark.django_db


def announce(case, verb):
    event = CaseEvent.objects.filter(case=case, verb=verb).latest("seq")
    return announcing.announce(event_id=event.pk)


def test_submission_reaches_case_officers_and_leaders_of_the_unit(cast):
    announce(w.proposed(cast), "submit")

    assert told() == {("submitted", "Odd"), ("submitted", "Liv")}


def test_submission_does_not_reach_a_case_officer_who_proposed_it(cast):
    r.role(cast.officer, Role.PROPOSER, cast.department)
    announce(w.proposed(cast, actor=cast.officer), "submit")

    assert told() == {("submitted", "Liv")}


def test_submission_by_the_leader_does_not_reach_the_leader(cast):
    r.role(cast.leader, Role.PROPOSER, cast.department)
    announce(w.proposed(cast, actor=cast.leader), "submit")

    assert told() == {("submitted", "Odd")}


def test_return_reaches_proposer_and_responsible(cast):
    announce(w.returned(cast, responsible=cast.adviser), "send_back")

    assert told() == {("returned", "Pia"), ("returned", "Ada")}


def test_question_for_a_decision_reaches_deciders_who_may_decide(cast):
    announce(w.asked(cast), "ask_decision")

    assert told() == {("decision_asked", "Dag"), ("decision_asked", "Dina")}


@pytest.mark.parametrize("part", ["responsible", "proposer", "assessor", "asker"])
def test_question_for_a_decision_skips_whoever_has_a_part_in_the_case(cast, part):
    person = {"assessor": cast.officer, "asker": cast.officer}.get(part, cast.decider)
    r.role(person, Role.DECIDER, cast.faculty)
    if part == "responsible":
        case = w.asked(cast, responsible=person)
    elif part == "proposer":
        r.role(person, Role.PROPOSER, cast.department)
        case = w.asked(cast, actor=person)
    else:
        case = w.asked(cast)
    announce(case, "ask_decision")

    names = {name for _kind, name in told()}
    assert names == {"Dag", "Dina"} - {person.first_name}


@pytest.mark.parametrize("maker", [w.approved, w.rejected])
def test_decision_reaches_proposer_responsible_and_case_officer(cast, maker):
    case = maker(cast, responsible=cast.adviser)
    Cooperation.objects.filter(pk=case.pk).update(case_officer=cast.officer)
    announce(case, "approve" if maker is w.approved else "reject")

    assert told() == {("decided", "Pia"), ("decided", "Ada"), ("decided", "Odd")}


def test_opened_review_reaches_carriers_but_not_whoever_opened_it(cast):
    case = w.under_review(cast)
    Cooperation.objects.filter(pk=case.pk).update(case_officer=cast.officer)
    announce(case, "open_review")

    assert told() == {("review_opened", "Pia")}
    assert Message.objects.get().due_on == case.next_review_on is not None


def test_someone_who_has_left_is_not_told(cast):
    case = w.returned(cast)
    type(cast.proposer).objects.update(is_active=False)
    announce(case, "send_back")

    assert told() == set()


def test_an_event_is_announced_once(cast):
    case = w.proposed(cast)

    assert [announce(case, "submit"), announce(case, "submit")] == [2, 0]
    assert Message.objects.count() == 2


def test_an_event_that_is_not_told_writes_nothing(cast):
    case = w.assessed(cast)

    assert announce(case, "complete_assessment") == 0
    assert (Announcement.objects.count(), Message.objects.count()) == (0, 0)


def test_every_kind_but_the_reminder_comes_from_an_event():
    """An opinion is asked for at events of other kinds: test_opinion_asked."""
    told = {*KIND_OF.values(), Kind.OPINION_ASKED}
    assert told == set(Kind) - {Kind.REVIEW_DUE, *Kind.ABOUT_ACCESS}


def test_catching_up_announces_what_a_lost_signal_left(cast):
    w.returned(cast)
    assert told() == set()

    announcing.catch_up(now=timezone.now() + timedelta(days=3))

    assert told() == {("submitted", "Odd"), ("submitted", "Liv"), ("returned", "Pia")}
    assert announcing.catch_up(now=timezone.now()) == 0


def test_catching_up_leaves_what_is_older_than_thirty_days(cast):
    w.returned(cast)

    assert announcing.catch_up(now=timezone.now() + timedelta(days=31)) == 0


def test_a_move_is_announced_and_mailed_when_it_is_committed(
    cast, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        w.proposed(cast)

    assert {mail.to[0] for mail in mailoutbox} == {
        cast.officer.email,
        cast.leader.email,
    }


def test_a_move_that_is_rolled_back_tells_nobody(
    cast, mailoutbox, django_capture_on_commit_callbacks
):
    case = w.assessed(cast)
    with django_capture_on_commit_callbacks(execute=True):  # noqa: SIM117
        with pytest.raises(Exception, match="reasons"):
            deciding.decide(
                case_id=w.asked(cast).pk,
                actor=cast.decider,
                verdict="approved",
                reasons=" ",
            )

    assert case.state == "assessed"
    assert "decided" not in {kind for kind, _name in told()}
