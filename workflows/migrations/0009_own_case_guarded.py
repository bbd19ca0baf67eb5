"""The database itself refuses to let anybody decide their own case (workflow 7).

* Who began a case, when, and that it is from before the register: none of it changes.
* No deciding event and no decision by a person, or for a principal, who registered the
  case, sent it or answers for it. Whoever only took it in from before the register stands in for its
  own people and may.
"""

from importlib import import_module

from django.db import migrations

guards = import_module("workflows.migrations.0002_guards")

CHANGED = """
    NEW.proposer_id <> OLD.proposer_id OR NEW.legacy <> OLD.legacy
    OR NEW.created_at <> OLD.created_at
"""


def own(*people):
    """Whether one of these columns of the new row names one of the case's own."""
    named = ", ".join(f"NEW.{person}" for person in people)
    return f"""
    NOT EXISTS (SELECT 1 FROM workflows_caseevent e
                 WHERE e.case_id = NEW.case_id AND e.verb = 'take_in')
    AND (EXISTS (SELECT 1 FROM register_cooperation c
                  WHERE c.id = NEW.case_id AND c.responsible_id IN ({named}))
      OR EXISTS (SELECT 1 FROM workflows_caseevent e
                  WHERE e.case_id = NEW.case_id AND e.verb IN ('register', 'submit')
                    AND e.person_id IN ({named})))
"""


EVENT = own("person_id", "on_behalf_of_id")
NOBODY = "nobody decides their own case"
# name: (when, on which table, the condition, the sentence)
TRIGGERS = {
    "register_cooperation_begun": (
        "UPDATE OF proposer_id, legacy, created_at",
        "register_cooperation",
        CHANGED,
        "the beginning of a case never changes",
    ),
    "workflows_caseevent_apart": (
        "INSERT",
        "workflows_caseevent",
        f"NEW.verb IN ('approve', 'reject', 'continue_cooperation', 'resume') AND {EVENT}",
        NOBODY,
    ),
    "workflows_decision_apart": (
        "UPDATE OF decided_by_id",
        "workflows_decision",
        f"NEW.decided_by_id IS NOT NULL AND {own('decided_by_id')}",
        NOBODY,
    ),
    "workflows_decision_born": (
        "INSERT",
        "workflows_decision",
        f"NEW.decided_by_id IS NOT NULL AND {own('decided_by_id')}",
        NOBODY,
    ),
}


def install(apps, schema_editor):
    on_postgres = schema_editor.connection.vendor == "postgresql"
    for name, (when, table, condition, sentence) in TRIGGERS.items():
        trigger = f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW "
        if on_postgres:
            schema_editor.execute(
                guards.postgres_function(name, condition, sentence, "NEW")
            )
            schema_editor.execute(f"{trigger} EXECUTE FUNCTION {name}()")
        else:
            schema_editor.execute(
                f"{trigger} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )


def remove(apps, schema_editor):
    for name, (_when, table, *_said) in TRIGGERS.items():
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if on:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0008_advice"),
        ("register", "0007_seeing"),
    ]
    operations = [migrations.RunPython(install, remove)]
