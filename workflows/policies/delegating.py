"""Who recommends, who advises and who decides: a case held against its line of the
delegation table (workflow 6)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from register.choices import Risk, Role, UnitKind
from workflows.choices import ADVICE, OpinionsNeeded
from workflows.policies.people import counted, hands, independent

if TYPE_CHECKING:
    from register.models import User
    from workflows.policies.people import Reason

# Of the kinds of units, the lowest first.
HEIGHT = (UnitKind.DEPARTMENT, UnitKind.FACULTY, UnitKind.INSTITUTION)
# What has a line; a critical risk is never approved.
DECIDABLE = (Risk.LOW, Risk.MEDIUM, Risk.HIGH)

DECIDES = {
    UnitKind.DEPARTMENT: _("At %(what)s a decider of the department decides."),
    UnitKind.FACULTY: _("At %(what)s the faculty decides."),
    UnitKind.INSTITUTION: _("At %(what)s the institution's top management decides."),
}
SPEAKS = {
    UnitKind.DEPARTMENT: _("a leader of the unit or above it"),
    UnitKind.FACULTY: _("a leader of the faculty or above it"),
    UnitKind.INSTITUTION: _("a leader of the institution"),
    ADVICE: _("an adviser, for the advisory group"),
}
PUBLISHED = _(
    "You published the delegation table by which this is decided; another person must "
    "decide."
)


def height(kind: str) -> int:
    return HEIGHT.index(UnitKind(kind)) if kind in HEIGHT else 0


# The line ----------------------------------------------------------------------------
def line_for(
    rules: Iterable[Any],
    *,
    risk: int,
    case_type: str,
    kinds: Iterable[str],
    at_least: Any = None,
) -> Any:
    """The line that holds for such a case, or None (at critical risk).

    Of the lines that fit an agreement, that which says more: kind of agreement and case
    type, kind, case type, plain. Of several agreements the strictest line counts, so
    that no further agreement ever makes it milder. What is not assessed yet counts as
    low. at_least: a line that it never falls below.
    """
    fitting = [
        rule
        for rule in rules
        if rule.risk == (risk or Risk.LOW) and rule.case_type in ("", case_type)
    ]
    found = [] if at_least is None else [at_least]
    for kind in sorted(kinds) or [""]:
        its_own = [rule for rule in fitting if rule.agreement_kind in ("", kind)]
        if its_own:
            found.append(max(its_own, key=_says))
    return max(found, key=_strictness, default=None)


def _says(rule: Any) -> tuple[bool, bool]:
    return bool(rule.agreement_kind), bool(rule.case_type)


def _strictness(rule: Any) -> tuple[object, ...]:
    return (
        height(rule.decides),
        sorted(map(height, rule.recommends), reverse=True),
        OpinionsNeeded.values.index(rule.opinions),
        _says(rule),
    )


def named(rule: Any) -> dict[str, Any]:
    """Version and line, as an event tells them."""
    if rule is None:
        return {}
    line = {
        "version": rule.table.version,
        "risk": rule.risk,
        "case_type": rule.case_type,
        "agreement_kind": rule.agreement_kind,
        "decides": rule.decides,
    }
    return {"delegation": line}


def whats_wrong(rules: Iterable[Any]) -> "Reason":
    """Why a table cannot be published: each risk needs a line for every case, and no
    line lets a case pass without a recommendation (workflow 4)."""
    lines = list(rules)
    plain = {rule.risk for rule in lines if not any(_says(rule))}
    for risk in DECIDABLE:
        if risk not in plain:
            return _(
                "Nobody could decide at %(risk)s risk: add a line for it that holds "
                "for every case type and kind of agreement."
            ) % {"risk": str(risk.label).lower()}
    for rule in lines:
        if rule.risk not in DECIDABLE:
            return _("A critical risk is never approved; take out its line.")
        if not rule.recommends:
            return _(
                "Say who recommends at %(what)s: no case is decided without a "
                "recommendation."
            ) % {"what": rule.what}
    return None


# Who decides -------------------------------------------------------------------------
def reach(case: Any, user: "User", role: str) -> int:
    """How high the person holds the role over the case; -1 where they do not."""
    held = (
        height(each.kind)
        for each in counted(case, user)
        if each.role == role and case.unit.path.startswith(each.path)
    )
    return max(held, default=-1)


def why_not_decide(case: Any, user: "User") -> "Reason":
    """None when the person's role is high enough for the case's line."""
    rule = case.rule
    if rule is None:
        return None
    if rule.table.published_by_id in hands(case, user):
        return PUBLISHED
    if reach(case, user, Role.DECIDER) < height(rule.decides):
        return DECIDES[UnitKind(rule.decides)] % {"what": rule.what}
    return None


# Who recommends ----------------------------------------------------------------------
def still_to_speak(case: Any) -> list[str]:
    """The levels, the highest first, at which nobody has recommended or advised
    against, and `ADVICE` where an adviser's word is needed.

    A leader higher up fills a level too, and two levels need two people. What lies
    below the unit that carries the case does not exist for it.
    """
    if case.rule is None:
        return []
    lowest = height(case.unit.kind)
    wanted = {max(height(level), lowest) for level in case.rule.recommends}
    given = sorted(height(each.level) for each in _leaders(case))
    missing: list[str] = []
    for level in sorted(wanted, reverse=True):
        if given and given[-1] >= level:
            given.pop()
        else:
            missing.append(HEIGHT[level])
    return [*missing, ADVICE] if _wants_advice(case) else missing


def _leaders(case: Any) -> list[Any]:
    return [each for each in case.recommended if each.level != ADVICE]


def _wants_advice(case: Any) -> bool:
    """The advisory group's word at the highest need; where one opinion is needed and
    the answers called for none, an adviser's."""
    needed = case.rule.opinions
    if len(_leaders(case)) < len(case.recommended):
        return False
    if needed == OpinionsNeeded.ONE:
        return case.last_assessment is None or not case.last_assessment.has_opinion
    return bool(needed == OpinionsNeeded.GROUP)


def not_recommended(case: Any) -> "Reason":
    """None when everybody has spoken whom the line names; else who has not."""
    missing = still_to_speak(case)
    if not missing:
        return None
    who = ", ".join(str(SPEAKS[level]) for level in missing)
    return _("First it must be recommended, or advised against, by: %(who)s.") % {
        "who": who
    }


def recommend(case: Any, user: "User") -> "Reason":
    """A leader's word before the decision (workflow 4, 3); an adviser's where it is
    needed."""
    missing = _waited_for(case)
    advisers = [Role.ADVISER] if ADVICE in missing else []
    refusal = independent(
        case,
        user,
        *(Role.UNIT_LEADER, *advisers),
        who=_("Only a leader of the unit or above it recommends."),
    )
    if refusal:
        return refusal
    if not hands(case, user).isdisjoint(
        each.recommended_by_id for each in case.recommended
    ):
        return _(
            "You have said yours; it stands until the case is sent back or reopened."
        )
    if level_of(case, user):
        return None
    return not_recommended(case) or _("Nobody's recommendation is waited for.")


def level_of(case: Any, user: "User") -> str:
    """At which level the person's word counts: the highest that is theirs and free;
    nothing where theirs is not waited for."""
    missing, top = _waited_for(case), reach(case, user, Role.UNIT_LEADER)
    taken = {each.level for each in case.recommended}
    free = [kind for kind in HEIGHT[: top + 1] if kind not in taken]
    if free and any(level != ADVICE and height(level) <= top for level in missing):
        return free[-1]
    is_adviser = reach(case, user, Role.ADVISER) >= 0
    return ADVICE if is_adviser and ADVICE in missing else ""


def _waited_for(case: Any) -> list[str]:
    """Before the assessment is completed nobody knows the line; a leader may speak."""
    return still_to_speak(case) if case.state == "assessed" else list(HEIGHT)
