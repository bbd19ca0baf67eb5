"""Those who assess for themselves: what they are asked, and how far apart they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from register.choices import Risk
from workflows.models import Answer, Assessment, Assessor
from workflows.questions.pack import Question
from workflows.questions.weighing import weigh
from workflows.sheets import Sheet


class BlindSheet(Sheet):
    """The questions that are asked, with nobody's answers on them: not the case's, not
    last time's, and nothing chosen because of what the register says."""

    def __init__(self, assessment: Assessment):
        super().__init__(assessment)
        self.questions = super().asked
        self.answers, self.last = {}, {}
        self.evidence = {}

    @property
    def asked(self) -> list[Question]:
        return self.questions

    def prefill_of(self, question: Question) -> None:
        return None


@dataclass(frozen=True)
class Cell:
    """One person's answer, and the level that it gives."""

    answer: Answer | None
    level: int

    @property
    def level_label(self) -> str:
        return str(Risk(self.level).label) if self.answer and self.level else ""


@dataclass(frozen=True)
class Spread:
    """One question: the case's answer first, then each assessor's."""

    question: Question
    cells: Sequence[Cell]

    @property
    def levels(self) -> list[int]:
        return [cell.level for cell in self.cells if cell.answer]

    @property
    def lowest(self) -> str:
        return _level(min(self.levels, default=0))

    @property
    def highest(self) -> str:
        return _level(max(self.levels, default=0))

    @property
    def is_apart(self) -> bool:
        """They see different risks."""
        return len(set(self.levels)) > 1

    @property
    def differs(self) -> bool:
        """They chose different answers."""
        return len({cell.answer.chosen for cell in self.cells if cell.answer}) > 1


def _level(level: int) -> str:
    return str(Risk(level or Risk.LOW).label)


@dataclass(frozen=True)
class SideBySide:
    """All of them: each assessor with the risk that their answers give by themselves,
    and the questions in their order."""

    assessors: Sequence[tuple[Assessor, str]]
    waiting: Sequence[Assessor]
    case_risk: str
    rows: Sequence[Spread]

    @property
    def apart(self) -> int:
        return sum(row.is_apart for row in self.rows)

    @property
    def parts(self) -> list[tuple[bool, list[Spread]]]:
        """Where they differ, and where they do not."""
        return [
            (differs, [r for r in self.rows if r.differs == differs])
            for differs in (True, False)
        ]


def side_by_side(assessment: Assessment) -> SideBySide:
    """What those who have handed in answered, beside the answers of the case."""
    sheet = Sheet(assessment)
    people = list(assessment.assessors.select_related("user"))
    handed_in = [one for one in people if one.handed_in_at]
    theirs: list[dict[str, Answer]] = [{} for _one in handed_in]
    places = {one.pk: place for place, one in enumerate(handed_in)}
    for answer in assessment.answers.filter(assessor__in=handed_in):
        theirs[places[answer.assessor_id or 0]][answer.question] = answer
    everybody = [sheet.answers, *theirs]
    rows = [
        Spread(q, [_cell(q, answers.get(q.code)) for answers in everybody])
        for q in sheet.scope.questions
        if any(q.code in answers for answers in theirs)
    ]
    return SideBySide(
        assessors=[
            (one, _risk_of(sheet, answers))
            for one, answers in zip(handed_in, theirs, strict=True)
        ],
        waiting=[one for one in people if not one.handed_in_at],
        case_risk=_risk_of(sheet, sheet.answers),
        rows=rows,
    )


def _cell(question: Question, answer: Answer | None) -> Cell:
    return Cell(answer, int(question.level_of(answer.chosen)) if answer else 0)


def _risk_of(sheet: Sheet, answers: dict[str, Answer]) -> str:
    given = sheet.facts | {code: one.chosen for code, one in answers.items()}
    return str(Risk(weigh(sheet.scope, given).inherent).label)
