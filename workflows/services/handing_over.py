"""Hand a case over to somebody else: who answers for it, who handles it, and what
people who have left still owe (workflow 4.10)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from register.clock import local_today
from register.models import User
from register.queries.access import gone, people_of_institution
from register.services import cooperations
from workflows.choices import HandedPart, Verb
from workflows.models import Case, Condition, OpenPoint
from workflows.policies.people import case_officer, contributor
from workflows.services.moving import NotAllowed, Step, doorway


def hand_over(
    *,
    case_id: int,
    actor: User,
    part: str,
    to: User,
    reason: str,
    seen: int | None = None,
) -> Case:
    """part: a HandedPart. Whoever answered for it stays one of its own for ever, and so
    is the new one from now on (workflow 7). Raises NotAllowed."""
    verb = Verb.HAND_OVER
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        if not reason.strip():
            raise NotAllowed(_("Give a reason, so that the others understand."))
        _refuse_gone(step.case, to)
        before = HANDING[HandedPart(part)](step, to)
        step.payload = {
            "part": str(part),
            "old": [person.reference for person in before],
            "new": to.reference,
            "reason": reason.strip(),
        }
    return step.case


def _responsible(step: Step, to: User) -> list[User]:
    before = step.case.responsible
    _refuse_same(before, to)
    cooperations.hand_to(step.case, to)
    return [before]


def _case_officer(step: Step, to: User) -> list[User]:
    before = step.case.case_officer
    _refuse_same(before, to)
    if case_officer(step.case, to) or step.case.declared.get(to.pk):
        raise NotAllowed(
            _(
                "%(person)s cannot handle this case: a case officer of the unit is "
                "needed, with no part in it and no conflict of interest."
            )
            % {"person": to}
        )
    step.case.case_officer = to
    return [before] if before else []


def _tasks(step: Step, to: User) -> list[User]:
    """The open conditions and points of all who have left."""
    if contributor(step.case, to):
        raise NotAllowed(
            _("%(person)s neither answers for the case nor handles it.")
            % {"person": to}
        )
    rows: list[Condition | OpenPoint] = [
        *_conditions([step.case]),
        *_points([step.case]),
    ]
    if not rows:
        raise NotAllowed(_("Nobody who has left owes anything here."))
    before = {row.owner for row in rows}
    for row in rows:
        row.owner = to
        row.save(update_fields=["owner"])
    return sorted(before, key=str)


HANDING: dict[HandedPart, Callable[[Step, User], list[User]]] = {
    HandedPart.RESPONSIBLE: _responsible,
    HandedPart.CASE_OFFICER: _case_officer,
    HandedPart.TASKS: _tasks,
}


def parts_left_behind(
    cases: Sequence[Case], today: date
) -> dict[int, list[tuple[HandedPart, str]]]:
    """By case: what somebody who has left still holds, and their name. Two statements,
    however many cases."""
    found: dict[int, list[tuple[HandedPart, str]]] = defaultdict(list)
    for case in cases:
        for part in (HandedPart.RESPONSIBLE, HandedPart.CASE_OFFICER):
            person = getattr(case, part)
            if person is not None and is_gone(person, today):
                found[case.pk].append((part, str(person)))
    owed = {(c.decision.case_id, str(c.owner)) for c in _conditions(cases)}
    owed |= {(p.assessment.case_id, str(p.owner)) for p in _points(cases)}
    for key, name in sorted(owed):
        found[key].append((HandedPart.TASKS, name))
    return found


def is_gone(person: User, today: date) -> bool:
    """The same rule as `queries.access.gone`, for a person at hand."""
    has_left = person.left_on is not None and person.left_on <= today
    return has_left or not person.is_active


def _conditions(cases: Sequence[Case]) -> list[Condition]:
    waits = gone("owner", local_today()) & Q(met_at=None, decision__case__in=cases)
    rows = Condition.objects.filter(waits).order_by("pk")
    return list(rows.select_related("owner", "decision"))


def _points(cases: Sequence[Case]) -> list[OpenPoint]:
    waits = gone("owner", local_today())
    waits &= Q(closed_at=None, assessment__case__in=cases)
    rows = OpenPoint.objects.filter(waits).order_by("pk")
    return list(rows.select_related("owner", "assessment"))


def _refuse_same(before: User | None, to: User) -> None:
    if before == to:
        raise NotAllowed(_("%(person)s has it already.") % {"person": to})


def _refuse_gone(case: Case, to: User) -> None:
    here = people_of_institution(case.unit).filter(pk=to.pk)
    if is_gone(to, local_today()) or not here.exists():
        raise NotAllowed(
            _("%(person)s does not work at the institution of this case (any more).")
            % {"person": to}
        )
