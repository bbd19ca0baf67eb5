"""By other hands: deputies, roles and accounts that are one's own in another shape."""

from contextlib import suppress
from datetime import timedelta

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from register.choices import Role
from register.clock import local_today
from register.models import Unit
from register.services import accounts, deputies, roles, signing_in, units
from tests.factories import delegation
from tests.factories import register as r
from tests.factories import workflows as w
from tests.journeys.own_case.parts import (
    ASSESSED,
    HISTORY,
    NOT_A_DECIDER,
    PART,
    clear,
    gate_of,
)
from tests.journeys.own_case.scene import again, browser, page, posted, told, way
from workflows.policies.delegating import PUBLISHED
from workflows.policies.people import OWN_PROPOSAL, ROLE_FROM_OWN
from workflows.services import amending, assessing, deciding

TODAY, DAY = local_today(), timedelta(days=1)
ISSUER = "https://login.fjordheim.example"
ONE_PAIR = "a deputy may do what both may: one pair of eyes"
FROM_OWN = "a role that comes from the case's own people does not count in it"
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


# Deputies -----------------------------------------------------------------------------
def stands_in(deputy, principal, role=Role.DECIDER, actor=None):
    for person in (deputy, principal):
        person.unit = Unit.objects.get(name="Department of Physics")
        person.save(update_fields=["unit"])
    deputies.name(
        actor=again(actor or principal),
        principal=principal,
        deputy=deputy,
        roles=[role],
        valid_from=TODAY,
        valid_until=TODAY,
    )


@way("The decider makes the proposer their deputy", kept_by=PART, answer=OWN_PROPOSAL)
def as_the_deciders_deputy(s):
    stands_in(s.cast.proposer, s.cast.decider)
    s.decides(s.cast.proposer)


@way(
    "The proposer, a decider, lets their deputy decide",
    kept_by=ONE_PAIR,
    answer=OWN_PROPOSAL,
)
def by_ones_own_deputy(s):
    s.decider(s.cast.proposer)
    stands_in(s.cast.auditor, s.cast.proposer)
    s.decides(s.cast.auditor, s.another())


@way(
    "The deputy lets a deputy of their own decide",
    kept_by="nobody lends what they do not hold themselves",
    answer="Liv Leader does not hold “Decider” themselves and cannot lend it.",
)
def by_a_deputys_deputy(s):
    s.decider(s.cast.proposer)
    stands_in(s.cast.leader, s.cast.proposer)
    stands_in(s.cast.auditor, s.cast.leader)
    s.decides(s.cast.auditor)


@way("Whoever assessed it lets their deputy decide", kept_by=ONE_PAIR, answer=ASSESSED)
def by_the_assessors_deputy(s):
    s.decider(s.cast.officer)
    stands_in(s.cast.auditor, s.cast.officer)
    s.decides(s.cast.auditor)


@way(
    "A decider's deputy assesses it for them, and the decider decides",
    kept_by=HISTORY,
    answer=ASSESSED,
)
def by_what_ones_deputy_assessed(s):
    s.decider(s.cast.officer)
    stands_in(s.cast.auditor, s.cast.officer, Role.CASE_OFFICER)
    case = w.quickly_sent(s.cast)
    by = {"case_id": case.pk, "actor": again(s.cast.auditor)}
    assessing.complete(**by, conclusion="Fine.")
    w.recommend(s.cast, case)
    by["actor"] = s.given(s.cast.adviser, Role.CASE_OFFICER)
    deciding.ask(**by)
    s.decides(s.cast.officer, s.lawful(case))


@way(
    "The deputy of somebody who proposed it by another account decides",
    kept_by="accounts that were joined are one person",
    answer=OWN_PROPOSAL,
)
def by_the_deputy_of_a_joined_account(s):
    stands_in(s.cast.auditor, s.cast.decider)
    case = s.another()
    join(s, s.cast.proposer, s.cast.decider)
    s.decides(s.cast.auditor, case)


@way(
    "An administrator who proposed it names a deputy for the decider",
    kept_by=FROM_OWN,
    answer=ROLE_FROM_OWN,
)
def by_a_deputy_whom_one_named(s):
    proposed_by(s, s.cast.administrator)
    stands_in(s.cast.auditor, s.cast.decider, actor=s.cast.administrator)
    s.decides(s.cast.auditor)


def proposed_by(s, person):
    s.case = s.another(actor=s.given(person, Role.PROPOSER, s.cast.department))


@way(
    "A deputy clears the gate that their principal's answer opened",
    kept_by=ONE_PAIR,
    answer="Your answer opened this gate; another person must clear it.",
)
def by_clearing_ones_principals_gate(s):
    s.given(s.cast.adviser, Role.UNIT_LEADER, s.cast.institution)
    stands_in(s.cast.auditor, s.cast.leader, Role.UNIT_LEADER)
    gate = gate_of(s, "G-AGR", opened_by=s.cast.leader)
    gate_of(s, "G-SIG", opened_by=s.cast.adviser)
    clear(s, gate, again(s.cast.auditor))


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


# Accounts -----------------------------------------------------------------------------
def join(s, person, into):
    for each in (person, into):
        each.unit = s.cast.department
        each.save(update_fields=["unit"])
    keeper = s.given(r.person(), Role.SYSTEM_ADMINISTRATOR, s.cast.institution)
    accounts.merge(actor=keeper, person=again(person), into=again(into))


@way(
    "The proposer's account is joined to that of a decider, who decides",
    kept_by="accounts that were joined are one person",
    answer=OWN_PROPOSAL,
)
def by_a_joined_account(s):
    join(s, s.cast.proposer, s.cast.decider)
    s.decides(s.cast.decider)


@way(
    "A second account of the same person at the sign-in service",
    kept_by="one account a subject, in the database",
    answer="There is one account a subject.",
)
def by_a_second_account(s):
    one = {"provider": ISSUER, "uid": "5e1f"}
    SocialAccount.objects.create(user=s.cast.proposer, **one)
    with suppress(IntegrityError), transaction.atomic():
        SocialAccount.objects.create(user=s.cast.decider, **one)
    if SocialAccount.objects.filter(**one).count() == 1:
        return "There is one account a subject."
    return ""


@way("The proposer is a superuser", kept_by=PART, answer=OWN_PROPOSAL)
def as_superuser(s):
    get_user_model().objects.filter(pk=s.cast.proposer.pk).update(
        is_superuser=True, is_staff=True
    )
    s.decides(s.cast.proposer)
