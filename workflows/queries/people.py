"""The people of a case: who reads it, who may do what, what they declared, and what is
written for few of them."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from register.choices import Role
from register.models import Deputyship, User
from register.policies import may_read
from register.queries.access import with_roles
from register.queries.people import people_with_one_of
from workflows import policies
from workflows.models import Case, Condition, Declaration, RestrictedNote
from workflows.queries import timeline


def people_around(case: Case) -> list[User]:
    """Everybody active who carries the case, was named on it, or has a role at its unit
    or stands in for somebody who has; each knowing their roles."""
    holders = people_with_one_of(Role.values, case.unit)
    deputies = Deputyship.objects.current().filter(principal__in=holders)
    keys = {*case.own_people, *case.readers}
    return with_roles(
        User.objects.filter(
            Q(pk__in=keys)
            | Q(pk=case.case_officer_id)
            | Q(pk__in=deputies.values("deputy"))
            | Q(pk__in=holders),
            is_active=True,
        )
    )


def readers_of(case: Case) -> list[User]:
    """Those of them who may read the case."""
    return [person for person in people_around(case) if may_read(person, case)]


def who_may(verbs: Collection[str], case: Case, people: list[User]) -> list[User]:
    """Those of the people who could do one of these now."""
    return [
        person
        for person in people
        if any(policies.barred(verb, case, person) is None for verb in verbs)
    ]


def people_who_acted(case: Case, user: User) -> list[User]:
    """In the events that this person may read, each knowing their roles."""
    events = timeline(case, user).order_by()
    return with_roles(User.objects.filter(pk__in=events.values("person")))


def declarations_shown(case: Case, user: User) -> dict[int, Declaration]:
    """What each person said last of their interests; for those who do not handle the
    case only their own word."""
    said = case.declarations.order_by("declared_at", "id")
    if not policies.is_handler(case, user):
        said = said.filter(user__in=user.keys)
    return {each.user_id: each for each in said}


def conditions_of(case: Case) -> QuerySet[Condition]:
    """What the approvals of the case require."""
    conditions = Condition.objects.filter(decision__case=case)
    return conditions.select_related("owner", "set_by", "met_by").order_by(
        "due_on", "id"
    )


def conflicted_people(case: Case, user: User) -> set[int]:
    """Keys of those who ever declared a conflict of interest in it, as far as this
    person may know: their acts are marked in the history."""
    if not policies.is_handler(case, user):
        return set()
    said = case.declarations.filter(has_conflict=True)
    return set(said.values_list("user", flat=True))


def own_conflicts(case: Case) -> QuerySet[Declaration]:
    """What those who carry the case declared: the leader and the decider weigh it."""
    said = case.declarations.filter(has_conflict=True, user__in=case.own_people)
    return said.select_related("user")


def notes_for(case: Case, user: User) -> QuerySet[RestrictedNote]:
    """The restricted notes that this person wrote, was named on or audits."""
    notes = case.notes.select_related("written_by").prefetch_related("readers__user")
    if user.has_role(Role.AUDITOR, case.unit):
        return notes
    theirs = Q(written_by__in=user.keys) | Q(readers__user__in=user.keys)
    return notes.filter(theirs).distinct()
