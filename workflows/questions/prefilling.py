"""What the reference data of the register propose as an answer. They warn; a person
judges, and nothing is answered before somebody has said so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflows.questions.pack import Question

if TYPE_CHECKING:
    from register.models.indicator import ReferenceFact


@dataclass(frozen=True)
class Prefilled:
    """Options that the register proposes, and the facts that they rest on."""

    options: tuple[str, ...]
    facts: tuple["ReferenceFact", ...]


# By prefill: the kinds of reference data, and what each value is as an answer; the
# empty value stands for a loaded edition that does not name the country or partner.
PREFILLS: dict[str, dict[str, dict[str, str]]] = {
    "threat-assessment": {
        "threat-assessment": {
            "": "no",
            "named-in-general": "named-in-general",
            "named-for-research": "named-for-research",
        }
    },
    "sanctions-regulation": {
        "sanctions-regulation": {"": "no", "partly": "partly", "yes": "yes"}
    },
    "country-indicators": {
        "academic-freedom": {
            "": "no-remark",
            "lowest-band": "freedom-low",
            "second-lowest-band": "freedom-low",
        },
        "rule-of-law": {"": "no-remark", "lowest-quarter": "law-low"},
        "corruption": {"": "no-remark", "lowest-quarter": "corruption-high"},
    },
    "sanctions-lists": {
        "sanctions-list": {
            value: value for value in ("no-match", "possible-match", "true-match")
        }
    },
    "reference-lists": {
        "named-organisations": {
            value: value
            for value in (
                *("no-match", "match-low", "match-medium"),
                *("match-high", "match-very-high"),
            )
        }
    },
}


def prefill(question: Question, facts: Iterable["ReferenceFact"]) -> Prefilled | None:
    """The most serious answer that the facts give, or None where nothing is loaded."""
    kinds = PREFILLS.get(question.prefill, {})
    found = [fact for fact in facts if fact.value in kinds.get(fact.kind, {})]
    options = {kinds[fact.kind][fact.value] for fact in found}
    levels = {option: question.level_of(frozenset({option})) for option in options}
    if not levels:
        return None
    if question.kind == "several" and any(levels.values()):
        chosen = [option for option, level in levels.items() if level]
    else:
        chosen = [max(levels, key=lambda option: levels[option])]
    return Prefilled(tuple(sorted(chosen)), tuple(found))


# Screenings are of partners, one by one; the others go by country.
OF_PARTNERS = frozenset({"sanctions-lists", "reference-lists"})


def is_prefilled(question: Question) -> bool:
    """Whether reference data can say something about it."""
    return question.prefill in PREFILLS
