"""Ways to get one's own case approved. Each really tries; what refuses it is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.management import get_commands
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.choices import Role
from register.clock import local_today
from register.models import ClaimRule, Cooperation, Deputyship, RoleAssignment, User
from register.services import accounts, deputies, roles, signing_in, units
from register.services.access import Refused
from tests.factories import register as r
from tests.factories import workflows as w
from tests.signing_in import confirmed
from workflows.choices import SystemActor, Verb, Verdict
from workflows.models import Case, Decision, Declaration, DelegationTable
from workflows.services import (
    amending,
    assessing,
    deciding,
    delegating,
    handing_over,
    handling,
    reviewing,
)
from workflows.services.moving import WorkflowError, doorway

TODAY = local_today()


@dataclass
class World:
    """Pia proposed the case and holds every role but the administrator's; a decision
    has been asked for by the case officer."""

    cast: r.Cast
    case: Case
    pia: User

    @property
    def now(self) -> datetime:
        return timezone.now()

    def browser(self, user: User) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        confirmed(client)
        return client

    def approve(self, user: User, case: Case | None = None) -> None:
        deciding.decide(
            case_id=(case or self.case).pk,
            actor=User.objects.get(pk=user.pk),
            verdict=Verdict.APPROVED,
            reasons="I say so.",
        )

    def finish(self, case: Case, assessor: User | None = None) -> None:
        """Assessed, recommended and asked."""
        officer = self.cast.officer
        assessing.complete(
            case_id=case.pk, actor=assessor or officer, conclusion="Harmless."
        )
        w.recommend(self.cast, case)
        deciding.ask(case_id=case.pk, actor=officer)

    def almighty(self, name: str) -> User:
        """Somebody else who may decide and do everything else at the institution."""
        user = r.person(name, unit=self.cast.institution)
        for role in sorted(set(Role) - {Role.SYSTEM_ADMINISTRATOR}):
            r.role(user, role, self.cast.institution)
        return user

    def stand_in(self, deputy: User, principal: User, *held: str) -> None:
        deputies.name(
            actor=User.objects.get(pk=principal.pk),
            principal=principal,
            deputy=deputy,
            roles=held,
            valid_from=TODAY,
            valid_until=TODAY,
        )


def make(cast: r.Cast) -> World:
    w.ask_nothing()
    pia = cast.proposer
    User.objects.filter(pk=pia.pk).update(unit=cast.department)
    User.objects.exclude(pk=pia.pk).update(unit=cast.institution)
    for role in sorted(set(Role) - {Role.SYSTEM_ADMINISTRATOR, Role.PROPOSER}):
        r.role(pia, role, cast.institution)
    case = w.quickly_asked(cast)
    return World(cast, case, User.objects.get(pk=pia.pk))


def outcome(world: World, way: Callable[[World], Any]) -> str:
    """What refuses it; empty when it went through."""
    try:
        with transaction.atomic():
            way(world)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    except (WorkflowError, Refused, DatabaseError) as refusal:
        return str(refusal)
    return ""


# As oneself ---------------------------------------------------------------------------
def directly(world: World) -> None:
    world.approve(world.pia)


def as_superuser(world: World) -> None:
    User.objects.filter(pk=world.pia.pk).update(is_superuser=True, is_staff=True)
    world.approve(world.pia)


def with_the_system_administrator_s_role(world: World) -> None:
    r.role(world.pia, Role.SYSTEM_ADMINISTRATOR, world.cast.institution)
    world.approve(world.pia)


def after_losing_the_proposer_s_role(world: World) -> None:
    world.pia.assignments.filter(role=Role.PROPOSER).update(
        valid_from=TODAY - timedelta(9), valid_until=TODAY - timedelta(1)
    )
    world.approve(world.pia)


def as_the_responsible_person(world: World) -> None:
    other = world.almighty("Rolf Responsible")
    amending.amend(case_id=world.case.pk, actor=world.cast.officer, responsible=other)
    world.approve(other)


def after_handing_over(world: World) -> None:
    other = world.almighty("Rolf Responsible")
    for to in (other, world.cast.auditor):
        handing_over.hand_over(
            case_id=world.case.pk,
            actor=world.cast.officer,
            part="responsible",
            to=to,
            reason="A change.",
        )
    world.approve(other)


def after_the_responsible_person_was_changed(world: World) -> None:
    other = world.almighty("Rolf Responsible")
    for person in (other, world.cast.auditor):
        amending.amend(
            case_id=world.case.pk, actor=world.cast.officer, responsible=person
        )
    world.approve(other)


def by_another_proposer_written_past_the_services(world: World) -> None:
    auditor = world.cast.auditor
    Cooperation._base_manager.update(proposer=auditor, responsible=auditor)
    world.approve(world.pia)


def by_calling_it_older_than_the_register(world: World) -> None:
    Cooperation._base_manager.update(legacy=True)
    world.approve(world.pia)


def by_taking_in_one_s_own_draft(world: World) -> None:
    draft = w.draft(world.cast)
    with doorway(case_id=draft.pk, verb=Verb.TAKE_IN, actor=world.pia):
        pass


def by_withdrawing_and_proposing_again(world: World) -> None:
    world.approve(world.pia, w.quickly_asked(world.cast, title="The same again"))


# As somebody's deputy, by another account ---------------------------------------------
def as_deputy_of_the_decider(world: World) -> None:
    world.pia.assignments.exclude(role=Role.PROPOSER).delete()
    world.stand_in(world.pia, world.cast.other_decider, Role.DECIDER)
    world.approve(world.pia)


def by_one_s_own_deputy(world: World) -> None:
    deputy = r.person("Dora Deputy", unit=world.cast.department)
    r.declare_everywhere(deputy)
    world.stand_in(deputy, world.pia, Role.DECIDER)
    world.approve(deputy)


def by_the_deputy_of_a_deputy(world: World) -> None:
    first, last = (r.person(unit=world.cast.institution) for _ in range(2))
    r.declare_everywhere(last)
    world.stand_in(first, world.cast.other_decider, Role.DECIDER)
    today = {"valid_from": TODAY, "valid_until": TODAY, "named_at": world.now}
    Deputyship.objects.create(
        principal=first, deputy=last, role=Role.DECIDER, named_by=first, **today
    )
    world.approve(last)


def after_one_s_deputy_assessed_it(world: World) -> None:
    """Dag's deputy assesses in his place; Dag decides."""
    dag, deputy = world.almighty("Dag Double"), r.person(unit=world.cast.institution)
    world.stand_in(deputy, dag, Role.CASE_OFFICER)
    case = w.quickly_sent(world.cast)
    world.finish(case, assessor=User.objects.get(pk=deputy.pk))
    world.approve(dag, case)


def by_a_second_account_that_was_joined(world: World) -> None:
    second = world.almighty("Pia Second")
    accounts.merge(actor=world.cast.administrator, person=world.pia, into=second)
    world.approve(second)


def by_two_accounts_of_one_subject(world: World) -> None:
    for user in (world.pia, world.almighty("Pia Second")):
        SocialAccount.objects.create(user=user, provider="institution", uid="pia")


# By roles and rules -------------------------------------------------------------------
def by_a_role_given_to_oneself(world: World) -> None:
    administrator = world.cast.administrator
    roles.give(
        actor=administrator,
        person=administrator,
        role=Role.DECIDER,
        unit=world.cast.institution,
        valid_from=TODAY,
    )


def by_a_friend_s_role_that_one_gave(world: World) -> None:
    """The administrator proposed it, and makes a friend a decider."""
    administrator = world.cast.administrator
    r.role(administrator, Role.PROPOSER, world.cast.department)
    case = w.quickly_asked(world.cast, actor=administrator)
    friend = r.person("Fia Friend", unit=world.cast.institution)
    r.declare_everywhere(friend)
    roles.give(
        actor=User.objects.get(pk=administrator.pk),
        person=friend,
        role=Role.DECIDER,
        unit=world.cast.institution,
        valid_from=TODAY,
    )
    world.approve(friend, case)


def by_a_claim_that_one_wrote_the_rule_for(world: World) -> None:
    maker = world.cast.administrator
    ClaimRule.objects.create(
        institution=world.cast.institution,
        issuer="https://idp",
        claim="group",
        value="deans",
        unit=world.cast.institution,
        role=Role.DECIDER,
        created_by=maker,
    )
    signing_in.bring_roles_in_line(
        user=maker, issuer="https://idp", claims={"group": "deans"}
    )
    r.declare_everywhere(maker)
    world.approve(maker)


def by_a_table_that_one_published(world: World) -> None:
    dag = world.almighty("Dag Double")
    table = DelegationTable.objects.get(institution=None)
    copy = delegating.copy(
        actor=world.cast.administrator, table=table, institution=world.cast.institution
    )
    DelegationTable.objects.filter(pk=copy.pk).update(
        published_at=world.now, published_by=dag, valid_from=TODAY
    )
    world.approve(dag, w.quickly_asked(world.cast))


def by_moving_the_case_to_another_unit(world: World) -> None:
    amending.amend(
        case_id=world.case.pk,
        actor=world.cast.officer,
        unit=world.cast.other_department,
        reason="Reorganised.",
    )
    world.approve(world.pia)


def by_moving_the_unit_below_one_s_own(world: World) -> None:
    faculty = r.unit("Faculty of Law", parent=world.cast.institution)
    units.move(
        actor=world.cast.administrator, unit=world.cast.department, parent=faculty
    )
    world.approve(world.pia)


# By a part in it ----------------------------------------------------------------------
def as_the_one_who_asked(world: World) -> None:
    r.role(world.cast.officer, Role.DECIDER, world.cast.institution)
    world.approve(world.cast.officer)


def as_the_one_who_assessed(world: World) -> None:
    case = w.quickly_sent(world.cast)
    dag = world.almighty("Dag Double")
    world.finish(case, assessor=dag)
    world.approve(dag, case)


def as_the_one_who_recommended(world: World) -> None:
    r.role(world.cast.leader, Role.DECIDER, world.cast.institution)
    world.approve(world.cast.leader)


def as_the_one_who_changed_the_facts(world: World) -> None:
    dag = world.almighty("Dag Double")
    amending.amend(case_id=world.case.pk, actor=dag, title="Better said")
    world.approve(dag)


def in_spite_of_a_conflict_of_interest(world: World) -> None:
    dag = world.almighty("Dag Double")
    Declaration.objects.filter(user=dag).update(has_conflict=True)
    world.approve(dag)


def without_a_word_on_one_s_interests(world: World) -> None:
    dag = world.almighty("Dag Double")
    Declaration.objects.filter(user=dag).delete()
    world.approve(dag)


# By another door ----------------------------------------------------------------------
def by_an_old_tab(world: World) -> None:
    dag = world.almighty("Dag Double")
    seen = world.case.head_seq
    reopen = {"verb": Verb.REOPEN_ASSESSMENT, "reason": "Look again."}
    handling.with_reason(case_id=world.case.pk, actor=world.cast.officer, **reopen)
    deciding.decide(
        case_id=world.case.pk,
        actor=dag,
        verdict=Verdict.APPROVED,
        reasons="As I saw it.",
        seen=seen,
    )


def by_the_page(world: World) -> None:
    client = world.browser(world.pia)
    address = reverse("workflows:decide", args=[world.case.public_id])
    typed = {"verdict": "approved", "reasons": "I say so.", "conditions": ""}
    client.post(address, typed | {"seen": world.case.head_seq})
    raise WorkflowError(str(client.get(address).context["refusal"]))


def by_a_link(world: World) -> None:
    """A link in a mail asks for a page; a page decides nothing."""
    client = world.browser(world.cast.other_decider)
    address = reverse("workflows:decide", args=[world.case.public_id])
    client.get(f"{address}?verdict=approved&reasons=Yes")
    raise WorkflowError(str(w.fresh(world.case).get_state_display()))


def by_the_administration_site(world: World) -> None:
    User.objects.filter(pk=world.pia.pk).update(is_superuser=True, is_staff=True)
    client = world.browser(world.pia)
    posted = {"user": world.pia.pk, "role": "decider", "unit": world.cast.faculty.pk}
    before = RoleAssignment.objects.count()
    page = client.post("/admin/register/roleassignment/add/", posted)
    assert RoleAssignment.objects.count() == before
    assert client.get("/admin/workflows/case/").status_code == 404
    raise WorkflowError(f"The administration site answers {page.status_code}.")


def by_a_command(world: World) -> None:
    ours = {"register", "workflows", "notifications"}
    raise WorkflowError(
        ", ".join(sorted(n for n, app in get_commands().items() if app in ours))
    )


def by_the_clock(world: World) -> None:
    clock = SystemActor.CLOCK
    with doorway(case_id=world.case.pk, verb=Verb.APPROVE, actor=clock):
        pass


def by_calling_the_transition(world: World) -> None:
    case = w.fresh(world.case)
    case.approve()
    case.save()


def by_sql(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE register_cooperation SET state = 'approved'")


def by_writing_the_decision(world: World) -> None:
    decision = Decision.objects.get(case=world.case)
    decision.decided_by, decision.decided_at = decision.asked_by, world.now
    decision.verdict, decision.reasons = Verdict.APPROVED, "I say so."
    decision.save()


# Later --------------------------------------------------------------------------------
def running(world: World) -> Case:
    world.approve(world.cast.other_decider)
    return w.fresh(world.case)


def by_concluding_one_s_own_review(world: World) -> None:
    case = running(world)
    reviewing.open_review(case_id=case.pk, actor=world.cast.officer, ground="Owner.")
    w.declare_none(case)
    reviewing.complete_questions(
        case_id=case.pk, actor=world.cast.officer, conclusion="As before."
    )
    with doorway(case_id=case.pk, verb=Verb.CONTINUE, actor=world.pia):
        pass


def by_resuming_one_s_own(world: World) -> None:
    case = running(world)
    handling.with_reason(
        case_id=case.pk,
        verb=Verb.SUSPEND,
        actor=world.cast.other_decider,
        reason="Stop.",
    )
    handling.with_reason(
        case_id=case.pk, verb=Verb.RESUME, actor=world.pia, reason="Go on."
    )
