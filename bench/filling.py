"""Fill an empty database with cases of ten events each.

Written in few statements, but past no guard: each event comes from the code that
composes every event, and each state from the machine. The database checks every link
of every chain and every state as it does for a person.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.db import connection, transaction
from django.db.models import Model

from bench.answers import answer_fully
from bench.lives import EVENTS, LIVES, Life
from bench.university import SUBJECTS, University, found
from register.choices import CaseType, Risk
from register.services import cooperations, numbering
from workflows.choices import Verb
from workflows.models import (
    Assessment,
    Case,
    Catalogue,
    Decision,
    EventPayload,
    Review,
    Termination,
)
from workflows.models.case import transitions
from workflows.services.recording import AT_ONCE, compose, store

SEED = 2026
# Each part begins on one day; together they reach back ten years.
PARTS = 20
DAYS_OF_A_PART = 182
WORDS = ["Arctic", "Baltic", "Deep", "Early", "Fast", "Green", "Quiet", "Urban"]
THINGS = ["currents", "networks", "archives", "membranes", "harbours", "grammars"]
PURPOSE = "Shared measurements, joint supervision and a yearly workshop. " * 3
# Rows beside the events, each kind after those it points to.
KINDS: list[type[Model]] = [Assessment, Decision, Review, Termination]
# The state and the head of a case follow its newest event, as in the doorway.
FOLLOW = """
    UPDATE register_cooperation
       SET state = e.to_state, head_seq = e.seq, head_hash = e.hash,
           last_event_at = e.at
      FROM workflows_caseevent e
     WHERE e.case_id = register_cooperation.id AND e.seq = %s
       AND e.case_id BETWEEN %s AND %s
"""


def fill(size: int, *, today: date) -> University:
    """`size` cooperations, a multiple of 20. The same facts on every run of one day;
    only the identifiers and salts are new."""
    random = Random(SEED)
    university = found(partners_wanted=max(size // 5, 5), random=random)
    catalogue = Catalogue.objects.in_force(university.departments[0])
    for part in range(PARTS, 0, -1):
        begin = today - timedelta(days=part * DAYS_OF_A_PART)
        storyteller = Storyteller(university, random, begin, today)
        verbs = iter([LIVES[(part + n) % len(LIVES)] for n in range(size // PARTS)])
        while lives := [storyteller.life(each) for each in _some(verbs)]:
            _write(lives, storyteller, catalogue)
    answer_fully(officer=university.officer)
    return university


def _some(verbs: Iterator[tuple[Verb, ...]]) -> Iterator[tuple[Verb, ...]]:
    for _place, each in zip(range(AT_ONCE), verbs, strict=False):
        yield each


@dataclass(frozen=True)
class Storyteller:
    """Makes up cases that began on one day."""

    university: University
    random: Random
    begin: date
    today: date

    def life(self, verbs: tuple[Verb, ...]) -> Life:
        """A draft, and ten moments from the beginning until now."""
        start = datetime.combine(self.begin, time(9), UTC)
        seconds = ((self.today - self.begin).days - 1) * 24 * 3600
        later = sorted(self.random.sample(range(1, seconds), EVENTS - 1))
        moments = [start, *(start + timedelta(seconds=gone) for gone in later)]
        case = self._draft(verbs, start)
        return Life(
            case, verbs, moments, self.university.officer, self.university.decider
        )

    def _draft(self, verbs: tuple[Verb, ...], start: datetime) -> Case:
        choice = self.random.choice
        unit = choice(self.university.departments)
        proposer = choice(self.university.proposers[unit.pk])
        is_reviewed = Verb.APPROVE in verbs and verbs[-1] not in (
            Verb.CLOSE,
            Verb.SUSPEND,
        )
        in_days = self.random.randint(-60, 700)
        return Case(
            title=f"{choice(WORDS)} {choice(THINGS)} in {choice(SUBJECTS)}",
            case_type=choice(CaseType.values),
            purpose=PURPOSE,
            unit=unit,
            proposer=proposer,
            responsible=proposer,
            case_officer=self.university.officer if Verb.TAKE_CASE in verbs else None,
            starts_on=self.begin,
            ends_on=self.begin + timedelta(days=self.random.randint(400, 4000)),
            funder=choice(["", "Research Council", "Horizon Europe"]),
            risk=choice([1, 1, 2, 3]) if Verb.ANSWER in verbs else Risk.NONE,
            next_review_on=self.today + timedelta(in_days) if is_reviewed else None,
            last_event_at=start,
        )

    def partners(self) -> list[tuple]:
        two = self.random.sample(self.university.partners, 2)
        return [(partner, "partner") for partner in two]


@transaction.atomic
def _write(
    lives: Sequence[Life], storyteller: Storyteller, catalogue: Catalogue
) -> None:
    sent = [life.case for life in lives if Verb.SUBMIT in life.verbs]
    numbers = numbering.next_numbers(storyteller.begin.year, len(sent))
    for case, number in zip(sent, numbers, strict=True):
        case.number = number
    cooperations.register_many([(life.case, storyteller.partners()) for life in lives])
    for place in range(EVENTS):
        store([_happen(life, place) for life in lives])
        _follow(lives, place + 1)
    _write_rows(lives, catalogue)


def _happen(life: Life, place: int) -> EventPayload:
    case, verb = life.case, life.verbs[place]
    from_state = case.state
    if verb in transitions():
        getattr(case, verb)()
    return compose(
        case,
        verb=verb,
        actor=life.actor(verb),
        at=life.moments[place],
        from_state=from_state,
        payload=life.told(verb),
    )


def _follow(lives: Sequence[Life], seq: int) -> None:
    keys = [life.case.pk for life in lives]
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, [seq, min(keys), max(keys)])


def _write_rows(lives: Sequence[Life], catalogue: Catalogue) -> None:
    rows: dict[type[Model], list[Model]] = defaultdict(list)
    for life in lives:
        for row in life.rows(catalogue):
            rows[type(row)].append(row)
    for kind in KINDS:
        kind._default_manager.bulk_create(rows[kind])
