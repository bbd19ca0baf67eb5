"""The questions of an assessment, cut into pages that a person can get through."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from register.choices import Risk
from register.models import User
from workflows.choices import Track
from workflows.questions.asking import by_topic
from workflows.questions.pack import Question
from workflows.sheets import Sheet

SCREEN, MINE, ALL = "screen", "mine", "all"


@dataclass(frozen=True)
class Section:
    """Some of the questions, on a page of their own."""

    code: str
    title: Any
    questions: list[Question]
    answered: int
    level: int = 0
    why: Any = ""

    @property
    def is_done(self) -> bool:
        return self.answered == len(self.questions)

    @property
    def level_label(self) -> Any:
        return Risk(self.level).label


def sections(sheet: Sheet, user: User) -> list[Section]:
    """The quick screen until it has decided; then the topics, what waits for this
    person, and all on one page."""

    def section(code: str, title: Any, asked: list[Question], why: Any = "") -> Section:
        answered = sum(question.code in sheet.answers for question in asked)
        level = levels.get(code, 0)
        return Section(code, title, asked, answered, level, why)

    levels, asked = sheet.weighing.topics, sheet.asked
    if sheet.assessment.track == Track.UNDECIDED:
        return [screen_of(sheet)]
    topics = by_topic(sheet.pack, asked)
    mine = [question for question in asked if sheet.is_for(question, user)]
    return [
        section(MINE, _("Yours to answer"), mine),
        *(
            section(topic.code, topic.text, topics[topic.code], topic.why)
            for topic in sheet.pack.topics
            if topic.code in topics
        ),
        section(ALL, _("All on one page"), asked),
    ]


def screen_of(sheet: Sheet) -> Section:
    questions = sheet.scope.screen
    answered = sum(question.code in sheet.answers for question in questions)
    return Section(SCREEN, _("Quick screen"), questions, answered)
