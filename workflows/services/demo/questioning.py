"""Who answers what in the story: each question by the right person, harmlessly but for
what is told; advisers give their opinions, and gates are cleared by a second person."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from register.models import User
from workflows.choices import GateResult, Track
from workflows.models import Case, Declaration
from workflows.policies import why_not_clear
from workflows.questions.pack import Question
from workflows.services import advising, answering, declaring
from workflows.services.answering import Given
from workflows.services.demo.telling import Cast
from workflows.sheets import Sheet

WHO = {
    "M": "officer",
    **dict.fromkeys(["S-EC", "S-SEC"], "export"),
    **dict.fromkeys(["S-DPO", "S-IS"], "privacy"),
    **dict.fromkeys(["S-LEG", "S-ETH", "S-HR", "S-FIN"], "legal"),
}
ADVISERS = ("export", "privacy", "legal", "security")


def answer_as_proposer(case_id: int, told: Mapping[str, Any], cast: Cast) -> None:
    """The quick screen, then what else the academic side knows."""
    proposer = cast.people[told["proposer"]]
    _save(case_id, proposer, told, _sheet(case_id).scope.screen)
    sheet = _sheet(case_id)
    _save(case_id, proposer, told, sheet.waits_for(proposer))


def answer_the_rest(case_id: int, told: Mapping[str, Any], cast: Cast) -> None:
    """Round by round, as answers bring follow-ups; then the opinions asked for."""
    people = {code: cast.people[told.get(who, who)] for code, who in WHO.items()}
    people["A"] = cast.people[told["proposer"]]
    while waiting := _sheet(case_id).unanswered:
        for code, person in people.items():
            theirs = [question for question in waiting if question.who == code]
            _save(case_id, person, told, theirs)
    if _sheet(case_id).assessment.track == Track.FULL:
        for person in set(people.values()):
            _confirm(case_id, person)
    _give_opinions(case_id, people)


def at_work(case_id: int, person: User) -> User:
    """The same person, who has said that they have no conflict of interest."""
    if not Declaration.objects.filter(case=case_id, user=person).exists():
        declaring.declare(case_id=case_id, actor=person, has_conflict=False)
    return person


def _sheet(case_id: int) -> Sheet:
    return Sheet.of(Case.objects.select_related("unit").get(pk=case_id))


def _save(
    case_id: int, person: User, told: Mapping[str, Any], questions: list[Question]
) -> None:
    answers = {question.code: _given(question, told) for question in questions}
    if answers:
        at_work(case_id, person)
        answering.save_answers(case_id=case_id, actor=person, answers=answers)


def _given(question: Question, told: Mapping[str, Any]) -> Given:
    """What the story tells, with a word; else the first harmless option. A question
    about the purpose is answered with the purpose."""
    chosen = told.get("answers", {}).get(question.code)
    if chosen:
        return Given([chosen], told["words"].get("assess", ""))
    if question.kind == "text":
        return Given(comment=told.get("purpose") or _("As described in the proposal."))
    harmless = (option for option in question.options if not option.level)
    return Given([next(harmless).code])


def _confirm(case_id: int, person: User) -> None:
    sheet = _sheet(case_id)
    waiting = [
        question.code
        for question in sheet.unconfirmed
        if sheet.is_for(question, person)
    ]
    if waiting:
        at_work(case_id, person)
        answering.confirm(case_id=case_id, actor=person, questions=waiting)


def _give_opinions(case_id: int, people: Mapping[str, User]) -> None:
    for opinion in _sheet(case_id).case.waiting_opinions:
        advising.give_opinion(
            case_id=case_id,
            actor=at_work(case_id, people[opinion.role]),
            opinion_id=opinion.pk,
            conclusion=advising.conclusions_of(opinion.role)[1],
            text=_("Looked through; acceptable with the measures described."),
        )


def clear_gates(case_id: int, cast: Cast) -> None:
    """Each gate by the first adviser who may: never the one whose answer opened it."""
    case = _sheet(case_id).case
    for gate in case.open_gates:
        able = (
            cast.people[name]
            for name in ADVISERS
            if why_not_clear(case, gate, cast.people[name]) is None
        )
        advising.clear_gate(
            case_id=case_id,
            actor=at_work(case_id, next(able)),
            gate_id=gate.pk,
            result=GateResult.DOCUMENTED,
            reason=_("Checked against the documents in the archive."),
            reference="2026/1042",
        )
