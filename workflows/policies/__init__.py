"""Who may do what to a case, and why not.

One pure predicate a verb: it takes (case, user) and answers None, or the sentence that
says who may. Whether the state allows the verb is the machine's business. No person is
exempt: superusers, deputies and administrators pass through here like everybody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from register.policies import may_read
from workflows.choices import Verb
from workflows.policies import assessing, deciding, delegating, handing
from workflows.policies.assessing import why_not_clear, why_not_compare, why_not_invite
from workflows.policies.confiding import (
    may_see_readings,
    why_not_level,
    why_not_reader,
    why_not_write_note,
)
from workflows.policies.handing import why_not_meet
from workflows.policies.packs import (
    keeps_questions,
    may_keep_catalogue,
    reads_questions_of,
)
from workflows.policies.people import (
    CONFLICTED,
    HANDLERS,
    NO_QUESTIONS,
    NOT_YOURS,
    STILL_BLIND,
    UNDECLARED,
    UNSENT,
    assessor,
    case_officer,
    conflicted,
    contributor,
    declaring,
    is_blind,
    is_handler,
    is_own,
    owner,
    roles_in,
    undeclared,
)

if TYPE_CHECKING:
    from register.models import User
    from workflows.policies.people import Reason

Policy = Callable[[Any, Any], Any]

NO_ACCESS = _("You do not have access to this case.")

# What shows others' answers, or is done about them.
ABOUT_ANSWERS = frozenset(
    {
        *(Verb.ANSWER, Verb.CONFIRM_ANSWERS, Verb.TAKE_FULL_TRACK),
        *(Verb.COMPLETE_ASSESSMENT, Verb.COMPLETE_REVIEW),
        *(Verb.SETTLE_POINT, Verb.ADD_EVIDENCE, Verb.GIVE_OPINION, Verb.CLEAR_GATE),
        *(Verb.RAISE_RISK, Verb.LOWER_RISK, Verb.CONFIRM_LOWERING),
        *(Verb.INVITE_ASSESSOR, Verb.RECOMMEND),
    }
)


def why_not(verb: str, case: Any, user: "User") -> "Reason":
    """None when `user` may do `verb` to `case`; else the sentence why not."""
    return permit(verb, case, user).refusal


def barred(verb: str, case: Any, user: "User") -> "Reason":
    """The same for what is offered or asked of somebody: who has not spoken of their
    interests yet is not barred, since every page asks for that first."""
    refusal = why_not(verb, case, user)
    return None if refusal == UNDECLARED else refusal


@dataclass(frozen=True)
class Permit:
    """Why not, or None; and whose deputy the person is in this."""

    refusal: "Reason"
    on_behalf_of: int | None = None


def permit(verb: str, case: Any, user: "User") -> Permit:
    """Ask for the person alone, then as the deputy of each whose deputy they are.

    A deputy may do what both may: the principal by themselves, and the deputy with the
    principal's roles. So a deputy never breaks separation (workflow 6 and 7).
    """
    if not user.principals:
        return Permit(_why_not(verb, case, user))
    own = [each for each in user.held if each.holder == user.pk]
    refusal = _why_not(verb, case, user.holding(own))
    for key in user.principals if refusal is not None else ():
        theirs = [each for each in user.held if each.holder == key]
        as_deputy = _why_not(verb, case, user.holding([*own, *theirs]))
        principal = user.stand_in(key, theirs)
        barred = as_deputy or _why_not(verb, case, principal, in_person=False)
        if barred is None:
            return Permit(None, on_behalf_of=key)
        refusal = refusal if as_deputy == refusal else barred
    return Permit(refusal)


def _why_not(verb: str, case: Any, user: "User", *, in_person: bool = True) -> "Reason":
    if verb == Verb.REGISTER:
        return POLICIES[verb](case, user)
    if not may_read(user, case):
        return NO_ACCESS
    if verb in ABOUT_ANSWERS and is_blind(case, user):
        return STILL_BLIND
    refusal = POLICIES[verb](case, user)
    if refusal is not None or verb in IN_SPITE_OF_CONFLICT:
        return refusal
    # A draft is written first; who sends it tells their interests with it.
    is_writing = case.state == "draft" and verb != Verb.SUBMIT
    must_declare = in_person and verb not in WITHOUT_DECLARING and not is_writing
    return conflicted(case, user) or (undeclared(case, user) if must_declare else None)


# What even somebody with a conflict of interest may do: tell it, and step back.
IN_SPITE_OF_CONFLICT = frozenset(
    {
        *(Verb.REGISTER, Verb.DECLARE, Verb.TAKE_IN, Verb.WITHDRAW, Verb.HAND_OVER),
        *(Verb.SET_CONFIDENTIALITY, Verb.NAME_READER, Verb.END_READER),
    }
)
# What needs no word about one's interests: that, and to write down facts.
WITHOUT_DECLARING = IN_SPITE_OF_CONFLICT | {
    *(Verb.AMEND, Verb.ADD_AGREEMENT, Verb.ADD_DOCUMENT),
}

POLICIES: dict[str, Policy] = {
    Verb.DECLARE: declaring,
    Verb.RECOMMEND: delegating.recommend,
    Verb.HAND_OVER: handing.hand_over,
    Verb.SET_CONFIDENTIALITY: handing.choose_readers,
    Verb.NAME_READER: handing.choose_readers,
    Verb.END_READER: handing.choose_readers,
    Verb.MEET_CONDITION: handing.meet_condition,
    Verb.SUBMIT: owner,
    Verb.SEND_BACK: deciding.send_back,
    Verb.WITHDRAW: owner,
    Verb.COMPLETE_ASSESSMENT: assessor,
    Verb.REOPEN_ASSESSMENT: deciding.reopen,
    Verb.APPROVE: deciding.approve,
    Verb.REJECT: deciding.decide,
    Verb.OPEN_REVIEW: deciding.open_review,
    Verb.CONTINUE: deciding.continue_,
    Verb.SUSPEND: deciding.decider,
    Verb.RESUME: deciding.resume,
    Verb.GIVE_NOTICE: deciding.competent,
    Verb.CLOSE: deciding.close,
    Verb.TAKE_IN: deciding.take_in,
    Verb.REGISTER: deciding.register,
    Verb.AMEND: deciding.amend,
    Verb.TAKE_CASE: case_officer,
    Verb.ANSWER: assessing.answerer,
    Verb.CONFIRM_ANSWERS: assessing.confirm_answers,
    Verb.TAKE_FULL_TRACK: assessing.take_full_track,
    Verb.SETTLE_POINT: contributor,
    Verb.ADD_EVIDENCE: assessing.add_evidence,
    Verb.GIVE_OPINION: assessing.give_opinion,
    Verb.CLEAR_GATE: assessing.clear_gate,
    Verb.RAISE_RISK: assessing.raise_risk,
    Verb.LOWER_RISK: assessing.lower_risk,
    Verb.CONFIRM_LOWERING: assessing.confirm_lowering,
    Verb.INVITE_ASSESSOR: assessing.invite_assessor,
    Verb.HAND_IN: assessing.hand_in,
    Verb.COMPLETE_REVIEW: assessing.complete_review,
    Verb.ASK_DECISION: deciding.ask_decision,
    Verb.ADD_AGREEMENT: contributor,
    Verb.ADD_DOCUMENT: contributor,
}

__all__ = [
    "CONFLICTED",
    "HANDLERS",
    "NOT_YOURS",
    "NO_QUESTIONS",
    "STILL_BLIND",
    "UNDECLARED",
    "UNSENT",
    "Permit",
    "barred",
    "is_blind",
    "is_handler",
    "is_own",
    "keeps_questions",
    "may_keep_catalogue",
    "may_see_readings",
    "permit",
    "reads_questions_of",
    "roles_in",
    "why_not",
    "why_not_clear",
    "why_not_compare",
    "why_not_invite",
    "why_not_level",
    "why_not_meet",
    "why_not_reader",
    "why_not_write_note",
]
