"""The doorway: late forms, closed doors, and all of it or nothing."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from register.choices import CaseState
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from tests.workflows.tampering import sql
from workflows.choices import SystemActor, Verb, Verdict
from workflows.models import Case, CaseEvent, Decision
from workflows.services import deciding, handling, proposing, reviewing
from workflows.services.moving import (
    AlreadyThere,
    NotAllowed,
    SomebodyWasFaster,
    doorway,
)
from workflows.services.recording import record
from workflows.signals import case_moved


def approve(case: Case, actor: object, seen: int | None = None) -> Decision:
    return deciding.decide(
        case_id=case.pk,
        actor=actor,
        verdict=Verdict.APPROVED,
        reasons="Useful.",
        seen=seen,
    )


# Late ---------------------------------------------------------------------------------


def test_a_stale_form_is_told_who_was_faster_and_with_what(cast):
    case = w.asked(cast)
    seen = case.head_seq
    handling.take_case(case_id=case.pk, actor=cast.officer)
    before = everything()

    with pytest.raises(SomebodyWasFaster) as refusal:
        approve(case, cast.decider, seen=seen)

    assert str(refusal.value).startswith(
        "Somebody was faster: Odd Officer – Take the case, "
    )
    assert everything() == before


def test_what_is_done_already_is_told_with_its_doer(cast):
    case = w.asked(cast)
    approve(case, cast.decider)
    before = everything()

    with pytest.raises(AlreadyThere) as refusal:
        approve(case, cast.other_decider, seen=case.head_seq)

    assert str(refusal.value).startswith(
        "This has been done already: Dag Decider – Approve, "
    )
    assert everything() == before


def test_a_form_from_the_future_is_stale_too(cast):
    case = w.asked(cast)

    with pytest.raises(SomebodyWasFaster):
        approve(case, cast.decider, seen=case.head_seq + 1)


def test_a_form_that_saw_the_head_goes_through(cast):
    case = w.asked(cast)

    approve(case, cast.decider, seen=case.head_seq)

    assert w.fresh(case).state == CaseState.APPROVED


def test_a_form_without_seen_would_overwrite(cast):
    """The twin of the stale form: without `seen` the doorway cannot know."""
    case = w.asked(cast)
    handling.take_case(case_id=case.pk, actor=cast.officer)

    approve(case, cast.decider, seen=None)

    assert w.fresh(case).state == CaseState.APPROVED


# Closed -------------------------------------------------------------------------------


def test_a_stranger_learns_nothing_of_who_did_what(cast):
    case = w.approved(cast)

    for verb, seen in ((Verb.APPROVE, None), (Verb.SUSPEND, 1), (Verb.SUBMIT, 1)):
        with (
            pytest.raises(NotAllowed) as refusal,
            doorway(case_id=case.pk, verb=verb, actor=cast.stranger, seen=seen),
        ):
            pass
        assert str(refusal.value) == "You do not have access to this case."


def test_the_clock_opens_reviews_and_does_nothing_else(cast):
    for state in CaseState:
        case = w.in_state(cast, state)
        before = everything()
        for verb in set(Verb) - {Verb.OPEN_REVIEW}:
            with (
                pytest.raises((NotAllowed, AlreadyThere)),
                doorway(case_id=case.pk, verb=verb, actor=SystemActor.CLOCK),
            ):
                pass
        assert everything() == before


def test_a_refusal_writes_nothing(cast):
    case = w.asked(cast)
    before = everything()

    for actor in (cast.proposer, cast.officer, cast.auditor, cast.stranger):
        with pytest.raises(NotAllowed):
            approve(case, actor)

    assert everything() == before


# All or nothing -----------------------------------------------------------------------


@contextmanager
def broken_history():
    """A database that takes no event of an approval: a full disk, a lost table."""
    refuse = {
        "sqlite": [
            "CREATE TRIGGER full_disk BEFORE INSERT ON workflows_caseevent "
            "WHEN NEW.verb = 'approve' BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        ],
        "postgresql": [
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'disk full'; END $$",
            "CREATE TRIGGER full_disk BEFORE INSERT ON workflows_caseevent FOR EACH "
            "ROW WHEN (NEW.verb = 'approve') EXECUTE FUNCTION full_disk()",
        ],
    }
    if connection.vendor == "postgresql":  # checks that wait hold the table
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in refuse[connection.vendor]:
        sql(statement)
    yield


def test_an_event_that_cannot_be_written_takes_the_change_back(cast):
    case = w.asked(cast)
    before = everything()

    with broken_history(), pytest.raises(DatabaseError, match="disk full"):
        approve(case, cast.decider)

    assert everything() == before


def save_then_tell(case: Case, actor: object) -> None:
    """The twin: the change and its event, one after the other."""
    decision = case.open_decision
    decision.decided_by, decision.decided_at = actor, decision.asked_at
    decision.verdict, decision.reasons = Verdict.APPROVED, "Useful."
    decision.save()
    with transaction.atomic():
        record(
            case,
            verb=Verb.APPROVE,
            actor=actor,
            at=decision.decided_at,
            from_state=case.state,
            payload={},
        )


def test_a_twin_that_saves_and_then_tells_keeps_an_untold_change(cast):
    case = w.asked(cast)
    before = everything()

    with broken_history(), pytest.raises(DatabaseError, match="disk full"):
        save_then_tell(case, cast.decider)

    assert everything() != before


def fail_midway(case: Case, actor: object) -> None:
    with doorway(case_id=case.pk, verb=Verb.APPROVE, actor=actor) as step:
        reviewing.plan_next(step)
        step.payload["ratio"] = 1 / 0


def test_a_service_that_fails_midway_takes_everything_back(cast):
    case = w.asked(cast)
    before = everything()

    with pytest.raises(ZeroDivisionError):
        fail_midway(case, cast.decider)

    assert everything() == before


# Announced ----------------------------------------------------------------------------


@pytest.fixture
def heard():
    """What a listener was told: the events' verbs, looked up when they were told."""
    verbs: list[str] = []

    def listen(*, event_id: int, **kwargs: object) -> None:
        verbs.append(CaseEvent.objects.get(pk=event_id).verb)

    case_moved.connect(listen, weak=False, dispatch_uid="test")
    yield verbs
    case_moved.disconnect(dispatch_uid="test")


def test_every_event_is_announced_once_and_only_after_the_commit(
    cast, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as waiting:
        case = w.asked(cast)
    assert heard == []

    for callback in waiting:
        callback()

    assert heard == [
        *("register", "answer", "submit"),
        *("complete_assessment", "recommend", "ask_decision"),
    ]
    assert len(waiting) == case.head_seq


def test_what_is_taken_back_is_never_announced(
    cast, heard, django_capture_on_commit_callbacks
):
    case = w.asked(cast)

    with (
        django_capture_on_commit_callbacks(execute=True) as waiting,
        pytest.raises(NotAllowed),
    ):
        deciding.decide(
            case_id=case.pk, actor=cast.decider, verdict=Verdict.APPROVED, reasons=" "
        )

    assert (heard, waiting) == ([], [])


def test_a_failing_listener_changes_nothing_and_stops_nobody(
    cast, heard, django_capture_on_commit_callbacks
):
    case = w.asked(cast)

    def fail(**kwargs: object) -> None:
        raise RuntimeError("the mail server is away")

    case_moved.connect(fail, weak=False, dispatch_uid="failing")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            approve(case, cast.decider)
    finally:
        case_moved.disconnect(dispatch_uid="failing")

    assert heard == ["approve"]
    assert w.fresh(case).state == CaseState.APPROVED


def test_a_draft_is_announced_too(cast, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        proposing.start(actor=cast.proposer, title="Ice", unit=cast.department)

    assert heard == ["register"]
