"""The assessments of a case as they are read: the newest in full, older ones folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from register.choices import Risk
from register.models import User
from workflows import policies
from workflows.models import Answer, Assessment, Case, Evidence, OpenPoint
from workflows.questions.asking import by_topic
from workflows.questions.pack import Pack, Question
from workflows.services.reading import whole_sheets_of
from workflows.sheets import Sheet


@dataclass(frozen=True)
class AnswerRead:
    question: Question
    answer: Answer
    level: int
    # Who would have to confirm it, in words.
    role: str
    evidence: list[Evidence]

    @property
    def level_label(self) -> Any:
        return Risk(self.level).label


@dataclass(frozen=True)
class TopicRead:
    code: str
    title: Any
    level: int
    answers: list[AnswerRead]

    @property
    def level_label(self) -> Any:
        return Risk(self.level).label


class AssessmentRead:
    """One assessment, in the words of its own pack."""

    def __init__(self, sheet: Sheet, version: int, *, is_corrected: bool):
        self.sheet = sheet
        self.version = version
        self.is_corrected = is_corrected
        self.assessment: Assessment = sheet.assessment
        self.pack: Pack = sheet.pack

    @property
    def corrects(self) -> int:
        return self.version - 1

    @property
    def is_whole(self) -> bool:
        return len(self.answered) == len(self.asked)

    @cached_property
    def asked(self) -> list[Question]:
        return self.sheet.asked

    @cached_property
    def answered(self) -> list[Question]:
        return [one for one in self.asked if one.code in self.sheet.answers]

    @cached_property
    def people(self) -> list[User]:
        """Whoever answered a question that is asked, in the order of the answers."""
        answers = [self.sheet.answers[question.code] for question in self.answered]
        answers.sort(key=lambda answer: (answer.answered_at, answer.pk))
        return list({one.answered_by_id: one.answered_by for one in answers}.values())

    @property
    def risk_label(self) -> Any:
        return self.assessment.get_risk_display()  # type: ignore[attr-defined]

    @cached_property
    def topics(self) -> list[TopicRead]:
        levels = self.sheet.weighing.topics
        topics = by_topic(self.pack, self.answered)
        return [
            TopicRead(
                topic.code,
                topic.text,
                levels.get(topic.code, 0),
                [self._read(question) for question in topics[topic.code]],
            )
            for topic in self.pack.topics
            if topic.code in topics
        ]

    @cached_property
    def set_aside(self) -> list[AnswerRead]:
        """Answers that do not count: to follow-ups that are no longer asked."""
        asked = {question.code for question in self.asked}
        return [
            self._read(self.pack.by_code[code])
            for code in self.sheet.answers
            if code not in asked and code in self.pack.by_code
        ]

    def _read(self, question: Question) -> AnswerRead:
        answer = self.sheet.answers[question.code]
        return AnswerRead(
            question,
            answer,
            question.level_of(answer.chosen),
            ", ".join(self.pack.role(role) for role in question.roles),
            self.sheet.evidence.get(question.code, []),
        )

    @cached_property
    def points(self) -> list[tuple[OpenPoint, str]]:
        """Each with the text of its question."""
        known = self.pack.by_code
        return [
            (point, known[point.question].text)
            for point in self.assessment.points.all()
            if point.question in known
        ]


def assessments_of(case: Case, user: User) -> dict[str, Any]:
    """The assessments, newest first; nothing for whoever still assesses blindly."""
    if policies.is_blind(case, user):
        return {"blind": policies.STILL_BLIND, "assessments": []}
    rows: QuerySet[Assessment] = case.assessments.all()
    sheets = whole_sheets_of(rows)
    versions = versions_of([sheet.assessment for sheet in sheets])
    corrected = {sheet.assessment.supersedes_id for sheet in sheets}
    return {
        "assessments": [
            AssessmentRead(sheet, versions[pk], is_corrected=pk in corrected)
            for sheet in sheets
            if (pk := sheet.assessment.pk)
        ]
    }


def versions_of(newest_first: Sequence[Assessment]) -> dict[int, int]:
    """A correction is the next version of what it supersedes."""
    versions: dict[int, int] = {}
    for assessment in reversed(newest_first):
        before = versions.get(assessment.supersedes_id or 0, 0)
        versions[assessment.pk] = before + 1
    return versions
