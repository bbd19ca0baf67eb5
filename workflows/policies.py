"""Who may do what to a case, and why not.

One pure predicate a verb: it takes (case, user) and answers None, or the sentence that
says who may. Whether the state allows the verb is the machine's business. No person is
exempt: superusers, deputies and administrators pass through here like everybody else.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from register.choices import Risk, Role, UnitKind
from register.policies import may_import, may_propose, may_see
from workflows.choices import ROLES_OF, Track, Verb
from workflows.questions.pack import ACADEMIC

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from register.models import User

    Reason: TypeAlias = StrOrPromise | None
Policy = Callable[[Any, Any], Any]

UNSENT = ("draft", "returned")
NO_ACCESS = _("You do not have access to this case.")
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


# What shows others' answers, or is done about them.
ABOUT_ANSWERS = frozenset(
    {
        *(Verb.ANSWER, Verb.CONFIRM_ANSWERS, Verb.TAKE_FULL_TRACK),
        *(Verb.COMPLETE_ASSESSMENT, Verb.COMPLETE_REVIEW),
        *(Verb.SETTLE_POINT, Verb.ADD_EVIDENCE, Verb.GIVE_OPINION, Verb.CLEAR_GATE),
        *(Verb.RAISE_RISK, Verb.LOWER_RISK, Verb.CONFIRM_LOWERING),
        Verb.INVITE_ASSESSOR,
    }
)


def why_not(verb: str, case: Any, user: "User") -> "Reason":
    """None when `user` may do `verb` to `case`; else the sentence why not."""
    if verb != Verb.REGISTER and not may_see(user, case):
        return NO_ACCESS
    if verb in ABOUT_ANSWERS and is_blind(case, user):
        return STILL_BLIND
    return POLICIES[verb](case, user)


def is_blind(case: Any, user: "User") -> bool:
    """Whether the person was asked to assess for themselves and has not handed in:
    until then they see nothing of what others answered (requirement 16)."""
    return not is_own(case, user) and user.pk in case.blind_assessors


def why_not_invite(case: Any, user: "User") -> "Reason":
    """None when this person can be asked to assess for themselves; else why not."""
    if user.pk in (case.proposer_id, case.responsible_id):
        return _("Those who carry the cooperation do not assess it.")
    if user.pk == case.case_officer_id:
        return _("The case officer has seen the answers; ask somebody else.")
    if not _has(case, user, *HANDLERS):
        return _("Only somebody who handles or advises the unit's cases can assess.")
    return None


def why_not_compare(case: Any, user: "User") -> "Reason":
    """None when this person may see the independent assessments side by side."""
    if is_blind(case, user):
        return STILL_BLIND
    if is_handler(case, user):
        return None
    return _("Only those who handle, decide or audit the case see these assessments.")


def is_own(case: Any, user: "User") -> bool:
    """Whether the person proposed it or answers for it. Whoever took in a case from
    before the register stands in for both and has no part in it."""
    if case.legacy and user.pk == case.proposer_id:
        return False
    return user.pk in (case.proposer_id, case.responsible_id)


def is_handler(case: Any, user: "User") -> bool:
    """Handles the case, decides it or audits it; the proposer never does."""
    roles = (*HANDLERS, Role.DECIDER, Role.AUDITOR)
    return not is_own(case, user) and _has(case, user, *roles)


def _has(case: Any, user: "User", *roles: str) -> bool:
    return any(user.has_role(role, case.unit) for role in roles)


def _owner(case: Any, user: "User") -> "Reason":
    return None if is_own(case, user) else NOT_YOURS


def _independent(case: Any, user: "User", *roles: str, who: Any) -> "Reason":
    """A role at the unit, and no part in the proposal (workflow 7)."""
    if is_own(case, user):
        return OWN_PROPOSAL
    return None if _has(case, user, *roles) else who


def _case_officer(case: Any, user: "User") -> "Reason":
    return _independent(
        case,
        user,
        Role.CASE_OFFICER,
        who=_("Only a case officer of the unit may do this."),
    )


def _assessor(case: Any, user: "User") -> "Reason":
    return _independent(
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
        code for code, roles in ROLES_OF.items() if _has(case, user, *roles)
    )


def _answerer(case: Any, user: "User") -> "Reason":
    """Everybody with a part in it; before it is sent, its proposer alone."""
    if is_own(case, user):
        return None
    if case.state in UNSENT:
        return NOT_YOURS
    return _assessor(case, user)


def _evidence(case: Any, user: "User") -> "Reason":
    if case.state not in UNSENT and case.open_assessment is None:
        return NO_QUESTIONS
    return _answerer(case, user)


def _confirm(case: Any, user: "User") -> "Reason":
    if case.open_assessment is None:
        return NO_QUESTIONS
    return None if is_own(case, user) else _assessor(case, user)


def _opinion(case: Any, user: "User") -> "Reason":
    refusal = _independent(case, user, *Role.SPECIALISTS, who=ONLY_ADVISERS)
    if refusal:
        return refusal
    roles = roles_in(case, user)
    if not case.waiting_opinions:
        return _("No opinion is waited for.")
    if all(opinion.role not in roles for opinion in case.waiting_opinions):
        return _("The opinions that are waited for belong to other advisers.")
    return None


def _clear(case: Any, user: "User") -> "Reason":
    """Another person than the one who opened it, and of the gate's own field."""
    refusal = _assessor(case, user)
    if refusal:
        return refusal
    if not case.open_gates:
        return _("No gate stands open.")
    return min((why_not_clear(case, gate, user) for gate in case.open_gates), key=bool)


def why_not_clear(case: Any, gate: Any, user: "User") -> "Reason":
    """None when this person may clear this gate; else why not (workflow 7)."""
    if is_own(case, user):
        return OWN_PROPOSAL
    if gate.opened_by_id == user.pk:
        return _("Your answer opened this gate; another person must clear it.")
    if roles_in(case, user).isdisjoint(gate.action.cleared_by):
        pack = gate.assessment.catalogue.pack
        who = ", ".join(pack.role(code) for code in gate.action.cleared_by)
        return _("This gate is cleared by: %(who)s.") % {"who": who}
    return None


def _raise(case: Any, user: "User") -> "Reason":
    if case.open_assessment is None:
        return NO_QUESTIONS
    return _independent(case, user, Role.ADVISER, *Role.SPECIALISTS, who=ONLY_ADVISERS)


def _lower(case: Any, user: "User") -> "Reason":
    if case.open_assessment is None:
        return NO_QUESTIONS
    if case.pending_lowering is not None:
        return _("A lower risk has been proposed already.")
    return _assessor(case, user)


def _confirm_lowering(case: Any, user: "User") -> "Reason":
    if case.pending_lowering is None:
        return _("Nobody has proposed a lower risk.")
    if case.pending_lowering.proposed_by_id == user.pk:
        return _("You proposed the lower risk; another person must confirm it.")
    return _independent(
        case,
        user,
        Role.DECIDER,
        who=_("Only a decider of the unit may confirm a lower risk."),
    )


def _invite(case: Any, user: "User") -> "Reason":
    return NO_QUESTIONS if case.open_assessment is None else _case_officer(case, user)


def _hand_in(case: Any, user: "User") -> "Reason":
    if is_own(case, user):
        return OWN_PROPOSAL
    if user.pk in case.blind_assessors:
        return None
    return _("Only those who were asked to assess for themselves hand in, once.")


def _send_back(case: Any, user: "User") -> "Reason":
    return _independent(
        case,
        user,
        Role.CASE_OFFICER,
        Role.UNIT_LEADER,
        who=_("Only a case officer or the unit's leader may send a case back."),
    )


def _decider(case: Any, user: "User") -> "Reason":
    """Not the proposer, not the assessor (requirements 15 and 16)."""
    refusal = _independent(
        case, user, Role.DECIDER, who=_("Only a decider of the unit may do this.")
    )
    assessment = case.last_assessment
    if refusal or assessment is None:
        return refusal
    if assessment.completed_by_id == user.pk:
        return _("You assessed this case; another person must decide.")
    if not _is_high_enough(case, user, assessment.decided_at):
        return LIFTED[assessment.decided_at]
    return None


LIFTED = {
    UnitKind.FACULTY: _("The answers lift this decision to the faculty's level."),
    UnitKind.INSTITUTION: _(
        "The answers lift this decision to the institution's top management."
    ),
}
# How deep in the tree of units a decision of that kind may be made at most.
DEPTHS = {UnitKind.INSTITUTION: 1, UnitKind.FACULTY: 2}


def _is_high_enough(case: Any, user: "User", kind: str) -> bool:
    depth = DEPTHS.get(UnitKind(kind)) if kind else None
    return depth is None or any(
        held == Role.DECIDER
        and case.unit.path.startswith(at)
        and at.count(".") <= depth
        for held, at in user.roles
    )


def _not_in_order(case: Any) -> "Reason":
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


def _decide(case: Any, user: "User") -> "Reason":
    refusal = _decider(case, user)
    if refusal:
        return refusal
    if case.open_decision is None:
        return _("Nobody has asked for a decision yet; a case officer does that.")
    if case.open_decision.asked_by_id == user.pk:
        return _("You asked for this decision; another person must make it.")
    return None


def _approve(case: Any, user: "User") -> "Reason":
    if case.risk == Risk.CRITICAL:
        return _(
            "The risk is critical, so this case cannot be approved. Reject it, or "
            "reopen the assessment when the cause is resolved."
        )
    return _decide(case, user) or _not_in_order(case)


def _ask(case: Any, user: "User") -> "Reason":
    if case.open_decision is not None:
        return _("A decision has already been asked for.")
    return _case_officer(case, user)


def _reopen(case: Any, user: "User") -> "Reason":
    return _independent(
        case,
        user,
        Role.CASE_OFFICER,
        Role.DECIDER,
        who=_("Only a case officer or a decider may reopen the assessment."),
    )


def _open_review(case: Any, user: "User") -> "Reason":
    if is_own(case, user) or _has(case, user, *HANDLERS, Role.DECIDER):
        return None
    return _("Only those who answer for the case or handle it may open a review.")


def _complete_review(case: Any, user: "User") -> "Reason":
    if case.open_assessment is None:
        return _("The questions of this review are completed.")
    return _assessor(case, user)


def _continue(case: Any, user: "User") -> "Reason":
    return _review_outcome(case, user) or _not_in_order(case)


def _resume(case: Any, user: "User") -> "Reason":
    return _decider(case, user) or _not_in_order(case)


def _review_outcome(case: Any, user: "User") -> "Reason":
    review = case.coming_review
    if review and review.assessment and not review.assessment.is_frozen:
        return _("The questions of the review must be answered and completed first.")
    return _decider(case, user)


def _take_full_track(case: Any, user: "User") -> "Reason":
    assessment = case.open_assessment
    if assessment is None:
        return NO_QUESTIONS
    if assessment.track == Track.FULL:
        return _("All questions are asked already.")
    return _assessor(case, user)


def _close(case: Any, user: "User") -> "Reason":
    if case.open_assessment is not None:
        return _("The exit questions must be answered and completed first.")
    if case.termination.noticed_by_id == user.pk:
        return _("You gave the notice; another person must close the case.")
    return _independent(
        case,
        user,
        Role.CASE_OFFICER,
        Role.DECIDER,
        who=_("Only a case officer or a decider may close the case."),
    )


def _amend(case: Any, user: "User") -> "Reason":
    if is_own(case, user) and case.state in UNSENT:
        return None
    return _independent(
        case,
        user,
        Role.CASE_OFFICER,
        who=_("After it is sent, only a case officer may change the facts."),
    )


def _contribute(case: Any, user: "User") -> "Reason":
    if is_own(case, user) or _has(case, user, *HANDLERS):
        return None
    return _("Only those who answer for the case or handle it may add to it.")


def _register(case: Any, user: "User") -> "Reason":
    if may_propose(user) or may_import(user):
        return None
    return _("You need the role of proposer at a unit to register a cooperation.")


def _take_in(case: Any, user: "User") -> "Reason":
    if not case.legacy:
        return _("Only a cooperation from before the register is taken in unassessed.")
    if _has(case, user, Role.CASE_OFFICER):
        return None
    return _("Only a case officer of the unit may import.")


POLICIES: dict[str, Policy] = {
    Verb.SUBMIT: _owner,
    Verb.SEND_BACK: _send_back,
    Verb.WITHDRAW: _owner,
    Verb.COMPLETE_ASSESSMENT: _assessor,
    Verb.REOPEN_ASSESSMENT: _reopen,
    Verb.APPROVE: _approve,
    Verb.REJECT: _decide,
    Verb.OPEN_REVIEW: _open_review,
    Verb.CONTINUE: _continue,
    Verb.SUSPEND: _decider,
    Verb.RESUME: _resume,
    Verb.GIVE_NOTICE: _decider,
    Verb.CLOSE: _close,
    Verb.TAKE_IN: _take_in,
    Verb.REGISTER: _register,
    Verb.AMEND: _amend,
    Verb.TAKE_CASE: _case_officer,
    Verb.ANSWER: _answerer,
    Verb.CONFIRM_ANSWERS: _confirm,
    Verb.TAKE_FULL_TRACK: _take_full_track,
    Verb.SETTLE_POINT: _contribute,
    Verb.ADD_EVIDENCE: _evidence,
    Verb.GIVE_OPINION: _opinion,
    Verb.CLEAR_GATE: _clear,
    Verb.RAISE_RISK: _raise,
    Verb.LOWER_RISK: _lower,
    Verb.CONFIRM_LOWERING: _confirm_lowering,
    Verb.INVITE_ASSESSOR: _invite,
    Verb.HAND_IN: _hand_in,
    Verb.COMPLETE_REVIEW: _complete_review,
    Verb.ASK_DECISION: _ask,
    Verb.ADD_AGREEMENT: _contribute,
    Verb.ADD_DOCUMENT: _contribute,
}


def may_keep_catalogue(user: "User", institution: Any) -> bool:
    """Copy, change and publish the institution's question packs."""
    return user.has_role(Role.SYSTEM_ADMINISTRATOR, institution)


def keeps_questions(user: "User") -> bool:
    """Whether there is an institution whose question packs this person keeps."""
    return any(
        role == Role.SYSTEM_ADMINISTRATOR and path.count(".") == 1
        for role, path in user.roles
    )


READS_QUESTIONS = (*Role.OVERSEERS, Role.SYSTEM_ADMINISTRATOR)


def reads_questions_of(user: "User") -> set[int]:
    """The institutions whose question packs this person may read: those in which they
    handle cases or keep the questions. Their content is no secret."""
    return {
        int(path.partition(".")[0])
        for role, path in user.roles
        if role in READS_QUESTIONS
    }
