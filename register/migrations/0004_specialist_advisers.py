from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0003_reference_facts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="roleassignment",
            name="role",
            field=models.CharField(
                choices=[
                    ("proposer", "Proposer"),
                    ("unit_leader", "Unit leader"),
                    ("case_officer", "Case officer"),
                    ("decider", "Decider"),
                    ("adviser", "Adviser"),
                    ("export_adviser", "Export-control adviser"),
                    ("security_adviser", "Security adviser"),
                    ("information_adviser", "Information-security adviser"),
                    ("privacy_adviser", "Privacy adviser"),
                    ("legal_adviser", "Legal adviser"),
                    ("ethics_adviser", "Research-ethics adviser"),
                    ("staff_adviser", "HR adviser"),
                    ("finance_adviser", "Finance adviser"),
                    ("auditor", "Auditor"),
                    ("system_administrator", "System administrator"),
                ],
                max_length=30,
                verbose_name="role",
            ),
        ),
    ]
