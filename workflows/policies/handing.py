"""Who hands a case over, who chooses its readers, who marks a condition as met."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from register.choices import Role
from workflows.policies.people import (
    case_officer,
    hands,
    has_one,
    independent,
    is_own,
)

if TYPE_CHECKING:
    from register.models import User
    from workflows.policies.people import Reason


HANDS_OVER = (Role.CASE_OFFICER, Role.UNIT_LEADER)


def hand_over(case: Any, user: "User") -> "Reason":
    """Name another responsible person or case officer."""
    return independent(
        case,
        user,
        *HANDS_OVER,
        who=_("Only a case officer or the unit's leader may hand a case over."),
    )


def choose_readers(case: Any, user: "User") -> "Reason":
    """Those who carry a case may close it; only those who handle it open it again."""
    roles = (Role.CASE_OFFICER, Role.SECURITY_ADVISER, Role.DECIDER)
    if is_own(case, user) or has_one(case, user, *roles):
        return None
    return _(
        "Only those who answer for the case, a case officer, a security adviser or a "
        "decider choose who sees it."
    )


def meet_condition(case: Any, user: "User") -> "Reason":
    """Another person than its owner and than the decider who set it (workflow 7)."""
    refusal = case_officer(case, user)
    if refusal:
        return refusal
    if not case.open_conditions:
        return _("No condition is waiting to be met.")
    reasons = [why_not_meet(case, each, user) for each in case.open_conditions]
    return None if None in reasons else reasons[0]


def why_not_meet(case: Any, condition: Any, user: "User") -> "Reason":
    """None when this person may mark this condition as met; else why not."""
    mine = hands(case, user)
    if condition.owner_id in mine:
        return _("You own this condition; another person must mark it as met.")
    if condition.set_by_id in mine:
        return _("You set this condition; another person must mark it as met.")
    return None
