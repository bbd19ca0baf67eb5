"""T60: two deciders press their buttons at the same moment, 200 times. Exactly one
decides; the other is told. A twin that looks first and acts then fails the very same
assertion, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from threading import Barrier
from time import sleep

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from register.choices import CaseState
from register.models import NumberSeries
from register.services.numbering import next_number
from tests.factories import workflows as w
from tests.lengths import whole_or_part
from workflows import policies
from workflows.choices import Verb, Verdict
from workflows.models import Case, CaseEvent, Decision, Review
from workflows.services import deciding, reviewing, verifying
from workflows.services.moving import AlreadyThere, SomebodyWasFaster
from workflows.services.recording import record
from workflows.signals import case_moved

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = whole_or_part(200, 20)
TOLD = (AlreadyThere, SomebodyWasFaster)
DecideIt = Callable[[Case, object, Callable[[], object]], None]


@dataclass(frozen=True)
class Round:
    """What one round left behind."""

    decisions: int
    approvals: int
    events: int
    reviews: int
    state: str
    answers: tuple[str, ...]


RIGHT = Round(1, 1, 6, 1, CaseState.APPROVED, ("decided", "told"))


@pytest.fixture(autouse=True)
def _nobody_listens() -> Iterator[None]:
    """The machine alone: who is told, and by which mail, has tests of its own."""
    listeners, case_moved.receivers = case_moved.receivers, []
    case_moved.sender_receivers_cache.clear()
    yield
    case_moved.receivers = listeners
    case_moved.sender_receivers_cache.clear()


def asked_cases(cast, count: int) -> list[Case]:
    """Cases that wait for a decision."""
    w.ask_nothing()
    partner = w.r.partner()
    with transaction.atomic():
        return [w.quickly_asked(cast, partner=partner) for _ in range(count)]


def by_the_doorway(case: Case, actor: object, meet: Callable[[], object]) -> None:
    meet()
    deciding.decide(
        case_id=case.pk,
        actor=actor,
        verdict=Verdict.APPROVED,
        reasons="Useful.",
        seen=case.head_seq,
    )


def naively(case: Case, actor: object, meet: Callable[[], object]) -> None:
    """The twin: no lock, and what it saw is not what it changes."""
    mine = Case.objects.select_related("unit").get(pk=case.pk)
    if mine.state != CaseState.ASSESSED:
        raise AlreadyThere
    assert policies.why_not(Verb.APPROVE, mine, actor) is None
    decision, at = mine.open_decision, timezone.now()
    meet()
    with transaction.atomic():
        decision.decided_by, decision.decided_at = actor, at
        decision.verdict, decision.reasons = Verdict.APPROVED, "Useful."
        decision.save()
        mine.approve()
        record(
            mine, verb="approve", actor=actor, at=at, from_state="assessed", payload={}
        )
        mine.save()
        Review.objects.create(
            case=mine, trigger="scheduled", due_on=at.date(), planned_at=at
        )


def outcome(decide: DecideIt, case: Case, actor: object, barrier: Barrier) -> str:
    try:
        decide(case, actor, lambda: barrier.wait(timeout=30))
    except TOLD:
        return "told"
    except DatabaseError as error:
        return f"error: {type(error).__name__}"
    return "decided"


def one_decider(
    decide: DecideIt, cases: list[Case], actor: object, barrier: Barrier
) -> list[str]:
    try:
        return [outcome(decide, case, actor, barrier) for case in cases]
    finally:
        connection.close()


def race(decide: DecideIt, cases: list[Case], deciders: list[object]) -> list[Round]:
    barrier = Barrier(len(deciders))
    with ThreadPoolExecutor(len(deciders)) as pool:
        answers = pool.map(
            one_decider, repeat(decide), repeat(cases), deciders, repeat(barrier)
        )
        pairs = zip(*answers, strict=True)
        return [
            left_behind(case, told) for case, told in zip(cases, pairs, strict=True)
        ]


def left_behind(case: Case, answers: tuple[str, ...]) -> Round:
    decided = Decision.objects.filter(case=case, decided_at__isnull=False)
    events = CaseEvent.objects.filter(case=case)
    return Round(
        decisions=decided.count(),
        approvals=events.filter(verb=Verb.APPROVE).count(),
        events=events.count(),
        reviews=Review.objects.filter(case=case).count(),
        state=w.fresh(case).state,
        answers=tuple(sorted(answers)),
    )


def assert_one_decides_and_the_other_is_told(rounds: list[Round]) -> None:
    assert rounds == [RIGHT] * len(rounds)


def test_of_two_deciders_one_decides_and_the_other_is_told(cast):
    cases = asked_cases(cast, ROUNDS)

    rounds = race(by_the_doorway, cases, [cast.decider, cast.other_decider])

    assert len(rounds) == ROUNDS
    assert_one_decides_and_the_other_is_told(rounds)
    assert list(verifying.breaks()) == []


def test_the_naive_twin_fails_the_same_assertion(cast):
    cases = asked_cases(cast, 5)

    rounds = race(naively, cases, [cast.decider, cast.other_decider])

    with pytest.raises(AssertionError):
        assert_one_decides_and_the_other_is_told(rounds)


def at_once(work: Callable[[], list]) -> list:
    """What two threads return together that begin at the same moment."""

    def begin(barrier: Barrier) -> list:
        barrier.wait(timeout=30)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(chain.from_iterable(pool.map(begin, [Barrier(2)] * 2)))


def test_a_due_review_is_opened_once_by_two_ticks_at_once(cast):
    cases = asked_cases(cast, 10)
    for case in cases:
        by_the_doorway(case, cast.decider, lambda: None)
    day = max(Case.objects.values_list("next_review_on", flat=True))

    opened = at_once(lambda: reviewing.open_due(today=day))

    assert sorted(review.case_id for review in opened) == [case.pk for case in cases]
    assert CaseEvent.objects.filter(verb=Verb.OPEN_REVIEW).count() == 10
    assert Review.objects.count() == 10


def test_numbers_given_at_once_have_no_gap_and_no_double():
    given = at_once(lambda: [next_number(2031) for _ in range(50)])

    assert sorted(given) == [f"2031/{number:04}" for number in range(1, 101)]


def peeked_number() -> str:
    """The twin: reads the last number, then writes the next."""
    series, _ = NumberSeries.objects.get_or_create(year=2031)
    series.last += 1
    sleep(0.001)
    series.save()
    return f"2031/{series.last:04}"


def test_numbers_peeked_at_collide():
    given = at_once(lambda: [peeked_number() for _ in range(50)])

    assert sorted(given) != [f"2031/{number:04}" for number in range(1, 101)]
