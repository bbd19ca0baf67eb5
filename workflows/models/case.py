"""The machine. The docs' diagram and the table of refusals are made from this file."""

from functools import cache, cached_property, partial

from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from register.choices import AgreementStatus
from register.choices import CaseState as S
from register.clock import local_today
from register.models import Cooperation, User
from workflows import policies
from workflows.choices import Verb
from workflows.models.delegation import DelegationTable
from workflows.policies.delegating import line_for


def moves(verb: Verb, source: str | list[str], target: str):  # type: ignore[no-untyped-def]
    """A transition of the state whose permission is the policy of the same verb."""
    return transition(
        field="state",
        source=source,
        target=target,
        permission=partial(_permitted, verb),
        custom={"verb": verb},
    )


def _permitted(verb: Verb, case: "Case", user: User) -> bool:
    return policies.why_not(verb, case, user) is None


# A pack is large, and read once by each process: a row that only names it lets it be.
CONTENT = "catalogue__content"


class Case(Cooperation):
    """A cooperation seen as a case: a proxy that owns every transition.

    The methods are guards only. They save nothing and tell nobody; they are called by
    `workflows.services.moving` and by nobody else.
    """

    class Meta:
        proxy = True
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    @cached_property
    def open_decision(self):  # type: ignore[no-untyped-def]
        """The decision that is asked for and not made, or None."""
        asked = self.decisions.filter(decided_at=None, withdrawn_at=None)
        return asked.select_related("rule__table").first()

    @cached_property
    def coming_review(self):  # type: ignore[no-untyped-def]
        """The review that is planned or open, or None."""
        return self.reviews.filter(decided_at=None, cancelled_at=None).first()

    @cached_property
    def open_assessment(self):  # type: ignore[no-untyped-def]
        open_ones = self.assessments.filter(completed_at=None, abandoned_at=None)
        return open_ones.select_related("catalogue").defer(CONTENT).first()

    @cached_property
    def open_gates(self):  # type: ignore[no-untyped-def]
        """What is not in order yet; nothing is approved while one stands open."""
        gates = self.gates.filter(cleared_at=None)
        packs = gates.select_related("assessment__catalogue")
        return list(packs.defer(f"assessment__{CONTENT}"))

    @cached_property
    def open_conditions(self):  # type: ignore[no-untyped-def]
        """What the approvals require and nobody has marked as met."""
        decisions = self.decisions.filter(conditions__met_at__isnull=True).distinct()
        return [
            condition
            for decision in decisions.prefetch_related("conditions")
            for condition in decision.conditions.all()
            if condition.met_at is None
        ]

    @cached_property
    def waiting_opinions(self):  # type: ignore[no-untyped-def]
        """The opinions that the open assessment waits for."""
        if self.open_assessment is None:
            return []
        return list(self.open_assessment.opinions.filter(given_at=None))

    @cached_property
    def pending_lowering(self):  # type: ignore[no-untyped-def]
        """The lower risk that is proposed and not confirmed, or None."""
        if self.open_assessment is None:
            return None
        changes = self.open_assessment.risk_changes
        return changes.filter(is_lowering=True, confirmed_at=None).last()

    @cached_property
    def blind_assessors(self):  # type: ignore[no-untyped-def]
        """Keys of those who answer for themselves and have not handed in yet."""
        waiting = self.assessments.filter(completed_at=None, abandoned_at=None).filter(
            assessors__user__isnull=False, assessors__handed_in_at=None
        )
        return frozenset(waiting.values_list("assessors__user", flat=True))

    @cached_property
    def declared(self):  # type: ignore[no-untyped-def]
        """What those who declared their interests since the last review was opened
        said: key → whether they have a conflict."""
        said = self.declarations.standing()
        return dict(said.values_list("user", "has_conflict"))

    @cached_property
    def recommended(self):  # type: ignore[no-untyped-def]
        """What leaders and advisers have said of it, as it stands."""
        return list(self.recommendations.filter(withdrawn_at=None))

    @cached_property
    def delegation(self):  # type: ignore[no-untyped-def]
        """The table by which it is decided: that of the decision which is asked for,
        or else the one in force today."""
        if self.open_decision and self.open_decision.rule:
            return self.open_decision.rule.table
        return DelegationTable.objects.in_force(self.unit, local_today())

    @cached_property
    def rule(self):  # type: ignore[no-untyped-def]
        """The line of the table by which it is decided; None at critical risk. A
        decision never falls below the line by which it was asked for."""
        return line_for(
            self.delegation.rules.all(),
            risk=self.risk,
            case_type=self.case_type,
            kinds={
                agreement.kind
                for agreement in self.agreements.all()
                if agreement.status != AgreementStatus.ENDED
            },
            at_least=self.open_decision.rule if self.open_decision else None,
        )

    @cached_property
    def traces(self):  # type: ignore[no-untyped-def]
        """Who did what last, by the history itself: (verb, person, whose deputy they
        were, number of the event)."""
        return [act for _case, *act in self.events.last_acts()]

    @cached_property
    def last_assessment(self):  # type: ignore[no-untyped-def]
        """The newest frozen assessment, or None."""
        done = self.assessments.filter(completed_at__isnull=False)
        newest = done.order_by("-completed_at", "-id").select_related("catalogue")
        return newest.defer(CONTENT).first()

    @property
    def own_people(self) -> frozenset[int]:
        """Keys of those who proposed it or answer for it, now or earlier. Whoever took
        in a case from before the register has no part in it but by being named."""
        if self.is_unclaimed:
            return frozenset()
        now = {self.responsible_id, *([] if self.legacy else [self.proposer_id])}
        return frozenset(now | set(self.former_owners))

    @moves(Verb.SUBMIT, [S.DRAFT, S.RETURNED], S.PROPOSED)
    def submit(self) -> None:
        """The proposer sends it to be assessed."""

    @moves(Verb.SEND_BACK, S.PROPOSED, S.RETURNED)
    def send_back(self) -> None:
        """Back to the proposer with points to mend."""

    @moves(Verb.WITHDRAW, [S.DRAFT, S.PROPOSED, S.RETURNED], S.WITHDRAWN)
    def withdraw(self) -> None:
        """The proposer gives it up."""

    @moves(Verb.COMPLETE_ASSESSMENT, S.PROPOSED, S.ASSESSED)
    def complete_assessment(self) -> None:
        """The assessment is frozen and sets the risk."""

    @moves(Verb.REOPEN_ASSESSMENT, S.ASSESSED, S.PROPOSED)
    def reopen_assessment(self) -> None:
        """Something must be looked at again; a new version of the assessment begins."""

    @moves(Verb.APPROVE, S.ASSESSED, S.APPROVED)
    def approve(self) -> None:
        """Decided yes, with or without conditions."""

    @moves(Verb.REJECT, S.ASSESSED, S.REJECTED)
    def reject(self) -> None:
        """Decided no."""

    @moves(Verb.OPEN_REVIEW, S.APPROVED, S.UNDER_REVIEW)
    def open_review(self) -> None:
        """The midway or an extraordinary review begins."""

    @moves(Verb.CONTINUE, S.UNDER_REVIEW, S.APPROVED)
    def continue_cooperation(self) -> None:
        """The review ends well; the next one is planned."""

    @moves(Verb.SUSPEND, [S.APPROVED, S.UNDER_REVIEW], S.SUSPENDED)
    def suspend(self) -> None:
        """Stopped for now: nothing new may be shared."""

    @moves(Verb.RESUME, S.SUSPENDED, S.APPROVED)
    def resume(self) -> None:
        """The cause is gone."""

    @moves(Verb.GIVE_NOTICE, [S.APPROVED, S.UNDER_REVIEW, S.SUSPENDED], S.TERMINATING)
    def give_notice(self) -> None:
        """It will end; the exit begins."""

    @moves(Verb.CLOSE, S.TERMINATING, S.TERMINATED)
    def close(self) -> None:
        """It has ended, with a closing report."""

    @moves(Verb.TAKE_IN, S.DRAFT, S.APPROVED)
    def take_in(self) -> None:
        """It ran before the register did: approved, unassessed, marked legacy."""


@cache
def transitions() -> dict[str, tuple[frozenset[str], str]]:
    """verb → (states it may start from, state it ends in): the whole machine."""
    table: dict[str, tuple[set[str], str]] = {}
    for move in Case(state=S.DRAFT).get_all_state_transitions():  # type: ignore[attr-defined]
        sources, _target = table.setdefault(move.name, (set(), str(move.target)))
        sources.add(str(move.source))
    return {verb: (frozenset(sources), to) for verb, (sources, to) in table.items()}


RUNNING = frozenset(S.RUNNING)
LIVE = frozenset(S.values) - frozenset(S.ENDED)

ASKED = frozenset({S.PROPOSED, S.UNDER_REVIEW})
ANSWERED = ASKED | {S.DRAFT, S.RETURNED, S.TERMINATING}
HANDLED = frozenset({S.PROPOSED, S.ASSESSED}) | RUNNING

# What can be done without a move, and in which states.
ACTS: dict[str, frozenset[str]] = {
    Verb.REGISTER: frozenset({S.DRAFT}),
    Verb.DECLARE: LIVE,
    Verb.RECOMMEND: frozenset({S.PROPOSED, S.ASSESSED}),
    Verb.AMEND: LIVE,
    Verb.TAKE_CASE: HANDLED,
    Verb.HAND_OVER: HANDLED | {S.RETURNED},
    Verb.SET_CONFIDENTIALITY: frozenset(S.values),
    Verb.NAME_READER: frozenset(S.values) - {S.DRAFT},
    Verb.END_READER: frozenset(S.values) - {S.DRAFT},
    Verb.ANSWER: ANSWERED,
    Verb.CONFIRM_ANSWERS: ASKED | {S.TERMINATING},
    Verb.TAKE_FULL_TRACK: ASKED,
    Verb.SETTLE_POINT: HANDLED,
    Verb.ADD_EVIDENCE: ANSWERED,
    Verb.GIVE_OPINION: ASKED,
    Verb.CLEAR_GATE: HANDLED,
    Verb.RAISE_RISK: ASKED,
    Verb.LOWER_RISK: ASKED,
    Verb.CONFIRM_LOWERING: ASKED,
    Verb.INVITE_ASSESSOR: ASKED,
    Verb.HAND_IN: ASKED,
    Verb.COMPLETE_REVIEW: frozenset({S.UNDER_REVIEW, S.TERMINATING}),
    Verb.ASK_DECISION: frozenset({S.ASSESSED}),
    Verb.MEET_CONDITION: RUNNING,
    Verb.ADD_AGREEMENT: LIVE,
    Verb.ADD_DOCUMENT: LIVE,
}


@cache
def possible_in(verb: str) -> frozenset[str]:
    """The states in which the verb is possible at all."""
    return ACTS[verb] if verb in ACTS else transitions()[verb][0]
