"""Begin an assessment, answer its questions, complete it: then it is frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from register.choices import Risk
from register.models import User
from workflows.choices import Moment, Verb
from workflows.models import (
    Answer,
    AnswerOption,
    Assessment,
    Case,
    Catalogue,
    Question,
)
from workflows.services.moving import NotAllowed, Step, doorway
from workflows.services.recording import canonical, digest

SNAPSHOT_DOMAIN = "midtveis:assessment:v1\n"


@dataclass(frozen=True)
class Given:
    """What a person answered to one question: option codes and a comment."""

    options: Sequence[str]
    comment: str = ""


def begin_assessment(case: Case, *, moment: Moment, at: datetime) -> Assessment:
    """Open an assessment on the catalogue in force. The caller holds the case."""
    return Assessment.objects.create(
        case=case,
        catalogue=Catalogue.objects.latest("published_at", "id"),
        moment=moment,
        begun_at=at,
    )


def questions_of(assessment: Assessment) -> QuerySet[Question]:
    """The questions to answer, in order, with their options."""
    return (
        Question.objects.filter(
            topic__catalogue=assessment.catalogue_id, quick_screen=True
        )
        .select_related("topic")
        .prefetch_related(Prefetch("options", AnswerOption.objects.order_by("order")))
    )


def save_answers(
    *,
    case_id: int,
    actor: User,
    answers: Mapping[str, Given],
    seen: int | None = None,
) -> Assessment:
    """Write the given answers (by question code); the others stay as they are.

    Raises NotAllowed for an option that the question does not have.
    """
    with doorway(case_id=case_id, verb=Verb.ANSWER, actor=actor, seen=seen) as step:
        assessment = _open(step.case)
        step.payload["answers"] = write(assessment, answers, step)
    return assessment


def complete(
    *,
    case_id: int,
    actor: User,
    conclusion: str,
    answers: Mapping[str, Given] | None = None,
    seen: int | None = None,
) -> Assessment:
    """Answer what is given, then freeze the whole; the highest answer sets the risk.

    Raises NotAllowed while a question is unanswered; then nothing is written.
    """
    verb = Verb.COMPLETE_ASSESSMENT
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        assessment = _open(step.case)
        write(assessment, answers or {}, step)
        freeze(assessment, step, conclusion=conclusion)
        step.case.risk = assessment.risk
        step.payload |= {
            "risk": assessment.risk,
            "conclusion": conclusion,
            "assessment": assessment.pk,
            "snapshot": assessment.snapshot_hash,
        }
    return assessment


def freeze(assessment: Assessment, step: Step, *, conclusion: str) -> None:
    """Fix answers and risk for good. Raises NotAllowed while one is missing."""
    answers = list(assessment.answers.prefetch_related("options"))
    _refuse_gaps(assessment, {answer.question_id for answer in answers})
    assessment.completed_by = step.actor  # type: ignore[assignment]
    assessment.completed_at = step.at
    assessment.conclusion = conclusion
    assessment.risk = highest(answers)
    assessment.snapshot = snapshot(assessment)
    assessment.snapshot_hash = digest(SNAPSHOT_DOMAIN, assessment.snapshot)
    assessment.save()


def highest(answers: Sequence[Answer]) -> int:
    """The highest level decides; nothing is added up (question catalogue 1.1)."""
    levels = [option.level for answer in answers for option in answer.options.all()]
    return max(levels, default=Risk.NONE)


def snapshot(assessment: Assessment) -> str:
    """Every answer as the exact text that is hashed and kept."""
    rows = assessment.answers.select_related("question", "answered_by")
    return canonical(
        {
            "v": 1,
            "catalogue": assessment.catalogue.version,
            "answers": [
                {
                    "question": answer.question.code,
                    "options": sorted(option.code for option in answer.options.all()),
                    "comment": answer.comment,
                    "by": str(answer.answered_by.public_id),
                }
                for answer in rows.prefetch_related("options")
            ],
        }
    )


def _open(case: Case) -> Assessment:
    if case.open_assessment is None:
        raise NotAllowed(_("There are no open questions on this case."))
    return case.open_assessment


def write(
    assessment: Assessment, answers: Mapping[str, Given], step: Step
) -> list[list[str]]:
    """Store what differs and tell it as [question, old, new]."""
    told: list[list[str]] = []
    changed: list[tuple[Answer, list[AnswerOption]]] = []
    kept = {a.question_id: a for a in assessment.answers.prefetch_related("options")}
    for question in questions_of(assessment):
        given = answers.get(question.code)
        if given is None or not given.options:
            continue
        options = _chosen(question, given)
        answer = kept.get(question.pk)
        old = _as_told(answer) if answer else ""
        new = " – ".join(filter(None, [", ".join(map(str, options)), given.comment]))
        if old != new:
            answer = answer or Answer(assessment=assessment, question=question)
            answer.comment = given.comment
            changed.append((answer, options))
            told.append([question.code, old, new])
    _store(changed, step)
    return told


def _chosen(question: Question, given: Given) -> list[AnswerOption]:
    known = {option.code: option for option in question.options.all()}
    if unknown := [code for code in given.options if code not in known]:
        raise NotAllowed(
            _("“%(answer)s” is not an answer to question %(question)s.")
            % {"answer": ", ".join(unknown), "question": question.code}
        )
    if len(given.options) > 1 and not question.several:
        raise NotAllowed(
            _("Choose one answer to question %(question)s.")
            % {"question": question.code}
        )
    return [known[code] for code in given.options]


def _store(changed: Sequence[tuple[Answer, list[AnswerOption]]], step: Step) -> None:
    """All at once: a page of questions is four statements, however many there are."""
    chosen = Answer.options.through
    for answer, _options in changed:
        answer.answered_by, answer.answered_at = step.actor, step.at  # type: ignore[assignment]
    known = [answer for answer, _options in changed if answer.pk]
    new = [answer for answer, _options in changed if not answer.pk]
    Answer.objects.bulk_update(known, ["comment", "answered_by", "answered_at"])
    chosen.objects.filter(answer__in=known).delete()
    Answer.objects.bulk_create(new)
    chosen.objects.bulk_create(
        chosen(answer=answer, answeroption=option)
        for answer, options in changed
        for option in options
    )


def _as_told(answer: Answer) -> str:
    chosen = ", ".join(map(str, answer.options.all()))
    return " – ".join(filter(None, [chosen, answer.comment]))


def _refuse_gaps(assessment: Assessment, answered: set[int]) -> None:
    gaps = [q.code for q in questions_of(assessment) if q.pk not in answered]
    if gaps:
        raise NotAllowed(
            _("Answer these questions first: %(gaps)s.") % {"gaps": ", ".join(gaps)}
        )
