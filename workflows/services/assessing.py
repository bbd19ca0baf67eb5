"""Begin an assessment and complete it: then it is frozen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from register.choices import Risk
from register.models import User
from workflows.choices import Conclusion, Moment, Track, Verb
from workflows.models import (
    Answer,
    Assessment,
    Case,
    Catalogue,
    Evidence,
    Opinion,
    RiskChange,
)
from workflows.questions.pack import Question
from workflows.services import answering, consequences
from workflows.services.answering import Given
from workflows.services.moving import NotAllowed, Step, doorway
from workflows.services.recording import canonical, digest
from workflows.services.snapshotting import SNAPSHOT_DOMAIN, snapshot
from workflows.sheets import Sheet


def begin_assessment(case: Case, *, moment: Moment, at: datetime) -> Assessment:
    """Open an assessment on the catalogue in force. The caller holds the case."""
    case.__dict__.pop("open_assessment", None)
    assessment = Assessment.objects.create(
        case=case,
        catalogue=Catalogue.objects.in_force(case.unit),
        moment=moment,
        begun_at=at,
    )
    if not Sheet(assessment).scope.screen:  # at the end nothing is screened
        assessment.track = _track_before(case)
        assessment.save(update_fields=["track"])
    return assessment


def _track_before(case: Case) -> str:
    last = case.last_assessment
    return last.track if last and last.track else Track.LIGHT


def begin_correction(step: Step, *, reason: str) -> Assessment:
    """A new version of the last assessment: every answer stands as it was given, by
    whom and when and on what evidence, until somebody changes it; both versions are
    kept. What is still to be found out goes on with the new one."""
    old: Assessment = step.case.last_assessment
    new = Assessment.objects.create(
        case=step.case,
        catalogue=old.catalogue,
        moment=old.moment,
        begun_at=step.at,
        supersedes=old,
        reason=reason,
        track=old.track,
        track_because=old.track_because,
        track_words=old.track_words,
        mitigation=old.mitigation,
        conclusion=old.conclusion,
        not_raised=old.not_raised,
    )
    answers = list(old.answers.filter(assessor=None))
    for answer in answers:
        answer.pk, answer.assessment = None, new
    Answer.objects.bulk_create(answers)
    evidence = list(old.evidence.filter(opinion=None))
    for one in evidence:
        one.pk, one.assessment = None, new
    Evidence.objects.bulk_create(evidence)
    old.points.filter(closed_at=None).update(assessment=new)
    _carry_judgements(old, new)
    return new


def _carry_judgements(old: Assessment, new: Assessment) -> None:
    """Opinions and people's judgement of the risk go on: reopening takes nothing
    back. Who concluded that it is forbidden is asked again, as that may be why it was
    reopened; until the risk is lowered by two people, it stays critical."""
    opinions = list(old.opinions.order_by("id"))
    evidence = list(old.evidence.exclude(opinion=None))
    changes = list(old.risk_changes.order_by("id"))
    kept = {opinion.pk: opinion for opinion in opinions}
    for opinion in opinions:
        opinion.pk, opinion.assessment = None, new
        if opinion.conclusion == Conclusion.FORBIDDEN:
            consequences.ask_again(opinion, at=new.begun_at)
    Opinion.objects.bulk_create(opinions)
    for one in evidence:
        one.opinion, one.pk, one.assessment = kept[one.opinion_id or 0], None, new
    Evidence.objects.bulk_create(
        one for one in evidence if one.opinion and one.opinion.is_given
    )
    for change in changes:
        change.pk, change.assessment = None, new
    RiskChange.objects.bulk_create(changes)


def take_full_track(
    *, case_id: int, actor: User, reason: str, seen: int | None = None
) -> Assessment:
    """A person decides that all questions are asked, with a reason."""
    if not reason.strip():
        raise NotAllowed(_("Give a reason, so that the others understand."))
    verb = Verb.TAKE_FULL_TRACK
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        assessment = answering.begun(step).assessment
        assessment.track, assessment.track_words = Track.FULL, reason.strip()
        assessment.save(update_fields=["track", "track_words"])
        step.payload["reason"] = reason.strip()
    return assessment


def complete(
    *,
    case_id: int,
    actor: User,
    conclusion: str,
    answers: Mapping[str, Given] | None = None,
    seen: int | None = None,
    **words: Any,
) -> Assessment:
    """Answer what is given, then freeze the whole; people's judgement of the risk is
    kept beside what the answers give.

    words: mitigation (what is done about the risk; needed from medium), not_raised
    (why a proposed higher risk is not taken) or takes_proposal (True: it is taken).
    Raises NotAllowed, with the sentence what is missing; then nothing is written.
    """
    verb = Verb.COMPLETE_ASSESSMENT
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        sheet = answering.begun(step)
        answering.write(sheet, answers or {}, step)
        freeze(sheet, step, conclusion=conclusion, **words)
    return sheet.assessment


def freeze(
    sheet: Sheet,
    step: Step,
    *,
    conclusion: str,
    mitigation: str | None = None,
    not_raised: str = "",
    takes_proposal: bool = False,
) -> None:
    """Fix answers, opinions and risk for good; the risk of the case follows. The
    caller holds the case. Raises NotAllowed while something is missing."""
    assessment, weighing = sheet.assessment, sheet.weighing
    if mitigation is not None:
        assessment.mitigation = mitigation.strip()
    assessment.not_raised = not_raised.strip()
    proposed = weighing.proposed
    refuse_gaps(sheet, takes_proposal=takes_proposal)
    assessment.completed_by = step.actor  # type: ignore[assignment]
    assessment.completed_at = step.at
    assessment.conclusion = conclusion
    assessment.inherent = weighing.inherent
    assessment.risk = sheet.residual
    if proposed and takes_proposal:
        assessment.risk = max(assessment.risk, proposed.proposes)
    assessment.actions = list(weighing.actions)
    assessment.snapshot = canonical(snapshot(sheet))
    assessment.snapshot_hash = digest(SNAPSHOT_DOMAIN, assessment.snapshot)
    assessment.save()
    step.case.risk = assessment.risk
    step.payload |= {
        "risk": assessment.risk,
        "inherent": assessment.inherent,
        "conclusion": conclusion,
        "assessment": assessment.pk,
        "snapshot": assessment.snapshot_hash,
    }


def refuse_gaps(sheet: Sheet, *, takes_proposal: bool = False) -> None:
    """Raises NotAllowed with everything that is missing, one sentence each."""
    if gaps := missing(sheet, takes_proposal=takes_proposal):
        raise NotAllowed(" ".join(gaps))


def missing(sheet: Sheet, *, takes_proposal: bool = False) -> list[str]:
    """What must be done before it can be completed, as sentences."""
    gaps = [
        (sheet.unanswered, _("Answer these questions first: %(questions)s.")),
        (sheet.unexplained, _("Say a few words about: %(questions)s.")),
        (
            sheet.unconfirmed,
            _(
                "These answers wait until the right person confirms them: "
                "%(questions)s."
            ),
        ),
    ]
    said = [
        sentence % {"questions": _codes(questions)}
        for questions, sentence in gaps
        if questions
    ]
    waiting = [
        sheet.pack.role(opinion.role)
        for opinion in sheet.case.waiting_opinions
        if sheet.assessment.pk
    ]
    if waiting:
        said.append(
            _("These opinions are waited for: %(who)s.") % {"who": ", ".join(waiting)}
        )
    if sheet.case.pending_lowering:
        said.append(_("A lower risk is proposed; a second person must confirm it."))
    return said + _missing_words(sheet, takes_proposal)


def _missing_words(sheet: Sheet, takes_proposal: bool) -> list[str]:
    said = []
    risk = max(sheet.weighing.inherent, sheet.residual)
    if risk >= Risk.MEDIUM and not sheet.assessment.mitigation:
        said.append(_("Write what is done about the risk."))
    if (
        sheet.weighing.proposed
        and not takes_proposal
        and not sheet.assessment.not_raised
    ):
        said.append(_("Take the higher risk that is proposed, or say why not."))
    return said


def _codes(questions: Sequence[Question]) -> str:
    return ", ".join(question.code for question in questions)


def questions_of(assessment: Assessment) -> list[Question]:
    """The questions asked as the answers stand."""
    return Sheet(assessment).asked


def send_on(step: Step) -> None:
    """What a proposal brings with it when it is sent: the track that its quick screen
    chose, and the advisers and gates that its answers call for. The caller holds the
    case."""
    sheet = answering.begun(step)
    consequences.call_for(sheet, step)
    step.payload |= {
        "track": sheet.assessment.track,
        "track_because": sheet.why_full,
        "asked": len(sheet.asked),
    }
