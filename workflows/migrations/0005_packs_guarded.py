"""The old rows of questions go, and the guards stand again around what is new.

* A frozen assessment and all that belongs to it: answers, evidence, opinions, people's
  judgements of the risk, independent assessors.
* A published pack and a cleared gate never change.
"""

from functools import partial
from importlib import import_module

from django.db import migrations, models

guards = import_module("workflows.migrations.0002_guards")

PARTS = [
    "workflows_answer",
    "workflows_evidence",
    "workflows_opinion",
    "workflows_riskchange",
    "workflows_assessor",
]
OF_A_FROZEN = (
    "EXISTS (SELECT 1 FROM workflows_assessment a"
    " WHERE a.id = {row}.assessment_id AND a.completed_at IS NOT NULL)"
)
FROZEN = {
    "workflows_assessment": "{row}.completed_at IS NOT NULL",
    "workflows_catalogue": "{row}.published_at IS NOT NULL",
    "workflows_gate": "{row}.cleared_at IS NOT NULL",
} | dict.fromkeys(PARTS, OF_A_FROZEN)
SENTENCES = {
    "workflows_catalogue": "a published pack never changes",
    "workflows_gate": "a cleared gate never changes",
}
TABLES = {"frozen": FROZEN, "parts": PARTS, "sentences": SENTENCES}
install = partial(guards.install, **TABLES)
remove = partial(guards.remove, **TABLES)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0004_carry_answers_over")]
    operations = [
        migrations.RemoveField("answer", "old_options"),
        migrations.RemoveField("answer", "old_question"),
        migrations.DeleteModel(
            name="AnswerOption",
        ),
        migrations.DeleteModel(
            name="Question",
        ),
        migrations.DeleteModel(
            name="Topic",
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("assessor__isnull", True)),
                fields=("assessment", "question"),
                name="one_answer_per_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("assessor__isnull", False)),
                fields=("assessor", "question"),
                name="one_answer_per_assessor",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", True), ("confirmed_by__isnull", True)
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False), ("confirmed_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="answer_confirmed_by_someone",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
