"""The guards stand again, also around what is new, and the first table of delegation is
laid down (workflow 6).

* A change of access, a restricted note with its readers and a reading: append-only.
* A published table of delegation never changes, nor do its lines.
"""

from functools import partial
from importlib import import_module

from django.db import migrations
from django.utils import timezone

guards = import_module("workflows.migrations.0002_guards")
packs = import_module("workflows.migrations.0005_packs_guarded")

APPEND_ONLY = [
    "register_accessevent",
    "workflows_restrictednote",
    "workflows_notereader",
    "workflows_reading",
]
FROZEN = (
    packs.FROZEN
    | {
        "workflows_delegationtable": "{row}.published_at IS NOT NULL",
        "workflows_delegationrule": (
            "EXISTS (SELECT 1 FROM workflows_delegationtable t"
            " WHERE t.id = {row}.table_id AND t.published_at IS NOT NULL)"
        ),
    }
    | dict.fromkeys(APPEND_ONLY, "{row}.id IS NOT NULL")
)
PARTS = [*packs.PARTS, "workflows_delegationrule"]
SENTENCES = (
    packs.SENTENCES
    | dict.fromkeys(
        ["workflows_delegationtable", "workflows_delegationrule"],
        "a published table never changes",
    )
    | dict.fromkeys(APPEND_ONLY, "history is append-only")
)
TABLES = {"frozen": FROZEN, "parts": PARTS, "sentences": SENTENCES}
install = partial(guards.install, **TABLES)
remove = partial(guards.remove, **TABLES)

# risk, who recommends, who decides, opinions, who signs
LINES = [
    (1, ["department"], "department", "none", "department"),
    (2, ["department"], "faculty", "one", "faculty"),
    (3, ["department", "faculty"], "institution", "group", "institution"),
]


def lay_down(apps, schema_editor):
    """Critical has no line: it is never approved."""
    Table = apps.get_model("workflows", "DelegationTable")
    Rule = apps.get_model("workflows", "DelegationRule")
    table = Table.objects.create(version=1, valid_from="2026-01-01")
    Rule.objects.bulk_create(
        Rule(
            table=table,
            risk=risk,
            recommends=recommends,
            decides=decides,
            opinions=opinions,
            signs=signs,
        )
        for risk, recommends, decides, opinions, signs in LINES
    )
    Table.objects.filter(pk=table.pk).update(published_at=timezone.now())


def take_up(apps, schema_editor):
    apps.get_model("workflows", "DelegationRule").objects.all().delete()
    apps.get_model("workflows", "DelegationTable").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("workflows", "0006_right_eyes")]
    operations = [
        migrations.RunPython(lay_down, take_up),
        migrations.RunPython(install, remove),
    ]
