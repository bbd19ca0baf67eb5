"""Whoever may not read a case hears nothing of it, also what was planned before."""

from datetime import timedelta

from notifications import queries
from notifications.models import Message
from notifications.services import announcing, reminding
from notifications.services.delivering import why_not_send
from register.models import User
from tests.factories import workflows as w
from workflows.services import confidentiality


def restrict(case, actor):
    confidentiality.set_level(
        case_id=case.pk, actor=actor, level="restricted", reason="Security."
    )


def test_messages_are_for_those_who_read_the_case(cast):
    w.ask_nothing()
    case = w.quickly_asked(cast)
    for event in case.events.all():
        announcing.announce(event_id=event.pk)
    before = {str(one.recipient) for one in Message.objects.all()}
    leader = User.objects.get(pk=cast.decider.pk)
    told = queries.inbox_of(leader).count(), queries.unread_count(leader)

    restrict(case, cast.officer)

    assert "Dag Decider" in before
    assert told != (0, 0)
    assert queries.inbox_of(leader).count() == queries.unread_count(leader) == 0
    reasons = {
        str(one.recipient): why_not_send(queries.held_message(one.pk, one.lease) or one)
        for one in Message.objects.filter(recipient=leader)
    }
    assert set(reasons.values()) == {"The recipient no longer has access to the case."}
    event = w.fresh(case).events.order_by("-seq")[1]
    again = {str(one) for one in queries.recipients_of("decision_asked", event)}
    assert again == set()


def test_a_reminder_of_a_restricted_case_goes_to_readers_only(cast):
    w.ask_nothing()
    case = w.quickly_asked(cast)
    w.deciding.decide(
        case_id=case.pk, actor=cast.decider, verdict="approved", reasons="Good."
    )
    case = w.fresh(case)
    day = case.next_review_on + timedelta(days=60)

    def hear():
        found = reminding.missing(today=day)
        return {str(User.objects.get(pk=one.recipient_id)) for one in found}

    open_to = hear()
    restrict(case, cast.officer)

    assert "Liv Leader" in open_to
    assert hear() == open_to - {"Liv Leader"}
