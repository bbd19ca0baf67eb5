"""Who may do what, as one specification: verb × person × part in the case × who is let
in to see it. Written by hand; asked of the policies with real rows."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from itertools import product

import pytest

from register.choices import CaseState, Risk, Role
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.choices import Verb, Verdict
from workflows.models import (
    Assessment,
    Case,
    Catalogue,
    Condition,
    Decision,
    DelegationRule,
    DelegationTable,
    Gate,
    Opinion,
    Recommendation,
    RiskChange,
    Termination,
)
from workflows.policies import (
    ABOUT_ANSWERS,
    IN_SPITE_OF_CONFLICT,
    STILL_BLIND,
    WITHOUT_DECLARING,
    why_not,
)
from workflows.services import deciding
from workflows.services.moving import NotAllowed

pytestmark = pytest.mark.once

NO_ACCESS = "You do not have access to this case."
NOT_YOURS = "Only the proposer and the responsible person may do this."
OWN = "You proposed this cooperation or answer for it; somebody else must act."
OFFICER = "Only a case officer of the unit may do this."
DECIDER = "Only a decider of the unit may do this."
ASSESS = "Only a case officer, an adviser or the unit's leader may assess."
SEND_BACK = "Only a case officer or the unit's leader may send a case back."
REOPEN = "Only a case officer or a decider may reopen the assessment."
REVIEW = "Only those who answer for the case or handle it may open a review."
CLOSE = "Only a case officer or a decider may close the case."
AMEND = "After it is sent, only a case officer may change the facts."
ADD = "Only those who answer for the case or handle it may add to it."
PROPOSE = "You need the role of proposer at a unit to register a cooperation."
IMPORT = "Only a case officer of the unit may import."
ASSESSED = "You assessed this case; another person must decide."
ASKED = "You asked for this decision; another person must make it."
ASKED_ALREADY = "A decision has already been asked for."
ADVISERS = "Only an adviser may do this."
OPINION = "Only an adviser of the field may give this opinion."
GATE = "This gate is cleared by: Export-control adviser."
OPENED = "Your answer opened this gate; another person must clear it."
LOWERING = "Only a decider of the unit may confirm a lower risk."
LOWERED = "You proposed the lower risk; another person must confirm it."
INVITED = "Only those who were asked to assess for themselves hand in, once."
DECLARE = "Only those who act on the case declare their interests in it."
RECOMMEND = "Only a leader of the unit or above it recommends."
HAND_OVER = "Only a case officer or the unit's leader may hand a case over."
READERS = (
    "Only those who answer for the case, a case officer, a security adviser or a "
    "decider choose who sees it."
)
OWNED = "You own this condition; another person must mark it as met."
SET = "You set this condition; another person must mark it as met."
PREPARED = "You helped to prepare this decision; another person must make it."
UNDECLARED = "Say first whether you have a conflict of interest in this case."
CONFLICTED = (
    "You have declared a conflict of interest in this case; another person must act."
)
SPOKEN = "You have said yours; it stands until the case is sent back or reopened."
PUBLISHED = (
    "You published the delegation table by which this is decided; another person must "
    "decide."
)
NOTICED = "You gave the notice; another person must close the case."

INSIDERS = {
    *("leader", "officer", "adviser", "specialist"),
    *("decider", "other_decider", "auditor"),
}
OUTSIDERS = {
    *("colleague", "administrator", "stranger", "superuser", "nobody"),
    *("sister", "former"),
}
EVERYBODY = INSIDERS | OUTSIDERS
DECIDERS = {"decider", "other_decider"}
ASSESSORS = {"leader", "officer", "adviser", "specialist"}
CHOOSERS = DECIDERS | {"officer", "specialist"}
OFFICERS = {"officer", "stranger", "sister"}  # somewhere
PROPOSERS = {"colleague"} | OFFICERS


@dataclass(frozen=True)
class Rule:
    """Who may, what the other insiders are told, and how a part in the case changes it:
    `own` tells the proposer and the responsible person, and `own_may` are excepted."""

    state: str
    may: frozenset[str] | set[str]
    otherwise: str
    own: str | None
    own_may: frozenset[str] | set[str] = frozenset()
    told: dict[str, str] = field(default_factory=dict)  # by person, where it differs


RULES = [
    (Verb.SUBMIT, Rule("returned", set(), NOT_YOURS, None)),
    (Verb.SEND_BACK, Rule("proposed", {"leader", "officer"}, SEND_BACK, OWN)),
    (Verb.WITHDRAW, Rule("proposed", set(), NOT_YOURS, None)),
    (Verb.COMPLETE_ASSESSMENT, Rule("proposed", ASSESSORS, ASSESS, OWN)),
    (Verb.REOPEN_ASSESSMENT, Rule("assessed", DECIDERS | {"officer"}, REOPEN, OWN)),
    (Verb.APPROVE, Rule("assessed", DECIDERS, DECIDER, OWN)),
    (Verb.REJECT, Rule("assessed", DECIDERS, DECIDER, OWN)),
    (Verb.OPEN_REVIEW, Rule("approved", INSIDERS - {"auditor"}, REVIEW, None)),
    (Verb.CONTINUE, Rule("under_review", DECIDERS, DECIDER, OWN)),
    (Verb.SUSPEND, Rule("approved", DECIDERS, DECIDER, OWN)),
    (Verb.SUSPEND, Rule("under_review", DECIDERS, DECIDER, OWN)),
    (Verb.RESUME, Rule("suspended", DECIDERS, DECIDER, OWN)),
    (Verb.GIVE_NOTICE, Rule("approved", DECIDERS, DECIDER, OWN)),
    (Verb.GIVE_NOTICE, Rule("under_review", DECIDERS, DECIDER, OWN)),
    (Verb.GIVE_NOTICE, Rule("suspended", DECIDERS, DECIDER, OWN)),
    (Verb.CLOSE, Rule("terminating", DECIDERS | {"officer"}, CLOSE, OWN)),
    (Verb.AMEND, Rule("returned", {"officer"}, AMEND, None)),
    (Verb.AMEND, Rule("approved", {"officer"}, AMEND, OWN)),
    (Verb.TAKE_CASE, Rule("proposed", {"officer"}, OFFICER, OWN)),
    (Verb.ANSWER, Rule("returned", set(), NOT_YOURS, None)),
    (Verb.ANSWER, Rule("proposed", ASSESSORS, ASSESS, None)),
    (Verb.ANSWER, Rule("under_review", ASSESSORS, ASSESS, None)),
    (Verb.COMPLETE_REVIEW, Rule("under_review", ASSESSORS, ASSESS, OWN)),
    (Verb.COMPLETE_REVIEW, Rule("terminating", ASSESSORS, ASSESS, OWN)),
    (Verb.CONFIRM_ANSWERS, Rule("proposed", ASSESSORS, ASSESS, None)),
    (Verb.TAKE_FULL_TRACK, Rule("proposed", ASSESSORS, ASSESS, OWN)),
    (Verb.SETTLE_POINT, Rule("proposed", ASSESSORS, ADD, None)),
    (Verb.ADD_EVIDENCE, Rule("proposed", ASSESSORS, ASSESS, None)),
    (Verb.GIVE_OPINION, Rule("proposed", {"specialist"}, OPINION, OWN)),
    (
        Verb.CLEAR_GATE,
        Rule(
            "proposed",
            {"specialist"},
            ASSESS,
            OWN,
            told=dict.fromkeys(ASSESSORS - {"specialist"}, GATE),
        ),
    ),
    (Verb.RAISE_RISK, Rule("proposed", {"adviser", "specialist"}, ADVISERS, OWN)),
    (Verb.LOWER_RISK, Rule("proposed", ASSESSORS, ASSESS, OWN)),
    (Verb.CONFIRM_LOWERING, Rule("proposed", DECIDERS, LOWERING, OWN)),
    (Verb.INVITE_ASSESSOR, Rule("proposed", {"officer"}, OFFICER, OWN)),
    (Verb.HAND_IN, Rule("proposed", set(), INVITED, OWN)),
    (Verb.ASK_DECISION, Rule("assessed", {"officer"}, OFFICER, OWN)),
    (Verb.DECLARE, Rule("proposed", INSIDERS - {"auditor"}, DECLARE, None)),
    (Verb.RECOMMEND, Rule("proposed", {"leader"}, RECOMMEND, OWN)),
    (Verb.HAND_OVER, Rule("approved", {"leader", "officer"}, HAND_OVER, OWN)),
    (Verb.SET_CONFIDENTIALITY, Rule("proposed", CHOOSERS, READERS, None)),
    (Verb.NAME_READER, Rule("proposed", CHOOSERS, READERS, None)),
    (Verb.END_READER, Rule("proposed", CHOOSERS, READERS, None)),
    (Verb.MEET_CONDITION, Rule("approved", {"officer"}, OFFICER, OWN)),
    (Verb.ADD_AGREEMENT, Rule("approved", ASSESSORS, ADD, None)),
    (Verb.ADD_DOCUMENT, Rule("approved", ASSESSORS, ADD, None)),
]
# A draft is hidden from everybody but its proposer.
IN_DRAFT = {
    Verb.SUBMIT: (EVERYBODY, None),
    Verb.WITHDRAW: (EVERYBODY, None),
    Verb.TAKE_IN: ({"officer"}, IMPORT),
    Verb.DECLARE: (EVERYBODY, None),
    Verb.SET_CONFIDENTIALITY: (EVERYBODY, None),
    Verb.AMEND: (EVERYBODY, None),
    Verb.ANSWER: (EVERYBODY, None),
    Verb.ADD_EVIDENCE: (EVERYBODY, None),
    Verb.ADD_AGREEMENT: (EVERYBODY, None),
    Verb.ADD_DOCUMENT: (EVERYBODY, None),
}
# What an insider is told who has that part in the case, if the role would do.
IS_DECIDED_BY_DECIDERS = {
    verb for verb, rule in RULES if rule.may == DECIDERS and rule.otherwise == DECIDER
}
TOLD_TO_PART = {
    "assessor": dict.fromkeys(IS_DECIDED_BY_DECIDERS, ASSESSED),
    "preparer": dict.fromkeys(IS_DECIDED_BY_DECIDERS, PREPARED),
    "deputised": dict.fromkeys(IS_DECIDED_BY_DECIDERS, PREPARED),
    "undeclared": dict.fromkeys(set(Verb) - WITHOUT_DECLARING, UNDECLARED),
    "conflicted": dict.fromkeys(set(Verb) - IN_SPITE_OF_CONFLICT, CONFLICTED),
    "asker": dict.fromkeys([Verb.APPROVE, Verb.REJECT], ASKED),
    "speaker": {Verb.RECOMMEND: SPOKEN},
    "publisher": dict.fromkeys(IS_DECIDED_BY_DECIDERS - {Verb.SUSPEND}, PUBLISHED),
    "owner": {Verb.MEET_CONDITION: OWNED},
    "setter": {Verb.MEET_CONDITION: SET},
}
# What every insider is told who has that part, whatever the role.
TOLD_TO_ALL = {
    "asker": {Verb.ASK_DECISION: ASKED_ALREADY},
    "noticer": {Verb.CLOSE: NOTICED},
    "lowerer": {Verb.CONFIRM_LOWERING: LOWERED},
    "blind": dict.fromkeys(ABOUT_ANSWERS, STILL_BLIND) | {Verb.HAND_IN: None},
}
PARTS = (
    *("none", "own", "assessor", "asker", "noticer", "opener", "lowerer", "blind"),
    *("owner", "setter", "former own", "preparer", "deputised"),
    *("undeclared", "conflicted", "speaker", "publisher"),
)
# Who is let in: the levels, and a restricted case on which the person is named.
LEVELS = ("open", "unit", "restricted", "named")

Told = dict[tuple[str, str, str, str, str], str | None]


def specified() -> Told:
    """(verb, state, person, part, level) → None, or the sentence."""
    told: Told = {}
    for person, part, level in product(EVERYBODY, PARTS, LEVELS):
        for verb, rule in RULES:
            said = by_rule(verb, rule, person, part, level)
            told[verb, rule.state, person, part, level] = said
        for verb, (may, otherwise) in IN_DRAFT.items():
            own = None if person in may else otherwise
            said = own if part == "own" else NO_ACCESS
            told[verb, "draft", person, part, level] = said
        may_register = None if person in PROPOSERS else PROPOSE
        told[Verb.REGISTER, "draft", person, part, level] = may_register
    return told


def is_let_in(person: str, level: str) -> bool:
    if level == "restricted":
        return person == "auditor"
    return person in INSIDERS or level == "named"


def by_rule(verb: Verb, rule: Rule, person: str, part: str, level: str) -> str | None:
    if part == "own":
        return None if person in rule.own_may else rule.own
    if not is_let_in(person, level):
        return NO_ACCESS
    if part == "former own":
        return None if person in rule.own_may else rule.own
    if verb in TOLD_TO_ALL.get(part, {}):
        return TOLD_TO_ALL[part][verb]
    if part == "opener" and verb == Verb.CLEAR_GATE and person in ASSESSORS:
        return OPENED
    if person in rule.may:
        return TOLD_TO_PART.get(part, {}).get(verb)
    return rule.told.get(person, rule.otherwise)


@pytest.fixture
def people(cast) -> dict[str, object]:
    return {
        "colleague": r.person_with(Role.PROPOSER, cast.department),
        "superuser": r.person(is_superuser=True, is_staff=True),
        "nobody": r.person(),
        "sister": almighty_at(cast.other_department),
        "former": almighty_at(
            cast.institution, valid_from="2020-01-01", valid_until="2020-12-31"
        ),
    } | {name: getattr(cast, name) for name in EVERYBODY if hasattr(cast, name)}


def almighty_at(unit: object, **period: str) -> object:
    """Somebody with every role there but that of the proposer."""
    user = r.person()
    for role in set(Role) - {Role.PROPOSER, Role.SYSTEM_ADMINISTRATOR}:
        r.role(user, role, unit, **period)
    return user


def with_part(
    case: Case, verb: str, user: object, part: str, level: str, pack: Catalogue
) -> Case:
    """The case as it would be, had the person that part in it; nothing is saved."""
    somebody = r.User(pk=0)
    case = copy(case)
    case.confidentiality = "restricted" if level == "named" else level
    case.readers = frozenset({user.pk} if level == "named" else ())
    case.former_owners = [user.pk] if part == "former own" else []
    traces = {
        "preparer": [(Verb.ANSWER, user.pk, None, 9)],
        "deputised": [(Verb.ANSWER, -1, user.pk, 9)],
    }
    case.traces = traces.get(part, [])
    declared = {"undeclared": {}, "conflicted": {user.pk: True}}
    case.declared = declared.get(part, {user.pk: False})
    case.legacy = verb == Verb.TAKE_IN
    if part == "own" and case.state == CaseState.DRAFT:
        case.proposer_id = user.pk
    case.responsible_id = user.pk if part == "own" else case.proposer_id
    case.open_assessment = None if verb == Verb.CLOSE else Assessment(catalogue=pack)
    case.last_assessment = Assessment(
        completed_by=user if part == "assessor" else somebody, catalogue=pack
    )
    case.waiting_opinions = [Opinion(role="S-EC")]
    gate = Gate(
        code="G-LIC",
        assessment=case.last_assessment,
        opened_by=user if part == "opener" else somebody,
    )
    case.open_gates = [gate] if verb == Verb.CLEAR_GATE else []
    proposed_by = user if part == "lowerer" else somebody
    is_proposed = verb == Verb.CONFIRM_LOWERING
    case.pending_lowering = RiskChange(proposed_by=proposed_by) if is_proposed else None
    case.blind_assessors = frozenset({user.pk} if part == "blind" else ())
    case.open_decision = Decision(asked_by=user if part == "asker" else somebody)
    if verb == Verb.ASK_DECISION and part != "asker":
        case.open_decision = None
    case.termination = Termination(noticed_by=user if part == "noticer" else somebody)
    case.coming_review = None
    case.rule = DelegationRule(
        table=DelegationTable(published_by=user if part == "publisher" else None),
        risk=Risk.LOW,
        recommends=["department"],
        decides="department",
        opinions="none",
    )
    spoken = user if part == "speaker" else somebody
    case.recommended = [Recommendation(level="department", recommended_by=spoken)]
    if verb == Verb.RECOMMEND and part != "speaker":
        case.recommended = []
    case.open_conditions = [
        Condition(
            owner=user if part == "owner" else somebody,
            set_by=user if part == "setter" else somebody,
        )
    ]
    return case


@pytest.fixture
def answered(cast, people) -> Callable[..., Told]:
    states = {rule.state for _verb, rule in RULES} | {"draft"}
    for state in states:
        w.in_state(cast, state)
    rows = Case.objects.select_related("unit").prefetch_related("other_units")
    cases = {case.state: case for case in rows}
    pack = Catalogue.objects.get()

    def ask(*, part_seen: str | None = None, level_seen: str | None = None) -> Told:
        return {
            (verb, state, who, part, level): why_not(
                verb,
                with_part(
                    *(cases[state], verb, people[who]),
                    *(part_seen or part, level_seen or level, pack),
                ),
                people[who],
            )
            for verb, state, who, part, level in specified()
        }

    return ask


def test_every_verb_person_and_part_is_answered_as_specified(answered):
    answers = answered()

    assert answers == specified()
    assert {verb for verb, *_ in answers} == set(Verb)


def test_policies_blind_to_the_part_would_be_found(answered):
    """The twin: roles alone, as most trackers have them."""
    spec, blind = specified(), answered(part_seen="none")
    wrong = {key for key in spec if spec[key] != blind[key]}

    assert {part for *_, part, _level in wrong} == set(PARTS) - {"none"}


def test_policies_blind_to_the_level_would_be_found(answered):
    """The twin: every case as open as its unit."""
    spec, blind = specified(), answered(level_seen="unit")
    wrong = {key for key in spec if spec[key] != blind[key]}

    assert {level for *_, level in wrong} == {"restricted", "named"}


def test_a_person_with_every_role_and_superuser_does_not_decide_their_own(cast):
    almighty = r.person("Alma Almighty", is_superuser=True, is_staff=True)
    for role in Role:
        r.role(almighty, role, cast.institution)
    case = w.asked(cast, actor=almighty)

    for verdict in (Verdict.APPROVED, Verdict.REJECTED):
        with pytest.raises(NotAllowed, match=OWN):
            deciding.decide(
                case_id=case.pk, actor=almighty, verdict=verdict, reasons="I say so."
            )


def test_the_same_person_decides_what_somebody_else_proposed(cast):
    """It is the part in the case that is refused, not the person."""
    almighty = r.person("Alma Almighty", is_superuser=True, is_staff=True)
    for role in Role:
        r.role(almighty, role, cast.institution)
    case = w.asked(cast)

    deciding.decide(
        case_id=case.pk, actor=almighty, verdict=Verdict.APPROVED, reasons="Useful."
    )

    assert w.fresh(case).state == CaseState.APPROVED


def test_nobody_approves_a_critical_risk_but_a_decider_rejects_it(cast, people):
    case = w.asked(cast)
    case.risk = Risk.CRITICAL

    assert {why_not(Verb.APPROVE, case, people[name]) for name in INSIDERS} == {
        "The risk is critical, so this case cannot be approved. Reject it, or reopen "
        "the assessment when the cause is resolved."
    }
    assert why_not(Verb.REJECT, case, cast.decider) is None


def test_nobody_decides_before_it_is_asked(cast):
    case = w.assessed(cast)
    asked = "Nobody has asked for a decision yet; a case officer does that."

    assert why_not(Verb.APPROVE, case, cast.decider) == asked
    assert why_not(Verb.REJECT, case, cast.decider) == asked


def test_a_review_is_not_concluded_before_its_questions_are_completed(cast):
    case = w.under_review(cast)

    assert why_not(Verb.CONTINUE, case, cast.decider) == (
        "The questions of the review must be answered and completed first."
    )


def test_only_what_ran_before_the_register_is_taken_in_unassessed(cast):
    """Else a case officer could approve their own draft past everybody."""
    r.role(cast.officer, Role.PROPOSER, cast.department)
    case = w.draft(cast, actor=cast.officer)

    assert why_not(Verb.TAKE_IN, case, cast.officer) == (
        "Only a cooperation from before the register is taken in unassessed."
    )


def test_a_role_at_a_sister_unit_gives_nothing(cast):
    case = w.asked(cast)
    sister = r.person_with(Role.DECIDER, cast.other_department)

    assert why_not(Verb.APPROVE, case, sister) == NO_ACCESS


def test_a_role_that_has_ended_gives_nothing(cast):
    case = w.asked(cast)
    today = w.local_today()
    former = r.person()
    r.role(
        former,
        Role.DECIDER,
        cast.institution,
        valid_from=today.replace(year=today.year - 2),
        valid_until=today - w.timedelta(days=1),
    )

    assert why_not(Verb.APPROVE, case, former) == NO_ACCESS
