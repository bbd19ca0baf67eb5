"""The database itself refuses to lose, change or forge the history.

* An event and its content: no UPDATE, no DELETE, no TRUNCATE; a wrong predecessor,
  number or (PostgreSQL) hash is refused.
* A state changes only together with the event that tells it.
* A frozen assessment and its answers do not change, and get no further answer.
* SQLite's INSERT OR REPLACE, which deletes without asking any trigger, is refused.
"""

from django.db import migrations

APPEND_ONLY = ["workflows_caseevent", "workflows_eventpayload"]
# What is frozen, by table; {row} is OLD or NEW.
FROZEN = {
    "workflows_assessment": "{row}.completed_at IS NOT NULL",
    "workflows_answer": (
        "EXISTS (SELECT 1 FROM workflows_assessment a"
        " WHERE a.id = {row}.assessment_id AND a.completed_at IS NOT NULL)"
    ),
    "workflows_answer_options": (
        "EXISTS (SELECT 1 FROM workflows_answer w JOIN workflows_assessment a"
        " ON a.id = w.assessment_id"
        " WHERE w.id = {row}.answer_id AND a.completed_at IS NOT NULL)"
    ),
}
FROZEN_PARTS = ["workflows_answer", "workflows_answer_options"]
# Where a row must never be replaced, by the column that names it.
KEPT = {
    "workflows_caseevent": "id",
    "workflows_eventpayload": "event_id",
    "register_cooperation": "id",
} | dict.fromkeys(FROZEN, "id")
WRONG_PREDECESSOR = """
    NEW.seq <> COALESCE((SELECT MAX(e.seq) FROM workflows_caseevent e
                          WHERE e.case_id = NEW.case_id), 0) + 1
    OR NEW.prev <> COALESCE((SELECT e.hash FROM workflows_caseevent e
                              WHERE e.case_id = NEW.case_id
                                AND e.seq = NEW.seq - 1), '')
"""
UNTOLD_STATE = """
    NEW.state <> OLD.state AND NOT EXISTS (
        SELECT 1 FROM workflows_caseevent e
         WHERE e.case_id = NEW.id AND e.seq = NEW.head_seq
           AND NEW.head_seq > OLD.head_seq
           AND e.from_state = OLD.state AND e.to_state = NEW.state)
"""


def sqlite_guards(frozen=FROZEN, parts=FROZEN_PARTS, sentences=None) -> dict[str, str]:
    """CREATE TRIGGER statements by trigger name. Later migrations give the tables as
    they are then: frozen, those of them that belong to a frozen row, and what is said."""
    said = sentences or {}
    always = {table: key for table, key in KEPT.items() if table not in FROZEN}
    kept_rows = always | dict.fromkeys(frozen, "id")

    def guard(name: str, when: str, table: str, condition: str, sentence: str) -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW "
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )

    guards = {}
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            guards[name] = guard(name, verb, table, "1", "history is append-only")
    name = "workflows_caseevent_chain"
    wrong = (
        f"{WRONG_PREDECESSOR} OR json_extract(NEW.body, '$.seq') <> NEW.seq"
        " OR json_extract(NEW.body, '$.prev') <> NEW.prev"
    )
    sentence = "an event must follow the one before it"
    guards[name] = guard(name, "INSERT", "workflows_caseevent", wrong, sentence)
    name = "register_cooperation_told"
    sentence = "a state changes only with its event"
    guards[name] = guard(
        name, "UPDATE OF state", "register_cooperation", UNTOLD_STATE, sentence
    )
    name = "register_cooperation_born"
    guards[name] = guard(
        name, "INSERT", "register_cooperation", "NEW.state <> 'draft'", sentence
    )
    for table, held in frozen.items():
        rows = {"UPDATE": ["OLD"], "DELETE": ["OLD"]}
        if table in parts:
            rows = {"UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"], "INSERT": ["NEW"]}
        for verb, touched in rows.items():
            name = f"{table}_frozen_{verb.lower()}"
            condition = " OR ".join(held.format(row=row) for row in touched)
            sentence = said.get(table, "a frozen assessment")
            guards[name] = guard(name, verb, table, condition, sentence)
    for table, key in kept_rows.items():
        name = f"{table}_no_replace"
        taken = f"EXISTS (SELECT 1 FROM {table} kept WHERE kept.{key} = NEW.{key})"
        guards[name] = guard(name, "INSERT", table, taken, "a row is never replaced")
    return guards


def postgres_function(name: str, condition: str, sentence: str, last: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {condition} THEN RAISE EXCEPTION '{sentence}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {last}; END $$"
    )


def postgres_guards(
    frozen=FROZEN, parts=FROZEN_PARTS, sentences=None
) -> dict[str, tuple[str, list[str]]]:
    """By function name: its text, and the CREATE TRIGGER statements that use it."""
    said = sentences or {}
    guards = {
        "midtveis_append_only": (
            postgres_function(
                "midtveis_append_only", "TRUE", "history is append-only", "NULL"
            ),
            [
                f"CREATE TRIGGER {table}_no_{when} BEFORE {verb} ON {table} "
                f"FOR EACH {level} EXECUTE FUNCTION midtveis_append_only()"
                for table in APPEND_ONLY
                for when, verb, level in (
                    ("change", "UPDATE OR DELETE", "ROW"),
                    ("truncate", "TRUNCATE", "STATEMENT"),
                )
            ],
        )
    }
    wrong = (
        f"{WRONG_PREDECESSOR} OR (NEW.body::json->>'seq')::int <> NEW.seq"
        " OR NEW.body::json->>'prev' <> NEW.prev"
        " OR NEW.hash <> encode(sha256(convert_to("
        "'midtveis:case-event:v1' || chr(10) || NEW.body, 'UTF8')), 'hex')"
    )
    row_guards = [
        (
            "workflows_caseevent_chain",
            "BEFORE INSERT ON workflows_caseevent",
            wrong,
            "an event must follow the one before it",
            "NEW",
        ),
        (
            "register_cooperation_told",
            "BEFORE UPDATE OF state ON register_cooperation",
            UNTOLD_STATE,
            "a state changes only with its event",
            "NEW",
        ),
        (
            "register_cooperation_born",
            "BEFORE INSERT ON register_cooperation",
            "NEW.state <> 'draft'",
            "a state changes only with its event",
            "NEW",
        ),
    ]
    row_guards += [
        (
            f"{table}_frozen",
            f"BEFORE {'INSERT OR ' if table in parts else ''}UPDATE OR DELETE"
            f" ON {table}",
            " OR ".join(
                held.format(row=row)
                for row in (["OLD", "NEW"] if table in parts else ["OLD"])
            ),
            said.get(table, "a frozen assessment"),
            "CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END",
        )
        for table, held in frozen.items()
    ]
    for name, when, condition, sentence, last in row_guards:
        guards[name] = (
            postgres_function(name, condition, sentence, last),
            [f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()"],
        )
    return guards


def install(apps, schema_editor, **tables):
    if schema_editor.connection.vendor == "postgresql":
        for function, triggers in postgres_guards(**tables).values():
            for statement in [function, *triggers]:
                schema_editor.execute(statement)
    else:
        for statement in sqlite_guards(**tables).values():
            schema_editor.execute(statement)


def remove(apps, schema_editor, **tables):
    if schema_editor.connection.vendor == "postgresql":
        for name in postgres_guards(**tables):
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
    else:
        for name in sqlite_guards(**tables):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial"), ("register", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
