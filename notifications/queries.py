"""Which messages, for whom."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from notifications import deadlines
from notifications.choices import Kind, MessageState, Who
from notifications.kinds import ACCESS_KIND_OF, CATALOGUE, KIND_OF
from notifications.models import Message
from register.choices import Role
from register.models import AccessEvent, RoleAssignment, Unit, User
from register.policies import may_read
from register.queries import readable_by
from register.queries.people import people_with_one_of, people_with_role
from workflows import policies
from workflows.choices import ROLES_OF, Verb
from workflows.models import Case, CaseEvent, Opinion

# What a message about a change of access is about: its number.
OF_ACCESS = "access:"


# The inbox ------------------------------------------------------------------------
def inbox_of(user: User) -> QuerySet[Message]:
    """What this person was told, newest first; a case they lost takes its messages
    along."""
    read = Case.objects.filter(readable_by(user))
    theirs = Message.objects.filter(Q(case=None) | Q(case__in=read), recipient=user)
    return theirs.select_related("case")


MOST_COUNTED = 99


def unread_count(user: User) -> int:
    """How many messages wait unread, MOST_COUNTED at most; every page asks. The cases
    are few, so each is asked by `may_read` rather than all by `readable_by`."""
    unread = Message.objects.filter(recipient=user, read_at=None).order_by()
    rows = unread.select_related("case__unit").only(*CASE_TO_READ)[:MOST_COUNTED]
    return sum(message.case is None or may_read(user, message.case) for message in rows)


# All that `may_read` asks of a case, and what its guards want loaded.
CASE_TO_READ = (
    *("case__state", "case__proposer", "case__responsible", "case__case_officer"),
    *("case__unit__path", "case__confidentiality"),
)


# Who is told ----------------------------------------------------------------------
def recipients_of(kind: str, event: CaseEvent) -> list[User]:
    """Everybody a message of this kind goes to: active, reading the case, never whoever
    did it."""
    people = {
        person.pk: person
        for who in CATALOGUE[kind].told
        for person in GROUPS[who](event)
    }
    return [
        person
        for person in people.values()
        if person != event.person and person.is_active and may_read(person, event.case)
    ]


def _unit_officers(event: CaseEvent) -> list[User]:
    case = event.case
    officers = people_with_role(Role.CASE_OFFICER, case.unit)
    return [user for user in officers if not _barred(Verb.TAKE_CASE, case, user)]


def _deciders(event: CaseEvent) -> list[User]:
    """Those whom four eyes and their own part in the case let decide."""
    case = event.case
    deciders = people_with_role(Role.DECIDER, case.unit)
    return [user for user in deciders if not _barred(Verb.REJECT, case, user)]


def _advisers(event: CaseEvent) -> list[User]:
    """Those who may give one of the opinions that this event asked for. It is told
    also where somebody has given it meanwhile; the mail is not sent then."""
    codes = {opinion.role for opinion in opinions_asked_at(event)}
    roles = [role for code in codes for role in ROLES_OF.get(code, ())]
    people = people_with_one_of(roles, event.case.unit) if roles else ()
    return [user for user in people if not policies.is_own(event.case, user)]


def opinions_asked_at(event: CaseEvent) -> QuerySet[Opinion]:
    """The opinions that this event asked for."""
    return Opinion.objects.filter(assessment__case=event.case_id, asked_at=event.at)


def waits_for_opinion_of(case: Case, user: User) -> bool:
    roles = policies.roles_in(case, user)
    return any(opinion.role in roles for opinion in case.waiting_opinions)


def _barred(verb: str, case: Case, user: User) -> bool:
    return policies.barred(verb, case, user) is not None


GROUPS: dict[str, Callable[[CaseEvent], Iterable[User]]] = {
    Who.PROPOSER: lambda event: [event.case.proposer],
    Who.RESPONSIBLE: lambda event: [event.case.responsible],
    Who.CASE_OFFICER: lambda event: filter(None, [event.case.case_officer]),
    Who.UNIT_OFFICERS: _unit_officers,
    Who.UNIT_LEADERS: lambda event: people_with_role(Role.UNIT_LEADER, event.case.unit),
    Who.ADVISERS: _advisers,
    Who.DECIDERS: _deciders,
}


# What is due ----------------------------------------------------------------------
def told_event(pk: int) -> CaseEvent | None:
    """The event, if it is told to anybody; with `asks`: opinions were asked for."""
    asked = Opinion.objects.filter(
        assessment__case=OuterRef("case"), asked_at=OuterRef("at")
    )
    events = CaseEvent.objects.annotate(asks=Exists(asked))
    told = events.filter(Q(verb__in=KIND_OF) | Q(asks=True), pk=pk)
    return told.select_related("case__unit", "person").first()


def events_not_announced(now: datetime) -> QuerySet[CaseEvent]:
    """Told events of the last thirty days that have not become messages yet. Answers
    are many and hardly ever asked for an opinion: those are found by the opinions."""
    since = now - timedelta(days=30)
    asked = Opinion.objects.filter(asked_at__gte=since).values("asked_at")
    return CaseEvent.objects.filter(
        Q(verb__in=KIND_OF) | Q(at__in=asked), at__gte=since, announcement=None
    ).order_by("at", "id")


def told_change(pk: int) -> AccessEvent | None:
    """The change of access, if it is told to anybody."""
    told = AccessEvent.objects.filter(verb__in=ACCESS_KIND_OF, pk=pk)
    return told.select_related("person").first()


def changes_not_announced(now: datetime) -> QuerySet[AccessEvent]:
    """Told changes of access of the last thirty days without a message yet."""
    since = now - timedelta(days=30)
    occasion = Concat(Value(OF_ACCESS), Cast("pk", CharField()))
    changes = AccessEvent.objects.filter(verb__in=ACCESS_KIND_OF, at__gte=since)
    told = Message.objects.filter(case=None, occasion=OuterRef("occasion"))
    changes = changes.annotate(occasion=occasion).filter(~Exists(told))
    return changes.order_by("at", "pk")


def people_of_deputyship(change: AccessEvent) -> list[User]:
    """The deputy and the person they stand in for."""
    both = Q(pk=change.person_id) | Q(public_id=change.told["for"])
    return list(User.objects.filter(both, is_active=True))


def cases_to_remind_of(today: date) -> QuerySet[Case]:
    """Cases whose coming review has reached a step of the ladder and is not decided."""
    return (
        Case.objects.filter(
            state__in=CATALOGUE[Kind.REVIEW_DUE].states,
            next_review_on__lte=deadlines.horizon(today),
        )
        .select_related("unit", "responsible", "case_officer")
        .order_by("next_review_on", "id")
    )


def steps_told(cases: Iterable[Case]) -> dict[tuple[int, int, date | None], int]:
    """(case, person, review date) → the last step of the ladder they were told."""
    told: dict[tuple[int, int, date | None], int] = {}
    reminders = Message.objects.filter(kind=Kind.REVIEW_DUE, case__in=list(cases))
    for case, person, due, occasion in reminders.values_list(
        "case", "recipient", "due_on", "occasion"
    ):
        step = deadlines.step_of(occasion)
        told[case, person, due] = max(step, told.get((case, person, due), step))
    return told


class Holders:
    """Who holds a role today, also as a deputy: one query for all units."""

    def __init__(self, role: str) -> None:
        self.at: dict[int, set[int]] = {}
        held = RoleAssignment.objects.current().filter(role=role).order_by()
        deputies = held.with_deputy().values_list("unit", "user__deputies__deputy")
        for unit, user in held.values_list("unit", "user").union(deputies):
            self.at.setdefault(unit, set()).add(user)

    def of(self, unit: Unit) -> set[int]:
        """The keys of those who hold it at the unit or above it."""
        path = map(int, unit.path.rstrip(".").split("."))
        return set().union(*(self.at.get(key, set()) for key in path))


# What is to be sent ---------------------------------------------------------------
def messages_due(now: datetime) -> QuerySet[Message]:
    """Waiting and due; also those whose holder has not reported in time."""
    return Message.objects.filter(
        state__in=MessageState.WAITING, next_try_at__lte=now
    ).order_by("next_try_at", "id")


def held_message(pk: int, lease: UUID) -> Message | None:
    """The message as it is now, with `superseded`; None if the lease has passed on."""
    later = Message.objects.filter(
        kind=Kind.REVIEW_DUE,
        case=OuterRef("case"),
        recipient=OuterRef("recipient"),
        due_on=OuterRef("due_on"),
        pk__gt=OuterRef("pk"),
    )
    return (
        Message.objects.filter(pk=pk, lease=lease)
        .select_related("case__unit", "recipient")
        .annotate(superseded=Exists(later))
        .first()
    )
