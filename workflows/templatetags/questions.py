"""How an answer reads: its options and facts in the words of its question."""

from typing import Any

from django import template
from django.utils import formats
from django.utils.dateparse import parse_date

from workflows.models import Answer
from workflows.questions.pack import Field, Option, Question

register = template.Library()


@register.filter
def options_of(question: Question, answer: Answer | None) -> list[Option]:
    """The chosen options, in the order of the question."""
    chosen = answer.chosen if answer else frozenset()
    return [option for option in question.options if option.code in chosen]


@register.filter
def facts_of(question: Question, answer: Answer | None) -> list[list[tuple[str, Any]]]:
    """Each row of facts as (label, value), in the order of the question."""
    return [
        [
            (field.text, _read(field, row[field.code]))
            for field in question.fields
            if row.get(field.code)
        ]
        for row in (answer.facts if answer else ())
    ]


def _read(field: Field, value: str) -> Any:
    day = parse_date(value) if field.kind == "date" else None
    return formats.date_format(day, "SHORT_DATE_FORMAT") if day else value
