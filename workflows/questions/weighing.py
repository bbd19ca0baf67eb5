"""What the answers weigh. The highest decides; nothing is added up or averaged
(question catalogue 1.1). Pure: the same answers give the same risk in every order.

A fact about a country never lifts the case by itself, nor does a list of countries: its
level stands on its topic, chooses the track and calls advisers, but the case is lifted
only by what the cooperation is about, by who the partner is, or by a rule that joins
the country with one of these (rule K10; requirement 19).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from register.choices import Risk
from workflows.questions.asking import Scope, counted
from workflows.questions.conditions import Given
from workflows.questions.pack import Action, Rule


@dataclass(frozen=True)
class Reason:
    """Why the risk is what it is: a question's answer, or a rule and its answers."""

    code: str
    level: int
    answers: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Weighing:
    """levels: by question. topics: the highest of each. held: facts about a country
    that would be higher than the case. actions: what fires, and the codes why."""

    inherent: int
    levels: dict[str, int]
    topics: dict[str, int]
    because: tuple[Reason, ...]
    rules: tuple[Rule, ...]
    held: tuple[str, ...]
    actions: dict[str, tuple[str, ...]]

    @property
    def proposed(self) -> Rule | None:
        """The rule that proposes a higher risk than the answers give, if one does."""
        higher = (rule for rule in self.rules if rule.proposes > self.inherent)
        return max(higher, key=lambda rule: rule.proposes, default=None)

    @property
    def required(self) -> frozenset[str]:
        """Questions that a rule makes mandatory."""
        return frozenset(code for rule in self.rules for code in rule.requires)


def weigh(scope: Scope, given: Given) -> Weighing:
    """Weigh the answers that count."""
    known = counted(scope, given)
    answered = [question for question in scope.questions if question.code in known]
    levels = {q.code: q.level_of(known[q.code]) for q in answered}
    topics: dict[str, int] = {}
    for question in answered:
        level = max(topics.get(question.topic, 0), levels[question.code])
        topics[question.topic] = level
    rules = tuple(rule for rule in scope.pack.rules if fires(rule, known, topics))
    country = [q.code for q in answered if q.is_country_fact]
    reasons = [
        *(
            Reason(code, level, _told(known, [code]))
            for code, level in levels.items()
            if code not in country and level
        ),
        *(Reason(r.code, r.raises_to, _answers_of(r, known)) for r in rules),
    ]
    inherent = max([Risk.LOW, *(reason.level for reason in reasons)])
    return Weighing(
        inherent=int(inherent) if answered else int(Risk.NONE),
        levels=levels,
        topics=topics,
        because=tuple(r for r in reasons if r.level == inherent and r.level > Risk.LOW),
        rules=rules,
        held=tuple(code for code in country if levels[code] > inherent),
        actions=_actions(scope, levels, rules),
    )


def fires(rule: Rule, known: Given, topics: dict[str, int]) -> bool:
    if rule.condition is not None:
        return rule.condition.holds(known)
    at_level = sum(level >= rule.topics_at for level in topics.values())
    return at_level >= rule.topics_count


def _answers_of(rule: Rule, known: Given) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = [test.name for test in rule.condition.tests()] if rule.condition else []
    return _told(known, [name for name in names if name in known])


def _told(known: Given, codes: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((code, tuple(sorted(known[code]))) for code in codes)


def _actions(
    scope: Scope, levels: dict[str, int], rules: tuple[Rule, ...]
) -> dict[str, tuple[str, ...]]:
    """An action fires when its question reaches the action's own level, or with a rule
    that names it (question catalogue 1.4, 1.6)."""
    fired: dict[str, list[str]] = {}
    for action, code in _fired(scope, levels, rules):
        fired.setdefault(action.code, []).append(code)
    return {code: tuple(dict.fromkeys(because)) for code, because in fired.items()}


def _fired(
    scope: Scope, levels: dict[str, int], rules: tuple[Rule, ...]
) -> Iterator[tuple[Action, str]]:
    actions = scope.pack.actions
    for code, level in levels.items():
        for name in scope.pack.by_code[code].actions:
            if level >= actions[name].fires_at:
                yield actions[name], code
    for rule in rules:
        for name in rule.actions:
            yield actions[name], rule.code
