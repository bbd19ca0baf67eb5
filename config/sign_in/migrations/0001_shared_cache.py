from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    """The table of Django's database cache, which belongs to no model."""
    call_command(
        "createcachetable", database=schema_editor.connection.alias, verbosity=0
    )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunPython(make, lambda apps, schema_editor: None),
    ]
