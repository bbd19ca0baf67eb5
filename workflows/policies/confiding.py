"""Which level, which reader, which note: what may be confided to whom (requirement 34).

Who may choose at all is `handing.choose_readers`.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from register.choices import Role
from register.policies import may_read, oversees
from workflows.policies.people import (
    HANDLERS,
    OWN_PROPOSAL,
    STILL_BLIND,
    conflicted,
    has_one,
    is_blind,
    is_own,
    undeclared,
)

if TYPE_CHECKING:
    from register.models import User
    from workflows.policies.people import Reason

# Levels of `register.choices.Confidentiality`, the widest circle first.
NARROWING = ("open", "unit", "restricted")

HANDS_ONLY = _(
    "Those who carry the case name only people who handle, advise or decide for its "
    "unit."
)


def why_not_level(case: Any, level: str, user: "User") -> "Reason":
    """None when this person may give the case this level; else why not."""
    if level == "restricted" and case.state == "draft":
        return _("Only you see a draft. Choose named people after it is sent.")
    was, wanted = map(NARROWING.index, (case.confidentiality, level))
    if wanted < was and is_own(case, user) and case.state != "draft":
        return _(
            "Those who carry the case may close it to more people, not open it; a case "
            "officer can."
        )
    return None


def why_not_reader(case: Any, person: "User", user: "User") -> "Reason":
    """None when `user` may name this person as a reader; else why not."""
    if not person.is_active or not case.unit.path.startswith(
        person.institutions or ("-",)
    ):
        return _("Only people who work at the institution now can be named.")
    if is_own(case, user) and not oversees(person, case, Role.OVERSEERS):
        return HANDS_ONLY
    return None


def why_not_write_note(case: Any, user: "User") -> "Reason":
    """Those who handle, advise or decide; by nature no event of the case, so it is no
    verb (see `models.RestrictedNote`)."""
    if not may_read(user, case) or not has_one(case, user, *HANDLERS, Role.DECIDER):
        return _("Only those who handle, advise or decide write restricted notes.")
    if is_own(case, user):
        return OWN_PROPOSAL
    if is_blind(case, user):
        return STILL_BLIND
    return conflicted(case, user) or undeclared(case, user)


def may_see_readings(case: Any, user: "User") -> bool:
    """Who has opened a restricted case: for the unit's auditor alone."""
    return may_read(user, case) and user.has_role(Role.AUDITOR, case.unit)
