"""Advisers' opinions, gates, and people's judgement of the risk."""

from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from register.choices import Risk
from register.models import User
from workflows import policies
from workflows.choices import Blocks, Conclusion, Confidence, GateResult, Verb
from workflows.models import Gate, Opinion, RiskChange
from workflows.services import answering, looking
from workflows.services.moving import NotAllowed, Step, doorway
from workflows.sheets import Sheet

EXPORT_ONLY = (Conclusion.NO_LICENCE, Conclusion.LICENCE_NEEDED, Conclusion.FORBIDDEN)
EXPORT = "S-EC"


def conclusions_of(role: str) -> list[Conclusion]:
    """What an adviser of this role may conclude (action A-EC for export control)."""
    if role == EXPORT:
        return [*EXPORT_ONLY, Conclusion.CANNOT]
    return [each for each in Conclusion if each not in EXPORT_ONLY]


def give_opinion(
    *,
    case_id: int,
    actor: User,
    opinion_id: int,
    conclusion: str,
    text: str,
    upload: Any = None,
    seen: int | None = None,
) -> Opinion:
    """Write the opinion that was asked for, once. “Forbidden” makes the risk critical.

    upload: a document that the opinion rests on, or the signed opinion itself.
    Raises NotAllowed for another role's opinion, one given already, or no words, and
    ValidationError for a file that is refused; then nothing is written.
    """
    verb = Verb.GIVE_OPINION
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        roles = policies.roles_in(step.case, actor)
        waiting = {opinion.pk: opinion for opinion in step.case.waiting_opinions}
        opinion = waiting.get(opinion_id)
        if opinion is None or opinion.role not in roles:
            raise NotAllowed(_("This opinion is not yours to give, or is given."))
        if not text.strip():
            raise NotAllowed(_("Write the opinion; others must be able to follow it."))
        if conclusion not in conclusions_of(opinion.role):
            raise NotAllowed(_("Choose a conclusion."))
        opinion.conclusion, opinion.text = conclusion, text.strip()
        opinion.given_by, opinion.given_at = actor, step.at
        opinion.save()
        step.payload |= {
            "role": opinion.role,
            "conclusion": str(conclusion),
            "text": opinion.text,
        }
        if upload:
            looking.keep_evidence(
                step,
                opinion.assessment,
                upload,
                opinion=opinion,
                seen_on=timezone.localdate(step.at),
                confidence=Confidence.HIGH,
            )
        if conclusion == Conclusion.FORBIDDEN:
            _raise(step, Risk.CRITICAL, text.strip())
    return opinion


def raise_risk(
    *, case_id: int, actor: User, risk: int, reason: str, seen: int | None = None
) -> RiskChange:
    """An adviser sees a higher risk than the answers give. It counts at once."""
    verb = Verb.RAISE_RISK
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        _refuse_wordless(reason)
        sheet = answering.begun(step)
        if not sheet.residual < risk <= Risk.CRITICAL:
            raise NotAllowed(
                _("Choose a level above the present one: %(risk)s.")
                % {"risk": Risk(sheet.residual).label}
            )
        step.payload |= {"risk": int(risk), "reason": reason.strip()}
        return _raise(step, risk, reason.strip())


def _raise(step: Step, risk: int, reason: str) -> RiskChange:
    assert isinstance(step.actor, User)
    return RiskChange.objects.create(
        assessment=step.case.open_assessment,
        to_risk=risk,
        is_lowering=False,
        reason=reason,
        proposed_by=step.actor,
        proposed_at=step.at,
    )


def lower_risk(
    *, case_id: int, actor: User, risk: int, reason: str, seen: int | None = None
) -> RiskChange:
    """Propose a lower residual risk, with what was done about it. It counts when a
    second person confirms.

    At most one level below what the answers and the advisers give without a written
    opinion, and not while a gate stands open (question catalogue 1.1) or an adviser
    says that it is forbidden. Raises NotAllowed otherwise.
    """
    verb = Verb.LOWER_RISK
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        _refuse_wordless(reason)
        _refuse_too_low(answering.begun(step), risk)
        step.payload |= {"risk": int(risk), "reason": reason.strip()}
        return RiskChange.objects.create(
            assessment=step.case.open_assessment,
            to_risk=risk,
            is_lowering=True,
            reason=reason.strip(),
            proposed_by=actor,
            proposed_at=step.at,
        )


def _refuse_wordless(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed(_("Give a reason, so that the others understand."))


def _refuse_too_low(sheet: Sheet, risk: int) -> None:
    if refusal := why_not_lower_to(sheet, risk):
        raise NotAllowed(refusal)


def why_not_lower_to(sheet: Sheet, risk: int) -> str:
    """The sentence why this level cannot be proposed as things stand, or nothing."""
    if not Risk.LOW <= risk < sheet.residual:
        return _("Choose a level below the present one: %(risk)s.") % {
            "risk": Risk(sheet.residual).label
        }
    if sheet.case.open_gates:
        return _("The risk is not lowered while a gate stands open.")
    given = sheet.assessment.opinions.filter(given_at__isnull=False)
    concluded = set(given.values_list("conclusion", flat=True))
    if Conclusion.FORBIDDEN in concluded:
        return _("An adviser concluded that it is forbidden; the risk stays critical.")
    if risk < _highest(sheet) - 1 and not concluded:
        return _(
            "Without an adviser's written opinion it is lowered one level at most."
        )
    return ""


def _highest(sheet: Sheet) -> int:
    """What the answers give, or an adviser has raised it to."""
    raised = [each.to_risk for each in sheet.risk_changes if not each.is_lowering]
    return max([sheet.weighing.inherent, *raised])


def confirm_lowering(
    *, case_id: int, actor: User, agrees: bool, seen: int | None = None
) -> None:
    """The second person agrees to the lower risk, or not: then the proposal falls and
    stays in the history."""
    verb = Verb.CONFIRM_LOWERING
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        change = step.case.pending_lowering
        step.payload |= {"risk": change.to_risk, "agrees": agrees}
        if not agrees:
            change.delete()
            return
        _refuse_too_low(answering.begun(step), change.to_risk)
        change.confirmed_by, change.confirmed_at = actor, step.at
        change.save()


def clear_gate(
    *,
    case_id: int,
    actor: User,
    gate_id: int,
    result: str,
    reason: str,
    reference: str = "",
    valid_until: date | None = None,
    seen: int | None = None,
) -> Gate:
    """Another person than the one who opened it finds a gate in order.

    Raises NotAllowed without a reason, without a reference where it is documented, and
    for a gate of the approval that is to become a condition.
    """
    verb = Verb.CLEAR_GATE
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        gate = next((g for g in step.case.open_gates if g.pk == gate_id), None)
        if gate is None:
            raise NotAllowed(_("This gate has been cleared already."))
        for person in step.hands:
            if refusal := policies.why_not_clear(step.case, gate, person):
                raise NotAllowed(str(refusal))
        _refuse_half(gate, result, reason, reference)
        _refuse_expired(valid_until, timezone.localdate(step.at))
        gate.result, gate.reason = result, reason.strip()
        gate.reference, gate.valid_until = reference.strip(), valid_until
        gate.cleared_by, gate.cleared_at = actor, step.at
        gate.save()
        step.payload |= {
            "gate": str(gate.action.title),
            "result": str(result),
            "reason": gate.reason,
            "reference": gate.reference,
        }
    return gate


def _refuse_half(gate: Gate, result: str, reason: str, reference: str) -> None:
    _refuse_wordless(reason)
    if result not in GateResult.values:
        raise NotAllowed(_("Choose what you found."))
    if result == GateResult.DOCUMENTED and not reference.strip():
        raise NotAllowed(_("Give the reference: a number, a document, an archive key."))
    if result == GateResult.AS_CONDITION and gate.blocks == Blocks.APPROVAL:
        raise NotAllowed(
            _("This gate stands before the approval; it cannot wait as a condition.")
        )


def _refuse_expired(valid_until: date | None, today: date) -> None:
    if valid_until and valid_until < today:
        raise NotAllowed(
            _("This was valid until %(day)s. Give what is in force today.")
            % {"day": formats.date_format(valid_until)}
        )
