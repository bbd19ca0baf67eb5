"""Ask for a decision; make it. Asking and deciding are never one person (four eyes)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from register.models import User
from workflows.choices import ActionKind, GateResult, Verb, Verdict
from workflows.models import Case, Condition, Decision
from workflows.policies.delegating import named
from workflows.services import reviewing
from workflows.services.moving import NotAllowed, doorway
from workflows.sheets import Sheet

VERB_OF = {
    Verdict.APPROVED: Verb.APPROVE,
    Verdict.APPROVED_WITH_CONDITIONS: Verb.APPROVE,
    Verdict.REJECTED: Verb.REJECT,
}


@dataclass(frozen=True)
class Required:
    """A condition of an approval: what, from whom and by when."""

    text: str
    owner: User
    due_on: date


@dataclass(frozen=True)
class Proposed:
    """A condition that the case asks for by itself, and why, in the reader's words."""

    text: str
    why: str


def proposed_conditions(case: Case) -> list[Proposed]:
    """What the answers ask for, and what was let through a gate to become a condition.
    Who sees to it and by when, the decider says."""
    if case.last_assessment is None:
        return []
    sheet = Sheet(case.last_assessment)
    fired = sheet.weighing.actions
    texts = {rule.code: rule.text for rule in sheet.pack.rules}
    texts |= {code: question.text for code, question in sheet.pack.by_code.items()}
    by_answers = [
        Proposed(
            f"{action.text} ({', '.join(codes)})",
            "; ".join(texts.get(code, code) for code in codes),
        )
        for action in sheet.assessment.fired
        if action.kind == ActionKind.CONDITION and (codes := fired.get(action.code, ()))
    ]
    gates = case.gates.filter(result=GateResult.AS_CONDITION)
    return by_answers + [
        Proposed(gate.action.text, gate.reason)
        for gate in gates.select_related("assessment__catalogue")
    ]


def ask(
    *, case_id: int, actor: User, question: str = "", seen: int | None = None
) -> Decision:
    """Lay the assessed case before the deciders. The delegation table in force now is
    the one by which it is decided, whatever is published meanwhile."""
    verb = Verb.ASK_DECISION
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        decision = Decision.objects.create(
            case=step.case,
            assessment=step.case.last_assessment,
            asked_by=actor,
            asked_at=step.at,
            question=question,
            rule=step.case.rule,
        )
        step.payload |= {"question": question, **named(step.case.rule)}
    return decision


def decide(
    *,
    case_id: int,
    actor: User,
    verdict: str,
    reasons: str,
    conditions: Sequence[Required] = (),
    to_red_flags: str = "",
    seen: int | None = None,
) -> Decision:
    """Approve, approve with conditions or reject, with reasons.

    An approval plans the first midway review. to_red_flags: why the red flags of
    independent assessors are overruled; needed to approve where there are any. Raises
    NotAllowed without reasons, or when conditions and verdict do not fit each other.
    """
    verb = VERB_OF[Verdict(verdict)]
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        _refuse_half(verdict, reasons, conditions)
        decision = step.case.open_decision
        if verb == Verb.APPROVE:
            _refuse_unanswered_flags(decision, to_red_flags)
            _refuse_forgotten_conditions(step.case, conditions)
        decision.rule = step.case.rule
        decision.to_red_flags = to_red_flags.strip()
        decision.decided_by, decision.decided_at = actor, step.at
        decision.verdict, decision.reasons = verdict, reasons.strip()
        decision.save()
        for condition in conditions:
            Condition.objects.create(
                decision=decision,
                text=condition.text,
                owner=condition.owner,
                due_on=condition.due_on,
                set_by=actor,
            )
        if verb == Verb.APPROVE:
            reviewing.plan_next(step)
        step.payload |= {
            "verdict": str(verdict),
            "reasons": decision.reasons,
            "to_red_flags": decision.to_red_flags,
            "decision": decision.pk,
            "snapshot": decision.assessment.snapshot_hash,
            "conditions": [
                [c.text, c.owner.reference, c.due_on.isoformat()] for c in conditions
            ],
            **named(decision.rule),
        }
    return decision


def _refuse_half(verdict: str, reasons: str, conditions: Sequence[Required]) -> None:
    if not reasons.strip():
        raise NotAllowed(_("Give the reasons for your decision."))
    if verdict == Verdict.APPROVED_WITH_CONDITIONS and not conditions:
        raise NotAllowed(_("Write at least one condition, or approve without any."))
    if verdict != Verdict.APPROVED_WITH_CONDITIONS and conditions:
        raise NotAllowed(_("Conditions go with “approve with conditions” only."))


def _refuse_unanswered_flags(decision: Decision, words: str) -> None:
    if not words.strip() and decision.assessment.red_flags:
        raise NotAllowed(
            _("An assessor raised a red flag; say why it is overruled, or reject.")
        )


def _refuse_forgotten_conditions(case: Case, conditions: Sequence[Required]) -> None:
    """What was let through a gate to become a condition must become one."""
    waiting = case.gates.filter(result=GateResult.AS_CONDITION)
    if waiting.exists() and not conditions:
        raise NotAllowed(
            _("A gate was cleared to become a condition: write it as one.")
        )
