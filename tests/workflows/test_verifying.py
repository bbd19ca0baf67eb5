"""Every kind of tampering is found and named; the owner of the database, who can lift
the guards, tampers here. A verifier that only follows the links misses most of it."""

import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from tests.factories import workflows as w
from tests.workflows.tampering import lift_guards, rolled_back, sql
from workflows.models import Case, CaseEvent
from workflows.services import handling, verifying
from workflows.services.recording import EVENT_DOMAIN, digest

CUT = (
    "the case row does not agree with its last event: events were cut off, or the "
    "row was changed past the history"
)
NOT_AFTER = "it does not follow the event before it"
UNFIT = "its text does not fit its hash"
OTHER_STATE = "it begins in another state than the one before it ended in"
OTHER_CONTENT = "its content was changed"


def column(name: str) -> str:
    return f"its column “{name}” was changed"


def missing(seq: int) -> str:
    return f"event number {seq} is missing"


def event(case: Case, seq: int) -> CaseEvent:
    return case.events.get(seq=seq)


def change(case: Case, number: int, **columns: object) -> None:
    for name, value in columns.items():
        sql(
            f"UPDATE workflows_caseevent SET {name} = %s "
            "WHERE case_id = %s AND seq = %s",
            *(value, case.pk, number),
        )


def drop(case: Case, seq: int) -> None:
    pk = event(case, seq).pk
    sql("DELETE FROM workflows_eventpayload WHERE event_id = %s", pk)
    sql("DELETE FROM workflows_caseevent WHERE id = %s", pk)


def edit_body(case: Case) -> None:
    change(case, 2, body=event(case, 2).body.replace("submit", "amend"))


def edit_body_and_hash(case: Case) -> None:
    body = event(case, 2).body.replace("submit", "amend")
    change(case, 2, body=body, verb="amend", hash=digest(EVENT_DOMAIN, body))


def edit_body_to_nonsense(case: Case) -> None:
    change(case, 2, body="[]", hash=digest(EVENT_DOMAIN, "[]"))


def edit_verb(case: Case) -> None:
    change(case, 2, verb="amend")


def edit_person(case: Case) -> None:
    change(case, 2, person_id=case.events.get(seq=3).person_id)


def edit_time(case: Case) -> None:
    change(case, 2, at=event(case, 3).at)


def edit_state(case: Case) -> None:
    change(case, 2, to_state="returned")


def edit_visibility(case: Case) -> None:
    change(case, 2, visibility="handlers")


def edit_content(case: Case) -> None:
    pk = event(case, 1).pk
    sql("UPDATE workflows_eventpayload SET text = '{}' WHERE event_id = %s", pk)


def drop_content(case: Case) -> None:
    pk = event(case, 1).pk
    sql("DELETE FROM workflows_eventpayload WHERE event_id = %s", pk)


def drop_middle(case: Case) -> None:
    drop(case, 2)


def drop_tail(case: Case) -> None:
    drop(case, 5)


def drop_all(case: Case) -> None:
    for seq in (5, 4, 3, 2, 1):
        drop(case, seq)


def insert(case: Case) -> None:
    """A well-made event after the last one; only the case row knows nothing of it."""
    last = event(case, 5)
    fields = {f.attname: getattr(last, f.attname) for f in CaseEvent._meta.fields}
    body = json.loads(last.body) | {"seq": 6, "prev": last.hash, "from": "assessed"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    forged = CaseEvent(
        **fields
        | {
            "id": None,
            "seq": 6,
            "prev": last.hash,
            "from_state": "assessed",
            "body": text,
            "hash": digest(EVENT_DOMAIN, text),
        }
    )
    forged.save()
    sql(
        "INSERT INTO workflows_eventpayload (event_id, salt, text) "
        "SELECT %s, salt, text FROM workflows_eventpayload WHERE event_id = %s",
        *(forged.pk, last.pk),
    )


def swap(case: Case) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        change(case, old, seq=new)


def change_row(case: Case) -> None:
    sql(
        "UPDATE register_cooperation SET state = 'approved' WHERE id = %s",
        case.pk,
    )


def change_head(case: Case) -> None:
    sql(
        "UPDATE register_cooperation SET head_seq = 3, head_hash = %s WHERE id = %s",
        *(event(case, 3).hash, case.pk),
    )


# The case has: 1 register, 2 submit, 3 complete_assessment, 4 recommend,
# 5 ask_decision.
FOUND: dict[Callable[[Case], None], set[tuple[int, str]]] = {
    edit_body: {(2, UNFIT), (2, column("verb"))},
    edit_body_and_hash: {(3, NOT_AFTER)},
    edit_body_to_nonsense: {(2, "its text cannot be read"), (3, NOT_AFTER)},
    edit_verb: {(2, column("verb"))},
    edit_person: {(2, column("actor"))},
    edit_time: {(2, column("at"))},
    edit_state: {(2, column("to")), (3, OTHER_STATE)},
    edit_visibility: {(2, column("visibility"))},
    edit_content: {(1, OTHER_CONTENT)},
    drop_content: {(1, "its content is missing")},
    drop_middle: {(3, missing(2)), (3, NOT_AFTER), (3, OTHER_STATE)},
    drop_tail: {(4, CUT)},
    drop_all: {(0, CUT)},
    insert: {(6, CUT)},
    swap: {
        (2, NOT_AFTER),
        (2, OTHER_STATE),
        (2, column("seq")),
        (3, NOT_AFTER),
        (3, OTHER_STATE),
        (3, column("seq")),
        (4, NOT_AFTER),
        (4, OTHER_STATE),
    },
    change_row: {(5, CUT)},
    change_head: {(5, CUT)},
}


@pytest.fixture
def cases(cast) -> list[Case]:
    """Three cases, the newest change first in neither order of their keys."""
    w.ask_nothing()
    return [w.quickly_asked(cast), w.draft(cast), w.quickly_sent(cast)]


def found(case: Case) -> set[tuple[int, str]]:
    faults = list(verifying.breaks())
    assert {fault.case for fault in faults} <= {case.number}, "an honest case is blamed"
    return {(fault.seq, fault.what) for fault in faults}


def test_a_clean_register_holds(cases, capsys):
    call_command("verify_history")

    assert capsys.readouterr().out == "All chains hold: 8 events.\n"


def test_an_empty_register_holds(cast):
    assert list(verifying.breaks()) == []


def test_cases_hold_whatever_the_order_of_their_last_change(cast, cases):
    for case in (cases[2], cases[0]):
        handling.take_case(case_id=case.pk, actor=cast.officer)

    assert list(verifying.breaks()) == []


@pytest.mark.parametrize("tamper", FOUND, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_and_named(cases, tamper):
    lift_guards()

    tamper(cases[0])

    assert found(cases[0]) == FOUND[tamper]


def test_the_command_fails_and_says_where(cases, capsys):
    lift_guards()
    edit_verb(cases[0])

    with pytest.raises(CommandError, match="1 breaks found in the history"):
        call_command("verify_history")

    assert capsys.readouterr().err == (
        f"{cases[0].number}, event 2: {column('verb')}\n"
    )


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_events_whose_case_is_gone_are_found(cases, gone):
    """The keys between the tables are checked at the commit; here it never comes."""
    case = cases[gone]

    with rolled_back():
        sql("DELETE FROM register_cooperation WHERE id = %s", case.pk)
        faults = list(verifying.breaks())

    words = "the case that these events tell of is gone"
    assert faults == [verifying.Break(str(case.pk), case.head_seq, words)]


def follows_links_only() -> bool:
    """The twin: what a verifier sees that only compares `prev` with the hash before."""
    chains: dict[int, str] = {}
    for each in CaseEvent.objects.order_by("case_id", "seq"):
        if each.prev != chains.get(each.case_id, ""):
            return False
        chains[each.case_id] = each.hash
    return True


def test_a_verifier_that_only_follows_links_misses_most(cases):
    missed = set()
    for tamper in FOUND:
        with rolled_back():
            lift_guards()
            tamper(cases[0])
            if follows_links_only():
                missed.add(tamper)

    assert missed == {
        edit_body,
        edit_verb,
        edit_person,
        edit_time,
        edit_state,
        edit_visibility,
        edit_content,
        drop_content,
        drop_tail,
        drop_all,
        insert,
        change_row,
        change_head,
    }
