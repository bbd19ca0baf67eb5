"""The ten combination rules, each over its whole truth table.

What a rule asks for is written down here from the shared catalogue (section 1.5), not
read from the pack.
"""

from dataclasses import dataclass, field
from itertools import chain, combinations, product

import pytest

from register.choices import Risk
from tests.workflows.questions.shipped import (
    LEVELS,
    TIMES,
    facts,
    given,
    harmless,
    question,
    scope,
    shipped,
    table,
)
from workflows.questions.asking import asked
from workflows.questions.weighing import weigh

WEIGHS = {
    (row["question"], row["option"]): LEVELS[row["level"]] for row in table("levels")
}
COUNTRY_FACTS = {"CTY-1", "CTY-2", "CTY-3", "CTY-4", "CTY-6"}


@dataclass(frozen=True)
class Spec:
    """All of `where` must hold. shown: harmless answers that bring follow-ups up."""

    where: dict[str, set[str]]
    lifts_to: int = Risk.HIGH
    actions: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    shown: dict[str, frozenset[str]] = field(default_factory=dict)

    def fires(self, answers) -> bool:
        return all(answers.get(c, set()) & told for c, told in self.where.items())


SPECS = {
    "K1": Spec(
        {"TEC-1": {"yes"}, "CTY-1": {"named-for-research"}},
        actions=frozenset({"A-SEC"}),
    ),
    "K2": Spec(
        {"TEC-1": {"yes"}, "PAR-4": {"match-high", "match-very-high"}},
        actions=frozenset({"A-SEC", "E-RECT"}),
    ),
    "K3": Spec(
        {
            "EXP-1": {"possibly", "yes", "unsure"},
            "PAR-3": {"civil-only-with-links", "yes", "unknown"},
        },
        actions=frozenset({"A-EC", "G-LIC", "E-RECT"}),
    ),
    "K4": Spec(
        {"MOB-2": {"yes", "unsure"}, "CTY-3": {"no"}},
        actions=frozenset({"A-EC", "C-ACC"}),
        requires=frozenset({"MOB-4"}),
        shown=given(CTY_1="unknown"),
    ),
    "K5": Spec(
        {"FRE-1": {"no"}, "FRE-3": {"yes", "unsure"}},
        actions=frozenset({"E-RECT"}),
        requires=frozenset({"MOB-5"}),
    ),
    "K6": Spec(
        {"PRI-2": {"yes"}, "PAR-7": {"yes", "unsure"}},
        actions=frozenset({"G-DPIA", "G-XFER"}),
        shown=given(PRI_1="inside-EEA"),
    ),
    "K7": Spec(
        {"FUN-1": {"partly", "unknown"}, "PAR-5": {"little", "none"}},
        actions=frozenset({"M-DD", "M-PART"}),
    ),
    "K8": Spec(
        {"IPR-2": {"can-be-stopped"}, "FUN-2": {"yes"}},
        actions=frozenset({"E-DEAN", "A-LEG"}),
        shown=given(funder="named"),
    ),
    "K10": Spec(
        {
            "CTY-1": {"named-in-general"},
            "TEC-1": {"no"},
            "EXP-1": {"no"},
            "PAR-4": {"no-match"},
        },
        lifts_to=Risk.NONE,
    ),
}


def answers_to(code: str) -> list[frozenset[str]]:
    """Unanswered, and every answer that the question can be given."""
    options = [option.code for option in question(code).options]
    most = len(options) if question(code).kind == "several" else 1
    sizes = (combinations(options, size) for size in range(most + 1))
    return [frozenset(chosen) for chosen in chain.from_iterable(sizes)]


@pytest.mark.parametrize(("moment", "kind"), TIMES)
@pytest.mark.parametrize("code", SPECS)
def test_it_fires_where_all_its_answers_stand_and_nowhere_else(code, moment, kind):
    spec, here = SPECS[code], scope(moment, kind)
    told, expected = {}, {}
    for chosen in product(*map(answers_to, spec.where)):
        answers = {c: o for c, o in zip(spec.where, chosen, strict=True) if o}
        weighing = weigh(here, facts(here) | spec.shown | answers)
        key = tuple(" ".join(sorted(each)) for each in chosen)
        told[key] = outcome(weighing, code)
        expected[key] = expected_outcome(code, here, spec.shown | answers)

    assert told == expected


def outcome(weighing, code: str) -> tuple:
    return (
        {rule.code for rule in weighing.rules} - {"K9"},  # it has its own tests below
        weighing.inherent,
        {action for action, why in weighing.actions.items() if code in why},
        weighing.required,
    )


def expected_outcome(code: str, here, answers) -> tuple:
    counting = {c: o for c, o in answers.items() if c.isupper() and applies(here, c)}
    firing = {name for name, spec in SPECS.items() if spec.fires(counting)}
    levels = [
        WEIGHS[name, option]
        for name, options in counting.items()
        if name not in COUNTRY_FACTS
        for option in options
    ]
    lifted = [SPECS[name].lifts_to for name in firing]
    return (
        firing,
        max([Risk.LOW, *levels, *lifted]) if counting else Risk.NONE,
        SPECS[code].actions if code in firing else set(),
        set().union(*(SPECS[name].requires for name in firing)),
    )


def applies(here, code: str) -> bool:
    return here.applies(question(code))


def test_each_rule_can_fire_somewhere():
    assert {
        code: {
            kind
            for moment, kind in TIMES
            if moment == "planning"
            and all(applies(scope(moment, kind), name) for name in spec.where)
        }
        for code, spec in SPECS.items()
    } == {
        "K1": {"research", "education", "innovation"},
        "K2": {"research", "education", "innovation"},
        "K3": {"research", "guest", "innovation"},
        "K4": {"research", "education", "guest"},
        "K5": {"research", "education", "guest"},
        "K6": {"research", "education", "innovation"},
        "K7": {"research", "innovation", "framework"},
        "K8": {"research", "innovation"},
        "K10": {"research", "education", "innovation"},
    }


@pytest.mark.parametrize("code", SPECS)
def test_the_pack_says_of_the_rule_what_the_catalogue_says(code):
    rule = next(rule for rule in shipped().rules if rule.code == code)

    assert (
        rule.raises_to,
        set(rule.actions),
        set(rule.requires),
        rule.proposes,
        rule.only_explains,
    ) == (
        SPECS[code].lifts_to,
        SPECS[code].actions,
        SPECS[code].requires,
        0,
        code == "K10",
    )


def test_a_required_question_is_asked_though_nothing_brings_it_up():
    """K4: the individual assessment, also on the light track."""
    here = scope()
    chosen = facts(here) | given(CTY_1="unknown", MOB_2="yes", CTY_3="no")
    required = weigh(here, chosen).required

    on_light = asked(here, chosen, track="light", required=required)

    assert required == {"MOB-4"}
    assert "MOB-4" in [each.code for each in on_light]
    assert "MOB-4" not in [each.code for each in asked(here, chosen, track="light")]


# K9 -----------------------------------------------------------------------------------
# One answer at medium in each topic that is asked in planning; no two fire a rule.
DOUBTS = {
    "PUR": ("PUR-3", "no"),
    "PAR": ("PAR-7", "yes"),
    "CTY": ("CTY-5", "yes"),
    "FRE": ("FRE-5", "no"),
    "ETH": ("ETH-1", "yes"),
    "EXP": ("EXP-1", "possibly"),
    "SAN": ("SAN-3", "unsure"),
    "TEC": ("TEC-1", "unsure"),
    "INF": ("INF-1", "restricted"),
    "PRI": ("PRI-1", "outside-EEA"),
    "IPR": ("IPR-3", "no"),
    "FUN": ("FUN-1", "partly"),
    "MOB": ("MOB-5", "no"),
    "TRV": ("TRV-1", "yes"),
    "AGR": ("AGR-2", "no"),
}


def doubts(*topics: str) -> dict[str, frozenset[str]]:
    return {code: frozenset({option}) for code, option in map(DOUBTS.get, topics)}


def calm(*topics: str) -> dict[str, frozenset[str]]:
    """Everything harmless, but for a doubt in each of these topics."""
    known = harmless(scope()) | doubts(*topics)
    return known | ({"CTY-2": frozenset({"unsure"})} if "SAN" in topics else {})


def test_the_doubts_are_at_medium():
    assert {WEIGHS[answer] for answer in DOUBTS.values()} == {Risk.MEDIUM}


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 14, 15])
def test_four_topics_in_doubt_propose_high_and_do_not_lift(count):
    told = {}
    for topics in combinations(DOUBTS, count):
        weighing = weigh(scope(), calm(*topics))
        in_doubt = {t for t, level in weighing.topics.items() if level >= Risk.MEDIUM}
        proposed = weighing.proposed.code if weighing.proposed else ""
        told[topics] = (in_doubt, proposed, weighing.inherent)

    assert told == {
        topics: (
            doubted := set(topics) | ({"CTY"} if "SAN" in topics else set()),
            "K9" if len(doubted) >= 4 else "",
            Risk.MEDIUM if topics else Risk.LOW,
        )
        for topics in told
    }


def test_doubts_within_one_topic_are_one_doubt():
    chosen = calm() | given(
        PUR_3="no", PUR_5="no", PUR_6="yes", PUR_7="some", PAR_1="no", PAR_7="yes"
    )

    weighing = weigh(scope(), chosen)

    assert weighing.proposed is None
    assert weighing.inherent == Risk.MEDIUM


def test_low_answers_everywhere_propose_nothing():
    low = {
        (each.topic, each.code): frozenset({option.code})
        for each in scope().questions
        for option in each.options
        if option.level == Risk.LOW
    }

    weighing = weigh(scope(), harmless(scope()) | {c: o for (_, c), o in low.items()})

    assert len({topic for topic, _code in low}) > 4
    assert (weighing.proposed, weighing.inherent) == (None, Risk.LOW)


def test_higher_answers_count_among_the_four_but_then_nothing_is_left_to_propose():
    three = calm("PUR", "IPR", "AGR")

    for high in (given(FRE_2="yes"), given(EXP_5="yes")):
        weighing = weigh(scope(), three | high)
        assert [rule.code for rule in weighing.rules] == ["K9"]
        assert weighing.proposed is None
    assert weigh(scope(), three).rules == ()


def test_a_country_counts_as_one_topic_and_is_still_not_lifting():
    chosen = calm("PUR", "IPR", "AGR") | given(CTY_1="named-for-research", CTY_2="yes")
    chosen |= given(SAN_3="no", SAN_4="not-needed")

    weighing = weigh(scope(), chosen)

    assert (weighing.proposed.code, weighing.inherent) == ("K9", Risk.MEDIUM)


# K10 ----------------------------------------------------------------------------------
def test_a_country_that_is_named_in_general_leaves_a_harmless_case_low():
    chosen = harmless(scope()) | given(CTY_1="named-in-general", CTY_3="yes")

    weighing = weigh(scope(), chosen)

    assert [rule.code for rule in weighing.rules] == ["K10"]
    assert (weighing.inherent, weighing.topics["CTY"]) == (Risk.LOW, Risk.MEDIUM)
    assert weighing.held == ("CTY-1",)
    assert weighing.because == ()
