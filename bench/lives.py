"""The lives that the cases of the bench have lived, ten events each, and the rows that
such a life leaves beside its events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from register.choices import CaseState
from register.models import User
from workflows.choices import (
    Moment,
    ReviewTrigger,
    TerminationGround,
    Track,
    Verb,
    Verdict,
)
from workflows.models import (
    Assessment,
    Case,
    Catalogue,
    Decision,
    Review,
    Termination,
)

EVENTS = 10
ASSESSED = (Verb.SUBMIT, Verb.TAKE_CASE, Verb.ANSWER, Verb.COMPLETE_ASSESSMENT)
APPROVED = (Verb.REGISTER, *ASSESSED, Verb.ASK_DECISION, Verb.APPROVE)
MENDED = (Verb.REGISTER, Verb.AMEND, Verb.AMEND, Verb.AMEND)
SENT_TWICE = (Verb.SUBMIT, Verb.SEND_BACK, Verb.AMEND, Verb.SUBMIT)
# Of twenty cases, how many have lived so.
LIVES: list[tuple[Verb, ...]] = [
    *[(*APPROVED, Verb.AMEND, Verb.AMEND, Verb.AMEND)] * 5,
    *[(*APPROVED, Verb.SUSPEND, Verb.RESUME, Verb.AMEND)] * 4,
    *[(*APPROVED, Verb.AMEND, Verb.AMEND, Verb.OPEN_REVIEW)] * 2,
    *[(*APPROVED, Verb.AMEND, Verb.GIVE_NOTICE, Verb.CLOSE)] * 3,
    *[(*APPROVED, Verb.AMEND, Verb.AMEND, Verb.SUSPEND)] * 1,
    *[(*MENDED, *ASSESSED, Verb.ASK_DECISION, Verb.REJECT)] * 1,
    *[(*MENDED, Verb.AMEND, *ASSESSED, Verb.ASK_DECISION)] * 1,
    *[(*MENDED, *SENT_TWICE, Verb.TAKE_CASE, Verb.ANSWER)] * 2,
    *[(*MENDED, *[Verb.AMEND] * 6)] * 1,
]
SENTENCE = "Seen through with the unit; useful, and harmless as far as is known."
BY_OFFICER = frozenset(
    {
        Verb.TAKE_CASE,
        Verb.ANSWER,
        Verb.COMPLETE_ASSESSMENT,
        Verb.ASK_DECISION,
        Verb.SEND_BACK,
        Verb.CLOSE,
    }
)
BY_DECIDER = frozenset(
    {Verb.APPROVE, Verb.REJECT, Verb.SUSPEND, Verb.RESUME, Verb.GIVE_NOTICE}
)


@dataclass(frozen=True)
class Life:
    """A case, what happens to it and when, and who they are that do it."""

    case: Case
    verbs: tuple[Verb, ...]
    moments: list[datetime]
    officer: User
    decider: User

    def actor(self, verb: Verb) -> User:
        if verb in BY_OFFICER:
            return self.officer
        return self.decider if verb in BY_DECIDER else self.case.proposer

    def told(self, verb: Verb) -> dict[str, Any]:
        """What the event of `verb` tells, as the services would have it told."""
        match verb:
            case Verb.REGISTER:
                return {"title": self.case.title}
            case Verb.SUBMIT:
                return {"number": self.case.number}
            case Verb.AMEND:
                changes = [["funder", "", self.case.funder]]
                return {"reason": SENTENCE, "changes": changes}
            case Verb.COMPLETE_ASSESSMENT:
                return {"risk": self.case.risk, "conclusion": SENTENCE}
            case _:
                return {"reason": SENTENCE}

    def at(self, verb: Verb) -> datetime:
        return self.moments[self.verbs.index(verb)]

    def rows(self, catalogue: Catalogue) -> Iterator[Model]:
        """The rows beside the events, each after those it points to."""
        if Verb.SUBMIT in self.verbs:
            assessment = self._assessment(catalogue)
            yield assessment
            if Verb.ASK_DECISION in self.verbs:
                yield self._decision(assessment)
        if self.case.state in CaseState.RUNNING and self.case.next_review_on:
            yield from self._review(catalogue)
        if Verb.GIVE_NOTICE in self.verbs:
            yield self._termination()

    def _assessment(self, catalogue: Catalogue) -> Assessment:
        assessment = Assessment(
            case=self.case,
            catalogue=catalogue,
            moment=Moment.PLANNING,
            track=Track.LIGHT,
            begun_at=self.at(Verb.SUBMIT),
        )
        if Verb.COMPLETE_ASSESSMENT in self.verbs:
            assessment.completed_at = self.at(Verb.COMPLETE_ASSESSMENT)
            assessment.completed_by = self.officer
            assessment.inherent = assessment.risk = self.case.risk
            assessment.conclusion = SENTENCE
        return assessment

    def _decision(self, assessment: Assessment) -> Decision:
        decision = Decision(
            case=self.case,
            assessment=assessment,
            asked_by=self.officer,
            asked_at=self.at(Verb.ASK_DECISION),
        )
        for verb, verdict in (
            (Verb.APPROVE, Verdict.APPROVED),
            (Verb.REJECT, Verdict.REJECTED),
        ):
            if verb in self.verbs:
                decision.decided_by, decision.decided_at = self.decider, self.at(verb)
                decision.verdict, decision.reasons = verdict, SENTENCE
        return decision

    def _review(self, catalogue: Catalogue) -> Iterator[Model]:
        review = Review(
            case=self.case,
            trigger=ReviewTrigger.SCHEDULED,
            due_on=self.case.next_review_on,
            planned_at=self.at(Verb.APPROVE),
        )
        if Verb.OPEN_REVIEW in self.verbs:
            review.opened_at = self.at(Verb.OPEN_REVIEW)
            review.assessment = Assessment(
                case=self.case,
                catalogue=catalogue,
                moment=Moment.MIDWAY,
                track=Track.LIGHT,
                begun_at=review.opened_at,
            )
            yield review.assessment
        yield review

    def _termination(self) -> Termination:
        return Termination(
            case=self.case,
            ground=TerminationGround.MUTUAL,
            ends_on=self.case.ends_on or self.at(Verb.CLOSE) + timedelta(days=30),
            reasons=SENTENCE,
            noticed_by=self.decider,
            noticed_at=self.at(Verb.GIVE_NOTICE),
            report=SENTENCE,
            closed_by=self.officer,
            closed_at=self.at(Verb.CLOSE),
        )
