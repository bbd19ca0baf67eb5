"""Who may send back, ask, decide, review and end; what must be in order first."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from register.choices import Risk, Role, UnitKind
from register.policies import may_import, may_propose
from workflows.choices import Verb
from workflows.policies.delegating import (
    height,
    not_recommended,
    reach,
    why_not_decide,
)
from workflows.policies.people import (
    HANDLERS,
    UNSENT,
    case_officer,
    hands,
    has_one,
    independent,
    is_own,
)

if TYPE_CHECKING:
    from register.models import User
    from workflows.policies.people import Reason


def send_back(case: Any, user: "User") -> "Reason":
    return independent(
        case,
        user,
        Role.CASE_OFFICER,
        Role.UNIT_LEADER,
        who=_("Only a case officer or the unit's leader may send a case back."),
    )


def decider(case: Any, user: "User") -> "Reason":
    """Not the proposer, not the assessor (requirements 15 and 16)."""
    refusal = independent(
        case, user, Role.DECIDER, who=_("Only a decider of the unit may do this.")
    )
    assessment = case.last_assessment
    if refusal or assessment is None:
        return refusal
    if assessment.completed_by_id in hands(case, user):
        return _("You assessed this case; another person must decide.")
    if has_prepared(case, user):
        return _("You helped to prepare this decision; another person must make it.")
    lifted_to = assessment.decided_at
    if lifted_to and reach(case, user, Role.DECIDER) < height(lifted_to):
        return LIFTED[lifted_to]
    return None


def competent(case: Any, user: "User") -> "Reason":
    """A decider who is high enough for the case's line of the delegation table. The
    brake is not delegated: any decider suspends."""
    return decider(case, user) or why_not_decide(case, user)


# What is done towards a decision: whoever did one of these does not make it.
PREPARING = frozenset(
    {
        *(Verb.REGISTER, Verb.SUBMIT, Verb.AMEND, Verb.RECOMMEND),
        *(Verb.ANSWER, Verb.CONFIRM_ANSWERS, Verb.TAKE_FULL_TRACK),
        *(Verb.COMPLETE_ASSESSMENT, Verb.COMPLETE_REVIEW, Verb.HAND_IN),
        *(Verb.ADD_EVIDENCE, Verb.SETTLE_POINT, Verb.GIVE_OPINION),
        *(Verb.RAISE_RISK, Verb.LOWER_RISK, Verb.ASK_DECISION),
    }
)
# What ends a round: what was prepared before it belongs to an earlier decision.
DECIDING = frozenset({Verb.APPROVE, Verb.CONTINUE, Verb.RESUME, Verb.TAKE_IN})


def has_prepared(case: Any, user: "User") -> bool:
    """Whether the person did something towards the decision that is to be made, by the
    history itself (workflow 7)."""
    mine = hands(case, user)
    decided = [last for verb, *_who, last in case.traces if verb in DECIDING]
    ended = max(decided, default=0)
    return any(
        verb in PREPARING and last > ended and not mine.isdisjoint({person, principal})
        for verb, person, principal, last in case.traces
    )


LIFTED = {
    UnitKind.FACULTY: _("The answers lift this decision to the faculty's level."),
    UnitKind.INSTITUTION: _(
        "The answers lift this decision to the institution's top management."
    ),
}


def not_in_order(case: Any) -> "Reason":
    """What stands before every way into a running cooperation."""
    assessment = case.last_assessment
    if assessment and assessment.stops:
        return assessment.stops[0].text
    if case.open_gates:
        gate = case.open_gates[0]
        return _("The gate “%(gate)s” stands open. %(why)s") % {
            "gate": gate.action.title,
            "why": gate.action.text,
        }
    return None


def decide(case: Any, user: "User") -> "Reason":
    refusal = competent(case, user)
    if refusal:
        return refusal
    if case.open_decision is None:
        return _("Nobody has asked for a decision yet; a case officer does that.")
    if case.open_decision.asked_by_id in hands(case, user):
        return _("You asked for this decision; another person must make it.")
    return None


def approve(case: Any, user: "User") -> "Reason":
    if case.risk == Risk.CRITICAL:
        return _(
            "The risk is critical, so this case cannot be approved. Reject it, or "
            "reopen the assessment when the cause is resolved."
        )
    return decide(case, user) or not_in_order(case) or not_recommended(case)


def ask_decision(case: Any, user: "User") -> "Reason":
    if case.open_decision is not None:
        return _("A decision has already been asked for.")
    return case_officer(case, user) or not_recommended(case)


def reopen(case: Any, user: "User") -> "Reason":
    return independent(
        case,
        user,
        Role.CASE_OFFICER,
        Role.DECIDER,
        who=_("Only a case officer or a decider may reopen the assessment."),
    )


def open_review(case: Any, user: "User") -> "Reason":
    if is_own(case, user) or has_one(case, user, *HANDLERS, Role.DECIDER):
        return None
    return _("Only those who answer for the case or handle it may open a review.")


def continue_(case: Any, user: "User") -> "Reason":
    refusal = review_outcome(case, user)
    if refusal is None and case.risk == Risk.CRITICAL:
        return _("The risk is critical, so this cannot go on. Suspend it, or end it.")
    return refusal or not_in_order(case)


def resume(case: Any, user: "User") -> "Reason":
    return competent(case, user) or not_in_order(case)


def review_outcome(case: Any, user: "User") -> "Reason":
    review = case.coming_review
    if review and review.assessment and not review.assessment.is_frozen:
        return _("The questions of the review must be answered and completed first.")
    return competent(case, user)


def close(case: Any, user: "User") -> "Reason":
    if case.open_assessment is not None:
        return _("The exit questions must be answered and completed first.")
    if case.termination.noticed_by_id in hands(case, user):
        return _("You gave the notice; another person must close the case.")
    return independent(
        case,
        user,
        Role.CASE_OFFICER,
        Role.DECIDER,
        who=_("Only a case officer or a decider may close the case."),
    )


def amend(case: Any, user: "User") -> "Reason":
    if is_own(case, user) and case.state in UNSENT:
        return None
    return independent(
        case,
        user,
        Role.CASE_OFFICER,
        who=_("After it is sent, only a case officer may change the facts."),
    )


def register(case: Any, user: "User") -> "Reason":
    if may_propose(user) or may_import(user):
        return None
    return _("You need the role of proposer at a unit to register a cooperation.")


def take_in(case: Any, user: "User") -> "Reason":
    if not case.legacy:
        return _("Only a cooperation from before the register is taken in unassessed.")
    if has_one(case, user, Role.CASE_OFFICER):
        return None
    return _("Only a case officer of the unit may import.")
