"""Recommend a case, or advise against it, before it is decided (workflow 4 and 6)."""

from django.utils.translation import gettext as _

from register.models import User
from workflows.choices import Verb
from workflows.models import Recommendation
from workflows.policies import delegating
from workflows.services.moving import NotAllowed, Step, doorway


def recommend(
    *, case_id: int, actor: User, is_for: bool, reasons: str, seen: int | None = None
) -> Recommendation:
    """Say it once; it stands until the case is sent back or reopened, and whoever said
    it does not decide. Raises NotAllowed without reasons, or when it is not theirs."""
    verb = Verb.RECOMMEND
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        if not reasons.strip():
            raise NotAllowed(_("Give your reasons; the decider reads them."))
        level = delegating.level_of(step.case, _acting(step, actor))
        step.payload |= {"is_for": is_for, "level": level, "reasons": reasons.strip()}
        return Recommendation.objects.create(
            case=step.case,
            level=level,
            is_for=is_for,
            reasons=reasons.strip(),
            recommended_by=actor,
            recommended_at=step.at,
        )


def _acting(step: Step, actor: User) -> User:
    """With the roles by which the doorway let them in: a deputy's own do not mix with
    those of somebody for whom they do not act."""
    principal = step.on_behalf_of
    keys = {actor.pk, principal.pk if principal else actor.pk}
    return actor.holding(each for each in actor.held if each.holder in keys)


def fall(step: Step) -> None:
    """What was said of the case as it was holds no longer. The caller holds it."""
    standing = step.case.recommendations.filter(withdrawn_at=None)
    standing.update(withdrawn_at=step.at)
