"""How the parts of a question pack read."""

from typing import Any

from django import template

from register.choices import CaseType, Risk
from workflows.choices import Moment
from workflows.questions import telling
from workflows.questions.pack import Action, Pack, Question, Rule, Source

register = template.Library()


@register.filter
def condition_in(part: Question | Rule, pack: Pack) -> str:
    """When a follow-up is asked or a rule comes into play, as a sentence."""
    condition = part.show_if if isinstance(part, Question) else part.condition
    return telling.condition(condition, pack) if condition else ""


@register.filter
def role_in(code: str, pack: Pack) -> str:
    return pack.role(code)


@register.filter
def actions_in(part: Question | Rule, pack: Pack) -> list[Action]:
    return [pack.actions[code] for code in part.actions]


@register.filter
def sources_in(question: Question, pack: Pack) -> list[Source]:
    return pack.sources_of(question)


@register.filter
def level_label(level: int) -> Any:
    return Risk(level).label


@register.filter
def moments_of(question: Question) -> list[Any]:
    return [moment.label for moment in Moment if moment in question.moments]


@register.filter
def case_types_of(question: Question) -> list[Any]:
    """Empty where every kind of cooperation is asked it."""
    if len(question.case_types) == len(CaseType):
        return []
    return [kind.label for kind in CaseType if kind in question.case_types]


@register.filter
def action_kind(action: Action) -> Any:
    return telling.WORDS["kind"].get(action.kind, action.kind)
