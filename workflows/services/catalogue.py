"""Load the question catalogue that ships with the product. A published version is never
changed: what is there already is left alone."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from workflows.models import AnswerOption, Catalogue, Question, Topic

PACKS = Path(__file__).resolve().parent.parent / "packs"


def load_shipped() -> None:
    """Load each pack under `packs/` whose version is not in the database yet."""
    for path in sorted(PACKS.glob("*.json")):
        pack = json.loads(path.read_text(encoding="utf-8"))
        if not Catalogue.objects.filter(version=pack["version"]).exists():
            load(pack)


@transaction.atomic
def load(pack: dict[str, Any]) -> Catalogue:
    """A new version from a pack: topics, their questions, their options."""
    catalogue = Catalogue.objects.create(
        version=pack["version"], published_at=timezone.now()
    )
    for order, topic in enumerate(pack["topics"], start=1):
        questions = topic.pop("questions")
        row = Topic.objects.create(catalogue=catalogue, order=order, **topic)
        for place, question in enumerate(questions, start=1):
            _load_question(row, place, question)
    return catalogue


def _load_question(topic: Topic, order: int, question: dict[str, Any]) -> None:
    options = question.pop("options")
    row = Question.objects.create(topic=topic, order=order, **question)
    AnswerOption.objects.bulk_create(
        AnswerOption(question=row, order=place, **option)
        for place, option in enumerate(options, start=1)
    )
