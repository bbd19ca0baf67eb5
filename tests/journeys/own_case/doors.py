"""By another door: the administration, commands, the clock, and past the services."""

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from register.choices import CaseState, Role
from register.models import User
from tests.factories import workflows as w
from tests.journeys.own_case.scene import browser, way
from tests.workflows.tampering import sql
from workflows.choices import SystemActor, Verb
from workflows.models import Case, Decision
from workflows.services import moving
from workflows.services.recording import record

TRIGGER = "a trigger in the database"
UNTOLD = "a state changes only with its event"
NOBODY = "nobody decides their own case"
BEGINNING = "the beginning of a case never changes"
GUARDED = "the queryset refuses what only the doorway writes"
NO_PROPERTY = "Direct state modification is not allowed"


def superuser(s):
    User.objects.filter(pk=s.cast.proposer.pk).update(is_superuser=True, is_staff=True)
    return User.objects.get(pk=s.cast.proposer.pk)


@way(
    "A superuser looks for the case in the administration",
    kept_by="the administration does not know cases or decisions",
    answer=[404, 404, 404],
)
def by_the_administration(s):
    client = browser(superuser(s))
    pages = ["workflows/case", "register/cooperation", "workflows/decision"]
    return [client.get(f"/admin/{each}/").status_code for each in pages]


@way(
    "A superuser gives themselves a role in the administration",
    kept_by="roles are only looked up in the administration",
    answer=[403, 403],
)
def by_a_role_in_the_administration(s):
    client = browser(superuser(s))
    held = s.cast.proposer.assignments.get()
    given = {"user": s.cast.proposer.pk, "role": Role.DECIDER, "unit": 1}
    pages = ["add", f"{held.pk}/change"]
    return [
        client.post(f"/admin/register/roleassignment/{each}/", given).status_code
        for each in pages
    ]


@way(
    "A system administrator without another role decides",
    kept_by="no role is exempt, and this one decides nothing",
    answer="You do not have access to this case.",
)
def as_administrator(s):
    s.decides(s.cast.administrator)


@way(
    "The demo is loaded over it, with its own decisions",
    kept_by="the demo goes into an empty database only",
    answer="There is data already, so nothing was added. The demo goes into an empty "
    "database only.",
)
def by_a_command(s):
    call_command("load_demo")


@way(
    "The system approves by itself",
    kept_by="only opening a review happens by the clock",
    answer="A person must do this.",
)
def by_the_clock(s):
    moving.move(case_id=s.case.pk, verb=Verb.APPROVE, actor=SystemActor.CLOCK)


@way(
    "A draft of one's own is taken in as if it were from before the register",
    kept_by="only what came from a list of old cooperations is taken in",
    answer="Only a cooperation from before the register is taken in unassessed.",
)
def by_taking_in_a_draft(s):
    draft = w.draft(s.cast)
    actor = s.given(s.cast.proposer, Role.CASE_OFFICER, s.cast.institution)
    moving.move(case_id=draft.pk, verb=Verb.TAKE_IN, actor=actor)


# Past the services --------------------------------------------------------------------
@way(
    "The proposer marks the draft as from before the register, and takes it in",
    kept_by=TRIGGER,
    answer=BEGINNING,
)
@transaction.atomic
def by_the_mark_of_a_legacy(s):
    draft = w.draft(s.cast)
    draft.legacy = True
    draft.save(update_fields=["legacy"])
    actor = s.given(s.cast.proposer, Role.CASE_OFFICER, s.cast.institution)
    moving.move(case_id=draft.pk, verb=Verb.TAKE_IN, actor=actor)


@way(
    "Another proposer is written into many rows at once",
    kept_by=GUARDED,
    answer="written only by workflows.services.moving: ['proposer']",
)
@transaction.atomic
def by_another_proposer_in_bulk(s):
    Case.objects.filter(pk=s.case.pk).update(proposer=s.cast.leader)
    s.decides(s.decider(s.cast.proposer))


@way("Another proposer is written into the row", kept_by=TRIGGER, answer=BEGINNING)
@transaction.atomic
def by_another_proposer(s):
    case = w.fresh(s.case)
    case.proposer = s.cast.leader
    case.save(update_fields=["proposer"])
    s.decides(s.decider(s.cast.proposer))


@way(
    "The beginning of the case is moved behind the day on which its proposer gave "
    "the role",
    kept_by=TRIGGER,
    answer=BEGINNING,
)
@transaction.atomic
def by_a_later_beginning(s):
    s.given(s.cast.auditor, Role.DECIDER, granted_by=s.cast.proposer)
    case = w.fresh(s.case)
    case.created_at = timezone.now()
    case.save(update_fields=["created_at"])
    s.decides(s.cast.auditor)


@way(
    "The state is set on the object",
    kept_by="a field that only transitions write",
    answer=NO_PROPERTY,
)
@transaction.atomic
def by_setting_the_state(s):
    w.fresh(s.case).state = CaseState.APPROVED


@way("The transition is made and saved", kept_by=TRIGGER, answer=UNTOLD)
@transaction.atomic
def by_the_transition(s):
    case = w.fresh(s.case)
    case.approve()
    case.save()


@way("The state is changed by SQL", kept_by=TRIGGER, answer=UNTOLD)
@transaction.atomic
def by_sql(s):
    sql("UPDATE register_cooperation SET state = 'approved' WHERE id = %s", s.case.pk)


@way(
    "The proposer writes the event and the state, past the doorway",
    kept_by=TRIGGER,
    answer=NOBODY,
)
@transaction.atomic
def by_writing_the_event(s):
    case = w.fresh(s.case)
    case.approve()
    told = {"verb": Verb.APPROVE, "actor": s.cast.proposer, "at": timezone.now()}
    record(case, **told, from_state=CaseState.ASSESSED, payload={})
    case.save()


@way("The proposer writes themselves into the decision", kept_by=TRIGGER, answer=NOBODY)
@transaction.atomic
def by_the_row_of_the_decision(s):
    write_decision(s, s.cast.proposer)


def write_decision(s, person):
    Decision.objects.filter(case=s.case).update(
        decided_by=person,
        decided_at=timezone.now(),
        verdict="approved",
        reasons="Mine.",
    )


@way("The proposer writes a decision of their own", kept_by=TRIGGER, answer=NOBODY)
@transaction.atomic
def by_a_decision_of_ones_own(s):
    Decision.objects.create(
        case=s.case,
        assessment=s.case.last_assessment,
        asked_by=s.cast.officer,
        asked_at=timezone.now(),
        decided_by=s.cast.proposer,
        decided_at=timezone.now(),
        verdict="approved",
        reasons="Mine.",
    )


@way(
    "Whoever asked for the decision is written into it as its decider",
    kept_by="a constraint in the database",
    answer="decision_four_eyes",
)
@transaction.atomic
def by_the_row_of_what_one_asked(s):
    write_decision(s, s.cast.officer)
