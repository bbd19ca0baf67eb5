"""Cases brought to each state through the real services: state is protected."""

from datetime import timedelta
from functools import cache

from django.utils import timezone

from register.choices import CaseState, Role, UnitKind
from register.clock import local_today
from register.models import Unit, User
from tests.factories import register as r
from workflows.choices import GateResult, TerminationGround, Verb, Verdict
from workflows.models import Case, Catalogue, Declaration
from workflows.models.catalogue import canonical
from workflows.policies import why_not
from workflows.policies.delegating import still_to_speak
from workflows.questions.asking import Scope
from workflows.questions.pack import Pack, Question
from workflows.services import (
    advising,
    answering,
    assessing,
    deciding,
    handling,
    proposing,
    recommending,
    reviewing,
    terminating,
)
from workflows.services.answering import Given
from workflows.services.terminating import Notice
from workflows.sheets import Sheet


def answers(moment: str = "planning", kind: str = "research", **given: str | list):
    """An answer to every question that applies: the harmless one, but for those given:
    EXP_1="yes". Whatever is not harmless comes with a word."""
    scope = Scope(shipped(), moment, kind)
    told = {code.replace("_", "-"): chosen for code, chosen in given.items()}
    return {q.code: answer(q, told.get(q.code)) for q in scope.questions}


@cache
def shipped() -> Pack:
    """The pack is the same in every test."""
    return Catalogue.objects.get(institution=None).pack


def answer(question: Question, chosen: str | list | None = None) -> Given:
    if chosen is None:
        return Given(
            [] if question.kind == "text" else [harmless(question)], "As told."
        )
    return Given([chosen] if isinstance(chosen, str) else chosen, "Looked into.")


def harmless(question: Question) -> str:
    return next(option.code for option in question.options if not option.level)


def core(chosen: dict[str, Given]) -> dict[str, Given]:
    """Those of the answers that the light track asks for."""
    known = shipped().by_code
    return {code: given for code, given in chosen.items() if known[code].is_core}


def draft(cast: r.Cast, **facts: object) -> Case:
    partner = facts.pop("partner", None) or r.partner()
    defaults = {
        "title": "Ice cores and climate",
        "purpose": "Shared measurements",
        "starts_on": local_today(),
        "ends_on": local_today() + timedelta(days=4 * 365),
    }
    case = proposing.start(
        actor=facts.pop("actor", cast.proposer),
        unit=facts.pop("unit", cast.department),
        partners=[(partner, "partner")],
        **defaults | facts,
    )
    declare_none(case)
    return case


def declare_none(case: Case, *people: User) -> None:
    """These, or else everybody there is, have no conflict of interest. Written at once,
    without an event each: what they then do is what a test is about."""
    Declaration.objects.bulk_create(
        Declaration(
            case=case, user=user, declared_at=timezone.now(), has_conflict=False
        )
        for user in people or User.objects.all()
    )


def proposed(cast: r.Cast, **facts: object) -> Case:
    """Sent with a quick screen that is harmless, but for `given`."""
    case = screened(cast, **facts)
    return proposing.submit(case_id=case.pk, actor=case.proposer)


def screened(cast: r.Cast, **facts: object) -> Case:
    """A draft whose quick screen is answered by its proposer."""
    given = facts.pop("given", None) or {}
    case = draft(cast, **facts)
    chosen = answers(kind=case.case_type, **given)
    screen = {c: one for c, one in chosen.items() if shipped().by_code[c].is_screen}
    answering.save_answers(case_id=case.pk, actor=case.proposer, answers=screen)
    return fresh(case)


def assessed(cast: r.Cast, *, given: dict[str, str] | None = None, **facts) -> Case:
    """Harmless on the light track, by the officer alone; else on the full track, each
    question by the right person, with every opinion that it calls for."""
    case = proposed(cast, given=given, **facts)
    chosen = answers(kind=case.case_type, **given or {})
    if given:
        answer_by_the_right_people(cast, case, chosen)
        give_opinions(cast, case)
        chosen = {}
    assessing.complete(
        case_id=case.pk,
        actor=cast.officer,
        answers=core(chosen),
        conclusion="Seen through.",
        mitigation="Watched closely.",
        not_raised="One doubt, seen four times.",
    )
    return fresh(case)


def answer_by_the_right_people(cast: r.Cast, case: Case, chosen) -> None:
    people = {"A": case.proposer, "M": cast.officer}
    by_person: dict[object, dict[str, Given]] = {}
    for code, one in chosen.items():
        person = people.get(shipped().by_code[code].who, cast.specialist)
        by_person.setdefault(person, {})[code] = one
    for person, theirs in by_person.items():
        answering.save_answers(case_id=case.pk, actor=person, answers=theirs)
        confirm_what_waits(case, person)


def confirm_what_waits(case: Case, person: object) -> None:
    sheet = Sheet.of(fresh(case))
    waiting = [
        code
        for code, answer in sheet.answers.items()
        if answer.is_proposal and sheet.is_for(sheet.pack.by_code[code], person)
    ]
    if waiting:
        answering.confirm(case_id=case.pk, actor=person, questions=waiting)


def give_opinions(cast: r.Cast, case: Case) -> None:
    for opinion in fresh(case).waiting_opinions:
        advising.give_opinion(
            case_id=case.pk,
            actor=cast.specialist,
            opinion_id=opinion.pk,
            conclusion=advising.conclusions_of(opinion.role)[0],
            text="Looked into; it can be done.",
        )


def clear_gates(cast: r.Cast, case: Case) -> None:
    for gate in fresh(case).open_gates:
        is_theirs = gate.opened_by == cast.other_specialist
        advising.clear_gate(
            case_id=case.pk,
            actor=cast.specialist if is_theirs else cast.other_specialist,
            gate_id=gate.pk,
            result=GateResult.DOCUMENTED,
            reason="In order.",
            reference="2026/77",
        )


def complete_review(cast: r.Cast, case: Case, actor: object, **given: str):
    """As in `assessed`, midway: light by one person, else by the right people."""
    chosen = answers("midway", case.case_type, **given)
    if given:
        answer_by_the_right_people(cast, case, chosen)
        give_opinions(cast, case)
        chosen = {}
    return reviewing.complete_questions(
        case_id=case.pk,
        actor=actor,
        answers=core(chosen),
        conclusion="Seen.",
        mitigation="Watched closely.",
        not_raised="One doubt, seen four times.",
    )


def complete_exit(cast: r.Cast, case: Case) -> None:
    """Answer the exit questions and freeze them."""
    kind = case.case_type
    chosen = answers("exit", kind)
    reviewing.complete_questions(
        case_id=case.pk,
        actor=cast.officer,
        answers=core(chosen),
        conclusion="Nothing is left.",
        mitigation="Seen to.",
    )


def recommend(cast: r.Cast, case: Case, *, is_for: bool = True) -> None:
    """By everybody whom the delegation table names for it."""
    for level in still_to_speak(fresh(case)):
        actor = speaker(cast, level, case.unit)
        declare_none(case, actor)
        recommending.recommend(
            case_id=case.pk, actor=actor, is_for=is_for, reasons="It fits the unit."
        )


def speaker(cast: r.Cast, level: str, unit: Unit | None = None) -> User:
    """Who recommends at a level; a leader appears where one is needed."""
    if level == UnitKind.DEPARTMENT and unit not in (None, cast.department):
        return r.person_with(Role.UNIT_LEADER, unit)
    if level == UnitKind.FACULTY and not hasattr(cast, "faculty_leader"):
        cast.faculty_leader = r.person_with(Role.UNIT_LEADER, cast.faculty, "Dea Dean")
    people = {UnitKind.DEPARTMENT: "leader", UnitKind.FACULTY: "faculty_leader"}
    return getattr(cast, people.get(level, "adviser"))


def asked(cast: r.Cast, **facts: object) -> Case:
    case = assessed(cast, **facts)
    recommend(cast, case)
    deciding.ask(case_id=case.pk, actor=cast.officer)
    return fresh(case)


def ask_nothing() -> None:
    """A pack without questions comes into force: a case then has nothing but its moves,
    and takes little time."""
    empty = canonical({"version": "none", "topics": []})
    Catalogue.objects.create(version="none", content=empty, published_at=timezone.now())


def quickly_sent(cast: r.Cast, **facts: object) -> Case:
    """As `proposed`, while nothing is asked: registered and sent."""
    case = draft(cast, **facts)
    return proposing.submit(case_id=case.pk, actor=case.proposer)


def quickly_asked(cast: r.Cast, **facts: object) -> Case:
    """As `asked`, while nothing is asked: registered, sent, completed, asked."""
    case = quickly_sent(cast, **facts)
    assessing.complete(case_id=case.pk, actor=cast.officer, conclusion="Harmless.")
    recommend(cast, case)
    deciding.ask(case_id=case.pk, actor=cast.officer)
    return fresh(case)


def decider(cast: r.Cast, case: Case) -> User:
    """Whoever is high enough: the faculty's, or else the institution's."""
    usual = cast.decider
    return (
        usual
        if why_not(Verb.REJECT, fresh(case), usual) is None
        else (cast.other_decider)
    )


def approved(cast: r.Cast, **facts: object) -> Case:
    case = asked(cast, **facts)
    clear_gates(cast, case)
    deciding.decide(
        case_id=case.pk,
        actor=decider(cast, case),
        verdict=Verdict.APPROVED,
        reasons="Useful and harmless.",
    )
    return fresh(case)


def rejected(cast: r.Cast, **facts: object) -> Case:
    case = asked(cast, **facts)
    deciding.decide(
        case_id=case.pk,
        actor=decider(cast, case),
        verdict=Verdict.REJECTED,
        reasons="The risk is not worth it.",
    )
    return fresh(case)


def under_review(cast: r.Cast, **facts: object) -> Case:
    case = approved(cast, **facts)
    reviewing.open_review(case_id=case.pk, actor=cast.officer, ground="Ownership.")
    declare_none(case)
    return fresh(case)


def returned(cast: r.Cast, **facts: object) -> Case:
    return _with_reason(proposed(cast, **facts), Verb.SEND_BACK, cast.officer)


def withdrawn(cast: r.Cast, **facts: object) -> Case:
    return _with_reason(proposed(cast, **facts), Verb.WITHDRAW, cast.proposer)


def suspended(cast: r.Cast, **facts: object) -> Case:
    return _with_reason(approved(cast, **facts), Verb.SUSPEND, cast.decider)


def terminating_(cast: r.Cast, **facts: object) -> Case:
    case = approved(cast, **facts)
    terminating.give_notice(
        case_id=case.pk,
        actor=cast.decider,
        notice=Notice(TerminationGround.MUTUAL, local_today()),
        reasons="Both have reached their aims.",
    )
    return fresh(case)


def terminated(cast: r.Cast, **facts: object) -> Case:
    case = terminating_(cast, **facts)
    complete_exit(cast, case)
    terminating.close(case_id=case.pk, actor=cast.officer, report="It went well.")
    return fresh(case)


MAKERS = {
    CaseState.DRAFT: draft,
    CaseState.PROPOSED: proposed,
    CaseState.RETURNED: returned,
    CaseState.WITHDRAWN: withdrawn,
    CaseState.ASSESSED: assessed,
    CaseState.REJECTED: rejected,
    CaseState.APPROVED: approved,
    CaseState.UNDER_REVIEW: under_review,
    CaseState.SUSPENDED: suspended,
    CaseState.TERMINATING: terminating_,
    CaseState.TERMINATED: terminated,
}


def in_state(cast: r.Cast, state: str, **facts: object) -> Case:
    return MAKERS[CaseState(state)](cast, **facts)


def fresh(case: Case) -> Case:
    """The row as it stands, without anything remembered."""
    return Case.objects.select_related("unit").get(pk=case.pk)


def _with_reason(case: Case, verb: str, actor: object) -> Case:
    handling.with_reason(case_id=case.pk, verb=verb, actor=actor, reason="Because.")
    return fresh(case)
