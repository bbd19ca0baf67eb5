"""The database itself refuses to lose, change or forge the history: each statement
here walks past our services. Lifting the guards lets the same statements through, so
every refusal below is theirs."""

import pytest
from django.db import connection

from register.choices import CaseState
from register.clock import local_today
from register.models import Cooperation
from tests.factories import workflows as w
from tests.workflows.tampering import lift_guards, refused, sql
from workflows.models import Answer, Assessment, Case, CaseEvent, Catalogue, Gate
from workflows.services import advising, assessing, looking

APPEND_ONLY = "history is append-only"
CHAIN = "an event must follow the one before it"
UNTOLD = "a state changes only with its event"
FROZEN = "a frozen assessment"
REPLACED = "a row is never replaced"

EVENT_TABLES = ["workflows_caseevent", "workflows_eventpayload"]
CHANGES = [
    "UPDATE workflows_caseevent SET verb = 'reject' WHERE seq = 1",
    "UPDATE workflows_caseevent SET body = '{}'",
    "UPDATE workflows_eventpayload SET text = '{}'",
    "DELETE FROM workflows_eventpayload",
    "DELETE FROM workflows_caseevent WHERE seq = 2",
]
FREEZE_BREAKERS = [
    "UPDATE workflows_assessment SET risk = 1, conclusion = 'fine'",
    "UPDATE workflows_assessment SET completed_at = NULL, completed_by_id = NULL",
    "DELETE FROM workflows_assessment",
    "UPDATE workflows_answer SET comment = 'something else'",
    "DELETE FROM workflows_answer",
    "UPDATE workflows_answer SET options = '[]'",
    "UPDATE workflows_opinion SET text = 'something else'",
    "DELETE FROM workflows_opinion",
    "UPDATE workflows_evidence SET quotation = 'something else'",
    "UPDATE workflows_riskchange SET to_risk = 1",
    "UPDATE workflows_assessor SET red_flag = ''",
]
PUBLISHED = "a published pack never changes"
CLEARED = "a cleared gate never changes"
PARTS = [
    *("workflows_answer", "workflows_evidence", "workflows_opinion"),
    *("workflows_riskchange", "workflows_assessor", "workflows_delegationrule"),
]
FROZEN_TABLES = [
    *("workflows_assessment", "workflows_catalogue", "workflows_gate"),
    *("workflows_delegationtable", "register_accessevent"),
    *("workflows_restrictednote", "workflows_notereader", "workflows_reading"),
]


def installed() -> set[str]:
    """The names of all triggers that stand in the database."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
        return cursor.fetchone() is not None


def wanted() -> set[str]:
    both = {
        *("register_cooperation_born", "register_cooperation_told"),
        *("register_cooperation_begun", "workflows_caseevent_apart"),
        *("workflows_decision_apart", "workflows_decision_born"),
        "workflows_caseevent_chain",
    }
    frozen = [*FROZEN_TABLES, *PARTS]
    if connection.vendor == "postgresql":
        return (
            both
            | {f"{table}_frozen" for table in frozen}
            | {
                f"{t}_no_{what}"
                for t in EVENT_TABLES
                for what in ("change", "truncate")
            }
        )
    return (
        both
        | {f"{t}_no_{what}" for t in EVENT_TABLES for what in ("update", "delete")}
        | {f"{t}_frozen_{what}" for t in frozen for what in ("update", "delete")}
        | {f"{t}_frozen_insert" for t in PARTS}
        | {f"{t}_no_replace" for t in [*EVENT_TABLES, *frozen, "register_cooperation"]}
    )


@pytest.mark.django_db
def test_all_guards_stand_after_all_migrations():
    """SQLite rebuilds a table to alter it and drops its triggers without a word."""
    assert installed() == wanted()


@pytest.mark.parametrize("statement", CHANGES)
def test_an_event_is_neither_changed_nor_deleted_by_sql(cast, statement):
    w.proposed(cast)

    with refused(APPEND_ONLY):
        sql(statement)


@pytest.mark.parametrize("table", EVENT_TABLES)
@pytest.mark.postgres
def test_the_history_is_not_truncated(cast, table):
    w.proposed(cast)
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # else the waiting checks refuse it first

    with refused(APPEND_ONLY):
        sql(f"TRUNCATE {table} CASCADE")


def test_an_event_is_neither_changed_nor_deleted_by_orm(cast):
    event = w.proposed(cast).events.last()
    event.verb = "reject"

    with refused(APPEND_ONLY):
        event.save()
    with refused(APPEND_ONLY):
        CaseEvent.objects.filter(pk=event.pk).update(verb="reject")
    with refused(APPEND_ONLY):
        CaseEvent.objects.bulk_update([event], ["verb"])
    with refused(APPEND_ONLY):
        event.payload.delete()
    with refused(APPEND_ONLY):
        CaseEvent.objects.filter(pk=event.pk)._raw_delete("default")


def test_without_guards_every_change_goes_through(cast):
    w.assessed(cast)
    lift_guards()

    for statement in CHANGES[:4] + FREEZE_BREAKERS[3:4]:
        sql(statement)

    assert CaseEvent.objects.filter(body="{}").count() == CaseEvent.objects.count() > 0
    assert Answer.objects.filter(comment="something else").count() == 33


def copied(event: CaseEvent, **changed: object) -> CaseEvent:
    """A forged event: like the given one but for what is changed."""
    fields = {f.attname: getattr(event, f.attname) for f in CaseEvent._meta.fields}
    return CaseEvent(**fields | {"id": None} | changed)


@pytest.mark.parametrize(
    "forgery",
    [
        {"seq": 4},  # a gap
        {"seq": 2},  # a second one with that number
        {"seq": 3, "prev": "0" * 64},  # another predecessor
        {"seq": 3, "prev": ""},  # a new beginning
        {"seq": 3},  # text and columns disagree
    ],
)
def test_an_event_that_does_not_follow_the_last_is_refused(cast, forgery):
    last = w.proposed(cast).events.get(seq=2)

    with refused(CHAIN):
        copied(last, **{"prev": last.hash} | forgery).save()


@pytest.mark.postgres
def test_an_event_with_a_wrong_hash_is_refused(cast):
    last = w.proposed(cast).events.get(seq=2)
    body = last.body.replace('"seq":2', '"seq":3').replace(last.prev, last.hash)

    with refused(CHAIN):
        copied(last, seq=3, prev=last.hash, body=body, hash="0" * 64).save()


def test_sqlite_does_not_replace_a_row_in_silence(frozen):
    """INSERT OR REPLACE deletes the old row, and no DELETE trigger hears of it."""
    if connection.vendor != "sqlite":
        return  # PostgreSQL has no such statement

    tables = sorted({n[: -len("_no_replace")] for n in wanted() if "replace" in n})
    for table in filter(has_rows, tables):
        with refused(f"{REPLACED}|{FROZEN}|{CHAIN}|{UNTOLD}|{CLEARED}"):
            sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")


def test_a_state_does_not_change_without_its_event(cast):
    case = w.assessed(cast)
    untold = Case.objects.filter(pk=case.pk)

    with refused(UNTOLD):
        sql("UPDATE register_cooperation SET state = 'approved'")
    with refused(UNTOLD):
        sql("UPDATE register_cooperation SET state = 'approved', head_seq = 99")
    with refused(UNTOLD):  # Django's own base query set knows no guard of ours
        Cooperation._base_manager.filter(pk=case.pk).update(state="approved")
    case.approve()
    with refused(UNTOLD):
        case.save()
    with refused(UNTOLD):
        case.save(update_fields=["state"])

    assert untold.get().state == CaseState.ASSESSED


@pytest.mark.parametrize(
    "column", ["state", "risk", "head_seq", "head_hash", "last_event_at"]
)
def test_bulk_writes_do_not_touch_what_the_doorway_writes(cast, column):
    case = w.proposed(cast)
    value = getattr(case, column)

    with pytest.raises(TypeError, match="written only by"):
        Case.objects.filter(pk=case.pk).update(**{column: value})
    with pytest.raises(TypeError, match="written only by"):
        Cooperation.objects.bulk_update([case], [column])


def test_the_state_is_not_assigned(cast):
    case = w.proposed(cast)

    with pytest.raises(AttributeError):
        case.state = CaseState.APPROVED


@pytest.mark.parametrize("state", sorted(set(CaseState.values) - {"draft"}))
def test_a_case_is_born_as_a_draft_only(cast, state):
    case = w.draft(cast)

    with refused(UNTOLD):
        Case(
            state=state,
            number="2026/9999",
            title="Straight in",
            unit=cast.department,
            proposer=cast.proposer,
            responsible=cast.proposer,
            last_event_at=case.last_event_at,
        ).save()


@pytest.fixture
def frozen(cast):
    """An assessment with everything that can belong to one."""
    given = {"TEC_1": "yes", "PRI_1": "outside-EEA"}
    case, chosen = w.proposed(cast, given=given), w.answers(**given)
    looking.add_evidence(
        case_id=case.pk,
        actor=cast.officer,
        question="PAR-1",
        confidence="high",
        seen_on=local_today(),
        address="https://example.org/",
        quotation="It is so.",
    )
    looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=cast.adviser)
    w.answer_by_the_right_people(cast, case, chosen)
    w.give_opinions(cast, case)
    looking.hand_in(case_id=case.pk, actor=cast.adviser, answers=chosen, red_flag="No.")
    advising.raise_risk(
        case_id=case.pk, actor=cast.adviser, risk=3, reason="I see more."
    )
    assessing.complete(
        case_id=case.pk, actor=cast.officer, conclusion="So.", mitigation="Watched."
    )
    return w.fresh(case).last_assessment


@pytest.mark.parametrize("statement", FREEZE_BREAKERS)
def test_a_frozen_assessment_does_not_change(frozen, statement):
    with refused(FROZEN):
        sql(statement)


@pytest.mark.parametrize("part", ["answers", "evidence", "opinions", "assessors"])
def test_nothing_is_added_to_a_frozen_assessment(frozen, part):
    row = getattr(frozen, part).first()
    row.pk = None

    with refused(FROZEN):
        row.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["UPDATE {} SET content = '{{}}'", "DELETE FROM {}"])
def test_a_published_pack_does_not_change(verb):
    assert Catalogue.objects.published().exists()

    with refused(PUBLISHED):
        sql(verb.format("workflows_catalogue"))


@pytest.mark.parametrize("verb", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_a_cleared_gate_does_not_change(cast, verb):
    w.approved(cast, given={"PRI_1": "outside-EEA"})
    assert Gate.objects.filter(cleared_at__isnull=False).exists()

    with refused(CLEARED):
        sql(verb.format("workflows_gate"))


def test_no_answer_is_moved_into_a_frozen_assessment(cast):
    frozen = w.assessed(cast).last_assessment
    w.proposed(cast)
    still_open = Assessment.objects.get(completed_at=None)
    loose = Answer.objects.create(
        assessment=still_open,
        question="PAR-1",
        answered_by=cast.officer,
        answered_at=frozen.completed_at,
    )
    loose.assessment = frozen

    with refused(FROZEN):
        loose.save()


def test_an_open_assessment_takes_answers_and_changes(cast):
    """The guards do not stand in the way of honest work."""
    w.proposed(cast)

    changed = Assessment.objects.filter(completed_at=None).update(conclusion="Soon.")

    assert changed == 1
