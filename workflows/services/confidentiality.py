"""Choose who sees a case, and write down who opened one that few may see
(requirement 34)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from register.choices import Confidentiality
from register.models import NamedReader, User
from register.policies import may_read
from workflows import policies
from workflows.choices import Verb
from workflows.models import Case, Reading
from workflows.services.moving import NotAllowed, Step, doorway


def set_level(
    *, case_id: int, actor: User, level: str, reason: str = "", seen: int | None = None
) -> Case:
    """Give the case another level. Whoever restricts it and would lose sight of it by
    that becomes a named reader. The case officer keeps sight by that part.

    The reason may be left out in a draft only. Raises NotAllowed.
    """
    verb = Verb.SET_CONFIDENTIALITY
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        case, old = step.case, step.case.confidentiality
        step.is_idle = level == old
        if step.is_idle:
            return case
        if refusal := policies.why_not_level(case, level, actor):
            raise NotAllowed(str(refusal))
        if not reason.strip() and case.state != "draft":
            raise NotAllowed(_("Give a reason, so that the others understand."))
        case.confidentiality = Confidentiality(level)
        step.payload = {
            "old": str(Confidentiality(old).label),
            "new": str(Confidentiality(level).label),
            "reason": reason.strip(),
        }
        if not may_read(actor, case):
            _name(step, actor, by=actor)
    return case


def name_reader(
    *, case_id: int, actor: User, person: User, reason: str, seen: int | None = None
) -> None:
    """Let somebody of the institution read the case, whatever its level. Nothing
    happens for somebody who is named already. Raises NotAllowed."""
    verb = Verb.NAME_READER
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        if refusal := policies.why_not_reader(step.case, person, actor):
            raise NotAllowed(str(refusal))
        step.is_idle = person.pk in step.case.readers
        if step.is_idle:
            return
        if not reason.strip():
            raise NotAllowed(_("Say why this person needs to read the case."))
        _name(step, person, by=actor)
        step.payload = {"who": str(person), "reason": reason.strip()}


def end_reader(
    *, case_id: int, actor: User, person: User, reason: str, seen: int | None = None
) -> None:
    """Somebody who was named reads the case no longer by that. Raises NotAllowed."""
    verb = Verb.END_READER
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        named = NamedReader.objects.filter(
            cooperation=step.case, user=person, ended_at=None
        )
        step.is_idle = not named.update(ended_at=step.at)
        if step.is_idle:
            return
        if not reason.strip():
            raise NotAllowed(_("Give a reason, so that the others understand."))
        step.payload = {"who": str(person), "reason": reason.strip()}


def _name(step: Step, person: User, *, by: User) -> None:
    NamedReader.objects.create(
        cooperation=step.case, user=person, named_by=by, named_at=step.at
    )
    step.case.__dict__.pop("readers", None)


def log_reading(*, case: Case, reader: User, page: str) -> None:
    """Called before anything of a restricted case is shown: what cannot be logged is
    not shown. page: the name of the address."""
    if case.confidentiality == Confidentiality.RESTRICTED:
        Reading.objects.create(case=case, user=reader, at=timezone.now(), page=page)
