"""The exact count asks who may see a case too, so its index holds that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0006_claim_rules"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="cooperation",
            name="cooperation_to_count",
        ),
        migrations.AddIndex(
            model_name="cooperation",
            index=models.Index(
                fields=[
                    "unit",
                    "confidentiality",
                    "state",
                    "proposer",
                    "responsible",
                    "case_officer",
                    "id",
                ],
                name="cooperation_to_count",
            ),
        ),
    ]
