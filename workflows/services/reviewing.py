"""Plan the next review, open it, and complete its questions."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from register.choices import AgreementStatus, CaseState
from register.models import User
from workflows import deadlines
from workflows.choices import Moment, ReviewTrigger, SystemActor, Verb
from workflows.models import Assessment, Case, Review
from workflows.services import answering, assessing
from workflows.services.answering import Given
from workflows.services.moving import NotAllowed, Step, WorkflowError, doorway
from workflows.services.recording import Actor

log = logging.getLogger(__name__)


def plan_next(step: Step) -> Review:
    """Plan the next review by risk and agreement. The caller holds the case."""
    review = planned(step, *_span(step.case))
    review.save()
    return review


def planned(step: Step, starts_on: date | None, ends_on: date | None) -> Review:
    """The next review, not saved yet; its day stands on the case and in the event."""
    case = step.case
    case.next_review_on = deadlines.next_review_on(
        today=timezone.localtime(step.at).date(),
        risk=case.risk,
        starts_on=starts_on,
        ends_on=ends_on,
        most_months=_most_months(case),
    )
    step.payload["next_review_on"] = case.next_review_on.isoformat()
    return Review(
        case=case,
        trigger=ReviewTrigger.SCHEDULED,
        due_on=case.next_review_on,
        planned_at=step.at,
    )


def _most_months(case: Case) -> int | None:
    """How soon the answers want the next review at the latest."""
    last = case.last_assessment if case.pk else None
    return last.review_months if last else None


def _span(case: Case) -> tuple[date | None, date | None]:
    """The signed agreement that ends last, or else the cooperation's own dates."""
    signed = case.agreements.filter(
        status=AgreementStatus.SIGNED, ends_on__isnull=False
    ).order_by("-ends_on")
    agreement = signed.first()
    if agreement:
        return agreement.starts_on, agreement.ends_on
    return case.starts_on, case.ends_on


def open_review(
    *, case_id: int, actor: Actor, ground: str = "", seen: int | None = None
) -> Review:
    """Take the case under review; the questions are asked again.

    With a ground it is extraordinary, and due within two weeks. Raises NotAllowed when
    a person opens one long before its day without a ground; the clock has its own day.
    """
    verb = Verb.OPEN_REVIEW
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        today = timezone.localtime(step.at).date()
        review = step.case.coming_review or _unplanned(step)
        if ground.strip():
            review.trigger, review.ground = ReviewTrigger.EXTRAORDINARY, ground.strip()
            review.due_on = deadlines.extraordinary_due(today, review.due_on)
            step.case.next_review_on = review.due_on
        elif isinstance(actor, User) and deadlines.is_early(today, review.due_on):
            raise NotAllowed(_("Say why the review is opened before its time."))
        review.opened_at = step.at
        # What ran before the register was never asked: it gets the first questions.
        is_first = step.case.last_assessment is None
        review.assessment = assessing.begin_assessment(
            step.case, moment=Moment.PLANNING if is_first else Moment.MIDWAY, at=step.at
        )
        review.save()
        step.payload = {"ground": ground, "due_on": review.due_on.isoformat()}
    return review


def _unplanned(step: Step) -> Review:
    today = timezone.localtime(step.at).date()
    return Review(case=step.case, due_on=today, planned_at=step.at)


def complete_questions(
    *,
    case_id: int,
    actor: User,
    conclusion: str,
    answers: Mapping[str, Given] | None = None,
    seen: int | None = None,
    **words: Any,
) -> Assessment:
    """Answer the last questions of the review, or of the exit, and freeze them; the
    risk follows. words: see `assessing.complete`."""
    with doorway(
        case_id=case_id, verb=Verb.COMPLETE_REVIEW, actor=actor, seen=seen
    ) as step:
        if step.case.open_assessment is None:
            raise NotAllowed(_("There is no open review on this case."))
        sheet = answering.begun(step)
        answering.write(sheet, answers or {}, step)
        assessing.freeze(sheet, step, conclusion=conclusion, **words)
    return sheet.assessment


def set_aside(step: Step) -> None:
    """No review is coming any more; what was begun and not completed is kept as such.
    The caller holds the case."""
    review, assessment = step.case.coming_review, step.case.open_assessment
    if review:
        review.cancelled_at = step.at
        review.save(update_fields=["cancelled_at"])
    if assessment:
        assessment.abandoned_at = step.at
        assessment.save(update_fields=["abandoned_at"])
    step.case.next_review_on = None


def open_due(*, today: date) -> list[Review]:
    """Open every planned review whose day has come. Returns those it opened."""
    due = Case.objects.filter(state=CaseState.APPROVED, next_review_on__lte=today)
    opened = []
    for case_id in due.order_by("next_review_on", "id").values_list("pk", flat=True):
        try:
            opened.append(open_review(case_id=case_id, actor=SystemActor.CLOCK))
        except WorkflowError as refusal:  # somebody opened it a moment ago
            log.info("Review of case %d not opened: %s", case_id, refusal)
    return opened
