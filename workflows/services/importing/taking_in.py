"""Carry out a plan: each cooperation through the doorway, with its own events."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from register.choices import PartnerRole
from register.models import Partner, User
from register.services import cooperations, numbering
from workflows.choices import Verb
from workflows.models import Case, Review
from workflows.services import amending, reviewing
from workflows.services.importing.plan import Group, Plan
from workflows.services.moving import Step, pass_together
from workflows.services.recording import AT_ONCE

Partners = list[tuple[Partner, str]]


def carry_out(plan: Plan, *, actor: User, filename: str) -> None:
    """Write what the plan says. The caller holds the transaction: all of it or nothing.

    filename: told in the history of each case.
    """

    def partners(group: Group) -> Partners:
        """Each once, although two spellings may turn out to be one; a lead stays."""
        found: dict[Partner, str] = {}
        for organisation, role in group.joining:
            partner = plan.known.find_or_add(organisation, actor=actor)
            if found.get(partner) != PartnerRole.LEAD:
                found[partner] = role
        return list(found.items())

    new = [(group, partners(group)) for group in plan.new]
    _take_in(new, actor=actor, filename=filename)
    for group in plan.changed:
        _amend(group, partners(group), actor=actor, filename=filename)


def _take_in(new: list[tuple[Group, Partners]], *, actor: User, filename: str) -> None:
    """Approved and marked as from before the register; nothing is assessed. The first
    review is planned."""
    at = timezone.now()
    cases = [_draft(group, actor=actor, at=at) for group, _partners in new]
    numbers = numbering.next_numbers(timezone.localtime(at).year, len(cases))
    for case, number in zip(cases, numbers, strict=True):
        case.number = number
    cooperations.register_many(
        [(case, partners) for case, (_group, partners) in zip(cases, new, strict=True)]
    )
    pass_together(
        [Step(case, Verb.REGISTER, actor, at, {"title": case.title}) for case in cases]
    )
    steps = [
        Step(case, Verb.TAKE_IN, actor, at, _told(case, group, filename))
        for case, (group, _partners) in zip(cases, new, strict=True)
    ]
    reviews = [_first_review(step) for step in steps]
    pass_together(steps)
    Review.objects.bulk_create(reviews, AT_ONCE)


def _draft(group: Group, *, actor: User, at: datetime) -> Case:
    return Case(
        import_key=group.key,
        legacy=True,
        proposer=actor,
        responsible=actor,
        last_event_at=at,
        **group.facts,
    )


def _first_review(step: Step) -> Review:
    """An end that has passed sets no limit: the ended half of an old list shall not
    come up for review all at once on the day after the import."""
    starts_on, ends_on = step.case.starts_on, step.case.ends_on
    if ends_on and ends_on < timezone.localtime(step.at).date():
        ends_on = None
    return reviewing.planned(step, starts_on, ends_on)


def _told(case: Case, group: Group, filename: str) -> dict[str, Any]:
    return {
        "number": case.number,
        "file": filename,
        "rows": [entry.number for entry in group.entries],
        "reference": group.reference,
        "status": group.entries[0].status,
    }


def _amend(group: Group, partners: Partners, *, actor: User, filename: str) -> None:
    case = group.case
    assert case is not None
    present = {p.partner: p.role for p in case.partnerships.select_related("partner")}
    amending.amend(
        case_id=case.pk,
        actor=actor,
        reason=_("Import %(file)s") % {"file": filename},
        partners=(present | dict(partners)).items(),
        **group.facts,
    )
