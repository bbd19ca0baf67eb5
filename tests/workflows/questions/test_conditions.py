import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.questions.conditions import Chosen, NotACondition, Several, parse


def answers(**chosen: str) -> dict[str, frozenset[str]]:
    """EXP_1="yes no" as answers given."""
    return {
        name.replace("_", "-"): frozenset(options.split())
        for name, options in chosen.items()
    }


@pytest.mark.parametrize(
    ("given_", "holds"),
    [
        (answers(EXP_1="yes"), True),
        (answers(EXP_1="no"), False),
        (answers(EXP_1="no unsure"), True),
        (answers(EXP_2="yes"), False),
        (answers(), False),
    ],
)
def test_one_of_the_options_must_be_chosen(given_, holds):
    assert parse("EXP-1 in (yes, unsure)").holds(given_) is holds


@pytest.mark.parametrize(
    ("given_", "holds"),
    [
        (answers(EXP_1="yes"), True),
        (answers(EXP_1="no"), False),
        (answers(EXP_1="yes no"), False),
        (answers(EXP_1=""), True),
        (answers(), False),
    ],
)
def test_not_in_holds_on_another_answer_and_never_on_silence(given_, holds):
    assert parse("EXP-1 not in (no)").holds(given_) is holds


@pytest.mark.parametrize(
    ("given_", "holds"),
    [
        (answers(A="x"), True),
        (answers(B="x"), False),
        (answers(B="x", C="x"), True),
    ],
)
def test_and_binds_closer_than_or(given_, holds):
    assert parse("A in (x) or B in (x) and C in (x)").holds(given_) is holds


@pytest.mark.parametrize(
    ("given_", "holds"),
    [(answers(A="x"), False), (answers(A="x", C="x"), True)],
)
def test_brackets_group(given_, holds):
    assert parse("(A in (x) or B in (x)) and C in (x)").holds(given_) is holds


def test_a_fact_of_the_case_is_asked_like_an_answer():
    condition = parse("type in (research) and EXP-1 not in (no)")

    assert condition.holds(answers(type="research", EXP_1="yes"))
    assert not condition.holds(answers(type="guest", EXP_1="yes"))


def test_every_single_test_is_told():
    condition = parse("(EXP-1 in (yes) or TEC-1 not in (no, none)) and type in (guest)")

    assert list(condition.tests()) == [
        Chosen("EXP-1", frozenset({"yes"})),
        Chosen("TEC-1", frozenset({"no", "none"}), negated=True),
        Chosen("type", frozenset({"guest"})),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the condition ends too early"),
        ("EXP-1 in (yes", "the condition ends too early"),
        ("EXP-1 in ()", "“)” stands where an answer is expected"),
        ("EXP-1 is (yes)", "“is” stands where “in or not” is expected"),
        ("EXP-1 not (yes)", "“(” stands where “in” is expected"),
        ("EXP-1 in (yes no)", "“no” stands where “, or )” is expected"),
        ("EXP-1 in (yes) EXP-2 in (no)", "“EXP-2” is not expected here; "),
        ("EXP-1 = yes", "“= yes” cannot be read"),
        (", in (yes)", "“,” stands where a question is expected"),
    ],
)
def test_what_is_no_condition_is_refused_with_the_reason(text, why):
    with pytest.raises(NotACondition) as refusal:
        parse(text)

    assert str(refusal.value).startswith(why)


NAMES, OPTIONS = ["EXP-1", "TEC-12", "type"], ["no", "yes", "not-needed"]
TESTS = st.builds(
    Chosen,
    st.sampled_from(NAMES),
    st.frozensets(st.sampled_from(OPTIONS), min_size=1),
    st.booleans(),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda parts: st.builds(
        Several, st.lists(parts, min_size=2, max_size=3).map(tuple), st.booleans()
    ),
    max_leaves=8,
)
GIVEN = st.dictionaries(
    st.sampled_from(NAMES), st.frozensets(st.sampled_from(OPTIONS), max_size=2)
)


@given(CONDITIONS, GIVEN)
def test_condition_that_is_written_and_read_again_says_the_same(condition, given_):
    assert parse(str(condition)).holds(given_) == condition.holds(given_)
