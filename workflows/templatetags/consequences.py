"""What the answers brought about, in the words of readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template

from register.models import User
from workflows import policies
from workflows.choices import ActionKind
from workflows.models import Assessment, Gate, Opinion
from workflows.questions.pack import Action, Pack
from workflows.sheets import Sheet
from workflows.templatetags.risk import Because, Said, as_told, because, names_in, said

register = template.Library()


@dataclass(frozen=True)
class Fired:
    """An action that the answers brought about, and which ones."""

    action: Action
    because: list[Because]


@dataclass(frozen=True)
class OpenedGate:
    """A gate with what opened it, as it was answered then. changed: what the same
    questions say now, where that is something else. refusal: why a person may not
    clear it."""

    gate: Gate
    because: list[Because]
    changed: list[Said]
    who: str
    refusal: Any = None


@dataclass(frozen=True)
class Consequences:
    """opinions: each with its adviser. fired: by group. coming: advisers and gates
    that wait until the case is sent."""

    assessment: Assessment
    opinions: list[tuple[Opinion, str]]
    gates: list[OpenedGate]
    fired: dict[str, list[Fired]]
    coming: list[Fired]

    def __bool__(self) -> bool:
        return bool(self.opinions or self.gates or self.coming) or any(
            self.fired.values()
        )


GROUPS = {
    "stops": (ActionKind.STOP,),
    "states": (ActionKind.STATE,),
    "conditions": (ActionKind.CONDITION, ActionKind.MITIGATION),
    "levels": (ActionKind.ESCALATE,),
    "reviews": (ActionKind.SCHEDULE,),
    "tasks": (ActionKind.TASK,),
}
AFTER_SENDING = (ActionKind.ASSIGN, ActionKind.GATE)


@register.simple_tag
def consequences_of(about: Sheet | Assessment) -> Consequences:
    """Of an open assessment as the answers stand, of a frozen one as it was frozen."""
    sheet = about if isinstance(about, Sheet) else Sheet(about)
    fired = _fired(sheet)
    waits = sheet.case.state in policies.UNSENT
    return Consequences(
        assessment=sheet.assessment,
        opinions=[(each, sheet.pack.role(each.role)) for each in _opinions(sheet)],
        gates=[opened_gate(gate, sheet) for gate in _gates(sheet)],
        fired={
            name: [each for each in fired if each.action.kind in kinds]
            for name, kinds in GROUPS.items()
        },
        coming=[e for e in fired if waits and e.action.kind in AFTER_SENDING],
    )


def _fired(sheet: Sheet) -> list[Fired]:
    assessment, why = sheet.assessment, sheet.weighing.actions
    return [
        Fired(sheet.pack.actions[code], [because(sheet, c) for c in why.get(code, ())])
        for code in (assessment.actions if assessment.is_frozen else why)
        if code in sheet.pack.actions
    ]


def _opinions(sheet: Sheet) -> Iterable[Opinion]:
    if sheet.assessment.pk is None:
        return ()
    asked = sheet.assessment.opinions.select_related("given_by")
    return asked.prefetch_related("evidence__document")


def _gates(sheet: Sheet) -> list[Gate]:
    """Those that this assessment opened, and older ones that still stand open."""
    begun, mine = sheet.assessment.begun_at, sheet.assessment.pk
    return [
        gate
        for gate in sheet.case.gates.select_related(*SHOWN)
        if gate.assessment_id == mine
        or (gate.is_open and begun is not None and gate.opened_at <= begun)
    ]


SHOWN = ("assessment__catalogue", "opened_by", "cleared_by")


def opened_gate(gate: Gate, sheet: Sheet, user: User | None = None) -> OpenedGate:
    """For `user` with the sentence why they may not clear it."""
    pack = gate.assessment.catalogue.pack
    then = _as_written(gate)
    return OpenedGate(
        gate=gate,
        because=_openers(pack, then),
        changed=[
            said(sheet, code)
            for code, options in then.items()
            if (now := sheet.answers.get(code)) and now.chosen != options
        ],
        who=", ".join(pack.role(code) for code in gate.action.cleared_by),
        refusal=policies.why_not_clear(sheet.case, gate, user) if user else None,
    )


def _as_written(gate: Gate) -> dict[str, frozenset[str]]:
    """What opened it, by code: “EXP-1 = yes, unsure” as it was then; a rule has no
    options."""
    parts = (told.partition(" = ") for told in gate.because)
    return {
        code: frozenset(filter(None, options.split(", ")))
        for code, _is, options in parts
    }


def _openers(pack: Pack, then: dict[str, frozenset[str]]) -> list[Because]:
    """Each rule with the answers that it joined; then the answers by themselves."""
    rules = [rule for rule in pack.rules if rule.code in then]
    joined = {
        rule.code: [name for name in names_in(rule) if name in then] for rule in rules
    }
    alone = set(then) - set(joined) - {n for names in joined.values() for n in names}
    return [
        *(
            Because(
                rule.code, [as_told(pack, n, then[n]) for n in joined[rule.code]], rule
            )
            for rule in rules
        ),
        *(
            Because(code, [as_told(pack, code, options)])
            for code, options in then.items()
            if code in alone
        ),
    ]
