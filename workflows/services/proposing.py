"""Register a cooperation and open its case; send it; give it up."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from register.models import Partner, Unit, User
from register.queries import units_to_propose_for
from register.services import cooperations, numbering
from workflows import policies
from workflows.choices import Verb
from workflows.models import Case
from workflows.services import assessing, declaring
from workflows.services.moving import NotAllowed, begin, doorway
from workflows.sheets import Sheet


@transaction.atomic
def start(
    *,
    actor: User,
    title: str,
    unit: Unit,
    partners: Iterable[tuple[Partner, str]] = (),
    **facts: Any,
) -> Case:
    """A draft that only its proposer sees.

    partners: (partner, role) pairs. facts: see `cooperations.FACTS`.
    Raises NotAllowed, or ValidationError for a fact that breaks a rule.
    """
    refusal = policies.why_not(Verb.REGISTER, None, actor)
    if refusal:
        raise NotAllowed(str(refusal))
    refuse_foreign_unit(actor, unit)
    row = cooperations.register_cooperation(
        actor=actor, at=timezone.now(), title=title, unit=unit, **facts
    )
    cooperations.set_partners(row, partners)
    case = Case.objects.get(pk=row.pk)
    begin(case, actor=actor, payload={"title": case.title})
    return case


def refuse_foreign_unit(actor: User, unit: Unit) -> None:
    if not units_to_propose_for(actor).filter(pk=unit.pk).exists():
        raise NotAllowed(
            _("You may propose for your own unit only; choose one of yours.")
        )


@transaction.atomic
def send(
    *,
    case_id: int,
    actor: User,
    seen: int | None = None,
    interests: Mapping[str, Any] | None = None,
) -> Case:
    """Tell one's interests, where that is still to be done, and submit: both, or
    neither. interests: what `declaring.declare` takes."""
    if interests is not None:
        declaring.declare(case_id=case_id, actor=actor, seen=seen, **interests)
        seen = None  # the case is held, and only this has happened meanwhile
    return submit(case_id=case_id, actor=actor, seen=seen)


def submit(*, case_id: int, actor: User, seen: int | None = None) -> Case:
    """Send a draft, or a returned case, to be assessed. It gets its number and an
    assessment with the questions of the catalogue in force."""
    with doorway(case_id=case_id, verb=Verb.SUBMIT, actor=actor, seen=seen) as step:
        case = step.case
        _refuse_unfinished(case)
        if case.number is None:
            case.number = numbering.next_number(timezone.localtime(step.at).year)
            case.save(update_fields=["number"])
            cooperations.refresh_search_text(case)
        assessing.send_on(step)
        step.payload["number"] = case.number
    return case


def _refuse_unfinished(case: Case) -> None:
    if case.unit.is_closed:
        raise NotAllowed(
            _("“%(unit)s” is closed; choose another unit first.") % {"unit": case.unit}
        )
    missing = [
        str(field.verbose_name)
        for field in case._meta.fields
        if field.name in ("purpose", "starts_on") and not getattr(case, field.name)
    ]
    if not case.partnerships.exists():
        missing.append(_("at least one partner"))
    if Sheet.of(case).choice.missing:
        missing.append(_("the quick questions"))
    if missing:
        raise NotAllowed(
            _("Before it can be sent, fill in: %(missing)s.")
            % {"missing": ", ".join(missing)}
        )
