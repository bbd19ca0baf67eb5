"""Which questions a case is asked, and on which track. Pure: answers in, questions out.

`given` holds the chosen options by question code, and the facts of the case.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from register.choices import Risk
from workflows.choices import Track
from workflows.questions.conditions import Given
from workflows.questions.pack import Pack, Question


@dataclass(frozen=True)
class Scope:
    """What decides which questions of a pack apply at all."""

    pack: Pack
    moment: str
    case_type: str

    @cached_property
    def questions(self) -> list[Question]:
        return [question for question in self.pack if self.applies(question)]

    def applies(self, question: Question) -> bool:
        return (
            not question.is_off
            and self.moment in question.moments
            and self.case_type in question.case_types
        )

    @cached_property
    def earlier(self) -> frozenset[str]:
        """Questions that follow-ups wait for and that are not asked at this moment:
        last time's answer to them holds. So the exit asks what the plan brought up."""
        questions = self.pack.by_code
        return frozenset(
            test.name
            for question in self.questions
            for test in (question.show_if.tests() if question.show_if else ())
            if test.name in questions
            and self.moment not in questions[test.name].moments
        )

    @property
    def screen(self) -> list[Question]:
        return [question for question in self.questions if question.is_screen]


def counted(scope: Scope, given: Given) -> dict[str, frozenset[str]]:
    """The answers that count: of questions that apply and are shown, and the facts.
    What stands behind a follow-up that is no longer shown does not count."""
    earlier = scope.earlier
    known = {
        name: chosen
        for name, chosen in given.items()
        if name.islower() or name in earlier
    }
    waiting = [question for question in scope.questions if question.code in given]
    while shown := [question for question in waiting if is_shown(question, known)]:
        known |= {question.code: given[question.code] for question in shown}
        waiting = [question for question in waiting if question.code not in known]
    return known


def is_shown(question: Question, known: Given) -> bool:
    """The quick screen is always shown; a follow-up when its answer has been given."""
    if question.is_screen or question.show_if is None:
        return True
    return question.show_if.holds(known)


ON_TRACK: dict[Track, Callable[[Question], bool]] = {
    Track.UNDECIDED: lambda question: question.is_screen,
    Track.LIGHT: lambda question: question.is_core,
    Track.FULL: lambda question: True,
}


def asked(
    scope: Scope, given: Given, *, track: str, required: Iterable[str] = ()
) -> list[Question]:
    """The questions of the track, in order: the quick screen alone until it has
    decided; then the core (light) or everything (full); and what a rule requires."""
    known, required = counted(scope, given), set(required)
    on_track = ON_TRACK[Track(track)]
    return [
        question
        for question in scope.questions
        if question.code in required
        or (on_track(question) and is_shown(question, known))
    ]


@dataclass(frozen=True)
class Choice:
    """Which track, and the answers that force it; or what the screen still lacks."""

    track: str
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def choose_track(scope: Scope, given: Given) -> Choice:
    """Light when every answer of the quick screen is harmless; full from one answer at
    medium in the screen, or at high anywhere (question catalogue 1.2)."""
    missing = tuple(q.code for q in scope.screen if q.code not in given)
    forcing = tuple(
        question.code
        for question in scope.questions
        if question.level_of(given.get(question.code, frozenset()))
        >= (Risk.MEDIUM if question.is_screen else Risk.HIGH)
    )
    if missing:
        return Choice(Track.UNDECIDED, forcing, missing)
    return Choice(Track.FULL if forcing else Track.LIGHT, forcing)


def by_topic(pack: Pack, questions: Iterable[Question]) -> Mapping[str, list[Question]]:
    """The questions under the code of their topic, in the order of the pack."""
    topics: dict[str, list[Question]] = {topic.code: [] for topic in pack.topics}
    for question in questions:
        topics[question.topic].append(question)
    return {code: found for code, found in topics.items() if found}
