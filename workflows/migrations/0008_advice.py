from django.db import migrations, models


class Migration(migrations.Migration):
    """An adviser, too, says what they think before the decision."""

    dependencies = [("workflows", "0007_eyes_guarded")]
    operations = [
        migrations.AlterField(
            model_name="recommendation",
            name="level",
            field=models.CharField(
                choices=[
                    ("institution", "Institution"),
                    ("faculty", "Faculty"),
                    ("department", "Department"),
                    ("advice", "Advisory group"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="delegationrule",
            name="opinions",
            field=models.CharField(
                choices=[
                    ("none", "None"),
                    ("one", "One adviser's"),
                    ("triggered", "Every adviser's whom the answers call for"),
                    ("group", "Every such adviser's, and the advisory group's"),
                ],
                max_length=10,
                verbose_name="opinions needed",
            ),
        ),
    ]
