"""What needs little more than a reason: take, send back, reopen, suspend, resume."""

from django.utils.translation import gettext as _

from register.models import User
from workflows.choices import Moment, Verb
from workflows.models import Case, CaseEvent
from workflows.services import assessing, reviewing
from workflows.services.moving import NotAllowed, doorway, move

WITH_REASON = frozenset(
    {Verb.SEND_BACK, Verb.WITHDRAW, Verb.REOPEN_ASSESSMENT, Verb.SUSPEND, Verb.RESUME}
)


def take_case(*, case_id: int, actor: User, seen: int | None = None) -> Case:
    """Become the case officer."""
    verb = Verb.TAKE_CASE
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        step.case.case_officer = actor
    return step.case


def with_reason(
    *, case_id: int, verb: str, actor: User, reason: str, seen: int | None = None
) -> CaseEvent:
    """Make one of the moves that need a reason and nothing else."""
    if not reason.strip():
        raise NotAllowed(_("Give a reason, so that the others understand."))
    if verb == Verb.REOPEN_ASSESSMENT:
        return _reopen(case_id=case_id, actor=actor, reason=reason, seen=seen)
    if verb == Verb.SUSPEND:
        return _suspend(case_id=case_id, actor=actor, reason=reason, seen=seen)
    if verb == Verb.RESUME:
        return _resume(case_id=case_id, actor=actor, reason=reason, seen=seen)
    return move(case_id=case_id, verb=verb, actor=actor, reason=reason, seen=seen)


def _reopen(*, case_id: int, actor: User, reason: str, seen: int | None) -> CaseEvent:
    """A new version of the assessment begins; a decision that was asked for falls."""
    verb = Verb.REOPEN_ASSESSMENT
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        if decision := step.case.open_decision:
            decision.withdrawn_at = step.at
            decision.save(update_fields=["withdrawn_at"])
        assessing.begin_assessment(step.case, moment=Moment.PLANNING, at=step.at)
        step.payload["reason"] = reason
    return step.told


def _suspend(*, case_id: int, actor: User, reason: str, seen: int | None) -> CaseEvent:
    verb = Verb.SUSPEND
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        reviewing.set_aside(step)
        step.payload["reason"] = reason
    return step.told


def _resume(*, case_id: int, actor: User, reason: str, seen: int | None) -> CaseEvent:
    verb = Verb.RESUME
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        reviewing.plan_next(step)
        step.payload["reason"] = reason
    return step.told
