"""A question pack as plain data: topics, questions, options, actions, rules.

A pack is made from a *document*, the dictionaries and lists of YAML or JSON; nothing
here asks the database. `checking` says whether a document is sound.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from register.choices import Risk
from workflows.questions.conditions import Condition

Texts = Mapping[str, str]
Document = Mapping[str, Any]

LANGUAGES = ("en", "nb", "nn")
LEVELS: dict[str, int] = {
    "low": Risk.LOW,
    "medium": Risk.MEDIUM,
    "high": Risk.HIGH,
    "critical": Risk.CRITICAL,
}
ACADEMIC, ADMINISTRATION = "A", "M"


def localized(texts: Texts) -> str:
    """The text in the reader's language; English where it is not translated yet."""
    return texts.get((get_language() or "en")[:2]) or texts.get("en", "")


@dataclass(frozen=True)
class Named:
    """Something with a code and a text in each language."""

    code: str
    texts: Texts

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return localized(self.texts)


@dataclass(frozen=True)
class Option(Named):
    """A possible answer and the level it gives; 0 has no effect on the risk.

    stored_as: the option that is kept in its place, where nothing else may be known
    here (graded information).
    """

    level: int = Risk.NONE
    is_unsure: bool = False
    stored_as: str = ""


@dataclass(frozen=True)
class Field(Named):
    """A fact that an answer may carry beside its options: text, long, date, number."""

    kind: str = "text"


@dataclass(frozen=True)
class Action(Named):
    """What an answer can bring about; `fires_at` is the least level that does.

    By kind: assign has role and days; gate has blocks and cleared_by; escalate has to
    (a unit kind, or empty for advice only); schedule may have months.
    """

    kind: str
    fires_at: int
    titles: Texts
    role: str = ""
    days: int = 0
    blocks: str = ""
    cleared_by: tuple[str, ...] = ()
    to: str = ""
    months: int = 0

    @property
    def title(self) -> str:
        return localized(self.titles)


@dataclass(frozen=True)
class Question(Named):
    """One question. who: the role whose answer counts; confirmed_by: further roles
    that may confirm it. kind: one, several or text (its options are then findings)."""

    helps: Texts
    who: str
    kind: str
    options: tuple[Option, ...]
    moments: frozenset[str]
    case_types: frozenset[str]
    topic: str = ""
    confirmed_by: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    has_rows: bool = False
    is_core: bool = False
    is_screen: bool = False
    is_off: bool = False
    is_country_fact: bool = False
    prefill: str = ""
    show_if: Condition | None = None
    actions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        return localized(self.helps)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles whose answer counts at once."""
        return (self.who, *self.confirmed_by)

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)

    def level_of(self, chosen: frozenset[str]) -> int:
        """The highest level among the chosen options."""
        return max((o.level for o in self.options if o.code in chosen), default=0)

    def is_answered(self, chosen: frozenset[str], words: str) -> bool:
        """Something was chosen; of a text, something was written or found."""
        return bool(chosen) or (self.kind == "text" and bool(words.strip()))

    def is_unsure(self, chosen: frozenset[str]) -> bool:
        return any(o.is_unsure for o in self.options if o.code in chosen)


@dataclass(frozen=True)
class Topic(Named):
    whys: Texts
    questions: tuple[Question, ...]

    @property
    def why(self) -> str:
        return localized(self.whys)


@dataclass(frozen=True)
class Rule(Named):
    """A combination of answers. raises_to lifts the case; proposes asks a person;
    a rule with neither explains why the risk is *not* lifted."""

    condition: Condition | None = None
    topics_at: int = 0
    topics_count: int = 0
    raises_to: int = 0
    proposes: int = 0
    actions: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()

    @property
    def only_explains(self) -> bool:
        return not (self.raises_to or self.proposes)


@dataclass(frozen=True)
class Source:
    """Where a question comes from: guideline section and edition (requirement 60)."""

    key: str
    title: str
    address: str = ""
    edition: str = ""

    def __str__(self) -> str:
        return f"{self.title} ({self.edition})" if self.edition else self.title


@dataclass(frozen=True)
class Pack:
    """One edition of the questions with everything that they bring about."""

    version: str
    topics: tuple[Topic, ...]
    actions: Mapping[str, Action]
    rules: tuple[Rule, ...]
    roles: Mapping[str, Texts]
    sources: Mapping[str, Source] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Question]:
        return (question for topic in self.topics for question in topic.questions)

    @cached_property
    def by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self}

    def role(self, code: str) -> str:
        return localized(self.roles.get(code, {})) or code

    def roles_of(self, question: Question) -> str:
        """Whose answer counts, in the reader's language."""
        return ", ".join(self.role(code) for code in question.roles)

    def sources_of(self, question: Question) -> list[Source]:
        return [self.sources.get(key, Source(key, key)) for key in question.sources]
