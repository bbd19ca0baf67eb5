"""Mark what an approval requires as met (workflow 7)."""

from django.utils.translation import gettext as _

from register.models import User
from workflows import policies
from workflows.choices import Verb
from workflows.models import Condition
from workflows.services.moving import AlreadyThere, NotAllowed, doorway


def meet(
    *, case_id: int, actor: User, condition_id: int, how: str, seen: int | None = None
) -> Condition:
    """By another person than its owner and than the decider who set it. Raises
    NotAllowed, or AlreadyThere when it has been met."""
    verb = Verb.MEET_CONDITION
    with doorway(case_id=case_id, verb=verb, actor=actor, seen=seen) as step:
        of_case = Condition.objects.filter(decision__case=step.case)
        condition = of_case.get(pk=condition_id)
        if condition.met_at:
            raise AlreadyThere(_("This condition has been marked as met already."))
        for person in step.hands:
            if refusal := policies.why_not_meet(step.case, condition, person):
                raise NotAllowed(str(refusal))
        if not how.strip():
            raise NotAllowed(_("Say how the condition is met."))
        condition.met_by, condition.met_at = actor, step.at
        condition.met_how = how.strip()
        condition.save(update_fields=["met_by", "met_at", "met_how"])
        step.payload = {"condition": condition.text, "how": condition.met_how}
    return condition
