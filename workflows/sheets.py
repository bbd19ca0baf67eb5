"""An assessment as it lies on the table: the pack, the answers so far, what they weigh,
and what is still missing. Read only; services write."""

from functools import cached_property

from django.db.models import QuerySet

from register.choices import Risk
from register.models import User
from register.models.indicator import ReferenceFact
from register.queries.reference import reference_facts
from workflows import policies
from workflows.choices import ActionKind, Moment, Track
from workflows.models import Answer, Assessment, Case, Catalogue, Evidence
from workflows.models.answer import RiskChange
from workflows.questions import asking, weighing
from workflows.questions.asking import Choice, Scope
from workflows.questions.comparing import changed_questions
from workflows.questions.pack import Pack, Question
from workflows.questions.prefilling import (
    OF_PARTNERS,
    Prefilled,
    is_prefilled,
    prefill,
)
from workflows.questions.weighing import Weighing


class Sheet:
    """One assessment with everything needed to ask, weigh and complete it."""

    def __init__(self, assessment: Assessment):
        self.assessment = assessment
        self.case: Case = assessment.case
        self.pack: Pack = assessment.catalogue.pack
        self.scope = Scope(self.pack, assessment.moment, self.case.case_type)
        self._roles: dict[int, frozenset[str]] = {}

    @classmethod
    def of(cls, case: Case) -> "Sheet":
        """The open assessment, or a blank one that becomes a row with its first
        answer."""
        return cls(case.open_assessment or blank(case))

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """By question; an unsaved assessment has none."""
        if self.assessment.pk is None:
            return {}
        rows: QuerySet[Answer] = self.assessment.answers.filter(assessor=None)
        return {
            answer.question: answer
            for answer in rows.select_related("answered_by", "confirmed_by")
        }

    def put(self, answer: Answer) -> None:
        """Lay down an answer, new or changed; what they weigh is weighed anew."""
        self.answers[answer.question] = answer
        self.__dict__.pop("given", None)
        self.__dict__.pop("weighing", None)

    @cached_property
    def given(self) -> dict[str, frozenset[str]]:
        """The chosen options by question, last time's where follow-ups wait for them,
        and the facts of the case."""
        earlier = self.scope.earlier
        before = [c for c in (self.last if earlier else ()) if c in earlier]
        return (
            self.facts
            | {code: self.last[code].chosen for code in before}
            | {c: answer.chosen for c, answer in self.answers.items() if self.has(c)}
        )

    def has(self, code: str) -> bool:
        """Whether the question is answered; a comment alone is no answer."""
        question, answer = self.pack.by_code.get(code), self.answers.get(code)
        if question is None or answer is None:
            return False
        return question.is_answered(answer.chosen, answer.comment)

    @cached_property
    def facts(self) -> dict[str, frozenset[str]]:
        kinds = frozenset(agreement.kind for agreement in self.case.agreements.all())
        return {
            "type": frozenset({self.case.case_type}),
            "agreement": kinds | ({"any"} if kinds else set()),
            "funder": frozenset({"named"} if self.case.funder else ()),
        }

    @cached_property
    def weighing(self) -> Weighing:
        """As the answers stand that were read or `put`."""
        return weighing.weigh(self.scope, self.given)

    @property
    def choice(self) -> Choice:
        """What the quick screen says about the track as the answers stand."""
        return asking.choose_track(self.scope, self.given)

    @property
    def asked(self) -> list[Question]:
        track = self.assessment.track
        required = self.weighing.required
        return asking.asked(self.scope, self.given, track=track, required=required)

    @cached_property
    def before(self) -> Assessment | None:
        """The assessment that this one starts from: the last frozen one. The first of
        a case has none."""
        if self.assessment.moment == Moment.PLANNING and not self._is_correction:
            return None
        frozen = self.case.assessments.filter(completed_at__isnull=False)
        older = frozen.exclude(pk=self.assessment.pk).select_related("catalogue")
        if self.assessment.completed_at:
            older = older.filter(completed_at__lt=self.assessment.completed_at)
        return older.order_by("-completed_at", "-id").first()

    @property
    def _is_correction(self) -> bool:
        return self.assessment.supersedes_id is not None

    @cached_property
    def last(self) -> dict[str, Answer]:
        """Last time's answers, by question."""
        return Sheet(self.before).answers if self.before else {}

    @cached_property
    def changed(self) -> frozenset[str]:
        """Questions that are new or say something else than last time."""
        if self.before is None or self.before.catalogue_id == self.catalogue_id:
            return frozenset()
        return changed_questions(self.before.catalogue.pack, self.pack)

    @property
    def catalogue_id(self) -> int:
        return self.assessment.catalogue_id

    @cached_property
    def evidence(self) -> dict[str, list[Evidence]]:
        """What the answers rest on, by question."""
        found: dict[str, list[Evidence]] = {}
        if self.assessment.pk is not None:
            rows = self.assessment.evidence.filter(opinion=None)
            for row in rows.select_related("document", "added_by"):
                found.setdefault(row.question, []).append(row)
        return found

    @property
    def why_full(self) -> list[str]:
        """The answers that force the full track, as “question – answer”."""
        told = []
        for code in self.assessment.track_because:
            question, answer = self.pack.by_code.get(code), self.answers.get(code)
            if question and answer:
                chosen = [str(o) for o in question.options if o.code in answer.chosen]
                told.append(f"{question.text} – {', '.join(chosen)}")
        return told

    # What is missing ---------------------------------------------------------------
    @property
    def unanswered(self) -> list[Question]:
        return [question for question in self.asked if not self.has(question.code)]

    @property
    def unexplained(self) -> list[Question]:
        """Answered with something that needs a word: unsure, or a note is wanted."""
        notes = [
            code
            for action, codes in self.weighing.actions.items()
            if self.pack.actions[action].kind == ActionKind.NOTE
            for code in codes
        ]
        return [
            question
            for question in self.asked
            if (answer := self.answers.get(question.code))
            and not answer.comment.strip()
            and question.kind != "text"
            and (question.code in notes or question.is_unsure(answer.chosen))
        ]

    @property
    def unconfirmed(self) -> list[Question]:
        """Proposals that the right role must confirm first. A harmless proposal may
        stand on the light track: it is told to the decider as what it is."""
        return [
            question
            for question in self.asked
            if (answer := self.answers.get(question.code))
            and answer.is_proposal
            and (
                self.assessment.track == Track.FULL
                or question.level_of(answer.chosen) >= Risk.MEDIUM
            )
        ]

    def waits_for(self, user: User) -> list[Question]:
        """The open questions that this person is the right one to answer."""
        return [q for q in self.unanswered if self.is_for(q, user)]

    def is_for(self, question: Question, user: User) -> bool:
        if user.pk not in self._roles:  # asked once for each question of a page
            self._roles[user.pk] = policies.roles_in(self.case, user)
        return not self._roles[user.pk].isdisjoint(question.roles)

    # Risk ----------------------------------------------------------------------------
    @cached_property
    def risk_changes(self) -> list[RiskChange]:
        if self.assessment.pk is None:
            return []
        changes = self.assessment.risk_changes
        return list(changes.select_related("proposed_by", "confirmed_by"))

    @property
    def residual(self) -> int:
        """The inherent risk as people have raised or, confirmed, lowered it: the last
        judgement that stands."""
        weighing = self.weighing
        risk = int(weighing.inherent)
        for change in self.risk_changes:
            if not change.is_lowering:
                risk = max(risk, change.to_risk)
            elif self.stands(change, weighing):
                risk = max(change.to_risk, self._unjudged(change, weighing))
        return risk

    def _unjudged(self, lowering: RiskChange, weighing: Weighing) -> int:
        """The highest answer that was written since, be it lower than the risk was."""
        agreed_at = lowering.confirmed_at
        assert agreed_at is not None  # it stands
        levels = [
            level
            for code, level in weighing.levels.items()
            if self.answers[code].answered_at > agreed_at
            and not self.pack.by_code[code].is_country_fact
        ]
        return max(levels, default=0)

    def stands(self, lowering: RiskChange, weighing: Weighing) -> bool:
        """Confirmed, and no answer that gives the risk was written since: what nobody
        has judged is not lowered."""
        told = [self.answers.get(c) for r in weighing.because for c, _o in r.answers]
        return lowering.confirmed_at is not None and all(
            answer.answered_at <= lowering.confirmed_at for answer in told if answer
        )

    # What the register knows ----------------------------------------------------------
    @cached_property
    def reference(self) -> list[ReferenceFact]:
        partners = [part.partner for part in self.case.partnerships.all()]
        return reference_facts(
            {partner.country_id for partner in partners},
            [partner.pk for partner in partners],
        )

    def prefill_of(self, question: Question) -> Prefilled | None:
        """What the register proposes for a question that nobody has answered."""
        if question.code in self.answers or not is_prefilled(question):
            return None
        found = prefill(question, self.reference)
        return found if found and self._is_whole(question, found) else None

    def _is_whole(self, question: Question, found: Prefilled) -> bool:
        """One partner that nobody has screened leaves open what a list says."""
        if question.prefill not in OF_PARTNERS:
            return True
        screened = {name for fact in found.facts for name in fact.about}
        partners = {part.partner.name for part in self.case.partnerships.all()}
        return partners <= screened or bool(question.level_of(frozenset(found.options)))


def blank(case: Case) -> Assessment:
    """An assessment that is not begun yet, on the catalogue in force."""
    return Assessment(
        case=case,
        catalogue=Catalogue.objects.in_force(case.unit),
        moment=Moment.PLANNING,
        track=Track.UNDECIDED,
    )
