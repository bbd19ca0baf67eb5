"""What questions and rules ask of other answers: known names, no circles, and never
that a riskier answer lowers the risk or a country decides alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from register.choices import AgreementKind, CaseType
from workflows.choices import Moment
from workflows.questions import circles, conditions
from workflows.questions.conditions import Chosen, Condition
from workflows.questions.faults import Finding, Path
from workflows.questions.pack import LEVELS
from workflows.questions.parts import Draft, Part, label
from workflows.questions.shapes import one_of

LONGEST, DEEPEST = 1000, 10
FACT_VALUES: dict[str, set[str]] = {
    "type": set(CaseType.values),
    "agreement": {"any", *AgreementKind.values},
    "funder": {"named"},
}


@dataclass(frozen=True)
class Dependent:
    """A follow-up or a rule, and the condition on which it depends."""

    part: Part
    path: Path
    condition: Condition

    @property
    def is_rule(self) -> bool:
        return self.part.kind == "rule"

    @property
    def may_raise(self) -> bool:
        """Everything but a rule that only explains."""
        told = self.part.told
        return not self.is_rule or "raise_to" in told or "propose" in told

    def found(self, what: str, do: str) -> Finding:
        return Finding(self.path, what, do)


def findings(draft: Draft) -> Iterator[Finding]:
    dependents = []
    for part, key in _conditional(draft):
        try:
            condition = parsed(part.told[key])
        except conditions.NotACondition as error:
            yield _unreadable(part.at(key), error)
        else:
            dependents.append(Dependent(part, part.at(key), condition))
    follow_ups = {
        each.part.code: each
        for each in dependents
        if draft.by_code.get(each.part.code) is each.part
    }
    yield from circles.findings(
        {code: _names_in(each.condition) for code, each in follow_ups.items()},
        {code: each.path for code, each in follow_ups.items()},
    )
    for dependent in dependents:
        yield from _of(draft, dependent)


def _conditional(draft: Draft) -> Iterator[tuple[Part, str]]:
    for parts, key in ((draft.questions, "show_if"), (draft.rules, "if")):
        yield from ((p, key) for p in parts if p.is_sound and key in p.told)


def parsed(text: str) -> Condition:
    """The condition; one that is too long or too deep to be meant is not read."""
    if len(text) > LONGEST or _depth(text) > DEEPEST:
        raise conditions.NotACondition(gettext("it is too long or too deep"))
    return conditions.parse(text)


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def _unreadable(path: Path, error: conditions.NotACondition) -> Finding:
    return Finding(
        path,
        gettext("The condition cannot be read: %(why)s.") % {"why": error},
        gettext("Write it like “EXP-1 in (yes, unsure) and TEC-1 not in (no)”."),
    )


def _of(draft: Draft, dependent: Dependent) -> Iterator[Finding]:
    """What is wrong with one condition. Whether it can hold is asked only of one whose
    names are all known."""
    names = [
        finding
        for test in dependent.condition.tests()
        for finding in _names(draft, dependent, test)
    ]
    yield from names
    if names:
        return
    for test in dependent.condition.tests():
        yield from falling_away(draft, dependent, test)
    yield from never(draft, dependent)
    yield from country_alone(draft, dependent)


def _names(draft: Draft, dependent: Dependent, test: Chosen) -> Iterator[Finding]:
    question = draft.by_code.get(test.name)
    if question is None and test.name not in conditions.FACTS:
        yield dependent.found(
            gettext("%(part)s is not known here.")
            % {"part": label("question", test.name)},
            gettext("Write the code of a question of this pack, or take the rule out.")
            if dependent.is_rule
            else gettext(
                "Write the code of a question of this pack, or take the condition out."
            ),
        )
        return
    if question is None or question.is_sound:
        known = _answers(question, test.name)
        for option in sorted(test.options - known):
            yield dependent.found(
                gettext("%(name)s has no answer “%(option)s”.")
                % {"name": test.name, "option": option},
                one_of(sorted(known))
                if known
                else gettext("It has none to choose; take the condition out."),
            )


def _answers(question: Part | None, name: str) -> set[str]:
    """What may be chosen there."""
    if question is None:
        return FACT_VALUES[name]
    return {option.code for option in question.of("option")}


def _names_in(condition: Condition) -> list[str]:
    return list(dict.fromkeys(test.name for test in condition.tests()))


def levels(question: Part) -> dict[str, int]:
    """The level of each option; 0 of a harmless one."""
    return {
        option.code: int(LEVELS.get(option.told.get("level", ""), 0))
        for option in question.of("option")
    }


def falling_away(draft: Draft, dependent: Dependent, test: Chosen) -> Iterator[Finding]:
    """A riskier answer must not take a question or a rule away."""
    question = draft.by_code.get(test.name)
    if not (question and question.is_sound and dependent.may_raise):
        return
    level = levels(question)
    if riskier := _lost(test, level, question.told.get("kind", "one") == "one"):
        names = {
            "what": dependent.part if dependent.is_rule else dependent.part.code,
            "question": test.name,
            "options": ", ".join(riskier),
        }
        yield dependent.found(
            gettext(
                "%(what)s disappears when %(question)s is answered more riskily "
                "(%(options)s)."
            )
            % names,
            gettext("Let the condition hold for every riskier answer as well."),
        )


def _lost(test: Chosen, level: dict[str, int], is_one: bool) -> list[str]:
    """The options that are riskier than one that fulfils the test, and do not. Where
    several may be chosen, a further answer can only take away what is negated."""
    fulfilling = {code for code in level if (code in test.options) != test.negated}
    if not is_one:
        fulfilling = set(level) if not test.negated else fulfilling
        return [code for code in level if code not in fulfilling and level[code]]
    least = min((level[code] for code in fulfilling), default=len(LEVELS))
    return [c for c in level if c not in fulfilling and level[c] > least]


def holds(condition: Condition, possible: Callable[[Chosen], bool]) -> bool:
    """Whether it can hold where just these tests can. Tests are never denied from
    outside, so more that are possible never make it fail."""
    if isinstance(condition, conditions.Several):
        quantifier = all if condition.needs_all else any
        return quantifier(holds(part, possible) for part in condition.parts)
    assert isinstance(condition, Chosen)
    return possible(condition)


def never(draft: Draft, dependent: Dependent) -> Iterator[Finding]:
    """What is never asked together cannot depend on each other."""
    if any(not q.is_sound for q in _tested(draft, dependent.condition)):
        return
    apart = [] if dependent.is_rule else _apart(draft, dependent)
    for question in apart:
        names = {"code": dependent.part.code, "question": question.code}
        yield dependent.found(
            gettext("%(question)s is never asked together with %(code)s.") % names,
            gettext("Let them share a moment and a case type."),
        )
    if not apart and not any(
        holds(dependent.condition, _asked_at(draft, at)) for at in _times(dependent)
    ):
        yield dependent.found(
            gettext("The condition of %(code)s can never hold.")
            % {"code": dependent.part.code},
            gettext("Its questions must share a moment and a case type."),
        )


def _tested(draft: Draft, condition: Condition) -> list[Part]:
    names = _names_in(condition)
    return [draft.by_code[name] for name in names if name in draft.by_code]


def _apart(draft: Draft, dependent: Dependent) -> list[Part]:
    times = set(_times(dependent))
    tested = _tested(draft, dependent.condition)
    return [question for question in tested if not times & set(asked(question))]


def asked(question: Part) -> list[tuple[str, str]]:
    """The moments and case types at which it is asked."""
    told = question.told
    return [(m, c) for m in told["moments"] for c in told["case_types"]]


def _times(dependent: Dependent) -> list[tuple[str, str]]:
    if not dependent.is_rule:
        return asked(dependent.part)
    return [(moment, kind) for moment in Moment.values for kind in CaseType.values]


def _asked_at(draft: Draft, time: tuple[str, str]) -> Callable[[Chosen], bool]:
    def possible(test: Chosen) -> bool:
        if test.name in draft.by_code:
            return time in asked(draft.by_code[test.name])
        return test.name != "type" or (time[1] in test.options) != test.negated

    return possible


def country_alone(draft: Draft, dependent: Dependent) -> Iterator[Finding]:
    """A country warns; it never lifts a case by itself (question catalogue 1.1)."""
    if not (dependent.is_rule and dependent.may_raise):
        return

    def possible(test: Chosen) -> bool:
        """What is known of every case adds nothing to the country."""
        if test.name in conditions.FACTS:
            return True
        question = draft.by_code.get(test.name)
        return bool(question and question.told.get("country_fact"))

    if holds(dependent.condition, possible):
        yield dependent.found(
            gettext("%(rule)s would decide on the country alone (K10).")
            % {"rule": dependent.part},
            gettext("Join it with an answer about the cooperation or the partner."),
        )
