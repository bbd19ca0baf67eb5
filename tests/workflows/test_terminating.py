"""The end: noticed by one person with a ground, closed by another with a report."""

import pytest

from register.choices import CaseState
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from tests.workflows.tampering import refused, sql
from workflows.choices import Moment, TerminationGround
from workflows.models import Review, Termination
from workflows.services import terminating
from workflows.services.moving import NotAllowed
from workflows.services.terminating import Notice

MUTUAL = TerminationGround.MUTUAL


def give_notice(case, actor, *, reasons: str = "Done.") -> Termination:
    return terminating.give_notice(
        case_id=case.pk,
        actor=actor,
        notice=Notice(MUTUAL, w.local_today()),
        reasons=reasons,
    )


def leaving(cast):
    """Noticed, and its exit questions completed: only the closing is left."""
    case = w.terminating_(cast)
    w.complete_exit(cast, case)
    return w.fresh(case)


def test_a_case_is_not_closed_before_its_exit_questions_are_completed(cast):
    case = w.terminating_(cast)
    before = everything()

    with pytest.raises(
        NotAllowed, match="exit questions must be answered and completed"
    ):
        terminating.close(case_id=case.pk, actor=cast.officer, report="Over.")

    assert everything() == before


@pytest.mark.parametrize("state", ["approved", "under_review", "suspended"])
def test_notice_begins_the_exit_and_no_review_is_coming_any_more(cast, state):
    case = w.in_state(cast, state)

    notice = give_notice(case, cast.decider)

    case = w.fresh(case)
    assert (case.state, case.next_review_on) == (CaseState.TERMINATING, None)
    assert (case.coming_review, case.open_assessment.moment) == (None, Moment.EXIT)
    assert (notice.ground, notice.noticed_by) == (MUTUAL, cast.decider)
    assert {r.cancelled_at is not None for r in Review.objects.all()} == {True}


def test_closing_keeps_the_report(cast):
    case = leaving(cast)

    terminating.close(case_id=case.pk, actor=cast.officer, report=" It went well. ")

    ended = Termination.objects.get()
    assert w.fresh(case).state == CaseState.TERMINATED
    assert (ended.report, ended.closed_by) == ("It went well.", cast.officer)


def test_a_notice_needs_reasons(cast):
    case = w.approved(cast)
    before = everything()

    with pytest.raises(NotAllowed, match="Give the reasons for ending"):
        give_notice(case, cast.decider, reasons=" ")

    assert everything() == before


def test_closing_needs_a_report(cast):
    case = leaving(cast)
    before = everything()

    with pytest.raises(NotAllowed, match="Write the closing report before you close"):
        terminating.close(case_id=case.pk, actor=cast.officer, report=" ")

    assert everything() == before


def test_whoever_gave_notice_does_not_close(cast):
    case = leaving(cast)

    with pytest.raises(NotAllowed, match="You gave the notice"):
        terminating.close(case_id=case.pk, actor=cast.decider, report="Over.")


def test_the_database_keeps_notice_and_closing_apart(cast):
    termination = w.terminating_(cast).termination
    termination.closed_by = termination.noticed_by

    with refused("termination_four_eyes"):
        termination.save()
    with refused("termination_four_eyes"):
        sql("UPDATE workflows_termination SET closed_by_id = noticed_by_id")
    with refused("termination_four_eyes"):
        Termination.objects.create(
            case=w.approved(cast),
            ground=MUTUAL,
            ends_on=w.local_today(),
            reasons="Done.",
            noticed_by=cast.decider,
            noticed_at=termination.noticed_at,
            closed_by=cast.decider,
            closed_at=termination.noticed_at,
        )
