"""Which cases, which events, which next steps, for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from register.choices import CaseState as S
from register.choices import Role
from register.models import Document, Unit, User
from register.queries import people_with_one_of, visible_to
from workflows import policies
from workflows.choices import Verb, Visibility
from workflows.deadlines import act_by
from workflows.models import (
    Assessment,
    Case,
    CaseEvent,
    Catalogue,
    Decision,
    ImportBatch,
    OpenPoint,
)
from workflows.models.case import possible_in

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def cases_visible_to(user: User) -> QuerySet[Case]:
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
    """The same, each with the number of cases of the person's institutions that were
    asked it; without their long content."""
    theirs = Unit.objects.below(f"{pk}." for pk in policies.reads_questions_of(user))
    cases = Count(
        "assessments__case",
        filter=Q(assessments__case__unit__in=theirs),
        distinct=True,
    )
    return packs_visible_to(user).defer("content").annotate(cases=cases)


def institutions_kept_by(user: User) -> QuerySet[Unit]:
    """The institutions whose question packs this person keeps."""
    return user.units_as(Role.SYSTEM_ADMINISTRATOR).filter(parent=None)


def open_assessments_in(institution: Unit) -> QuerySet[Assessment]:
    """Those that go on with the questions they were begun with."""
    return Assessment.objects.filter(
        case__unit__path__startswith=institution.path,
        completed_at=None,
        abandoned_at=None,
    )


def timeline(case: Case, user: User) -> QuerySet[CaseEvent]:
    """The events that this person may read, newest first, with their content."""
    events = case.events.select_related("person", "payload").order_by("-seq")
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
NOT_ON_A_CASE_PAGE = frozenset({Verb.REGISTER, Verb.TAKE_IN})


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
        NextStep(verb, policies.why_not(verb, case, user))
        for verb in Verb
        if verb not in hidden and case.state in possible_in(verb)
    ]


@dataclass(frozen=True)
class Waiting:
    """A case that waits for a person: what to do, since when, by when."""

    case: Case
    verb: Verb
    since: date
    due_on: date | None


def waiting_for(user: User) -> list[Waiting]:
    """What waits for this person, oldest first."""
    found = [*_own_work(user), *_office_work(user), *_decisions(user)]
    return sorted(found, key=lambda waiting: (waiting.since, waiting.case.pk))


def _own_work(user: User) -> Iterator[Waiting]:
    own = cases_visible_to(user).filter(Q(proposer=user) | Q(responsible=user))
    for case in _with_unit(own.filter(state__in=S.WITH_PROPOSER)):
        yield _waiting(case, Verb.SUBMIT)
    for case in _with_unit(own.filter(state=S.UNDER_REVIEW).filter(_questions_open())):
        yield _waiting(case, Verb.ANSWER)


def _office_work(user: User) -> Iterator[Waiting]:
    """For case officers: assess, ask for the decision, close."""
    cases = _of_units(user, Role.CASE_OFFICER).filter(
        Q(case_officer=user) | Q(case_officer=None)
    )
    undecided = Decision.objects.filter(
        case=OuterRef("pk"), decided_at=None, withdrawn_at=None
    )
    for verb, these in (
        (Verb.COMPLETE_ASSESSMENT, cases.filter(state=S.PROPOSED)),
        (Verb.ASK_DECISION, cases.filter(~Exists(undecided), state=S.ASSESSED)),
        (Verb.COMPLETE_REVIEW, cases.filter(_questions_open(), state=S.UNDER_REVIEW)),
        (Verb.CLOSE, cases.filter(state=S.TERMINATING)),
    ):
        yield from _permitted(these, verb, user)


def _decisions(user: User) -> Iterator[Waiting]:
    """For deciders: decisions asked for, reviews answered, suspensions."""
    cases = _of_units(user, Role.DECIDER)
    asked = cases.filter(
        state=S.ASSESSED, decisions__decided_at=None, decisions__withdrawn_at=None
    ).filter(decisions__isnull=False)
    for verb, these in (
        (Verb.REJECT, asked),
        (Verb.CONTINUE, cases.filter(~_questions_open(), state=S.UNDER_REVIEW)),
        (Verb.RESUME, cases.filter(state=S.SUSPENDED)),
    ):
        yield from _permitted(these, verb, user)


def _questions_open() -> Exists:
    return Exists(
        Assessment.objects.filter(
            case=OuterRef("pk"), completed_at=None, abandoned_at=None
        )
    )


def _of_units(user: User, role: str) -> QuerySet[Case]:
    return Case.objects.filter(unit__in=user.units_as(role))


def _with_unit(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("unit").prefetch_related("partners")


def _permitted(cases: QuerySet[Case], verb: Verb, user: User) -> Iterator[Waiting]:
    """Without those that this person may not act on, such as their own proposals."""
    for case in _with_unit(cases):
        if policies.why_not(verb, case, user) is None:
            yield _waiting(case, verb)


def _waiting(case: Case, verb: Verb) -> Waiting:
    since = timezone.localtime(case.last_event_at).date()
    due_on = case.next_review_on if case.state == S.UNDER_REVIEW else None
    return Waiting(case, verb, since, due_on or act_by(case.state, since))
