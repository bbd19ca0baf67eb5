"""What needs little more than a reason: take, send back, reopen, suspend, resume."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from register.models import User
from workflows.choices import Verb
from workflows.models import Case, CaseEvent
from workflows.policies.delegating import named
from workflows.services import assessing, recommending, reviewing
from workflows.services.moving import NotAllowed, Step, doorway


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
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        step.payload["reason"] = reason.strip()
        if consequence := CONSEQUENCES.get(verb):
            consequence(step)
    return step.told


def _begin_again(step: Step) -> None:
    """A new version of the assessment; a decision that was asked for falls, and so does
    what was recommended."""
    if decision := step.case.open_decision:
        decision.withdrawn_at = step.at
        decision.save(update_fields=["withdrawn_at"])
    recommending.fall(step)
    assessing.begin_correction(step, reason=step.payload["reason"])


def _run_again(step: Step) -> None:
    step.payload |= named(step.case.rule)
    reviewing.plan_next(step)


# What a move brings with it, beside the move itself.
CONSEQUENCES: dict[str, Callable[[Step], object]] = {
    Verb.SEND_BACK: recommending.fall,
    Verb.WITHDRAW: reviewing.set_aside,
    Verb.REOPEN_ASSESSMENT: _begin_again,
    Verb.SUSPEND: reviewing.set_aside,
    Verb.RESUME: _run_again,
}
