"""Which cases, which events, which next steps, for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from register.choices import CaseState as S
from register.choices import Confidentiality, Role
from register.models import Document, FormerName, Unit, User
from register.queries import readable_by, visible_to
from register.queries.access import gone
from register.queries.people import people_with_one_of
from workflows import policies
from workflows.choices import Verb, Visibility
from workflows.models import (
    Case,
    CaseEvent,
    Catalogue,
    Condition,
    DelegationTable,
    ImportBatch,
    OpenPoint,
    Recommendation,
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


def with_unit_then(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each with the name its unit had when the case was registered, where that has
    changed since: `unit_then` and `unit_then_en`."""
    day = OuterRef("registered_on")
    former = FormerName.objects.filter(unit=OuterRef("unit"), until__gte=day)
    first = former.order_by("until", "pk")
    return cases.annotate(
        registered_on=TruncDate("created_at"),
        unit_then=Subquery(first.values("name")[:1]),
        unit_then_en=Subquery(first.values("name_en")[:1]),
    )


def cases_left_behind(user: User, today: date) -> QuerySet[Case]:
    """Cases this person may hand over, in which somebody who has left still carries,
    handles or owes something."""
    conditions = Condition.objects.filter(gone("owner", today), met_at=None)
    points = OpenPoint.objects.filter(gone("owner", today), closed_at=None)
    waits = gone("responsible", today) | gone("case_officer", today)
    waits |= Q(pk__in=conditions.values("decision__case"))
    waits |= Q(pk__in=points.values("assessment__case"))
    cases = Case.objects.filter(
        readable_by(user),
        waits,
        unit__in=user.units_as(Role.CASE_OFFICER, Role.UNIT_LEADER),
        state__in=possible_in(Verb.HAND_OVER),
    )
    people = ("unit", "responsible", "case_officer")
    return cases.select_related(*people).order_by("number")


def units_to_import_for(user: User) -> QuerySet[Unit]:
    """The units whose existing cooperations this person may take in."""
    return user.units_as(Role.CASE_OFFICER).filter(closed_on=None)


def imports_visible_to(user: User) -> QuerySet[ImportBatch]:
    """The lists brought in for the units whose cases they handle."""
    return ImportBatch.objects.filter(
        unit__in=user.units_as(Role.CASE_OFFICER)
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
    """The institutions whose question packs and delegation table this person keeps."""
    return user.units_as(Role.SYSTEM_ADMINISTRATOR).filter(parent=None)


def tables_visible_to(user: User) -> QuerySet[DelegationTable]:
    """The delegation tables that the person may read: the published ones of their
    institutions, that which ships with the product, and the drafts they keep."""
    institutions = policies.reads_questions_of(user)
    if not institutions:
        return DelegationTable.objects.none()
    published = Q(published_at__isnull=False)
    kept = Q(institution__in=institutions_kept_by(user))
    theirs = (published & Q(institution__in=institutions)) | kept
    return DelegationTable.objects.filter(
        theirs | (published & Q(institution=None))
    ).select_related("institution", "published_by", "made_by")


def timeline(case: Case, user: User) -> QuerySet[CaseEvent]:
    """The events that this person may read, newest first, with their content."""
    events = case.events.select_related("person", "on_behalf_of", "payload")
    events = events.order_by("-seq")
    if policies.is_blind(case, user):
        events = events.filter(Q(at__lt=blind_since(case)) | Q(verb__in=SAID_TO_ALL))
    if policies.is_handler(case, user):
        return events
    return events.filter(visibility=Visibility.ALL)


def with_names(events: Iterable[CaseEvent]) -> list[CaseEvent]:
    """The events, knowing the names of the people their content refers to; one query
    for all of them, and none where nobody is named."""
    known = list(events)
    wanted = {each for event in known for each in event.people_told_of}
    people = User.objects.filter(public_id__in=wanted) if wanted else ()
    names = {str(person.public_id): str(person) for person in people}
    for event in known:
        event.names = names
    return known


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


def said_of(case: Case, user: User) -> QuerySet[Recommendation]:
    """What leaders and advisers have said of it, for a person who may read it: nothing
    for whoever still assesses blindly."""
    if policies.is_blind(case, user):
        return Recommendation.objects.none()
    return case.recommendations.select_related("recommended_by")


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
