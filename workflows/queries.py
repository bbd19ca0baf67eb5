"""Which cases, which events, which next steps, for whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from register.choices import CaseState as S
from register.choices import Confidentiality, Role
from register.models import Deputyship, Document, Unit, User
from register.policies import may_read
from register.queries import (
    people_with_one_of,
    readable_by,
    visible_to,
    with_roles,
)
from workflows import policies
from workflows.choices import Verb, Visibility
from workflows.models import (
    Case,
    CaseEvent,
    Catalogue,
    Condition,
    Declaration,
    ImportBatch,
    OpenPoint,
    RestrictedNote,
)
from workflows.models.case import possible_in

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def cases_readable_by(user: User) -> QuerySet[Case]:
    """What this person may open: every page under a case, its files and its history."""
    return Case.objects.filter(readable_by(user)).select_related("unit")


def cases_visible_to(user: User) -> QuerySet[Case]:
    """What this person knows of; of those that are open within the institution no more
    than the bare facts."""
    return Case.objects.filter(visible_to(user)).select_related("unit")


def units_to_import_for(user: User) -> QuerySet[Unit]:
    """The units whose existing cooperations this person may take in."""
    return user.units_as(Role.CASE_OFFICER)


def imports_visible_to(user: User) -> QuerySet[ImportBatch]:
    """The lists brought in for those units."""
    return ImportBatch.objects.filter(
        unit__in=units_to_import_for(user)
    ).select_related("unit", "made_by")


def packs_visible_to(user: User) -> QuerySet[Catalogue]:
    """The question packs of the person's institutions and those that ship with the
    product. Whoever neither handles cases nor keeps questions reads none."""
    institutions = policies.reads_questions_of(user)
    if not institutions:
        return Catalogue.objects.none()
    return Catalogue.objects.filter(
        Q(institution__in=institutions) | Q(institution=None)
    ).select_related("institution", "published_by", "made_by")


def packs_with_use(user: User) -> QuerySet[Catalogue]:
    """The same, each with the number of cases that were asked it, of those that the
    person reads; without their long content."""
    asked = Q(assessments__case__in=cases_readable_by(user).values("pk"))
    cases = Count("assessments__case", filter=asked, distinct=True)
    return packs_visible_to(user).defer("content").annotate(cases=cases)


def institutions_kept_by(user: User) -> QuerySet[Unit]:
    """The institutions whose question packs this person keeps."""
    return user.units_as(Role.SYSTEM_ADMINISTRATOR).filter(parent=None)


def timeline(case: Case, user: User) -> QuerySet[CaseEvent]:
    """The events that this person may read, newest first, with their content."""
    events = case.events.select_related("person", "on_behalf_of", "payload")
    events = events.order_by("-seq")
    if policies.is_blind(case, user):
        events = events.filter(Q(at__lt=blind_since(case)) | Q(verb__in=SAID_TO_ALL))
    if policies.is_handler(case, user):
        return events
    return events.filter(visibility=Visibility.ALL)


# What may be read by somebody who assesses for themselves: nothing of it is an answer.
SAID_TO_ALL = (
    *(Verb.REGISTER, Verb.AMEND, Verb.TAKE_CASE),
    *(Verb.ADD_AGREEMENT, Verb.ADD_DOCUMENT, Verb.OPEN_REVIEW, Verb.INVITE_ASSESSOR),
)


def blind_since(case: Case) -> datetime:
    """When the first of the answers was given that a blind assessor may not see: those
    of the open assessment, and of the versions that it corrects."""
    return min(version.begun_at for version in case.open_assessment.versions)


def documents_shown(case: Case, user: User) -> QuerySet[Document]:
    """For somebody who assesses for themselves without what others' answers rest on."""
    documents = case.documents.all()
    if not policies.is_blind(case, user):
        return documents
    return documents.exclude(evidence__assessment__in=case.open_assessment.versions)


def assessors_for(case: Case) -> QuerySet[User]:
    """Who could be asked to assess for themselves."""
    people = people_with_one_of(policies.HANDLERS, case.unit)
    if case.confidentiality == Confidentiality.RESTRICTED:
        people = people.filter(pk__in=case.readers)
    own = (case.proposer_id, case.responsible_id, case.case_officer_id)
    return people.exclude(pk__in=[key for key in own if key])


def points_of(case: Case) -> QuerySet[OpenPoint]:
    """What is still to be found out, the most urgent first."""
    points = OpenPoint.objects.filter(assessment__case=case, closed_at=None)
    related = ("owner", "assessment__catalogue", "assessment__case")
    return points.select_related(*related).order_by("due_on", "id")


# Done on one page each, so one of them stands for all.
SHOWN_WITH = {
    Verb.REJECT: Verb.APPROVE,
}
NOT_ON_A_CASE_PAGE = frozenset(
    {
        *(Verb.REGISTER, Verb.TAKE_IN),
        # Asked before every act, and reached under “People”.
        *(Verb.DECLARE, Verb.SET_CONFIDENTIALITY, Verb.NAME_READER, Verb.END_READER),
    }
)


@dataclass(frozen=True)
class NextStep:
    """Something that can happen to a case now, and why this person may not do it."""

    verb: Verb
    refusal: "StrOrPromise | None"


def next_steps(case: Case, user: User) -> list[NextStep]:
    """Every verb that the state allows; `refusal` is None where the person may."""
    hidden = set(NOT_ON_A_CASE_PAGE)
    if case.state in S.WITH_PROPOSER and policies.is_own(case, user):
        hidden.add(Verb.AMEND)  # they go on in the steps of their proposal
    return [
        NextStep(verb, policies.barred(verb, case, user))
        for verb in Verb
        if verb not in hidden and case.state in possible_in(verb)
    ]


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
