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
    ]
