"""Who may answer, confirm, advise, clear and judge."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from register.choices import Role
from register.policies import may_read
from workflows.choices import Track
from workflows.policies.people import (
    HANDLERS,
    NO_QUESTIONS,
    NOT_YOURS,
    ONLY_ADVISERS,
    OWN_PROPOSAL,
    STILL_BLIND,
    UNSENT,
    assessor,
    case_officer,
    hands,
    has_one,
    independent,
    is_blind,
    is_handler,
    is_own,
    roles_in,
)

if TYPE_CHECKING:
    from register.models import User
    from workflows.policies.people import Reason


def why_not_invite(case: Any, user: "User") -> "Reason":
    """None when this person can be asked to assess for themselves; else why not."""
    if is_own(case, user):
        return _("Those who carry the cooperation do not assess it.")
    if user.pk == case.case_officer_id:
        return _("The case officer has seen the answers; ask somebody else.")
    if not has_one(case, user, *HANDLERS):
        return _("Only somebody who handles or advises the unit's cases can assess.")
    if not may_read(user, case):
        return _("This person does not see the case; let somebody name them first.")
    return None


def why_not_compare(case: Any, user: "User") -> "Reason":
    """None when this person may see the independent assessments side by side."""
    if is_blind(case, user):
        return STILL_BLIND
    if is_handler(case, user):
        return None
    return _("Only those who handle, decide or audit the case see these assessments.")


def answerer(case: Any, user: "User") -> "Reason":
    """Everybody with a part in it; before it is sent, its proposer alone."""
    if is_own(case, user):
        return None
    if case.state in UNSENT:
        return NOT_YOURS
    return assessor(case, user)


def add_evidence(case: Any, user: "User") -> "Reason":
    if case.state not in UNSENT and case.open_assessment is None:
        return NO_QUESTIONS
    return answerer(case, user)


def confirm_answers(case: Any, user: "User") -> "Reason":
    if case.open_assessment is None:
        return NO_QUESTIONS
    return None if is_own(case, user) else assessor(case, user)


def give_opinion(case: Any, user: "User") -> "Reason":
    refusal = independent(
        case,
        user,
        *Role.SPECIALISTS,
        who=_("Only an adviser of the field may give this opinion."),
    )
    if refusal:
        return refusal
    roles = roles_in(case, user)
    if not case.waiting_opinions:
        return _("No opinion is waited for.")
    if all(opinion.role not in roles for opinion in case.waiting_opinions):
        return _("The opinions that are waited for belong to other advisers.")
    return None


def clear_gate(case: Any, user: "User") -> "Reason":
    """Another person than the one who opened it, and of the gate's own field."""
    refusal = assessor(case, user)
    if refusal:
        return refusal
    if not case.open_gates:
        return _("No gate stands open.")
    return min((why_not_clear(case, gate, user) for gate in case.open_gates), key=bool)


def why_not_clear(case: Any, gate: Any, user: "User") -> "Reason":
    """None when this person may clear this gate; else why not (workflow 7)."""
    if is_own(case, user):
        return OWN_PROPOSAL
    if gate.opened_by_id in hands(case, user):
        return _("Your answer opened this gate; another person must clear it.")
    if roles_in(case, user).isdisjoint(gate.action.cleared_by):
        pack = gate.assessment.catalogue.pack
        who = ", ".join(pack.role(code) for code in gate.action.cleared_by)
        return _("This gate is cleared by: %(who)s.") % {"who": who}
    return None


def raise_risk(case: Any, user: "User") -> "Reason":
    if case.open_assessment is None:
        return NO_QUESTIONS
    return independent(case, user, Role.ADVISER, *Role.SPECIALISTS, who=ONLY_ADVISERS)


def lower_risk(case: Any, user: "User") -> "Reason":
    if case.open_assessment is None:
        return NO_QUESTIONS
    if case.pending_lowering is not None:
        return _("A lower risk has been proposed already.")
    return assessor(case, user)


def confirm_lowering(case: Any, user: "User") -> "Reason":
    if case.pending_lowering is None:
        return _("Nobody has proposed a lower risk.")
    if case.pending_lowering.proposed_by_id in hands(case, user):
        return _("You proposed the lower risk; another person must confirm it.")
    return independent(
        case,
        user,
        Role.DECIDER,
        who=_("Only a decider of the unit may confirm a lower risk."),
    )


def invite_assessor(case: Any, user: "User") -> "Reason":
    return NO_QUESTIONS if case.open_assessment is None else case_officer(case, user)


def hand_in(case: Any, user: "User") -> "Reason":
    if is_own(case, user):
        return OWN_PROPOSAL
    if user.pk in case.blind_assessors:
        return None
    return _("Only those who were asked to assess for themselves hand in, once.")


def complete_review(case: Any, user: "User") -> "Reason":
    if case.open_assessment is None:
        return _("The questions of this review are completed.")
    return assessor(case, user)


def take_full_track(case: Any, user: "User") -> "Reason":
    assessment = case.open_assessment
    if assessment is None:
        return NO_QUESTIONS
    if assessment.track == Track.FULL:
        return _("All questions are asked already.")
    return assessor(case, user)
