"""Cases brought to each state through the real services: state is protected."""

from datetime import timedelta
from functools import cache

from register.choices import CaseState
from register.clock import local_today
from tests.factories import register as r
from workflows.choices import TerminationGround, Verb, Verdict
from workflows.models import AnswerOption, Case, Question
from workflows.services import (
    assessing,
    deciding,
    handling,
    proposing,
    reviewing,
    terminating,
)
from workflows.services.assessing import Given
from workflows.services.terminating import Notice


@cache
def harmless() -> tuple[tuple[str, str], ...]:
    """(question, its harmless answer); the pack is the same in every test."""
    questions = Question.objects.filter(quick_screen=True).prefetch_related("options")
    return tuple(
        (question.code, min(question.options.all(), key=by_level).code)
        for question in questions
    )


def by_level(option: AnswerOption) -> tuple[int, int]:
    return option.level, option.order


def answers(**given: str) -> dict[str, Given]:
    """The harmless answer to every question, but those given: EXP_1="yes"."""
    chosen = dict(harmless())
    chosen |= {code.replace("_", "-"): option for code, option in given.items()}
    return {code: Given([option]) for code, option in chosen.items()}


def draft(cast: r.Cast, **facts: object) -> Case:
    partner = facts.pop("partner", None) or r.partner()
    defaults = {
        "title": "Ice cores and climate",
        "purpose": "Shared measurements",
        "starts_on": local_today(),
        "ends_on": local_today() + timedelta(days=4 * 365),
    }
    return proposing.start(
        actor=facts.pop("actor", cast.proposer),
        unit=facts.pop("unit", cast.department),
        partners=[(partner, "partner")],
        **defaults | facts,
    )


def proposed(cast: r.Cast, **facts: object) -> Case:
    case = draft(cast, **facts)
    return proposing.submit(case_id=case.pk, actor=case.proposer)


def assessed(cast: r.Cast, *, given: dict[str, str] | None = None, **facts) -> Case:
    case = proposed(cast, **facts)
    assessing.complete(
        case_id=case.pk,
        actor=cast.officer,
        answers=answers(**given or {}),
        conclusion="Seen through.",
    )
    return fresh(case)


def asked(cast: r.Cast, **facts: object) -> Case:
    case = assessed(cast, **facts)
    deciding.ask(case_id=case.pk, actor=cast.officer)
    return fresh(case)


def approved(cast: r.Cast, **facts: object) -> Case:
    case = asked(cast, **facts)
    deciding.decide(
        case_id=case.pk,
        actor=cast.decider,
        verdict=Verdict.APPROVED,
        reasons="Useful and harmless.",
    )
    return fresh(case)


def rejected(cast: r.Cast, **facts: object) -> Case:
    case = asked(cast, **facts)
    deciding.decide(
        case_id=case.pk,
        actor=cast.decider,
        verdict=Verdict.REJECTED,
        reasons="The risk is not worth it.",
    )
    return fresh(case)


def under_review(cast: r.Cast, **facts: object) -> Case:
    case = approved(cast, **facts)
    reviewing.open_review(case_id=case.pk, actor=cast.officer, ground="Ownership.")
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
