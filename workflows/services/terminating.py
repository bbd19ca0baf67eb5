"""End a case: notice with ground and date, then closing with a report."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from register.models import User
from workflows.choices import Moment, Verb
from workflows.models import Termination
from workflows.policies.delegating import named
from workflows.services import assessing, reviewing
from workflows.services.moving import NotAllowed, Step, doorway


@dataclass(frozen=True)
class Notice:
    """Why it ends (a TerminationGround) and its last day."""

    ground: str
    ends_on: date


def give_notice(
    *,
    case_id: int,
    actor: User,
    notice: Notice,
    reasons: str,
    seen: int | None = None,
) -> Termination:
    """Begin the exit of an approved or suspended cooperation."""
    with doorway(
        case_id=case_id, verb=Verb.GIVE_NOTICE, actor=actor, seen=seen
    ) as step:
        reviewing.set_aside(step)
        return write_notice(step, notice, reasons=reasons)


def write_notice(step: Step, notice: Notice, *, reasons: str) -> Termination:
    """The caller holds the case and makes the move."""
    if not reasons.strip():
        raise NotAllowed(_("Give the reasons for ending the cooperation."))
    step.payload |= {
        "ground": notice.ground,
        "ends_on": notice.ends_on.isoformat(),
        "reasons": reasons.strip(),
        **named(step.case.rule),
    }
    assert isinstance(step.actor, User)  # the clock never gives notice
    assessing.begin_assessment(step.case, moment=Moment.EXIT, at=step.at)
    return Termination.objects.create(
        case=step.case,
        ground=notice.ground,
        ends_on=notice.ends_on,
        reasons=reasons.strip(),
        noticed_by=step.actor,
        noticed_at=step.at,
    )


def close(
    *, case_id: int, actor: User, report: str, seen: int | None = None
) -> Termination:
    """End the case for good with its closing report."""
    with doorway(case_id=case_id, verb=Verb.CLOSE, actor=actor, seen=seen) as step:
        if not report.strip():
            raise NotAllowed(_("Write the closing report before you close the case."))
        termination = step.case.termination
        termination.report = report.strip()
        termination.closed_by, termination.closed_at = actor, step.at
        termination.save()
        step.payload["report"] = termination.report
    return termination
