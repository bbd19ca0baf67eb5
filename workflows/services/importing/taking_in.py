"""Carry out a plan: each cooperation through the doorway, with its own events."""

from django.utils import timezone
from django.utils.translation import gettext as _

from register.models import Partner, User
from register.services import cooperations, numbering
from register.services.matching import KnownPartners
from workflows.choices import Verb
from workflows.models import Case
from workflows.services import amending, reviewing
from workflows.services.importing.plan import Group, Plan
from workflows.services.moving import begin, doorway

Partners = list[tuple[Partner, str]]


def carry_out(plan: Plan, *, actor: User, filename: str) -> None:
    """Write what the plan says. The caller holds the transaction: all of it or nothing.

    filename: told in the history of each case.
    """
    for group in plan.new:
        partners = _partners(group, plan.known, actor)
        _take_in(group, partners, actor=actor, filename=filename)
    for group in plan.changed:
        partners = _partners(group, plan.known, actor)
        _amend(group, partners, actor=actor, filename=filename)


def _partners(group: Group, known: KnownPartners, actor: User) -> Partners:
    return [(known.find_or_add(one, actor=actor), role) for one, role in group.joining]


def _take_in(group: Group, partners: Partners, *, actor: User, filename: str) -> None:
    """Approved and marked as from before the register; nothing is assessed. The first
    review is planned."""
    row = cooperations.register_cooperation(
        actor=actor,
        at=timezone.now(),
        legacy=True,
        import_key=group.key,
        **group.facts,
    )
    cooperations.set_partners(row, partners)
    case = Case.objects.get(pk=row.pk)
    begin(case, actor=actor, payload={"title": case.title})
    with doorway(case_id=case.pk, verb=Verb.TAKE_IN, actor=actor) as step:
        step.case.number = numbering.next_number(timezone.localtime(step.at).year)
        step.case.save(update_fields=["number"])
        cooperations.refresh_search_text(step.case)
        reviewing.plan_next(step)
        step.payload |= {
            "number": step.case.number,
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
