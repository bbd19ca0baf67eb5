"""Decide what comes of an open review."""

from django.utils.translation import gettext as _

from register.models import User
from workflows.choices import ReviewOutcome, Verb
from workflows.models import Review
from workflows.policies.delegating import named
from workflows.services import reviewing, terminating
from workflows.services.moving import NotAllowed, SomebodyWasFaster, doorway

VERB_OF = {
    ReviewOutcome.CONTINUE: Verb.CONTINUE,
    ReviewOutcome.CONTINUE_WITH_CHANGES: Verb.CONTINUE,
    ReviewOutcome.SUSPEND: Verb.SUSPEND,
    ReviewOutcome.TERMINATE: Verb.GIVE_NOTICE,
}


def conclude(
    *,
    case_id: int,
    actor: User,
    outcome: str,
    reasons: str,
    notice: terminating.Notice | None = None,
    seen: int | None = None,
) -> Review:
    """Decide what comes of the review: continue, suspend or terminate.

    notice: ground and last day; given when, and only when, the outcome is terminate.
    """
    verb = VERB_OF[ReviewOutcome(outcome)]
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        _refuse_half(outcome, reasons, notice)
        review = step.case.coming_review
        if review is None or review.opened_at is None:
            raise SomebodyWasFaster(_("The review is no longer open."))
        review.outcome, review.reasons = outcome, reasons.strip()
        review.decided_by, review.decided_at = actor, step.at
        review.save()
        del step.case.coming_review  # decided: it is not coming any more
        step.payload |= {"outcome": str(outcome), "reasons": review.reasons}
        if verb == Verb.CONTINUE:
            step.payload |= named(step.case.rule)
        if verb == Verb.CONTINUE:
            reviewing.plan_next(step)
        else:
            reviewing.set_aside(step)
        if notice:
            terminating.write_notice(step, notice, reasons=reasons)
    return review


def _refuse_half(outcome: str, reasons: str, notice: terminating.Notice | None) -> None:
    if not reasons.strip():
        raise NotAllowed(_("Give the reasons for the outcome."))
    if (outcome == ReviewOutcome.TERMINATE) != (notice is not None):
        raise NotAllowed(
            _("Ground and last day are given when, and only when, you terminate.")
        )
