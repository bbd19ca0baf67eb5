"""What answers bring about: the track, open points, and once the case is sent, the
opinions of advisers and the gates (question catalogue 1.2 and 1.4)."""

from datetime import datetime

from django.utils import timezone

from register.models import User
from workflows import deadlines, policies
from workflows.choices import ActionKind, Track
from workflows.models import Gate, OpenPoint, Opinion
from workflows.questions.pack import Action
from workflows.services.moving import Step
from workflows.sheets import Sheet


def follow(sheet: Sheet, step: Step) -> None:
    """Bring about what the answers ask for. The caller holds the case. A draft is its
    proposer's own: advisers and gates wait until it is sent."""
    choose_track(sheet, step)
    keep_points(sheet, step)
    if step.case.state not in policies.UNSENT:
        call_for(sheet, step)


def choose_track(sheet: Sheet, step: Step) -> None:
    """The quick screen chooses. While it is a draft the choice follows the answers;
    what was sent on the full track stays there, and so does what a person chose."""
    assessment, choice = sheet.assessment, sheet.choice
    is_sent = step.case.state not in policies.UNSENT
    if assessment.track == Track.FULL and (is_sent or assessment.track_words):
        return
    if choice.track in (Track.UNDECIDED, assessment.track):
        return
    assessment.track, assessment.track_because = choice.track, list(choice.because)
    assessment.save(update_fields=["track", "track_because"])
    step.payload |= {"track": choice.track, "track_because": sheet.why_full}


def keep_points(sheet: Sheet, step: Step) -> None:
    """An unsure answer opens a point with an owner and a date; a sure one closes it."""
    assert isinstance(step.actor, User)
    unsure = {
        code
        for code, answer in sheet.answers.items()
        if (question := sheet.pack.by_code.get(code))
        and question.is_unsure(answer.chosen)
    }
    points = list(OpenPoint.objects.filter(assessment__case=step.case))
    known = {
        point.question: point
        for point in points
        if point.closed_at is None and point.assessment_id == sheet.assessment.pk
    }
    settled = [point.pk for code, point in known.items() if code not in unsure]
    if settled:
        OpenPoint.objects.filter(pk__in=settled).update(
            closed_at=step.at, closed_by=step.actor
        )
    found_out = {
        point.question
        for point in points
        if (answer := sheet.answers.get(point.question))
        and point.closed_at
        and point.closed_at >= answer.answered_at
    }
    today = timezone.localdate(step.at)
    OpenPoint.objects.bulk_create(
        OpenPoint(
            assessment=sheet.assessment,
            question=code,
            owner=step.case.case_officer or step.case.responsible,
            due_on=deadlines.add_working_days(today, deadlines.POINT_WORKING_DAYS),
            opened_at=step.at,
        )
        for code in sorted(unsure - known.keys() - found_out)
    )


def call_for(sheet: Sheet, step: Step) -> None:
    """Ask advisers and open gates for what has fired and is not there yet. Neither
    falls when the answer is changed back: a gate is cleared by another person, and an
    adviser who was asked answers."""
    fired = sheet.weighing.actions
    actions = sheet.pack.actions
    assigns = {c: w for c, w in fired.items() if actions[c].kind == ActionKind.ASSIGN}
    gates = {c: w for c, w in fired.items() if actions[c].kind == ActionKind.GATE}
    if assigns:
        _ask_advisers(sheet, step, assigns)
    if gates:
        _open_gates(sheet, step, gates)


def _ask_advisers(sheet: Sheet, step: Step, fired: dict[str, tuple[str, ...]]) -> None:
    asked = set(sheet.assessment.opinions.values_list("role", flat=True))
    today = timezone.localdate(step.at)
    by_role: dict[str, tuple[Action, tuple[str, ...]]] = {}
    for code, because in fired.items():
        action = sheet.pack.actions[code]
        if action.role not in asked:
            by_role.setdefault(action.role, (action, because))
    opinions = Opinion.objects.bulk_create(
        Opinion(
            assessment=sheet.assessment,
            role=role,
            action=action.code,
            because=list(because),
            asked_at=step.at,
            due_on=deadlines.add_working_days(today, action.days),
        )
        for role, (action, because) in by_role.items()
    )
    if opinions:
        step.payload["opinions"] = [sheet.pack.role(each.role) for each in opinions]


def ask_again(opinion: Opinion, *, at: datetime) -> None:
    """Empty a copy of an opinion, so that it is waited for anew."""
    action = opinion.assessment.catalogue.pack.actions[opinion.action]
    opinion.conclusion, opinion.text = "", ""
    opinion.given_by, opinion.given_at, opinion.asked_at = None, None, at
    today = timezone.localdate(at)
    opinion.due_on = deadlines.add_working_days(today, action.days)


def _open_gates(sheet: Sheet, step: Step, fired: dict[str, tuple[str, ...]]) -> None:
    """A gate that was cleared opens again when another answer asks for it."""
    assert isinstance(step.actor, User)
    known: dict[str, set[str]] = {}
    there = list(step.case.gates.all())
    for gate in there:
        known.setdefault(gate.code, set()).update(gate.because)
    waiting = {gate.code for gate in there if gate.is_open}
    gates = Gate.objects.bulk_create(
        Gate(
            case=step.case,
            assessment=sheet.assessment,
            code=code,
            blocks=sheet.pack.actions[code].blocks,
            because=told,
            opened_by=step.actor,
            opened_at=step.at,
        )
        for code, because in fired.items()
        if code not in waiting
        and not set(told := answers_of(sheet, because)) <= known.get(code, set())
    )
    if gates:
        step.payload["gates"] = [str(sheet.pack.actions[g.code].title) for g in gates]


def answers_of(sheet: Sheet, codes: tuple[str, ...]) -> list[str]:
    """Each answer as “EXP-1 = yes”, a rule by its code and by the answers with which it
    fires: the same gate is not opened twice for the same answers."""
    rules = {rule.code: rule for rule in sheet.pack.rules if rule.code in codes}
    names = [
        test.name
        for rule in rules.values()
        for test in (rule.condition.tests() if rule.condition else ())
    ]
    told = {
        code: f"{code} = {', '.join(sorted(sheet.answers[code].options))}"
        for code in (*codes, *names)
        if code in sheet.answers
    }
    return [*(code for code in codes if code in rules), *told.values()]
