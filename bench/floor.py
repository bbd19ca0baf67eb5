"""The floor: the leanest Django views that show the same rows to the same people.

Signed in by session; who may see what stands in the WHERE; as few statements as will
do, written by hand; pages by key; one small template a page. No menu, no filter form,
no translation, no chained history: what the product adds is what the ratio tells.
"""

import json
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from bench.floor_pack import asked, texts
from register.choices import CaseState, Risk, Role
from register.clock import local_today

# The plain tables that a change writes to.
SCHEMA = """
    CREATE TABLE floor_case AS
        SELECT id, public_id, unit_id, proposer_id, state, last_event_at
          FROM register_cooperation;
    ALTER TABLE floor_case ADD PRIMARY KEY (id);
    CREATE UNIQUE INDEX floor_case_public_id ON floor_case (public_id);
    CREATE INDEX floor_case_state ON floor_case (state, last_event_at);
    CREATE TABLE floor_history (
        id bigserial PRIMARY KEY, case_id bigint NOT NULL REFERENCES floor_case,
        at timestamptz NOT NULL DEFAULT now(), person_id bigint NOT NULL,
        from_state text NOT NULL, to_state text NOT NULL, reason text NOT NULL);
    CREATE INDEX floor_history_case ON floor_history (case_id);
    CREATE TABLE floor_answer (
        case_id bigint NOT NULL REFERENCES floor_case, question text NOT NULL,
        options jsonb NOT NULL, comment text NOT NULL, version integer NOT NULL,
        person_id bigint NOT NULL, at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (case_id, question));
    ANALYZE floor_case;
"""
OVERSEEN = """
    overseen AS MATERIALIZED (
        SELECT u.id FROM register_unit u
          JOIN register_unit h ON u.path LIKE h.path || '%%'
          JOIN register_roleassignment a ON a.unit_id = h.id
         WHERE a.user_id = %(user)s AND a.role = ANY(%(overseers)s)
           AND a.valid_from <= %(today)s
           AND (a.valid_until IS NULL OR a.valid_until >= %(today)s))
"""
VISIBLE = """
    (%(user)s IN (c.proposer_id, c.responsible_id, c.case_officer_id)
     OR c.state <> 'draft' AND (
        c.unit_id IN (SELECT id FROM overseen)
        OR c.id IN (SELECT s.cooperation_id FROM register_cooperation_other_units s
                     WHERE s.unit_id IN (SELECT id FROM overseen))))
"""
# By the name of the parameter in the address.
FILTERS = {
    "state": "c.state = ANY(%(states)s)",
    "country": """c.id IN (
        SELECT cp.cooperation_id FROM register_cooperationpartner cp
          JOIN register_partner p ON p.id = cp.partner_id
         WHERE p.country_id = %(country)s)""",
    "unit": """c.unit_id IN (
        SELECT u.id FROM register_unit u JOIN register_unit top
            ON u.path LIKE top.path || '%%' WHERE top.id = %(unit)s)""",
    "q": "c.search_text LIKE ALL(%(words)s)",
}
LISTED = """
    WITH {overseen}
    SELECT c.public_id, c.number, c.title, u.name, c.state, c.risk, c.next_review_on,
           c.ends_on, c.last_event_at, c.id, c.legacy,
           c.state = ANY(%(running)s) AND c.next_review_on < %(today)s,
           c.state = ANY(%(running)s) AND c.ends_on < %(today)s,
           (SELECT array_agg(p.name || ', ' || k.name_en ORDER BY cp.id)
              FROM register_cooperationpartner cp
              JOIN register_partner p ON p.id = cp.partner_id
              JOIN register_country k ON k.code = p.country_id
             WHERE cp.cooperation_id = c.id),
           (SELECT count(*) FROM register_cooperation c WHERE {found})
      FROM register_cooperation c JOIN register_unit u ON u.id = c.unit_id
     WHERE {found} {beyond}
     ORDER BY c.last_event_at {direction}, c.id {direction} LIMIT 51
"""
CASE = """
    WITH {overseen}
    SELECT c.public_id, c.number, c.title, u.name, c.state, c.risk, c.purpose,
           c.starts_on, c.ends_on, c.funder, c.next_review_on, c.id,
           (SELECT array_agg(p.name || ', ' || k.name_en ORDER BY cp.id)
              FROM register_cooperationpartner cp
              JOIN register_partner p ON p.id = cp.partner_id
              JOIN register_country k ON k.code = p.country_id
             WHERE cp.cooperation_id = c.id),
           (SELECT array_agg(a.title ORDER BY a.id) FROM register_agreement a
              JOIN register_agreement_cooperations ac ON ac.agreement_id = a.id
             WHERE ac.cooperation_id = c.id),
           (SELECT array_agg(d.title ORDER BY d.id) FROM register_document d
             WHERE d.cooperation_id = c.id)
      FROM register_cooperation c JOIN register_unit u ON u.id = c.unit_id
     WHERE c.public_id = %(public_id)s AND {visible}
"""
EVENTS = """
    SELECT e.at, e.verb, e.to_state, p.first_name, p.last_name, t.text
      FROM workflows_caseevent e JOIN workflows_eventpayload t ON t.event_id = e.id
      LEFT JOIN register_user p ON p.id = e.person_id
     WHERE e.case_id = %(case)s {which} ORDER BY e.seq DESC LIMIT 50
"""
LOCK = """
    WITH {overseen}
    SELECT c.id, c.state FROM floor_case c
     WHERE c.public_id = %(public_id)s AND c.proposer_id <> %(user)s
       AND c.unit_id IN (SELECT id FROM overseen) FOR UPDATE OF c
"""
CHANGE = "UPDATE floor_case SET state = %s, last_event_at = now() WHERE id = %s"
TELL = """
    INSERT INTO floor_history (case_id, person_id, from_state, to_state, reason)
    VALUES (%s, %s, %s, %s, %s)
"""
QUESTIONED = """
    WITH {overseen}
    SELECT c.number, c.title, c.case_type, c.funder, a.id, a.catalogue_id, a.moment,
           (SELECT array_agg(DISTINCT g.kind) FROM register_agreement g
              JOIN register_agreement_cooperations ac ON ac.agreement_id = g.id
             WHERE ac.cooperation_id = c.id)
      FROM register_cooperation c
      JOIN workflows_assessment a ON a.case_id = c.id
       AND a.completed_at IS NULL AND a.abandoned_at IS NULL
     WHERE c.public_id = %(public_id)s AND {visible}
"""
ANSWERS = """
    SELECT a.question, a.options, a.facts, a.comment, a.version, p.first_name,
           p.last_name, a.answered_at
      FROM workflows_answer a JOIN register_user p ON p.id = a.answered_by_id
     WHERE a.assessment_id = %s AND a.assessor_id IS NULL
"""
ANSWER = """
    INSERT INTO floor_answer VALUES (%s, %s, %s, %s, 1, %s)
        ON CONFLICT (case_id, question) DO UPDATE
       SET options = excluded.options, comment = excluded.comment,
           version = floor_answer.version + 1, person_id = excluded.person_id,
           at = now()
"""
STATES = {state.value: str(state.label) for state in CaseState}
RISKS = {risk.value: str(risk.label) for risk in Risk}


@login_required
def register(request: HttpRequest) -> HttpResponse:
    rows = ask(listed(request), about(request))
    shown = rows[:50][::-1] if "before" in request.GET else rows[:50]
    context = {
        "rows": [(*row, STATES[row[4]], RISKS[row[5]]) for row in shown],
        "count": rows[0][-1] if rows else 0,
        "next": f"{shown[-1][8].isoformat()},{shown[-1][9]}" if len(rows) > 50 else "",
    }
    return render(request, "floor_register.html", context)


def listed(request: HttpRequest) -> str:
    chosen = [FILTERS[name] for name in FILTERS if name in request.GET]
    return LISTED.format(
        overseen=OVERSEEN,
        found=" AND ".join([VISIBLE, *chosen]),
        beyond="AND (c.last_event_at, c.id) < (%(at)s, %(id)s)"
        if "after" in request.GET
        else "",
        direction="ASC" if "before" in request.GET else "DESC",
    )


def about(request: HttpRequest) -> dict[str, Any]:
    """The parameters of every statement that asks who may see a case."""
    chosen = request.GET
    at, _comma, key = chosen.get("after", "").partition(",")
    return {
        "user": request.user.pk,
        "overseers": list(Role.OVERSEERS),
        "running": list(CaseState.RUNNING),
        "states": list(CaseState.RUNNING),
        "today": local_today(),
        "country": chosen.get("country"),
        "unit": int(chosen.get("unit", 0)),
        "words": [f"%{word}%" for word in chosen.get("q", "").split()],
        "at": datetime.fromisoformat(at) if at else None,
        "id": int(key) if key else None,
    }


@login_required
def case(request: HttpRequest, public_id: object) -> HttpResponse:
    row = one_case(request, public_id)
    moves = ask(
        EVENTS.format(which="AND e.from_state <> e.to_state"), {"case": row[11]}
    )
    context = {
        "case": row,
        "state": STATES[row[4]],
        "risk": RISKS[row[5]],
        "moves": [(STATES[move[2]], *move) for move in moves],
    }
    return render(request, "floor_case.html", context)


@login_required
def history(request: HttpRequest, public_id: object) -> HttpResponse:
    row = one_case(request, public_id)
    events = ask(EVENTS.format(which=""), {"case": row[11]})
    context = {"case": row, "state": STATES[row[4]], "events": events}
    return render(request, "floor_history.html", context)


def one_case(request: HttpRequest, public_id: object) -> Any:
    statement = CASE.format(overseen=OVERSEEN, visible=VISIBLE)
    for row in ask(statement, about(request) | {"public_id": public_id}):
        return row
    raise Http404


@login_required
@transaction.atomic
def send_back(request: HttpRequest, public_id: object) -> HttpResponse:
    known = about(request) | {"public_id": public_id}
    for key, state in ask(LOCK.format(overseen=OVERSEEN), known):
        if state != CaseState.PROPOSED or not request.POST["reason"]:
            break
        with connection.cursor() as cursor:
            cursor.execute(CHANGE, [CaseState.RETURNED, key])
            reason, user = request.POST["reason"], request.user.pk
            cursor.execute(TELL, [key, user, state, CaseState.RETURNED, reason])
        return redirect("case", public_id)
    raise Http404


@login_required
def questions(request: HttpRequest, public_id: object) -> HttpResponse:
    statement = QUESTIONED.format(overseen=OVERSEEN, visible=VISIBLE)
    for row in ask(statement, about(request) | {"public_id": public_id}):
        kinds = frozenset(row[7] or ())
        facts = {
            "type": frozenset([row[2]]),
            "funder": frozenset(["named"] if row[3] else ()),
            "agreement": kinds | frozenset(["any"] if kinds else ()),
        }
        known = texts(row[5], row[6], row[2])
        shown = asked(known, facts, ask(ANSWERS, [row[4]]))
        context = {"case": row, "questions": shown}
        return render(request, "floor_questions.html", context)
    raise Http404


@login_required
@transaction.atomic
def answer(request: HttpRequest, public_id: object, code: str) -> HttpResponse:
    known = about(request) | {"public_id": public_id}
    for key, state in ask(LOCK.format(overseen=OVERSEEN), known):
        if state != CaseState.PROPOSED:
            break
        options, comment = request.POST.getlist(f"o_{code}"), request.POST[f"c_{code}"]
        with connection.cursor() as cursor:
            told = [key, code, json.dumps(options), comment, request.user.pk]
            cursor.execute(ANSWER, told)
            said = f"{code}: {', '.join(options)}"
            cursor.execute(TELL, [key, request.user.pk, state, state, said])
        return HttpResponse(f"Saved by {request.user}.")
    raise Http404


def ask(statement: str, parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


urlpatterns = [
    path("register/", register),
    path("cases/<uuid:public_id>/", case, name="case"),
    path("cases/<uuid:public_id>/history/", history),
    path("cases/<uuid:public_id>/do/send_back/", send_back),
    path("cases/<uuid:public_id>/questions/", questions),
    path("cases/<uuid:public_id>/questions/<str:code>/", answer),
]
