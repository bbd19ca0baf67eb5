"""By roles that come from one's own people, and by units."""

from datetime import timedelta

from register.choices import Role
from register.clock import local_today
from register.services import roles, signing_in, units
from tests.factories import delegation
from tests.factories import register as r
from tests.journeys.own_case.hands import FROM_OWN, join, proposed_by
from tests.journeys.own_case.parts import (
    NOT_A_DECIDER,
    PART,
)
from tests.journeys.own_case.scene import again, browser, page, posted, told, way
from workflows.policies.delegating import PUBLISHED
from workflows.policies.people import OWN_PROPOSAL, ROLE_FROM_OWN
from workflows.services import amending

TODAY, DAY = local_today(), timedelta(days=1)
ISSUER = "https://login.fjordheim.example"
ONESELF = (
    "Nobody changes what they themselves may do; another system administrator "
    "must do this."
)
APART = (
    "A system administrator gives out roles and must not decide cases: nobody holds "
    "both roles. This person, or a deputy, is or will be “System administrator”."
)
WIDENS = (
    "You hold another role there and would give yourself the cases of this unit; "
    "another system administrator must do this."
)


# Roles --------------------------------------------------------------------------------
def give(s, actor, person, role=Role.DECIDER):
    person.unit = s.cast.department
    person.save(update_fields=["unit"])
    roles.give(
        actor=again(actor),
        person=person,
        role=role,
        unit=s.cast.faculty,
        valid_from=TODAY,
    )


@way(
    "An administrator gives the role to themselves",
    kept_by="nobody changes what they themselves may do",
    answer=ONESELF,
)
def by_a_role_to_oneself(s):
    proposed_by(s, s.cast.administrator)
    give(s, s.cast.administrator, s.cast.administrator)
    s.decides(s.cast.administrator)


@way(
    "Two administrators give the role to each other",
    kept_by="whoever gives out roles decides no case",
    answer=APART,
)
def by_swapping_roles(s):
    proposed_by(s, s.cast.administrator)
    colleague = s.given(r.person(), Role.SYSTEM_ADMINISTRATOR, s.cast.institution)
    give(s, colleague, s.cast.administrator)
    s.decides(s.cast.administrator)


@way(
    "An administrator who proposed it gives a colleague the role",
    kept_by=FROM_OWN,
    answer=ROLE_FROM_OWN,
)
def by_a_role_to_a_colleague(s):
    proposed_by(s, s.cast.administrator)
    give(s, s.cast.administrator, s.cast.auditor)
    s.decides(s.cast.auditor)


@way(
    "The same, by an account that was joined to the proposer's",
    kept_by="accounts that were joined are one person",
    answer=ROLE_FROM_OWN,
)
def by_a_role_from_a_joined_account(s):
    give(s, s.cast.administrator, s.cast.auditor)
    join(s, s.cast.administrator, s.cast.proposer)
    s.decides(s.cast.auditor)


def rule(s):
    return signing_in.add_rule(
        actor=s.cast.administrator,
        institution=s.cast.institution,
        issuer=ISSUER,
        claim="groups",
        value="deciders",
        unit=s.cast.faculty,
        role=Role.DECIDER,
    )


def arrives(person):
    claims = {"groups": ["deciders"]}
    signing_in.bring_roles_in_line(user=person, issuer=ISSUER, claims=claims)


@way(
    "An administrator writes a rule for claims that makes them a decider",
    kept_by="a rule gives nothing to whoever wrote it",
    answer=NOT_A_DECIDER,
)
def by_a_rule_for_oneself(s):
    person = s.given(s.cast.administrator, Role.ADVISER, s.cast.institution)
    rule(s)
    roles_end(s, person, Role.SYSTEM_ADMINISTRATOR)
    arrives(person)
    s.decides(person)


@way(
    "An administrator who proposed it writes a rule that makes a colleague a decider",
    kept_by=FROM_OWN,
    answer=ROLE_FROM_OWN,
)
def by_a_rule_for_a_colleague(s):
    proposed_by(s, s.cast.administrator)
    rule(s)
    arrives(s.cast.auditor)
    s.decides(s.cast.auditor)


@way(
    "Whoever published the delegation table decides by it",
    kept_by="the table says who published it",
    answer=PUBLISHED,
)
def by_ones_own_delegation_table(s):
    s.given(s.cast.decider, Role.SYSTEM_ADMINISTRATOR, s.cast.institution)
    delegation.publish(
        s.cast, delegation.line(1, decides="faculty"), actor=again(s.cast.decider)
    )
    s.decides(s.cast.decider, s.another())


@way(
    "A decider whose role has ended meanwhile decides in the open page",
    kept_by="roles are asked for at every request",
    answer=NOT_A_DECIDER,
)
def after_the_role_has_ended(s):
    person = s.given(s.cast.decider, Role.ADVISER)
    client = browser(person)
    assert "form" in client.get(page("decide", s.case)).context
    roles_end(s, person, Role.DECIDER)
    return told(client.post(page("decide", s.case), posted(s.case)))


def roles_end(s, person, role):
    colleague = s.given(r.person(), Role.SYSTEM_ADMINISTRATOR, s.cast.institution)
    held = person.assignments.get(role=role)
    roles.end(actor=colleague, assignment=held, until=TODAY - DAY)


# Units --------------------------------------------------------------------------------
@way(
    "The case is moved to a unit in which its proposer decides",
    kept_by=PART,
    answer=OWN_PROPOSAL,
)
def by_moving_the_case(s):
    s.given(s.cast.proposer, Role.DECIDER, s.cast.other_department)
    by = {"case_id": s.case.pk, "actor": s.cast.officer}
    amending.amend(**by, unit=s.cast.other_department, reason="It belongs there.")
    s.decides(s.cast.proposer)


@way(
    "An administrator moves the unit below one in which they decide",
    kept_by="nobody changes what they themselves may do",
    answer=WIDENS,
)
def by_moving_the_unit(s):
    faculty = r.unit("Faculty of Law", parent=s.cast.institution)
    person = s.given(s.cast.administrator, Role.DECIDER, faculty)
    units.move(actor=person, unit=s.cast.department, parent=faculty)
    s.decides(person)
