"""By other hands: deputies, and accounts that are one's own too."""

from contextlib import suppress

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from register.choices import Role
from register.clock import local_today
from register.models import Unit
from register.services import accounts, deputies
from tests.factories import register as r
from tests.factories import workflows as w
from tests.journeys.own_case.parts import (
    ASSESSED,
    HISTORY,
    PART,
)
from tests.journeys.own_case.running import clear, gate_of
from tests.journeys.own_case.scene import again, way
from workflows.policies.people import OWN_PROPOSAL, ROLE_FROM_OWN
from workflows.services import assessing, deciding

TODAY = local_today()
ISSUER = "https://login.fjordheim.example"
ONE_PAIR = "a deputy may do what both may: one pair of eyes"
FROM_OWN = "a role that comes from the case's own people does not count in it"


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
