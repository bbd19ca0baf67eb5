"""Strategies that draw answers to the pack that ships: any case type, any moment,
questions left out at will, several options where several may be chosen."""

from dataclasses import dataclass

from hypothesis import strategies as st

from register.choices import AgreementKind
from tests.workflows.questions.shipped import TIMES, facts, scope
from workflows.questions.asking import Scope
from workflows.questions.pack import Question

Answers = dict[str, frozenset[str]]


def options(question: Question) -> st.SearchStrategy[frozenset[str]]:
    """One answer to the question; to a text, what is found about it."""
    codes = [option.code for option in question.options]
    if question.kind == "one":
        return st.sampled_from(codes).map(lambda code: frozenset({code}))
    least = 0 if question.kind == "text" else 1
    return st.frozensets(st.sampled_from(codes), min_size=least)


@dataclass(frozen=True)
class Drawn:
    """A case as far as it is answered."""

    scope: Scope
    given: Answers

    def __or__(self, more: Answers) -> "Drawn":
        return Drawn(self.scope, self.given | more)


scopes = st.sampled_from([scope(moment, kind) for moment, kind in TIMES])


def facts_of(scope: Scope) -> st.SearchStrategy[Answers]:
    agreements = st.sets(st.sampled_from(AgreementKind.values), max_size=2)
    return st.builds(
        lambda kinds, has_funder: (
            facts(scope)
            | {
                "agreement": frozenset({*kinds, "any"} if kinds else ()),
                "funder": frozenset({"named"} if has_funder else ()),
            }
        ),
        agreements,
        st.booleans(),
    )


@st.composite
def cases(draw, is_full: bool = False) -> Drawn:
    """Partly answered, or in full."""
    here = draw(scopes)
    asked = {question.code: options(question) for question in here.questions}
    answers = draw(
        st.fixed_dictionaries(asked)
        if is_full
        else st.fixed_dictionaries({}, optional=asked)
    )
    return Drawn(here, draw(facts_of(here)) | answers)


@st.composite
def steps_up(draw) -> tuple[Drawn, Drawn, str]:
    """A case before and after one more answer, one further option, or a strictly higher
    answer in the place of another; and the question."""
    before = draw(cases())
    question = draw(st.sampled_from(before.scope.questions))
    old = before.given.get(question.code)
    new = draw(options(question))
    if old is not None and question.kind != "one":
        new |= old
    elif old is not None:
        higher = [o for o in question.options if o.level > question.level_of(old)]
        new = frozenset({draw(st.sampled_from(higher)).code}) if higher else old
    return before, before | {question.code: new}, question.code
