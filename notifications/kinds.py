"""The catalogue: every kind of message, who gets it, and while what it is true.

Each kind has three templates, `notifications/email/<kind>.*`: subject.txt, txt, html.
"""

from dataclasses import dataclass

from notifications.choices import Kind, Who
from register.choices import AccessVerb
from register.choices import CaseState as S
from workflows.choices import Verb


@dataclass(frozen=True)
class Rule:
    """told: nobody is told of what they did themselves. states: elsewhere the case has
    moved on and the mail is not sent. may_be_muted: what asks for an act may not."""

    told: tuple[Who, ...]
    states: frozenset[str]
    may_be_muted: bool = False


CARRIERS = (Who.PROPOSER, Who.RESPONSIBLE, Who.CASE_OFFICER)
CATALOGUE: dict[str, Rule] = {
    Kind.SUBMITTED: Rule(
        (Who.UNIT_OFFICERS, Who.UNIT_LEADERS), frozenset({S.PROPOSED})
    ),
    Kind.OPINION_ASKED: Rule((Who.ADVISERS,), frozenset({S.PROPOSED, S.UNDER_REVIEW})),
    Kind.RETURNED: Rule((Who.PROPOSER, Who.RESPONSIBLE), frozenset({S.RETURNED})),
    Kind.DECISION_ASKED: Rule((Who.DECIDERS,), frozenset({S.ASSESSED})),
    Kind.DECIDED: Rule(CARRIERS, frozenset(S.values), may_be_muted=True),
    Kind.REVIEW_OPENED: Rule(CARRIERS, frozenset({S.UNDER_REVIEW})),
    Kind.REVIEW_DUE: Rule(
        (Who.RESPONSIBLE, Who.CASE_OFFICER), frozenset({S.APPROVED, S.UNDER_REVIEW})
    ),
}

# The changes of access that are told to both, whoever made them, and as what.
ACCESS_KIND_OF: dict[str, Kind] = {
    AccessVerb.DEPUTY_NAMED: Kind.DEPUTY_NAMED,
    AccessVerb.DEPUTY_ENDED: Kind.DEPUTY_ENDED,
}

# The events that are told, and as what.
KIND_OF: dict[str, Kind] = {
    Verb.SUBMIT: Kind.SUBMITTED,
    Verb.SEND_BACK: Kind.RETURNED,
    Verb.ASK_DECISION: Kind.DECISION_ASKED,
    Verb.APPROVE: Kind.DECIDED,
    Verb.REJECT: Kind.DECIDED,
    Verb.OPEN_REVIEW: Kind.REVIEW_OPENED,
}

# What writes answers may also ask for opinions: then it is told to the advisers, too.
MAY_ASK = frozenset(
    {Verb.SUBMIT, Verb.ANSWER, Verb.COMPLETE_ASSESSMENT, Verb.COMPLETE_REVIEW}
)
MAY_BE_TOLD = MAY_ASK | KIND_OF.keys()
