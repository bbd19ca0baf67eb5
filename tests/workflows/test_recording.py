"""One event as it is written: what is hashed, what may be erased, what stays out."""

import json
import re

import pytest
from django.core.exceptions import ValidationError

from tests.factories import workflows as w
from tests.workflows.tampering import lift_guards, sql
from workflows.choices import SystemActor, Verb
from workflows.models import CaseEvent
from workflows.services import amending, deciding, reviewing, verifying
from workflows.services.recording import canonical, commitment, digest

SECRET = "Kari Nordmann worries about the laser"


def test_the_body_is_the_exact_text_that_was_hashed(cast):
    event = w.approved(cast).events.get(verb=Verb.APPROVE)

    assert event.hash == digest("midtveis:case-event:v1\n", event.body)
    assert event.body == canonical(json.loads(event.body))


def test_the_body_holds_nothing_but_what_proves_the_course(cast):
    case = w.approved(cast)

    bodies = [json.loads(event.body) for event in case.events.all()]

    names = "v case seq prev at verb from to actor visibility payload"
    assert {" ".join(sorted(body)) for body in bodies} == {
        " ".join(sorted(names.split(" ")))
    }
    assert [(b["seq"], b["verb"], b["from"], b["to"]) for b in bodies] == [
        (1, "register", "draft", "draft"),
        (2, "answer", "draft", "draft"),
        (3, "submit", "draft", "proposed"),
        (4, "complete_assessment", "proposed", "assessed"),
        (5, "recommend", "assessed", "assessed"),
        (6, "ask_decision", "assessed", "assessed"),
        (7, "approve", "assessed", "approved"),
    ]
    assert {b["case"] for b in bodies} == {str(case.public_id)}
    assert [b["prev"] for b in bodies] == [
        "",
        *case.events.order_by("seq").values_list("hash", flat=True)[:6],
    ]


def test_names_and_free_text_stand_in_the_content_only(cast):
    case = w.asked(cast, title=SECRET, purpose=SECRET)
    deciding.decide(
        case_id=case.pk, actor=cast.decider, verdict="approved", reasons=SECRET
    )

    events = list(case.events.select_related("payload", "person"))
    assert sum(SECRET in event.payload.text for event in events) == 2
    for event in events:
        words = [SECRET, event.person.username, *str(event.person).split()]
        assert [word for word in words if word in event.body] == []


def test_the_content_opens_its_commitment_and_nothing_else_does(cast):
    event = w.proposed(cast).events.last()
    promised = json.loads(event.body)["payload"]

    assert commitment(event.payload.salt, event.payload.text) == promised
    assert commitment(event.payload.salt, event.payload.text + " ") != promised
    assert commitment("0" * 32, event.payload.text) != promised


def test_equal_contents_are_committed_to_differently(cast):
    """Else a reader of bodies could guess short contents, such as a yes or a name."""
    first, second = (w.draft(cast).events.get() for _ in range(2))

    assert first.payload.text == second.payload.text
    assert re.fullmatch(r"[0-9a-f]{32}", first.payload.salt)
    assert first.payload.salt != second.payload.salt
    assert json.loads(first.body)["payload"] != json.loads(second.body)["payload"]


def test_an_erased_content_leaves_the_chain_itself_whole(cast):
    """Room for lawful erasure: hashes and links never needed the content."""
    case = w.approved(cast)
    lift_guards()
    sql("UPDATE workflows_eventpayload SET text = '', salt = ''")

    assert {fault.what for fault in verifying.breaks()} == {"its content was changed"}
    assert [
        digest("midtveis:case-event:v1\n", event.body) == event.hash
        for event in case.events.all()
    ] == [True] * 7


def test_the_clock_is_a_named_actor(cast):
    case = w.approved(cast)

    reviewing.open_due(today=case.next_review_on)

    event = CaseEvent.objects.get(verb=Verb.OPEN_REVIEW)
    assert (event.person, event.system) == (None, SystemActor.CLOCK)
    assert json.loads(event.body)["actor"] == "system:clock"
    assert event.actor == "Midtveis (by date)"


def test_an_edit_is_told_as_what_from_to_and_why(cast):
    case = w.draft(cast, title="Ice")

    amending.amend(
        case_id=case.pk, actor=cast.proposer, title="Snow", reason="More fitting."
    )

    assert json.loads(case.events.get(verb=Verb.AMEND).payload.text) == {
        "changes": [["title", "Ice", "Snow"]],
        "reason": "More fitting.",
    }


def test_a_refused_edit_tells_nothing_and_changes_nothing(cast):
    case = w.draft(cast, title="Ice")

    with pytest.raises(ValidationError, match="The end must not be before"):
        amending.amend(
            case_id=case.pk,
            actor=cast.proposer,
            title="Snow",
            ends_on=case.starts_on - w.timedelta(days=1),
        )

    assert w.fresh(case).title == "Ice"
    assert case.events.count() == 1
