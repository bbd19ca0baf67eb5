"""Every old catalogue becomes a pack, and every answer names its question and options by
their codes. What was answered, by whom and when stays as it was."""

import hashlib
import json

from django.db import migrations
from django.db.models import F

LEVELS = {2: "medium", 3: "high", 4: "critical"}
CASE_TYPES = ["research", "education", "guest", "innovation", "framework"]


def carry_over(apps, schema_editor):
    for catalogue in apps.get_model("workflows", "Catalogue").objects.all():
        content = json.dumps(
            document_of(catalogue), ensure_ascii=False, separators=(",", ":")
        )
        catalogue.content = content
        catalogue.sha256 = hashlib.sha256(content.encode()).hexdigest()
        catalogue.save()
    answers = apps.get_model("workflows", "Answer").objects.select_related(
        "old_question"
    )
    for answer in answers.prefetch_related("old_options").iterator(chunk_size=1000):
        answer.question = answer.old_question.code
        answer.options = [option.code for option in answer.old_options.all()]
        answer.confirmed_by_id = answer.answered_by_id
        answer.confirmed_at = answer.answered_at
        answer.save()
    frozen = apps.get_model("workflows", "Assessment").objects.filter(
        completed_at__isnull=False
    )
    frozen.update(track="light", inherent=F("risk"))


def document_of(catalogue):
    return {
        "version": catalogue.version,
        "licence": "own wording; facts from the cited guidelines",
        "roles": {},
        "sources": {},
        "actions": {},
        "rules": [],
        "topics": [
            {
                "code": topic.code,
                "title": topic.titles,
                "why": topic.reasons,
                "questions": [
                    question_of(q) for q in topic.questions.order_by("order")
                ],
            }
            for topic in catalogue.topics.order_by("order")
        ],
    }


def question_of(question):
    options = question.options.order_by("order")
    everywhere = question.case_types == ["all"]
    return {
        "code": question.code,
        "text": question.texts,
        "help": question.helps,
        "who": question.answered_by,
        "kind": "several" if question.several else "one",
        "moments": question.moments,
        "case_types": CASE_TYPES if everywhere else question.case_types,
        "core": question.core,
        "screen": question.quick_screen,
        "options": [option_of(option) for option in options],
        "actions": [],
        "sources": question.sources,
    }


def option_of(option):
    told = {"code": option.code, "text": option.texts}
    if level := LEVELS.get(option.level) or ("low" if option.unsure else None):
        told["level"] = level
    if option.unsure:
        told["unsure"] = True
    return told


class Migration(migrations.Migration):
    dependencies = [("workflows", "0003_question_packs")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
