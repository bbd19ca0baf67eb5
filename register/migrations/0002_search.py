"""Parts of words are found by a trigram index. SQLite reads the folded column through:
at the size it is meant for, that takes milliseconds."""

from django.db import migrations

TABLES = ["register_cooperation", "register_partner"]


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for table in TABLES:
            schema_editor.execute(
                f"CREATE INDEX {table}_search ON {table} "
                "USING gin (search_text gin_trgm_ops)"
            )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {table}_search")


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
