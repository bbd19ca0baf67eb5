"""What waits for a person, over all cases. Read only; the number of statements does not
grow with what waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from register.choices import CaseState as S
from register.choices import Role
from register.models import User
from workflows import policies
from workflows.choices import ROLES_OF, Verb
from workflows.deadlines import act_by
from workflows.models import (
    Answer,
    Assessment,
    Assessor,
    Case,
    Decision,
    Gate,
    OpenPoint,
    Opinion,
    RiskChange,
)
from workflows.models.case import possible_in
from workflows.queries import cases_readable_by
from workflows.questions.pack import ACADEMIC
from workflows.services.reading import (
    as_they_stand,
    by_case,
    held_up_by,
    sheets_to_act_on,
    with_unit,
)
from workflows.sheets import Sheet

OPEN = {"completed_at": None, "abandoned_at": None}
OF_OPEN = {f"assessment__{name}": None for name in OPEN}
ANSWERED = (S.PROPOSED, S.UNDER_REVIEW, S.TERMINATING)


@dataclass(frozen=True)
class Waiting:
    """A case that waits for a person: what to do, since when, by when."""

    case: Case
    verb: Verb
    since: date
    due_on: date | None


def waiting_for(user: User) -> list[Waiting]:
    """What waits for this person, oldest first."""
    found = Desk(user).everything()
    return sorted(found, key=lambda waiting: (waiting.since, waiting.case.pk))


class Desk:
    """What lies before one person."""

    def __init__(self, user: User):
        self.user = user

    def everything(self) -> Iterator[Waiting]:
        yield from self.proposals()
        yield from self.own_questions()
        yield from self.points()
        yield from self.handled_questions()
        yield from self.confirmations()
        yield from self.opinions()
        yield from self.gates()
        yield from self.invitations()
        yield from self.office_work()
        yield from self.lowerings()
        yield from self.decisions()
        yield from self.recommendations()

    # The cases a person carries -------------------------------------------------------
    @property
    def own(self) -> Q:
        return Q(proposer=self.user) | Q(responsible=self.user)

    def proposals(self) -> Iterator[Waiting]:
        cases = cases_readable_by(self.user).filter(self.own, state__in=S.WITH_PROPOSER)
        for case in with_unit(cases):
            yield _waiting(case, Verb.SUBMIT)

    def own_questions(self) -> Iterator[Waiting]:
        """Those that wait for the person's own answers, also after it is sent."""
        for sheet in self._sheets(Case.objects.filter(self.own)):
            if sheet.waits_for(self.user) and self.may(Verb.ANSWER, sheet.case):
                yield _waiting(sheet.case, Verb.ANSWER)

    def points(self) -> Iterator[Waiting]:
        """Unsure answers that this person is to find out about."""
        rows = OpenPoint.objects.filter(
            owner=self.user,
            closed_at=None,
            assessment__case__state__in=possible_in(Verb.SETTLE_POINT),
        )
        for case, points in by_case(rows.order_by("due_on", "id")):
            if self.may(Verb.SETTLE_POINT, case):
                since = min(point.opened_at for point in points)
                yield _waiting(case, Verb.SETTLE_POINT, since, points[0].due_on)

    # The cases a person handles -------------------------------------------------------
    def _office(self) -> QuerySet[Case]:
        return _of_units(self.user, Role.CASE_OFFICER).filter(
            Q(case_officer=self.user) | Q(case_officer=None)
        )

    def handled_questions(self) -> Iterator[Waiting]:
        """Answer what is theirs; then see that the whole is completed."""
        if not self.user.holds(Role.CASE_OFFICER):
            return
        for sheet in self._sheets(self._office()):
            is_new = sheet.case.state == S.PROPOSED
            verb = Verb.COMPLETE_ASSESSMENT if is_new else Verb.COMPLETE_REVIEW
            if self.may(verb, sheet.case):
                theirs = sheet.waits_for(self.user)
                yield _waiting(sheet.case, Verb.ANSWER if theirs else verb)

    def office_work(self) -> Iterator[Waiting]:
        """For case officers: ask for the decision, close."""
        undecided = Decision.objects.filter(
            case=OuterRef("pk"), decided_at=None, withdrawn_at=None
        )
        assessed = self._office().filter(~Exists(undecided), state=S.ASSESSED)
        ended = self._office().filter(~_questions_open(), state=S.TERMINATING)
        for verb, these in (
            (Verb.ASK_DECISION, assessed),
            (Verb.CLOSE, ended.select_related("termination")),
        ):
            yield from self._permitted(these, verb)

    def confirmations(self) -> Iterator[Waiting]:
        """Proposed answers that stop the case until this person confirms them."""
        held_up = held_up_by(self._proposals(), self._codes | {ACADEMIC})
        waiting = Assessment.objects.filter(pk__in=held_up)
        for sheet in sheets_to_act_on(waiting):
            theirs = any(sheet.is_for(q, self.user) for q in sheet.unconfirmed)
            if theirs and self.may(Verb.CONFIRM_ANSWERS, sheet.case):
                yield _waiting(sheet.case, Verb.CONFIRM_ANSWERS)

    def _proposals(self) -> QuerySet[Answer]:
        """Those that may be this person's to confirm."""
        carried = Q(assessment__case__proposer=self.user)
        carried |= Q(assessment__case__responsible=self.user)
        handled = Q(assessment__case__unit__in=self._units_as_anything())
        return Answer.objects.filter(
            carried | handled,
            **OF_OPEN,
            assessor=None,
            confirmed_at=None,
            assessment__case__state__in=possible_in(Verb.CONFIRM_ANSWERS),
        )

    # Advisers -------------------------------------------------------------------------
    @cached_property
    def _codes(self) -> frozenset[str]:
        """The roles of the question packs that this person has anywhere."""
        return frozenset(
            code
            for code, roles in ROLES_OF.items()
            if any(self.user.holds(role) for role in roles)
        )

    def _units_as_anything(self) -> Any:
        return self.user.units_as(*chain(*(ROLES_OF[code] for code in self._codes)))

    def opinions(self) -> Iterator[Waiting]:
        if not self._codes:
            return
        theirs = Q()
        for code in self._codes:
            units = self.user.units_as(*ROLES_OF[code])
            theirs |= Q(role=code, assessment__case__unit__in=units)
        rows = Opinion.objects.filter(
            theirs,
            **OF_OPEN,
            given_at=None,
            assessment__case__state__in=possible_in(Verb.GIVE_OPINION),
        )
        for case, opinions in by_case(rows.order_by("due_on", "id")):
            case.waiting_opinions = opinions
            if self.may(Verb.GIVE_OPINION, case):
                since = min(opinion.asked_at for opinion in opinions)
                yield _waiting(case, Verb.GIVE_OPINION, since, opinions[0].due_on)

    def gates(self) -> Iterator[Waiting]:
        if not self._codes:
            return
        rows = Gate.objects.filter(
            cleared_at=None,
            case__unit__in=self._units_as_anything(),
            case__state__in=possible_in(Verb.CLEAR_GATE),
        ).exclude(opened_by=self.user)
        for case, gates in by_case(rows.prefetch_related("assessment__catalogue")):
            case.open_gates = gates
            if self.may(Verb.CLEAR_GATE, case):
                since = min(gate.opened_at for gate in gates)
                yield _waiting(case, Verb.CLEAR_GATE, since)

    @cached_property
    def _invited(self) -> list[tuple[Case, list[Any]]]:
        rows = Assessor.objects.filter(**OF_OPEN, user=self.user, handed_in_at=None)
        return list(by_case(rows))

    def invitations(self) -> Iterator[Waiting]:
        for case, assessors in self._invited:
            is_asked = case.state in possible_in(Verb.HAND_IN)
            if is_asked and self.may(Verb.HAND_IN, case):
                yield _waiting(case, Verb.HAND_IN, assessors[0].invited_at)

    # Deciders -------------------------------------------------------------------------
    def lowerings(self) -> Iterator[Waiting]:
        rows = RiskChange.objects.filter(
            **OF_OPEN,
            is_lowering=True,
            confirmed_at=None,
            assessment__case__unit__in=self.user.units_as(Role.DECIDER),
            assessment__case__state__in=possible_in(Verb.CONFIRM_LOWERING),
        )
        for case, changes in by_case(rows.exclude(proposed_by=self.user)):
            case.pending_lowering = changes[-1]
            if self.may(Verb.CONFIRM_LOWERING, case):
                since = changes[-1].proposed_at
                yield _waiting(case, Verb.CONFIRM_LOWERING, since)

    def decisions(self) -> Iterator[Waiting]:
        """Decisions asked for, reviews answered, suspensions."""
        cases = _of_units(self.user, Role.DECIDER)
        asked = cases.filter(
            state=S.ASSESSED, decisions__decided_at=None, decisions__withdrawn_at=None
        ).filter(decisions__isnull=False)
        for verb, these in (
            (Verb.REJECT, asked),
            (Verb.CONTINUE, cases.filter(~_questions_open(), state=S.UNDER_REVIEW)),
            (Verb.RESUME, cases.filter(state=S.SUSPENDED)),
        ):
            yield from self._permitted(these, verb)

    def recommendations(self) -> Iterator[Waiting]:
        """What this person is to say before the decision, as a leader or an adviser."""
        cases = _of_units(self.user, Role.UNIT_LEADER, Role.ADVISER)
        yield from self._permitted(cases.filter(state=S.ASSESSED), Verb.RECOMMEND)

    # What they share ------------------------------------------------------------------
    def may(self, verb: Verb, case: Case) -> bool:
        """By the policies, without asking the database for each case anew."""
        blind = {invited.pk for invited, _assessors in self._invited}
        case.blind_assessors = frozenset([self.user.pk] if case.pk in blind else [])
        return policies.barred(verb, case, self.user) is None

    def _permitted(self, cases: QuerySet[Case], verb: Verb) -> Iterator[Waiting]:
        """Without those that this person may not act on, such as their own."""
        for case in as_they_stand(with_unit(cases)):
            if self.may(verb, case):
                yield _waiting(case, verb)

    def _sheets(self, cases: QuerySet[Case]) -> Iterator[Sheet]:
        """The open assessments of those that are being answered."""
        rows = Assessment.objects.filter(
            **OPEN, case__in=cases.filter(state__in=ANSWERED).values("pk")
        )
        return iter(sheets_to_act_on(rows))


def _questions_open() -> Exists:
    return Exists(Assessment.objects.filter(**OPEN, case=OuterRef("pk")))


def _of_units(user: User, *roles: str) -> QuerySet[Case]:
    return Case.objects.filter(unit__in=user.units_as(*roles))


def _waiting(
    case: Case, verb: Verb, since: datetime | None = None, due_on: date | None = None
) -> Waiting:
    """Since the last event, and by the case's own day, unless told better."""
    day = timezone.localtime(since or case.last_event_at).date()
    if case.state == S.UNDER_REVIEW:
        due_on = due_on or case.next_review_on
    return Waiting(case, verb, day, due_on or act_by(case.state, day))
