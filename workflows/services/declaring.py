"""Say whether one has a conflict of interest in a case (requirement 16)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from register.models import User
from workflows.choices import ConflictGround, Verb, Visibility
from workflows.models import Declaration
from workflows.services.moving import NotAllowed, doorway


def declare(
    *,
    case_id: int,
    actor: User,
    has_conflict: bool,
    grounds: Sequence[str] = (),
    text: str = "",
    seen: int | None = None,
) -> Declaration | None:
    """Once a round: "none" may become a conflict, a conflict stands until the next
    review is opened. grounds: ConflictGround values, at least one with a conflict.

    The history tells it to those who handle the case. None when the same has been said
    already. Raises NotAllowed.
    """
    verb = Verb.DECLARE
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        before = step.case.declared.get(actor.pk)
        step.is_idle = before is not None and before >= has_conflict
        if step.is_idle:
            return None
        if has_conflict and not grounds:
            raise NotAllowed(_("Choose at least one ground for the conflict."))
        step.visibility = Visibility.HANDLERS
        step.payload = {
            "conflict": has_conflict,
            "grounds": [str(ConflictGround(each).label) for each in grounds],
            "text": text.strip(),
        }
        return Declaration.objects.create(
            case=step.case,
            user=actor,
            declared_at=step.at,
            has_conflict=has_conflict,
            grounds=[str(ConflictGround(each)) for each in grounds],
            text=text.strip() if has_conflict else "",
        )
