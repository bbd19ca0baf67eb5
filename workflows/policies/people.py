"""Who somebody is to a case: its own, a handler, an adviser, blind to it."""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from register.choices import Role
from workflows.choices import ROLES_OF
from workflows.questions.pack import ACADEMIC

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from register.models import User
    from register.models.person import Held

    Reason: TypeAlias = StrOrPromise | None

UNSENT = ("draft", "returned")

NOT_YOURS = _("Only the proposer and the responsible person may do this.")

NO_QUESTIONS = _("There are no open questions on this case.")

STILL_BLIND = _(
    "You were asked to assess for yourself. Hand in your own answers first; until then "
    "you do not see what others answered."
)

ONLY_ADVISERS = _("Only an adviser may do this.")

ROLE_FROM_OWN = _(
    "Your role was given by somebody who carries this cooperation; another person must "
    "act."
)

UNDECLARED = _("Say first whether you have a conflict of interest in this case.")

CONFLICTED = _(
    "You have declared a conflict of interest in this case; another person must act."
)

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
    return not is_own(case, user) and not user.keys.isdisjoint(case.blind_assessors)


def is_own(case: Any, user: "User") -> bool:
    """Whether the person, by any of their accounts, proposed it or answers for it, now
    or earlier."""
    return not user.keys.isdisjoint(case.own_people)


def hands(case: Any, user: "User") -> frozenset[int]:
    """Keys of everybody whose acts in this case are this person's acts too: their own
    accounts, those for whom they acted as a deputy here, and the deputies who acted
    here for them. A deputy never adds a pair of eyes (lesson L24)."""
    mine = user.keys
    return mine | {
        key
        for _verb, person, principal, _last in case.traces
        if principal is not None and not mine.isdisjoint({person, principal})
        for key in (person, principal)
    }


def is_handler(case: Any, user: "User") -> bool:
    """Handles the case, decides it or audits it; the proposer never does."""
    roles = (*HANDLERS, Role.DECIDER, Role.AUDITOR)
    return not is_own(case, user) and has_one(case, user, *roles)


def has_one(case: Any, user: "User", *roles: str) -> bool:
    return any(user.has_role(role, case.unit) for role in roles)


def owner(case: Any, user: "User") -> "Reason":
    return None if is_own(case, user) else NOT_YOURS


def independent(case: Any, user: "User", *roles: str, who: Any) -> "Reason":
    """A role at the unit, no part in the proposal, and no interest in it (workflow 7).
    A role that one of its own people gave since it began, or for which they named the
    deputy, does not count here."""
    if is_own(case, user):
        return OWN_PROPOSAL
    if has_one(case, user.holding(counted(case, user)), *roles):
        return None
    return ROLE_FROM_OWN if has_one(case, user, *roles) else who


def counted(case: Any, user: "User") -> "list[Held]":
    """Of the roles that the person holds, those that count for this case."""
    own, begun = case.own_people, case.created_at
    return [
        each
        for each in user.held
        if not any(
            giving.at and giving.at >= begun and not own.isdisjoint(giving.by)
            for giving in each.given
        )
    ]


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


def declaring(case: Any, user: "User") -> "Reason":
    """Everybody who has a part in the case, by role or by name."""
    if is_own(case, user) or has_one(case, user, *HANDLERS, Role.DECIDER):
        return None
    return _("Only those who act on the case declare their interests in it.")


def conflicted(case: Any, user: "User") -> "Reason":
    """Whoever has declared a conflict of interest acts no more (requirement 16). Those
    who carry the cooperation are its interested party: they declare, the deciders read
    it, and they go on."""
    if is_own(case, user):
        return None
    said = (case.declared.get(key) for key in hands(case, user))
    return CONFLICTED if any(said) else None


def undeclared(case: Any, user: "User") -> "Reason":
    """Everybody who acts on a case has said whether they have a conflict of interest,
    anew at each review."""
    return UNDECLARED if user.keys.isdisjoint(case.declared) else None
