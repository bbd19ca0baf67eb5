"""What a delegation table would change: counted before it is published, and without a
word about any single case, as whoever keeps the table sees none. Read only."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from register.choices import AgreementStatus, Risk, UnitKind
from register.choices import CaseState as S
from register.models import Agreement, Unit
from workflows.models import Case, Decision, DelegationTable
from workflows.policies.delegating import line_for

# What may still be decided: asked about anew, or about to go on.
STILL_DECIDED = (S.PROPOSED, S.ASSESSED, S.APPROVED, S.UNDER_REVIEW, S.SUSPENDED)

# Risk, case type, kinds of the agreements.
Facts = tuple[int, str, frozenset[str]]


@dataclass
class Shift:
    """Cases of one risk that would be decided at `after` instead of at `before` (kinds
    of units); at the same level where only the recommending or the advice differs."""

    risk: int
    before: str
    after: str
    cases: int = 0
    recommended: int = 0
    advised: int = 0

    @property
    def risk_label(self) -> Any:
        return Risk(self.risk).label

    @property
    def before_label(self) -> Any:
        return UnitKind(self.before).label

    @property
    def after_label(self) -> Any:
        return UnitKind(self.after).label if self.after else ""


@dataclass(frozen=True)
class Rehearsal:
    """cases: how many were looked at; against: the table that it would take over."""

    against: DelegationTable
    cases: int
    shifts: list[Shift]

    @property
    def changed(self) -> int:
        return sum(shift.cases for shift in self.shifts)


def rehearse(table: DelegationTable, today: date) -> Rehearsal:
    """Hold the open cases of the institution against a draft and against the table that
    would be in force on its day without it."""
    assert table.institution is not None
    day = max(table.valid_from or today, today)
    against = DelegationTable.objects.in_force(table.institution, day)
    old, new = list(against.rules.all()), list(table.rules.all())
    shifts: dict[tuple[int, str, str], Shift] = {}
    counted = Counter(facts_of_open_cases(table.institution))
    for (risk, case_type, kinds), number in counted.items():
        facts: dict[str, Any] = {"case_type": case_type, "kinds": kinds, "risk": risk}
        before, after = line_for(old, **facts), line_for(new, **facts)
        if before is None or _told(before) == _told(after):
            continue
        key = (max(risk, Risk.LOW), before.decides, after.decides if after else "")
        shift = shifts.setdefault(key, Shift(*key))
        shift.cases += number
        if after:
            shift.recommended += number * (_speakers(before) != _speakers(after))
            shift.advised += number * (before.opinions != after.opinions)
    order = sorted(shifts.values(), key=lambda each: (-each.risk, each.before))
    return Rehearsal(against, sum(counted.values()), order)


def _told(rule: Any) -> Any:
    return rule and (rule.decides, _speakers(rule), rule.opinions)


def _speakers(rule: Any) -> frozenset[str]:
    return frozenset(rule.recommends)


def facts_of_open_cases(institution: Unit) -> Iterator[Facts]:
    """Of each case that is not decided by another table already. What is proposed and
    not assessed yet has no risk that a table could speak of."""
    asked = Decision.objects.filter(
        case=OuterRef("pk"), decided_at=None, withdrawn_at=None
    )
    cases = (
        Case.objects.filter(
            ~Exists(asked),
            unit__path__startswith=institution.path,
            state__in=STILL_DECIDED,
        )
        .exclude(state=S.PROPOSED, risk=Risk.NONE)
        .order_by()
    )
    links = Agreement.cooperations.through.objects.exclude(
        agreement__status=AgreementStatus.ENDED
    ).filter(cooperation__in=cases.values("pk"))
    kinds: dict[int, set[str]] = defaultdict(set)
    for key, kind in links.values_list("cooperation", "agreement__kind"):
        kinds[key].add(kind)
    for key, risk, case_type in cases.values_list("pk", "risk", "case_type"):
        yield risk, case_type, frozenset(kinds.get(key, ()))
