"""Who may do what in the register. Pure predicates: objects in, a yes or a no out."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from register.choices import CaseState, Role

if TYPE_CHECKING:
    from register.models import Cooperation, Unit, User

AUDITORS = (Role.AUDITOR,)
ENTERED = frozenset(CaseState.ENTERED)

IMPORTERS = frozenset({Role.CASE_OFFICER})
REFERENCE_KEEPERS = frozenset(
    {Role.CASE_OFFICER, Role.ADVISER, *Role.SPECIALISTS, Role.SYSTEM_ADMINISTRATOR}
)


def may_see(user: "User", cooperation: "Cooperation") -> bool:
    """The same rule as `queries.visible_to`, for one row at hand."""
    return may_read(user, cooperation) or (
        cooperation.confidentiality == "open"
        and cooperation.state in ENTERED
        and cooperation.unit.path.startswith(user.institutions or ("-",))
    )


def may_read(user: "User", cooperation: "Cooperation") -> bool:
    """The same rule as `queries.readable_by`, for one row at hand."""
    if cooperation.proposer_id in user.keys:
        return True
    if cooperation.state == "draft":
        return False
    if not user.keys.isdisjoint(
        {cooperation.responsible_id, cooperation.case_officer_id}
    ):
        return True
    roles = AUDITORS if cooperation.confidentiality == "restricted" else Role.OVERSEERS
    return oversees(user, cooperation, roles) or is_named(user, cooperation)


def oversees(user: "User", cooperation: "Cooperation", roles: Collection[str]) -> bool:
    """Whether one of the roles is held at one of the cooperation's units."""
    if any(user.has_role(role, cooperation.unit) for role in roles):
        return True
    others = cooperation.other_units.all() if user.holds_one(roles) else ()
    return any(user.has_role(role, unit) for role in roles for unit in others)


def is_named(user: "User", cooperation: "Cooperation") -> bool:
    return user.pk in cooperation.readers


def may_propose(user: "User") -> bool:
    return user.holds(Role.PROPOSER)


def may_keep_partners(user: "User") -> bool:
    """Add a partner to the register or mend its facts."""
    return user.holds(Role.PROPOSER) or user.holds(Role.CASE_OFFICER)


def may_import(user: "User") -> bool:
    return any(user.holds(role) for role in IMPORTERS)


def may_keep_reference(user: "User") -> bool:
    """Load what others publish about countries, and record screenings of partners."""
    return any(user.holds(role) for role in REFERENCE_KEEPERS)


def may_keep_claim_rules(user: "User") -> bool:
    """Say which roles the institution's sign-in service gives."""
    return user.holds(Role.SYSTEM_ADMINISTRATOR)


# Who keeps access ---------------------------------------------------------------------
# A deputy never holds these: who needs them for a while is given the role for a while,
# by another administrator.
IN_PERSON = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR})
# Whoever gives out roles decides no case (the right eyes, item 1).
APART = {
    Role.SYSTEM_ADMINISTRATOR: Role.DECIDER,
    Role.DECIDER: Role.SYSTEM_ADMINISTRATOR,
}


def may_administer(user: "User") -> bool:
    """Keep units, people and roles somewhere."""
    return user.holds(Role.SYSTEM_ADMINISTRATOR)


def administers(user: "User", unit: "Unit | None") -> bool:
    """Keep the unit itself, its people and the roles at it; for a unit and below."""
    return unit is not None and user.has_role(Role.SYSTEM_ADMINISTRATOR, unit)


def is_oneself(user: "User", person: "User") -> bool:
    """By any account of theirs: nobody changes what they themselves may do."""
    return not user.keys.isdisjoint(person.keys)


def widens_own_view(user: "User", unit: "Unit", above: "Unit") -> bool:
    """Whether a unit that moves below another would come under a role that the mover
    holds there, beside that of the administrator: as if they gave it to themselves."""
    return any(
        role != Role.SYSTEM_ADMINISTRATOR
        and above.path.startswith(at)
        and not unit.path.startswith(at)
        for role, at in user.roles
    )
