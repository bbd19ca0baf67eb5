"""Who may do what in the register. Pure predicates: objects in, a yes or a no out."""

from typing import TYPE_CHECKING

from register.choices import Role

if TYPE_CHECKING:
    from register.models import Cooperation, Unit, User

IMPORTERS = frozenset({Role.CASE_OFFICER})
REFERENCE_KEEPERS = frozenset(
    {Role.CASE_OFFICER, Role.ADVISER, *Role.SPECIALISTS, Role.SYSTEM_ADMINISTRATOR}
)


def may_see(user: "User", cooperation: "Cooperation") -> bool:
    """The same rule as `queries.visible_to`, for one row at hand."""
    if user.pk == cooperation.proposer_id:
        return True
    if cooperation.state == "draft":
        return False
    if user.pk in (cooperation.responsible_id, cooperation.case_officer_id):
        return True
    if oversees(user, cooperation.unit):
        return True
    return any(oversees(user, unit) for unit in cooperation.other_units.all())


def oversees(user: "User", unit: "Unit") -> bool:
    return any(user.has_role(role, unit) for role in Role.OVERSEERS)


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
