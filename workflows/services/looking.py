"""Around an assessment: evidence, open points, and independent assessors."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from register.choices import DocumentKind
from register.models import User
from register.services import documents
from workflows import policies
from workflows.choices import Verb, Visibility
from workflows.models import Answer, Assessment, Assessor, Evidence, OpenPoint
from workflows.services import answering
from workflows.services.answering import Given
from workflows.services.moving import NotAllowed, Step, doorway
from workflows.sheets import Sheet


def add_evidence(
    *,
    case_id: int,
    actor: User,
    question: str,
    confidence: str,
    seen_on: date,
    upload: Any = None,
    address: str = "",
    quotation: str = "",
) -> Evidence:
    """What an answer rests on: a file, or an address with what it says there.

    Raises NotAllowed for a question that does not take evidence, ValidationError for a
    file that is refused or when both file and quotation are missing.
    """
    with doorway(case_id=case_id, verb=Verb.ADD_EVIDENCE, actor=actor) as step:
        sheet = answering.begun(step)
        if refusal := why_no_evidence(sheet, question):
            raise NotAllowed(refusal)
        step.payload["question"] = question
        if seen_on > timezone.localdate(step.at):
            raise ValidationError({"seen_on": _("This day is still to come.")})
        return keep_evidence(
            step,
            sheet.assessment,
            upload,
            question=question,
            address=address,
            quotation=quotation.strip(),
            seen_on=seen_on,
            confidence=confidence,
        )


def keep_evidence(
    step: Step, assessment: Assessment, upload: Any, **facts: Any
) -> Evidence:
    """With the case, and told in its event. Raises ValidationError."""
    assert isinstance(step.actor, User)
    document = None
    if upload:
        document = documents.keep(
            step.case, actor=step.actor, upload=upload, kind=DocumentKind.EVIDENCE
        )
    evidence = Evidence(
        assessment=assessment,
        document=document,
        added_by=step.actor,
        added_at=step.at,
        **facts,
    )
    evidence.full_clean()
    evidence.save()
    step.payload |= {
        "evidence": str(evidence),
        "sha256": document.sha256 if document else "",
    }
    return evidence


def why_no_evidence(sheet: Sheet, code: str) -> str:
    """Why this question takes no evidence; empty when it does."""
    question = sheet.pack.by_code.get(code)
    if question is None or not sheet.scope.applies(question):
        return _("Question %(question)s is not asked here.") % {"question": code}
    if any(option.stored_as for option in question.options):
        return _("Nothing but a reference is kept with this question.")
    return ""


def settle_point(
    *,
    case_id: int,
    actor: User,
    point_id: int,
    owner: User,
    due_on: date,
    outcome: str = "",
    seen: int | None = None,
) -> OpenPoint:
    """Say who finds out and by when; with an outcome the point is closed.

    Raises NotAllowed for a point that is closed, or an owner who could not settle it.
    """
    verb = Verb.SETTLE_POINT
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        points = OpenPoint.objects.filter(assessment__case=step.case, closed_at=None)
        point = points.filter(pk=point_id).first()
        if point is None:
            raise NotAllowed(_("This point has been closed already."))
        if owner != point.owner and (
            refusal := policies.why_not(verb, step.case, owner)
        ):
            raise NotAllowed(str(refusal))
        point.owner, point.due_on, point.outcome = owner, due_on, outcome.strip()
        if point.outcome:
            point.closed_by, point.closed_at = actor, step.at
        point.save()
        step.payload |= {
            "question": point.question,
            "owner": owner.reference,
            "due_on": due_on.isoformat(),
            "outcome": point.outcome,
        }
    return point


def invite_assessor(
    *, case_id: int, actor: User, user: User, seen: int | None = None
) -> Assessor:
    """Ask somebody to answer the same questions for themselves, blind."""
    verb = Verb.INVITE_ASSESSOR
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        sheet = answering.begun(step)
        if refusal := why_not_assess(sheet, user):
            raise NotAllowed(str(refusal))
        if sheet.assessment.assessors.filter(user=user).exists():
            raise NotAllowed(
                _("%(who)s has been invited already.") % {"who": str(user)}
            )
        assessor = Assessor.objects.create(
            assessment=sheet.assessment,
            user=user,
            invited_by=actor,
            invited_at=step.at,
        )
        step.payload["who"] = user.reference
    return assessor


def why_not_assess(sheet: Sheet, user: User) -> Any:
    """None when this person can answer for themselves, without knowing the answers."""
    if refusal := policies.why_not_invite(sheet.case, user):
        return refusal
    theirs = {answer.answered_by_id for answer in sheet.answers.values()}
    confirmed = {answer.confirmed_by_id for answer in sheet.answers.values()}
    if user.pk in theirs | confirmed:
        return _("%(who)s has a part in the answers already; ask somebody else.") % {
            "who": str(user)
        }
    return None


def hand_in(
    *,
    case_id: int,
    actor: User,
    answers: Mapping[str, Given],
    words: str = "",
    red_flag: str = "",
    seen: int | None = None,
) -> Assessor:
    """An independent assessor hands in their own answers; from then on they see the
    others'. The answers of the case do not change. The event is the handlers' own."""
    with doorway(case_id=case_id, verb=Verb.HAND_IN, actor=actor, seen=seen) as step:
        sheet = answering.begun(step)
        assessor = sheet.assessment.assessors.get(user=actor)
        _store_own(sheet, assessor, answers, step)
        assessor.words, assessor.red_flag = words.strip(), red_flag.strip()
        assessor.handed_in_at = step.at
        assessor.save()
        step.visibility = Visibility.HANDLERS
        step.payload |= {"red_flag": assessor.red_flag, "words": assessor.words}
    return assessor


def _store_own(
    sheet: Sheet, assessor: Assessor, answers: Mapping[str, Given], step: Step
) -> None:
    missing = [
        question.code
        for question in sheet.asked
        if not answers.get(question.code, Given()).answers(question)
    ]
    if missing:
        raise NotAllowed(
            _("Answer these questions first: %(questions)s.")
            % {"questions": ", ".join(missing)}
        )
    rows = []
    for code, given in answers.items():
        question = sheet.pack.by_code.get(code)
        if question is None:
            raise NotAllowed(
                _("Question %(question)s is not asked here.") % {"question": code}
            )
        kept = answering.allowed(question, given)
        answer = Answer(
            assessment=sheet.assessment,
            assessor=assessor,
            question=code,
            options=list(kept.options),
            comment=kept.comment,
            facts=answering.clean(kept.facts),
        )
        answering.sign(answer, step, is_right=True)
        rows.append(answer)
    answering.store(rows)
