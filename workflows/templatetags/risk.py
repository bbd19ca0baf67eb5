"""Why the risk is what it is, in the words of readers."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from register.choices import AgreementKind, CaseType, Risk, Role
from workflows.choices import ROLES_OF, Conclusion, GateResult
from workflows.models import Answer, Evidence, RiskChange
from workflows.questions.pack import Pack, Rule
from workflows.sheets import Sheet
from workflows.templatetags.questions import facts_of

register = template.Library()

FACTS = {
    "type": _("Type of cooperation"),
    "agreement": _("Agreement"),
    "funder": _("Funder"),
}
FACT_VALUES: dict[str, Any] = (
    dict(CaseType.choices)
    | dict(AgreementKind.choices)
    | {"any": _("registered"), "named": _("named")}
)


@dataclass(frozen=True)
class Said:
    """One answer in words; answer, facts and evidence where it is the present one."""

    code: str
    text: Any
    options: list[Any]
    level: int = 0
    answer: Answer | None = None
    facts: list[list[tuple[str, Any]]] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def level_label(self) -> Any:
        return Risk(self.level).label


@dataclass(frozen=True)
class Because:
    """One reason: an answer by itself, or a rule with the answers that it joins."""

    code: str
    said: list[Said]
    rule: Rule | None = None


@dataclass(frozen=True)
class TopicLevel:
    code: str
    title: str
    level: int

    @property
    def level_label(self) -> Any:
        return Risk(self.level).label


@dataclass(frozen=True)
class Why:
    """Both risks, and all that explains them."""

    inherent: int
    residual: int
    reasons: list[Because]
    topics: list[TopicLevel]
    held: list[Said]
    explained: list[Rule]
    proposed: Rule | None
    is_taken: bool
    changes: list[tuple[RiskChange, bool]]

    @property
    def inherent_label(self) -> Any:
        return Risk(self.inherent).label

    @property
    def residual_label(self) -> Any:
        return Risk(self.residual).label


def said(sheet: Sheet, code: str) -> Said:
    """The answer to a question as it stands; a fact of the case (in small letters) is
    told the same way."""
    question = sheet.pack.by_code.get(code)
    answer = sheet.answers.get(code) or sheet.last.get(code)
    if question is None:
        values = sheet.facts.get(code, ())
        return Said("", FACTS.get(code, code), [FACT_VALUES.get(v, v) for v in values])
    return replace(
        as_told(sheet.pack, code, answer.options if answer else ()),
        answer=answer,
        facts=facts_of(question, answer),
        evidence=sheet.evidence.get(code, []),
    )


def as_told(pack: Pack, code: str, options: Iterable[str]) -> Said:
    """A question with options that were chosen once."""
    question, chosen = pack.by_code.get(code), frozenset(options)
    if question is None:
        return Said(code, code, sorted(chosen))
    found = [option for option in question.options if option.code in chosen]
    return Said(code, question.text, found, question.level_of(chosen))


def because(sheet: Sheet, code: str) -> Because:
    """The reason that has this code: a question, or a rule."""
    rule = next((rule for rule in sheet.pack.rules if rule.code == code), None)
    if rule is None:
        return Because(code, [said(sheet, code)])
    given = sheet.given
    return Because(code, [said(sheet, n) for n in names_in(rule) if n in given], rule)


def names_in(rule: Rule) -> list[str]:
    """The questions and facts that a rule joins."""
    tests = rule.condition.tests() if rule.condition else ()
    return list(dict.fromkeys(test.name for test in tests))


@register.simple_tag
def risk_why(sheet: Sheet) -> Why:
    """As it stands now; of a frozen assessment as it was frozen."""
    assessment, weighing = sheet.assessment, sheet.weighing
    frozen = assessment.is_frozen
    residual = assessment.risk if frozen else sheet.residual
    proposed = weighing.proposed
    return Why(
        inherent=assessment.inherent if frozen else weighing.inherent,
        residual=residual,
        reasons=[because(sheet, reason.code) for reason in weighing.because],
        topics=_topics(sheet, weighing.topics),
        held=[said(sheet, code) for code in weighing.held],
        explained=[rule for rule in weighing.rules if rule.only_explains],
        proposed=proposed,
        is_taken=bool(frozen and proposed and residual >= proposed.proposes),
        changes=[
            (change, not change.is_lowering or sheet.stands(change, weighing))
            for change in sheet.risk_changes
        ],
    )


def _topics(sheet: Sheet, levels: dict[str, int]) -> list[TopicLevel]:
    """The answered topics, the highest first; nothing answered is below low."""
    found = [
        TopicLevel(topic.code, topic.text, max(levels[topic.code], Risk.LOW))
        for topic in sheet.pack.topics
        if topic.code in levels
    ]
    return sorted(found, key=lambda topic: -topic.level)


# Small words of the events -----------------------------------------------------------
@register.filter
def adviser_label(role: str) -> Any:
    """The pack's role code as the role of a person."""
    held = ROLES_OF.get(role, ())
    return Role(held[0]).label if held else role


@register.filter
def conclusion_label(value: str) -> Any:
    return Conclusion(value).label if value else ""


@register.filter
def result_label(value: str) -> Any:
    return GateResult(value).label if value else ""
