"""Questions become packs: documents in versions, with tracks, opinions and gates.

The old rows of questions are kept beside the new columns until the next migration has
carried every answer over.
"""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

guards = import_module("workflows.migrations.0002_guards")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("register", "0004_specialist_advisers"),
        ("workflows", "0002_guards"),
    ]
    operations = [
        # SQLite rebuilds tables and drops their triggers without a word; the guards
        # stand again at the end of 0005.
        migrations.RunPython(guards.remove, guards.install),
        migrations.RemoveConstraint("answer", "one_answer_per_question"),
        migrations.RenameField("answer", "question", "old_question"),
        migrations.RenameField("answer", "options", "old_options"),
        migrations.AddField(
            "answer",
            "question",
            models.CharField(default="", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField("answer", "options", models.JSONField(default=list)),
        migrations.CreateModel(
            name="Assessor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                ("words", models.TextField(blank=True, verbose_name="in short")),
                ("red_flag", models.TextField(blank=True, verbose_name="red flag")),
            ],
            options={
                "verbose_name": "assessor",
                "verbose_name_plural": "assessors",
                "ordering": ["assessment_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("question", models.CharField(blank=True, max_length=10)),
                (
                    "address",
                    models.URLField(blank=True, max_length=500, verbose_name="address"),
                ),
                (
                    "quotation",
                    models.TextField(blank=True, verbose_name="what it says"),
                ),
                ("seen_on", models.DateField(verbose_name="seen on")),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("low", "Doubtful"),
                            ("medium", "Probable"),
                            ("high", "Certain"),
                        ],
                        max_length=10,
                        verbose_name="how sure is it?",
                    ),
                ),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["assessment_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Gate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("code", models.CharField(max_length=10)),
                (
                    "blocks",
                    models.CharField(
                        choices=[
                            ("approval", "the approval"),
                            ("start", "the start"),
                            ("signing", "the signing"),
                        ],
                        max_length=10,
                    ),
                ),
                ("because", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField()),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("documented", "In order, with reference"),
                            ("not_needed", "Not needed, with reasons"),
                            ("as_condition", "Becomes a condition before the start"),
                        ],
                        max_length=15,
                        verbose_name="result",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "reference",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="reference"
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "gate",
                "verbose_name_plural": "gates",
                "ordering": ["case_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="OpenPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("question", models.CharField(max_length=10)),
                ("due_on", models.DateField(verbose_name="by when")),
                ("opened_at", models.DateTimeField()),
                (
                    "outcome",
                    models.TextField(blank=True, verbose_name="what was found out"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "open point",
                "verbose_name_plural": "open points",
                "ordering": ["assessment_id", "due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("role", models.CharField(max_length=10)),
                ("action", models.CharField(max_length=10)),
                ("because", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "conclusion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_licence", "No licence is needed"),
                            ("licence_needed", "A licence is needed"),
                            ("forbidden", "It is forbidden"),
                            ("no_objection", "No objection"),
                            ("with_measures", "Acceptable with measures"),
                            ("advises_against", "Advises against it"),
                            ("cannot", "Cannot conclude"),
                        ],
                        max_length=20,
                        verbose_name="conclusion",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="opinion")),
                ("given_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "opinion",
                "verbose_name_plural": "opinions",
                "ordering": ["assessment_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="RiskChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("to_risk", models.PositiveSmallIntegerField()),
                ("is_lowering", models.BooleanField()),
                ("reason", models.TextField(verbose_name="reason")),
                ("proposed_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "change of the risk",
                "verbose_name_plural": "changes of the risk",
                "ordering": ["assessment_id", "id"],
            },
        ),
        migrations.AlterModelOptions(
            name="answer",
            options={
                "ordering": ["assessment_id", "id"],
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
            },
        ),
        migrations.AlterModelOptions(
            name="catalogue",
            options={
                "ordering": [
                    models.OrderBy(
                        models.F("published_at"), descending=True, nulls_first=True
                    ),
                    "-id",
                ],
                "verbose_name": "question catalogue",
                "verbose_name_plural": "question catalogues",
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="answer",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confirmed_answers",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="facts",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="answer",
            name="is_as_before",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="answer",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="assessment",
            name="actions",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="assessment",
            name="inherent",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "Not assessed"),
                    (1, "Low"),
                    (2, "Medium"),
                    (3, "High"),
                    (4, "Critical"),
                ],
                default=0,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="mitigation",
            field=models.TextField(
                blank=True, verbose_name="what is done about the risk"
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="not_raised",
            field=models.TextField(
                blank=True, verbose_name="why the proposed risk was not taken"
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="reason",
            field=models.TextField(blank=True, verbose_name="why it was corrected"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="supersedes",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="superseded_by",
                to="workflows.assessment",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="track",
            field=models.CharField(
                blank=True,
                choices=[("", "Not chosen yet"), ("light", "Light"), ("full", "Full")],
                max_length=10,
                verbose_name="track",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="track_because",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="assessment",
            name="track_words",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="catalogue",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="workflows.catalogue",
            ),
        ),
        migrations.AddField(
            model_name="catalogue",
            name="changed_at",
            field=models.DateTimeField(auto_now=True),
        ),
        migrations.AddField(
            model_name="catalogue",
            name="content",
            field=models.TextField(default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="catalogue",
            name="institution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="catalogues",
                to="register.unit",
            ),
        ),
        migrations.AddField(
            model_name="catalogue",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="made_catalogues",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="catalogue",
            name="note",
            field=models.TextField(blank=True, verbose_name="what is new"),
        ),
        migrations.AddField(
            model_name="catalogue",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="published_catalogues",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="catalogue",
            name="sha256",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="decision",
            name="to_red_flags",
            field=models.TextField(
                blank=True, verbose_name="why the red flags are overruled"
            ),
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="verb",
            field=models.CharField(
                choices=[
                    ("submit", "Submit"),
                    ("send_back", "Send back"),
                    ("withdraw", "Withdraw"),
                    ("complete_assessment", "Complete the assessment"),
                    ("reopen_assessment", "Reopen the assessment"),
                    ("approve", "Approve"),
                    ("reject", "Reject"),
                    ("open_review", "Open review"),
                    ("continue_cooperation", "Continue"),
                    ("suspend", "Suspend"),
                    ("resume", "Resume"),
                    ("give_notice", "Terminate"),
                    ("close", "Close"),
                    ("take_in", "Take in from before the register"),
                    ("register", "Register"),
                    ("amend", "Change facts"),
                    ("take_case", "Take the case"),
                    ("answer", "Answer questions"),
                    ("confirm_answers", "Confirm answers"),
                    ("take_full_track", "Ask all questions"),
                    ("settle_point", "Settle an open point"),
                    ("add_evidence", "Add evidence"),
                    ("give_opinion", "Give an opinion"),
                    ("clear_gate", "Clear a gate"),
                    ("raise_risk", "Raise the risk"),
                    ("lower_risk", "Propose a lower risk"),
                    ("confirm_lowering", "Confirm the lower risk"),
                    ("invite_assessor", "Invite an assessor"),
                    ("hand_in", "Hand in an own assessment"),
                    ("complete_review", "Complete the review questions"),
                    ("ask_decision", "Ask for a decision"),
                    ("add_agreement", "Add an agreement"),
                    ("add_document", "Add a document"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="catalogue",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="catalogue",
            name="version",
            field=models.CharField(max_length=20, verbose_name="version"),
        ),
        migrations.AddConstraint(
            model_name="catalogue",
            constraint=models.UniqueConstraint(
                fields=("institution", "version"), name="catalogue_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="catalogue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("institution", None)),
                fields=("version",),
                name="shipped_version_once",
            ),
        ),
        migrations.AddField(
            model_name="assessor",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessors",
                to="workflows.assessment",
            ),
        ),
        migrations.AddField(
            model_name="assessor",
            name="invited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invited_assessors",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assessor",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessor_of",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="assessor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="workflows.assessor",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="workflows.assessment",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="register.document",
            ),
        ),
        migrations.AddField(
            model_name="gate",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gates",
                to="workflows.assessment",
            ),
        ),
        migrations.AddField(
            model_name="gate",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gates",
                to="workflows.case",
            ),
        ),
        migrations.AddField(
            model_name="gate",
            name="cleared_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cleared_gates",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="gate",
            name="opened_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opened_gates",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="openpoint",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="points",
                to="workflows.assessment",
            ),
        ),
        migrations.AddField(
            model_name="openpoint",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closed_points",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="openpoint",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="points",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who finds out",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opinions",
                to="workflows.assessment",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opinions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="opinion",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="workflows.opinion",
            ),
        ),
        migrations.AddField(
            model_name="riskchange",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="risk_changes",
                to="workflows.assessment",
            ),
        ),
        migrations.AddField(
            model_name="riskchange",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confirmed_risks",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="riskchange",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposed_risks",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="assessor",
            constraint=models.UniqueConstraint(
                fields=("assessment", "user"), name="assessor_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="gate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at__isnull", True)),
                fields=("case", "code"),
                name="one_open_gate_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="gate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cleared_by__isnull", True),
                    models.Q(("cleared_by", models.F("opened_by")), _negated=True),
                    _connector="OR",
                ),
                name="gate_four_eyes",
                violation_error_message="The person whose answer opened a gate cannot clear it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="gate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cleared_at__isnull", True),
                        ("cleared_by__isnull", True),
                        ("result", ""),
                    ),
                    models.Q(
                        ("cleared_at__isnull", False),
                        ("cleared_by__isnull", False),
                        models.Q(("result", ""), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="gate_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="gate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "documented"), _negated=True),
                    models.Q(("reference", ""), _negated=True),
                    _connector="OR",
                ),
                name="gate_names_its_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="gate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", "as_condition"), _negated=True),
                    models.Q(("blocks", "approval"), _negated=True),
                    _connector="OR",
                ),
                name="gate_of_approval_is_no_condition",
            ),
        ),
        migrations.AddConstraint(
            model_name="openpoint",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("assessment", "question"),
                name="one_open_point_per_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                fields=("assessment", "role"), name="one_opinion_per_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("conclusion", ""),
                        ("given_at__isnull", True),
                        ("given_by__isnull", True),
                    ),
                    models.Q(
                        ("given_at__isnull", False),
                        ("given_by__isnull", False),
                        models.Q(("conclusion", ""), _negated=True),
                        models.Q(("text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="opinion_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("document__isnull", False),
                    models.Q(
                        models.Q(("address", ""), _negated=True),
                        models.Q(("quotation", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_is_file_or_quotation",
                violation_error_message="Give a file, or an address together with what it says.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(
                        ("is_lowering", True),
                        models.Q(
                            ("confirmed_by", models.F("proposed_by")), _negated=True
                        ),
                    ),
                    _connector="OR",
                ),
                name="lowering_four_eyes",
                violation_error_message="Another person than the one who proposed it must confirm a lower risk.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="risk_has_reason",
            ),
        ),
    ]
