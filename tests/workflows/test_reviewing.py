"""The midway review: planned by risk, opened on its day, answered, concluded."""

from datetime import date

import pytest

from register.choices import CaseState, Risk
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from tests.workflows.tampering import refused
from workflows.choices import Moment, ReviewTrigger, TerminationGround, Verb
from workflows.deadlines import add_months
from workflows.models import Case, Review, Termination
from workflows.services import concluding, handling, reviewing, verifying
from workflows.services.moving import AlreadyThere, NotAllowed, SomebodyWasFaster
from workflows.services.terminating import Notice

pytestmark = pytest.mark.once


def answered(cast, **facts: object) -> Case:
    """Under review, and its questions completed by the adviser."""
    case = w.under_review(cast, **facts)
    w.complete_review(cast, case, cast.adviser)
    return w.fresh(case)


def conclude(case: Case, actor: object, outcome: str, **given: object) -> Review:
    return concluding.conclude(
        case_id=case.pk,
        actor=actor,
        outcome=outcome,
        **{"reasons": "As it should be."} | given,
    )


@pytest.mark.parametrize(
    ("answer", "risk", "months"),
    [("no", Risk.LOW, 24), ("possibly", Risk.MEDIUM, 12), ("yes", Risk.HIGH, 6)],
)
def test_an_approval_plans_the_first_review_by_risk(cast, answer, risk, months):
    case = w.approved(cast, given={"EXP_1": answer}, ends_on=None)

    due = add_months(w.local_today(), months)
    review = case.coming_review
    assert (case.risk, case.next_review_on) == (risk, due)
    assert (review.trigger, review.due_on) == (ReviewTrigger.SCHEDULED, due)
    assert (review.opened_at, review.assessment) == (None, None)


def test_a_review_is_never_later_than_half_the_agreement(cast):
    today = w.local_today()
    case = w.approved(cast, starts_on=today, ends_on=today + w.timedelta(days=101))

    assert case.next_review_on == today + w.timedelta(days=50)


def at_due(cast, *days: date) -> list[Case]:
    """Approved cases whose reviews fall on these days."""
    today = w.local_today()
    return [
        w.approved(cast, starts_on=today, ends_on=today + 2 * (day - today))
        for day in days
    ]


def test_the_tick_opens_exactly_what_is_due_and_opens_it_once(cast):
    day = w.local_today() + w.timedelta(days=40)
    before, on, after = at_due(
        cast, day - w.timedelta(days=1), day, day + w.timedelta(days=1)
    )
    suspended = w.suspended(cast)

    first = [review.case_id for review in reviewing.open_due(today=day)]
    again = [review.case_id for review in reviewing.open_due(today=day)]

    assert (first, again) == ([before.pk, on.pk], [])
    assert set(Case.objects.values_list("pk", "state")) == {
        (before.pk, CaseState.UNDER_REVIEW),
        (on.pk, CaseState.UNDER_REVIEW),
        (after.pk, CaseState.APPROVED),
        (suspended.pk, CaseState.SUSPENDED),
    }
    assert list(verifying.breaks()) == []


def test_an_outage_over_the_day_loses_no_review(cast):
    """Due is asked by “not later than”, never by the day itself."""
    day = w.local_today() + w.timedelta(days=40)
    (case,) = at_due(cast, day)

    opened = reviewing.open_due(today=day + w.timedelta(days=90))

    assert [review.case_id for review in opened] == [case.pk]


def test_opening_asks_the_questions_again(cast):
    case = w.approved(cast, ends_on=w.local_today() + w.timedelta(days=80))

    review = reviewing.open_review(case_id=case.pk, actor=cast.officer)

    case = w.fresh(case)
    assert case.state == CaseState.UNDER_REVIEW
    assert review == case.coming_review
    assert review.assessment == case.open_assessment != case.last_assessment
    assert review.assessment.moment == Moment.MIDWAY
    assert review.trigger == ReviewTrigger.SCHEDULED


def test_a_person_opens_no_review_long_before_its_day_without_a_ground(cast):
    case = w.approved(cast)
    before = everything()

    with pytest.raises(NotAllowed, match="Say why the review is opened before its"):
        reviewing.open_review(case_id=case.pk, actor=cast.officer, ground=" ")

    assert everything() == before


def test_the_clock_goes_by_the_day_that_it_was_given(cast):
    """Else a tick that catches up, or is run by hand for a day, would open nothing."""
    case = w.approved(cast)

    opened = reviewing.open_due(today=case.next_review_on)

    assert [review.case_id for review in opened] == [case.pk]
    assert opened[0].trigger == ReviewTrigger.SCHEDULED


def test_a_review_with_a_ground_is_extraordinary(cast):
    case = w.approved(cast)

    review = reviewing.open_review(
        case_id=case.pk, actor=cast.proposer, ground="New owner."
    )

    assert (review.trigger, review.ground) == ("extraordinary", "New owner.")
    assert Review.objects.count() == 1


@pytest.mark.engine
def test_completed_questions_set_the_risk_and_freeze(cast):
    case = w.under_review(cast)

    frozen = w.complete_review(cast, case, cast.adviser, EXP_1="yes")

    case = w.fresh(case)
    assert case.risk == Risk.HIGH
    assert (
        case.last_assessment == frozen == case.reviews.get(decided_at=None).assessment
    )
    assert frozen.is_frozen
    assert case.state == CaseState.UNDER_REVIEW
    with refused("a frozen assessment"):
        frozen.save()


def test_questions_of_a_review_are_completed_once(cast):
    case = answered(cast)

    with pytest.raises(NotAllowed, match="The questions of this review are completed"):
        w.complete_review(cast, case, cast.officer)


@pytest.mark.parametrize("outcome", ["continue", "changes"])
def test_continuing_plans_the_next_review(cast, outcome):
    case = answered(cast, ends_on=None)

    conclude(case, cast.decider, outcome)

    case = w.fresh(case)
    done = Review.objects.get(decided_at__isnull=False)
    assert case.state == CaseState.APPROVED
    assert (done.outcome, done.decided_by) == (outcome, cast.decider)
    assert case.coming_review not in (None, done)
    assert case.next_review_on == case.coming_review.due_on
    assert case.next_review_on == add_months(w.local_today(), 24)


def test_suspending_stops_the_reviews(cast):
    case = answered(cast)

    conclude(case, cast.decider, "suspend")

    case = w.fresh(case)
    assert (case.state, case.next_review_on) == (CaseState.SUSPENDED, None)
    assert case.coming_review is None


def test_terminating_gives_the_notice(cast):
    case = answered(cast)

    conclude(
        case,
        cast.decider,
        "terminate",
        notice=Notice(TerminationGround.SECURITY, w.local_today()),
    )

    case = w.fresh(case)
    assert (case.state, case.next_review_on) == (CaseState.TERMINATING, None)
    assert case.termination.ground == TerminationGround.SECURITY
    assert case.termination.noticed_by == cast.decider


@pytest.mark.parametrize("outcome", ["continue", "changes", "suspend", "terminate"])
def test_an_outcome_and_its_notice_belong_together(cast, outcome):
    """Else a case would end without ground and day, or go on with a notice."""
    case = answered(cast)
    notice = Notice(TerminationGround.MUTUAL, w.local_today())
    before = everything()

    with pytest.raises(NotAllowed, match="Ground and last day are given when"):
        conclude(
            case,
            cast.decider,
            outcome,
            notice=None if outcome == "terminate" else notice,
        )

    assert everything() == before
    assert Termination.objects.count() == 0


def test_an_outcome_needs_reasons(cast):
    case = answered(cast)
    before = everything()

    with pytest.raises(NotAllowed, match="Give the reasons for the outcome"):
        conclude(case, cast.decider, "continue", reasons=" ")

    assert everything() == before


def test_nothing_is_concluded_where_no_review_is_open(cast):
    case = w.approved(cast)

    with pytest.raises(AlreadyThere):
        conclude(case, cast.decider, "continue")
    with pytest.raises(SomebodyWasFaster, match="The review is no longer open"):
        conclude(case, cast.decider, "suspend")


def test_whoever_completed_the_review_does_not_conclude_it(cast):
    w.r.role(cast.officer, "decider", cast.institution)
    case = w.under_review(cast)
    w.complete_review(cast, case, cast.officer)

    with pytest.raises(NotAllowed, match="You assessed this case"):
        conclude(case, cast.officer, "continue")


def test_a_suspension_in_the_middle_abandons_what_was_begun(cast):
    case = w.under_review(cast)
    begun = case.open_assessment

    handling.with_reason(
        case_id=case.pk, verb=Verb.SUSPEND, actor=cast.decider, reason="Now."
    )

    begun.refresh_from_db()
    case = w.fresh(case)
    assert begun.abandoned_at is not None
    assert (begun.is_frozen, case.open_assessment) == (False, None)
    assert Review.objects.get().cancelled_at is not None
    assert case.risk == Risk.LOW


def test_resuming_plans_a_review_anew(cast):
    case = w.suspended(cast, ends_on=None)

    handling.with_reason(
        case_id=case.pk, verb=Verb.RESUME, actor=cast.decider, reason="Solved."
    )

    case = w.fresh(case)
    assert case.state == CaseState.APPROVED
    assert case.next_review_on == add_months(w.local_today(), 24)
    assert case.coming_review.due_on == case.next_review_on


@pytest.mark.engine
def test_the_database_keeps_one_coming_review_a_case(cast):
    case = w.approved(cast)
    planned = case.coming_review
    planned.pk = None

    with refused("one_coming_review_per_case|workflows_review.case_id"):
        planned.save()
