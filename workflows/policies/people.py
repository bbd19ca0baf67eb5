"""Who somebody is to a case: its own, a handler, an adviser, blind to it."""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from register.choices import Role
from workflows.choices import ROLES_OF
from workflows.questions.pack import ACADEMIC

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from register.models import User

    Reason: TypeAlias = StrOrPromise | None

UNSENT = ("draft", "returned")

NOT_YOURS = _("Only the proposer and the responsible person may do this.")

NO_QUESTIONS = _("There are no open questions on this case.")

STILL_BLIND = _(
    "You were asked to assess for yourself. Hand in your own answers first; until then "
    "you do not see what others answered."
)

ONLY_ADVISERS = _("Only an adviser may do this.")

OWN_PROPOSAL = _(
    "You proposed this cooperation or answer for it; somebody else must act."
)

HANDLERS = (
    *(Role.CASE_OFFICER, Role.UNIT_LEADER, Role.ADVISER),
    *Role.SPECIALISTS,
)


def is_blind(case: Any, user: "User") -> bool:
    """Whether the person was asked to assess for themselves and has not handed in:
    until then they see nothing of what others answered (requirement 16)."""
    return not is_own(case, user) and user.pk in case.blind_assessors


def is_own(case: Any, user: "User") -> bool:
    """Whether the person proposed it or answers for it. Whoever took in a case from
    before the register stands in for both and has no part in it."""
    if case.legacy and user.pk == case.proposer_id:
        return False
    return user.pk in (case.proposer_id, case.responsible_id)


def is_handler(case: Any, user: "User") -> bool:
    """Handles the case, decides it or audits it; the proposer never does."""
    roles = (*HANDLERS, Role.DECIDER, Role.AUDITOR)
    return not is_own(case, user) and has_one(case, user, *roles)


def has_one(case: Any, user: "User", *roles: str) -> bool:
    return any(user.has_role(role, case.unit) for role in roles)


def owner(case: Any, user: "User") -> "Reason":
    return None if is_own(case, user) else NOT_YOURS


def independent(case: Any, user: "User", *roles: str, who: Any) -> "Reason":
    """A role at the unit, and no part in the proposal (workflow 7)."""
    if is_own(case, user):
        return OWN_PROPOSAL
    return None if has_one(case, user, *roles) else who


def case_officer(case: Any, user: "User") -> "Reason":
    return independent(
        case,
        user,
        Role.CASE_OFFICER,
        who=_("Only a case officer of the unit may do this."),
    )


def assessor(case: Any, user: "User") -> "Reason":
    return independent(
        case,
        user,
        *HANDLERS,
        who=_("Only a case officer, an adviser or the unit's leader may assess."),
    )


def roles_in(case: Any, user: "User") -> frozenset[str]:
    """The roles of the question pack in which this person's answers count at once.
    Those who carry the cooperation answer for the academic side and never as advisers
    on their own case."""
    if is_own(case, user):
        return frozenset({ACADEMIC})
    return frozenset(
        code for code, roles in ROLES_OF.items() if has_one(case, user, *roles)
    )


def contributor(case: Any, user: "User") -> "Reason":
    if is_own(case, user) or has_one(case, user, *HANDLERS):
        return None
    return _("Only those who answer for the case or handle it may add to it.")
