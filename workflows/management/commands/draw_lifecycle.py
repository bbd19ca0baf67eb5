"""Draw the machine and its policies into docs/domain, from the code itself.

The pages keep their prose; only what stands between the two marks is drawn anew.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from register.choices import CaseState, Confidentiality, Risk, Role, UnitKind
from register.models import Held, Unit, User
from workflows.choices import ROLES_OF, Blocks, Verb
from workflows.models.case import possible_in, transitions
from workflows.policies import why_not

BEGIN, END = "<!-- drawn from the code by `make diagram` -->", "<!-- end -->"
OPEN, ALREADY, REFUSED = "●", "=", "·"

Cells = tuple[str | None, ...]
Table = dict[tuple[Verb, str], Cells]


class Command(BaseCommand):
    help = "Draw the life of a case and the table of roles into docs/domain."

    def handle(self, *args: Any, **options: Any) -> None:
        for path, text in pages().items():
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"Drawn: {path.relative_to(settings.BASE_DIR)}")


def pages() -> dict[Path, str]:
    """Each page as it should stand, by its path."""
    folder = settings.BASE_DIR / "docs" / "domain"
    drawers = {"case-lifecycle.md": draw_lifecycle, "roles.md": draw_roles}
    with override("en"):
        return {
            folder / name: _between_marks(folder / name, draw())
            for name, draw in drawers.items()
        }


def _between_marks(path: Path, drawn: str) -> str:
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{drawn}\n\n{END}{after}"


def draw_lifecycle() -> str:
    return "\n".join([*_diagram(), "", *_pairs()])


def _diagram() -> Iterator[str]:
    yield from ("```mermaid", "stateDiagram-v2", "    [*] --> draft")
    for verb in Verb:
        if verb not in transitions():
            continue
        sources, target = transitions()[verb]
        for source in CaseState.values:
            if source in sources:
                yield f"    {source} --> {target}: {verb.label}"
    yield from (f"    {state} --> [*]" for state in CaseState.ENDED)
    yield "```"


def _pairs() -> Iterator[str]:
    yield _row(["", *(str(state.label) for state in CaseState)])
    yield _row(["---", *(":-:" for _ in CaseState)])
    for verb in Verb:
        yield _row([str(verb.label), *(machine_says(s, verb) for s in CaseState)])


def machine_says(state: str, verb: str) -> str:
    """Possible, done already, or refused, whoever asks."""
    if state in possible_in(verb):
        return OPEN
    is_done = verb in transitions() and transitions()[verb][1] == state
    return ALREADY if is_done else REFUSED


# Who may: the policies are asked about one person (1) and a case of somebody else (2).
PERSON, SOMEBODY_ELSE = 1, 2
UNIT = Unit(path="1.", kind=UnitKind.INSTITUTION)
PACK = SimpleNamespace(role=lambda code: code)
GATE = SimpleNamespace(
    assessment=SimpleNamespace(catalogue=SimpleNamespace(pack=PACK)),
    opened_by_id=SOMEBODY_ELSE,
    action=SimpleNamespace(
        title="…", text="…", cleared_by=tuple(ROLES_OF), blocks=Blocks.APPROVAL
    ),
)
LINE = SimpleNamespace(
    table=SimpleNamespace(published_by_id=None),
    decides="department",
    recommends=["institution"],
    opinions="none",
    what="low risk",
)
SPOKEN = SimpleNamespace(level="institution", recommended_by_id=SOMEBODY_ELSE)
# The eight specialists may the same, each in their own field: one stands for all.
COLUMNS = {
    role: str(role.label) for role in Role if role not in Role.SPECIALISTS[1:]
} | {Role.EXPORT_ADVISER: "Specialist adviser"}
PARTS: dict[str, dict[str, Any]] = {
    "The person proposed the cooperation, or answers for it": {
        "proposer_id": PERSON,
        "own_people": frozenset({PERSON}),
    },
    "The person answered for it earlier": {"own_people": frozenset({PERSON})},
    "The person has not declared their interests": {"declared": {}},
    "The person has declared a conflict of interest": {"declared": {PERSON: True}},
    "The person helped to prepare the decision": {
        "traces": [(Verb.ANSWER, PERSON, None, 1)],
    },
    "A deputy of the person helped to prepare the decision": {
        "traces": [(Verb.ANSWER, SOMEBODY_ELSE + 1, PERSON, 1)],
    },
    "The person owns the condition": {
        "open_conditions": [SimpleNamespace(owner_id=PERSON, set_by_id=SOMEBODY_ELSE)],
    },
    "The person set the condition": {
        "open_conditions": [SimpleNamespace(owner_id=SOMEBODY_ELSE, set_by_id=PERSON)],
    },
    "The case is restricted": {"confidentiality": Confidentiality.RESTRICTED},
    "The case is restricted, and the person is named on it": {
        "confidentiality": Confidentiality.RESTRICTED,
        "readers": frozenset({PERSON}),
    },
    "The person completed the assessment": {
        "last_assessment": SimpleNamespace(
            completed_by_id=PERSON, decided_at="", stops=[]
        ),
    },
    "The person asked for the decision": {
        "open_decision": SimpleNamespace(asked_by_id=PERSON),
    },
    "The person gave the notice": {
        "termination": SimpleNamespace(noticed_by_id=PERSON),
    },
    "The person proposed the lower risk": {
        "pending_lowering": SimpleNamespace(proposed_by_id=PERSON),
    },
    "The person assesses blind and has not handed in": {
        "blind_assessors": frozenset({PERSON}),
    },
    "The person's answer opened the gate": {
        "open_gates": [SimpleNamespace(**vars(GATE) | {"opened_by_id": PERSON})],
    },
    "A gate stands open": {"open_gates": [GATE]},
    "The risk is critical": {"risk": Risk.CRITICAL, "rule": None},
    "Nobody has recommended it": {"recommended": []},
    "The person has recommended it": {
        "recommended": [SimpleNamespace(level="institution", recommended_by_id=PERSON)],
        "traces": [(Verb.RECOMMEND, PERSON, None, 1)],
    },
    "The person published the delegation table": {
        "rule": SimpleNamespace(
            **vars(LINE) | {"table": SimpleNamespace(published_by_id=PERSON)}
        ),
    },
}


def draw_roles() -> str:
    plain, notes = _table({}), dict[str, int]()
    lines = ["### With no part in the case", "", *_roles(plain, notes)]
    for title, part in PARTS.items():
        other = {k: cells for k, cells in _table(part).items() if cells != plain[k]}
        lines += ["", f"### {title}", "", *_roles(other, notes)]
    lines += ["", "### What is said", ""]
    lines += [f"{number}. {sentence}" for sentence, number in notes.items()]
    return "\n".join(lines)


def _table(part: dict[str, Any]) -> Table:
    """(verb, state) → for each role None, or the sentence of refusal."""
    return {
        (verb, state): tuple(_ask(verb, state, role, part) for role in COLUMNS)
        for verb in Verb
        for state in CaseState.values
        if state in possible_in(verb)
    }


def _ask(verb: Verb, state: str, role: str, part: dict[str, Any]) -> str | None:
    user = User(pk=PERSON)
    user.held = [Held(PERSON, role, UNIT.path, UNIT.kind)]
    refusal = why_not(verb, _case(verb, state, part), user)
    return None if refusal is None else str(refusal)


def _case(verb: Verb, state: str, part: dict[str, Any]) -> SimpleNamespace:
    """A case of the unit, with everything done that the verb waits for."""
    is_asked = verb != Verb.ASK_DECISION
    assessed = SimpleNamespace(completed_by_id=SOMEBODY_ELSE, decided_at="", stops=[])
    facts = {
        "state": state,
        "rule": LINE,
        "recommended": [] if verb == Verb.RECOMMEND else [SPOKEN],
        "unit": UNIT,
        "other_units": SimpleNamespace(all=list),
        "risk": Risk.LOW,
        "legacy": True,
        "confidentiality": Confidentiality.UNIT,
        "readers": frozenset(),
        "own_people": frozenset({SOMEBODY_ELSE}),
        "traces": [],
        "declared": {PERSON: False},
        "created_at": None,
        "open_conditions": [
            SimpleNamespace(owner_id=SOMEBODY_ELSE, set_by_id=SOMEBODY_ELSE)
        ],
        "proposer_id": SOMEBODY_ELSE,
        "responsible_id": SOMEBODY_ELSE,
        "case_officer_id": None,
        "open_assessment": None if verb == Verb.CLOSE else SimpleNamespace(track=""),
        "last_assessment": assessed,
        "open_decision": SimpleNamespace(asked_by_id=0) if is_asked else None,
        "coming_review": None,
        "termination": SimpleNamespace(noticed_by_id=SOMEBODY_ELSE),
        "waiting_opinions": [SimpleNamespace(role=code) for code in ROLES_OF],
        "open_gates": [GATE] if verb == Verb.CLEAR_GATE else [],
        "pending_lowering": _lowering(verb),
        "blind_assessors": frozenset({PERSON} if verb == Verb.HAND_IN else ()),
    }
    return SimpleNamespace(**facts | part)


def _lowering(verb: Verb) -> SimpleNamespace | None:
    is_proposed = verb == Verb.CONFIRM_LOWERING
    return SimpleNamespace(proposed_by_id=SOMEBODY_ELSE) if is_proposed else None


def _roles(table: Table, notes: dict[str, int]) -> Iterator[str]:
    yield _row(["", *COLUMNS.values()])
    yield _row(["---", *(":-:" for _ in COLUMNS)])
    for verb, rows in groupby(table.items(), key=lambda row: row[0][0]):
        by_cells: dict[Cells, list[str]] = {}
        for (_verb, state), cells in rows:
            by_cells.setdefault(cells, []).append(str(CaseState(state).label).lower())
        for cells, states in by_cells.items():
            label = str(verb.label)
            if len(possible_in(verb)) > len(states):
                label += f" ({', '.join(states)})"
            yield _row([label, *(_mark(cell, notes) for cell in cells)])


def _mark(cell: str | None, notes: dict[str, int]) -> str:
    return "**yes**" if cell is None else str(notes.setdefault(cell, len(notes) + 1))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
