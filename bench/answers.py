"""Answers to most questions of a case on the full track, so that the page of all
questions shows as many of them as the pack allows."""

from collections.abc import Iterator

from register.choices import AgreementKind, CaseState, CaseType
from register.models import Agreement, User
from workflows.choices import Track
from workflows.models import Answer, Assessment
from workflows.questions.conditions import Chosen
from workflows.questions.pack import Option, Question
from workflows.sheets import Sheet

# One to read, and one whose answers change.
ANSWERED = 2
COMMENT = "Talked over with the unit; the papers are with the case officer."


def answer_fully(*, officer: User) -> None:
    """Put the newest proposed research cases on the full track and answer them."""
    proposed = Assessment.objects.filter(
        case__state=CaseState.PROPOSED, case__case_type=CaseType.RESEARCH
    )
    for assessment in proposed.order_by("-case_id")[:ANSWERED]:
        assessment.track = Track.FULL
        assessment.save(update_fields=["track"])
        agreement = Agreement.objects.create(kind=AgreementKind.RESEARCH)
        agreement.cooperations.add(assessment.case)
        Answer.objects.bulk_create(_answers(Sheet(assessment), officer))


def _answers(sheet: Sheet, officer: User) -> Iterator[Answer]:
    """To five of six questions, and to all that others wait for."""
    questions = sheet.scope.questions
    tests = [t for q in questions if q.show_if for t in q.show_if.tests()]
    for place, question in enumerate(questions):
        waiting = [test for test in tests if test.name == question.code]
        if waiting or place % 6:
            yield Answer(
                assessment=sheet.assessment,
                question=question.code,
                options=_chosen(question, waiting),
                comment=COMMENT,
                answered_by=sheet.case.proposer,
                answered_at=sheet.assessment.begun_at,
                confirmed_by=officer,
                confirmed_at=sheet.assessment.begun_at,
            )


def _chosen(question: Question, waiting: list[Chosen]) -> list[str]:
    """What brings the most follow-ups, and of that the most harmless."""

    def brought(option: Option) -> int:
        given = {question.code: frozenset({option.code})}
        return sum(test.holds(given) for test in waiting)

    if question.kind == "text":
        return []
    if question.kind == "several" and waiting:
        return [o.code for o in question.options if brought(o) and not o.is_unsure]
    best = max(question.options, key=lambda o: (brought(o), -o.level, not o.is_unsure))
    return [best.code]
