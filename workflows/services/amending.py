"""Change what is written about a cooperation, as events: what, from, to and why."""

from collections.abc import Iterable
from typing import Any

from register.choices import Role
from register.models import Agreement, Document, Partner, ScienceField, Unit, User
from register.services import agreements, cooperations, documents
from workflows.choices import Verb
from workflows.models import Case
from workflows.services.moving import doorway
from workflows.services.proposing import refuse_foreign_unit


def amend(
    *,
    case_id: int,
    actor: User,
    seen: int | None = None,
    reason: str = "",
    partners: Iterable[tuple[Partner, str]] | None = None,
    fields_of_science: Iterable[ScienceField] | None = None,
    **facts: Any,
) -> Case:
    """Change facts and partners; what is not given stays. One event tells the changes,
    none is written when everything is as it was.

    Raises NotAllowed for a unit that the actor may not choose, and ValidationError
    when the row would break a rule; then nothing has changed.
    """
    with doorway(case_id=case_id, verb=Verb.AMEND, actor=actor, seen=seen) as step:
        _refuse_move_to(facts.get("unit"), step.case, actor)
        changes = cooperations.amend(step.case, **facts)
        if partners is not None:
            changes += cooperations.set_partners(step.case, partners)
        if fields_of_science is not None:
            changes += cooperations.set_fields_of_science(step.case, fields_of_science)
        step.is_idle = not changes
        step.payload = {
            "reason": reason,
            "changes": [[c.fact, c.old, c.new] for c in changes],
        }
    return step.case


def _refuse_move_to(unit: Unit | None, case: Case, actor: User) -> None:
    if unit and unit != case.unit and not actor.has_role(Role.CASE_OFFICER, unit):
        refuse_foreign_unit(actor, unit)


def add_agreement(
    *, case_id: int, actor: User, seen: int | None = None, **facts: Any
) -> Agreement:
    with doorway(
        case_id=case_id, verb=Verb.ADD_AGREEMENT, actor=actor, seen=seen
    ) as step:
        agreement = agreements.register_agreement(step.case, **facts)
        step.payload["agreement"] = str(agreement)
    return agreement


def add_document(
    *,
    case_id: int,
    actor: User,
    upload: Any,
    kind: str,
    title: str = "",
) -> Document:
    """Keep a file with the case. Raises ValidationError for a file that is refused."""
    with doorway(case_id=case_id, verb=Verb.ADD_DOCUMENT, actor=actor) as step:
        document = documents.keep(
            step.case, actor=actor, upload=upload, kind=kind, title=title
        )
        step.payload = {"document": document.title, "sha256": document.sha256}
    return document
