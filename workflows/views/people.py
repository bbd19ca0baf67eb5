"""The people of a case: their parts, what they declared, and its restricted notes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from register.choices import Role
from register.models import User
from register.requests import SignedInRequest
from workflows import policies
from workflows.choices import Verb
from workflows.models import Case
from workflows.models.case import possible_in
from workflows.queries.people import declarations_shown, notes_for, people_who_acted


def parts_of(case: Case, person: User) -> list[str]:
    """What somebody is to the case: who carries it, their roles at its unit, named."""
    key = person.pk
    parts = {
        _("Proposer"): key == case.proposer_id and not case.legacy,
        _("Responsible person"): key == case.responsible_id,
        _("Carried it earlier"): key in case.former_owners,
        _("Case officer"): key == case.case_officer_id,
    }
    held = [str(part) for part, is_so in parts.items() if is_so]
    if key not in case.own_people:
        roles = [r for r in Role if r in Role.OVERSEERS]
        held += [str(r.label) for r in roles if person.has_role(r, case.unit)]
    if key in case.readers:
        held.append(str(_("Named to read it")))
    return list(dict.fromkeys(held))


def people_of_case(case: Case, request: SignedInRequest) -> dict[str, Any]:
    user = request.user
    declared = declarations_shown(case, user)
    may_write = policies.why_not_write_note(case, user) in (None, policies.UNDECLARED)
    notes = list(notes_for(case, user))
    return {
        "people": [
            (_("Proposer"), case.proposer),
            (_("Responsible person"), case.responsible),
            (_("Case officer"), case.case_officer),
        ],
        "acted": [
            (person, ", ".join(parts_of(case, person)), declared.get(person.pk))
            for person in people_who_acted(case, user)
        ],
        "declares": case.state in possible_in(Verb.DECLARE)
        and policies.why_not(Verb.DECLARE, case, user) is None,
        "own_word": declared.get(user.pk),
        "may_audit": policies.may_see_readings(case, user),
        "notes": notes,
        "writes_notes": may_write,
    }
