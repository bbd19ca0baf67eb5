"""By whom and on what a case is decided: lines, versions, and what is never changed."""

from datetime import timedelta
from itertools import chain, combinations
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.choices import AgreementKind, CaseState, CaseType, Risk, Role
from register.models import AccessEvent
from tests.factories import delegation as d
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from tests.workflows.tampering import refused, sql
from workflows.choices import OpinionsNeeded, Verb, Verdict
from workflows.models import Decision, DelegationRule, DelegationTable
from workflows.policies import delegating as policy
from workflows.policies import why_not
from workflows.policies.delegating import HEIGHT, height, line_for
from workflows.services import amending, deciding, delegating, handling
from workflows.services.moving import NotAllowed

FACULTY = "At low risk the faculty decides."
TOP = "At {} risk the institution's top management decides."


# Which line ---------------------------------------------------------------------------
def rule(name, decides="department", case_type="", kind="", risk=1, opinions="none"):
    return SimpleNamespace(
        name=name,
        risk=risk,
        case_type=case_type,
        agreement_kind=kind,
        recommends=["department"],
        decides=decides,
        opinions=opinions,
    )


RULES = [
    rule("plain"),
    rule("medium", "faculty", risk=2),
    rule("guests", "institution", case_type="guest"),
    rule("guest licences", "department", case_type="guest", kind="licence"),
    rule("licences", "faculty", kind="licence"),
    rule("exchange", "department", kind="student_exchange"),
]


@pytest.mark.parametrize(
    ("case_type", "kinds", "risk", "expected"),
    [
        ("research", [], 1, "plain"),
        ("research", [], 0, "plain"),
        ("research", [], 2, "medium"),
        ("research", [], 4, None),
        ("guest", [], 1, "guests"),
        ("guest", ["nda"], 1, "guests"),
        ("guest", ["licence"], 1, "guest licences"),
        ("research", ["licence"], 1, "licences"),
        ("research", ["student_exchange"], 1, "exchange"),
        # Of several agreements the strictest.
        ("research", ["student_exchange", "licence"], 1, "licences"),
        ("guest", ["licence", "nda"], 1, "guests"),
        ("research", ["licence"], 2, "medium"),
    ],
)
def test_the_line_that_says_more_holds_and_of_several_the_strictest(
    case_type, kinds, risk, expected
):
    for rules in (RULES, RULES[::-1]):
        found = line_for(rules, risk=risk, case_type=case_type, kinds=kinds)

        assert (found and found.name) == expected


def test_a_choice_of_the_first_line_that_fits_would_be_found():
    """The twin: as a list of rules is usually read."""
    fitting = [x for x in RULES if x.risk == 1 and x.case_type in ("", "guest")]

    assert fitting[0].name != "guests"


cells = st.builds(
    rule,
    name=st.integers(),
    decides=st.sampled_from(HEIGHT),
    case_type=st.sampled_from(["", *CaseType.values]),
    kind=st.sampled_from(["", *AgreementKind.values]),
    risk=st.integers(1, 3),
    opinions=st.sampled_from(OpinionsNeeded.values),
)
kinds_of = st.sets(st.sampled_from(AgreementKind.values), max_size=3)


@given(
    st.lists(cells, max_size=12),
    st.integers(1, 3),
    st.sampled_from(CaseType.values),
    kinds_of,
)
def test_a_special_line_never_holds_for_another_kind_or_type(
    rules, risk, case_type, kinds
):
    found = line_for(rules, risk=risk, case_type=case_type, kinds=kinds)

    if found is not None:
        assert found.risk == risk
        assert found.case_type in ("", case_type)
        assert found.agreement_kind in {"", *kinds}


@given(
    st.lists(cells, max_size=12),
    st.integers(1, 3),
    st.sampled_from(CaseType.values),
    kinds_of.filter(bool),
)
def test_a_further_agreement_never_makes_it_milder(rules, risk, case_type, kinds):
    facts = {"risk": risk, "case_type": case_type}
    whole = line_for(rules, kinds=kinds, **facts)

    parts = chain.from_iterable(combinations(kinds, n) for n in range(1, len(kinds)))
    for part in parts:
        found = line_for(rules, kinds=part, **facts)
        if found is not None:
            assert height(whole.decides) >= height(found.decides)


@pytest.mark.django_db
def test_every_case_that_may_be_approved_has_a_line_in_what_ships():
    shipped = DelegationTable.objects.get(institution=None)

    assert policy.whats_wrong(shipped.rules.all()) is None
    assert {
        risk: str(line.decides)
        for risk in Risk
        if (
            line := line_for(
                shipped.rules.all(), risk=risk, case_type="guest", kinds=["nda"]
            )
        )
    } == {0: "department", 1: "department", 2: "faculty", 3: "institution"}


# Which table --------------------------------------------------------------------------
def test_the_own_table_with_the_newest_day_that_has_come_is_in_force(cast):
    today = w.local_today()

    def in_force(days):
        day = today + timedelta(days=days)
        return DelegationTable.objects.in_force(cast.department, day).version

    assert in_force(0) == 1
    d.publish(cast, in_days=10)  # version 2
    d.publish(cast, in_days=5)  # version 3, which holds before it
    d.draft(cast)
    assert [in_force(days) for days in (0, 4, 5, 9, 10, 99)] == [1, 1, 3, 3, 2, 2]
    elsewhere = r.unit("Another University")
    assert DelegationTable.objects.in_force(elsewhere, today).version == 1


def test_what_ships_is_laid_down_once_and_again_where_it_is_lost(db):
    delegating.load_shipped()

    assert DelegationTable.objects.count() == 1
    assert DelegationRule.objects.count() == 3


# Asked is pinned ----------------------------------------------------------------------
def test_a_table_that_is_published_later_leaves_an_asked_decision_alone(cast):
    case = w.asked(cast)
    other = w.assessed(cast)
    shipped = case.open_decision.rule
    table = d.publish(cast, d.line(1, decides="institution"))

    assert w.fresh(case).rule == shipped
    assert w.fresh(other).rule.table == table
    assert why_not(Verb.APPROVE, w.fresh(case), cast.decider) is None
    decide(case, cast.decider)
    assert Decision.objects.get().rule == shipped
    (event,) = case.events.filter(verb="approve")
    assert event.content["delegation"] == {
        "version": 1,
        "risk": 1,
        "case_type": "",
        "agreement_kind": "",
        "decides": "department",
    }


def test_asked_anew_after_reopening_it_is_decided_by_the_table_then_in_force(cast):
    case = w.asked(cast)
    table = d.publish(cast, d.line(1, decides="institution"))
    handling.with_reason(
        case_id=case.pk, verb="reopen_assessment", actor=cast.officer, reason="New."
    )
    w.assessing.complete(case_id=case.pk, actor=cast.officer, conclusion="Seen.")
    w.recommend(cast, case)
    deciding.ask(case_id=case.pk, actor=cast.officer)

    case = w.fresh(case)
    assert case.open_decision.rule.table == table
    assert why_not(Verb.APPROVE, case, cast.decider) == TOP.format("low")
    decide(case, cast.other_decider)


def test_a_running_case_goes_on_by_the_table_in_force_today(cast):
    case = w.suspended(cast)
    assert why_not(Verb.RESUME, case, cast.decider) is None

    d.publish(cast, d.line(1, decides="institution"))
    case = w.fresh(case)

    for verb in (Verb.RESUME, Verb.GIVE_NOTICE):
        assert why_not(verb, case, cast.decider) == TOP.format("low")
        assert why_not(verb, case, cast.other_decider) is None


def test_any_decider_pulls_the_brake(cast):
    case = w.approved(cast)
    d.publish(cast, d.line(1, decides="institution"))

    assert why_not(Verb.SUSPEND, w.fresh(case), cast.decider) is None


def test_an_agreement_added_after_it_was_asked_lifts_it_and_never_lowers_it(cast):
    d.publish(
        cast,
        d.line(1),
        d.line(1, agreement_kind="licence", decides="institution"),
        d.line(1, agreement_kind="nda", decides="department"),
    )
    lifted, lowered = w.asked(cast), w.asked(cast)
    for case, kind in ((lifted, "licence"), (lowered, "nda")):
        amending.add_agreement(
            case_id=case.pk, actor=cast.officer, kind=kind, status="negotiation"
        )

    lifted, lowered = w.fresh(lifted), w.fresh(lowered)
    assert why_not(Verb.APPROVE, lifted, cast.decider) == (
        "At low risk (Licence) the institution's top management decides."
    )
    assert lowered.rule == lowered.open_decision.rule


# Who may ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("decides", "told"),
    [
        ("department", {"local": None, "decider": None, "other_decider": None}),
        ("faculty", {"local": FACULTY, "decider": None, "other_decider": None}),
        (
            "institution",
            {
                "local": TOP.format("low"),
                "decider": TOP.format("low"),
                "other_decider": None,
            },
        ),
    ],
)
def test_it_is_decided_as_high_as_the_line_says(cast, decides, told):
    cast.local = r.person_with(Role.DECIDER, cast.department)
    d.publish(cast, d.line(1, decides=decides))
    case = w.asked(cast)

    for verb in (Verb.APPROVE, Verb.REJECT):
        assert {who: why_not(verb, case, getattr(cast, who)) for who in told} == told


def test_a_table_that_is_not_asked_would_be_found(cast, monkeypatch):
    """The twin: a decider is a decider."""
    monkeypatch.setattr(policy, "height", lambda kind: 0)
    cast.local = r.person_with(Role.DECIDER, cast.department)
    d.publish(cast, d.line(1, decides="institution"))

    assert why_not(Verb.APPROVE, w.asked(cast), cast.local) is None


def test_a_role_that_the_cases_own_people_gave_is_not_high_enough(cast):
    """However many other roles the person holds by right."""
    d.publish(cast, d.line(1, decides="institution"))
    case = w.asked(cast)
    r.role(cast.decider, Role.DECIDER, cast.institution, granted_by=cast.proposer)

    assert why_not(Verb.APPROVE, case, cast.decider) == TOP.format("low")


def test_whoever_published_the_table_decides_nothing_by_it(cast):
    r.role(cast.other_decider, Role.SYSTEM_ADMINISTRATOR, cast.institution)
    before = w.asked(cast)
    d.publish(cast, actor=cast.other_decider)
    case = w.asked(cast)
    told = (
        "You published the delegation table by which this is decided; another person "
        "must decide."
    )

    for verb in (Verb.APPROVE, Verb.REJECT):
        assert why_not(verb, case, cast.other_decider) == told
        assert why_not(verb, case, cast.decider) is None
    assert why_not(Verb.APPROVE, w.fresh(before), cast.other_decider) is None
    with pytest.raises(NotAllowed, match=told):
        decide(case, cast.other_decider)


def test_a_critical_case_has_no_line_and_is_rejected_by_any_decider(cast):
    case = w.asked(cast, given={"EXP_5": "yes"})

    assert (case.risk, case.rule) == (Risk.CRITICAL, None)
    assert "The risk is critical" in str(
        why_not(Verb.APPROVE, case, w.decider(cast, case))
    )
    decide(case, w.decider(cast, case), verdict=Verdict.REJECTED)
    assert w.fresh(case).state == CaseState.REJECTED


def decide(case, actor, verdict=Verdict.APPROVED):
    deciding.decide(case_id=case.pk, actor=actor, verdict=verdict, reasons="Useful.")


# Keeping the table --------------------------------------------------------------------
def test_a_published_table_is_told_to_the_trace_of_access(cast):
    table = d.publish(cast, in_days=3)

    (event,) = AccessEvent.objects.all()
    assert (event.verb, event.actor, event.unit) == (
        "delegation_published",
        cast.administrator,
        cast.institution,
    )
    assert event.told == {"version": 2, "from": table.valid_from.isoformat()}


def test_a_copy_begins_as_the_other_stands_with_the_next_number(cast):
    special = d.line(2, agreement_kind="licence", decides="institution")
    first = d.publish(cast, special)
    second = delegating.copy(
        actor=cast.administrator, table=first, institution=cast.institution
    )

    def lines(table):
        return list(table.rules.values_list(*delegating.CELLS))

    assert (first.version, second.version) == (2, 3)
    assert lines(first) == lines(second)
    assert len(lines(second)) == 4


LATE = "Somebody changed this draft meanwhile; look at it as it is now."


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda table: table.rules.filter(risk=2).delete(),
            "Nobody could decide at medium risk: add a line for it that holds for "
            "every case type and kind of agreement.",
        ),
        (
            lambda table: table.rules.filter(risk=3).update(case_type="guest"),
            "Nobody could decide at high risk: add a line for it that holds for every "
            "case type and kind of agreement.",
        ),
        (
            lambda table: table.rules.filter(risk=1).update(recommends=[]),
            "Say who recommends at low risk: no case is decided without a "
            "recommendation.",
        ),
        (
            lambda table: DelegationRule.objects.create(
                table=table, **d.line(4, decides="institution")
            ),
            "A critical risk is never approved; take out its line.",
        ),
        (
            lambda table: DelegationTable.objects.filter(pk=table.pk).update(note=""),
            "Say first from which day it holds, and why it is changed.",
        ),
        (
            lambda table: DelegationTable.objects.filter(pk=table.pk).update(
                valid_from=w.local_today() - timedelta(days=1)
            ),
            "Choose today or a later day: what was decided before keeps its own "
            "version.",
        ),
        (lambda table: setattr(table, "stale", "as it was"), LATE),
    ],
)
def test_what_is_not_sound_is_not_published(cast, spoil, sentence):
    table = d.draft(cast)
    by = {"actor": cast.administrator, "table_id": table.pk}
    today = w.local_today()
    delegating.plan(**by, seen=table.fingerprint, valid_from=today, note="Because.")
    spoil(table)
    table = DelegationTable.objects.get(pk=table.pk)
    seen = "as it was" if sentence == LATE else table.fingerprint
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        delegating.publish(**by, seen=seen)

    assert str(refusal.value) == sentence
    assert everything() == before


@pytest.mark.parametrize("who", ["officer", "decider", "leader", "stranger"])
def test_only_the_institutions_administrator_keeps_its_table(cast, who):
    table, actor = d.draft(cast), getattr(cast, who)
    by = {"actor": actor, "table_id": table.pk, "seen": table.fingerprint}
    shipped = DelegationTable.objects.get(institution=None)
    line = table.rules.first()

    for act in (
        lambda: delegating.copy(
            actor=actor, table=shipped, institution=cast.institution
        ),
        lambda: delegating.write_line(**by, **d.line(1, case_type="guest")),
        lambda: delegating.remove_line(**by, line_id=line.pk),
        lambda: delegating.plan(**by, valid_from=w.local_today(), note="So."),
        lambda: delegating.publish(**by),
        lambda: delegating.discard(**by),
    ):
        with pytest.raises(NotAllowed, match="Only a system administrator"):
            act()


def test_two_lines_are_never_about_the_same(cast):
    table = d.draft(cast)
    by = {"actor": cast.administrator, "table_id": table.pk}

    with pytest.raises(NotAllowed, match="There is a line about this already"):
        delegating.write_line(**by, seen=table.fingerprint, **d.line(1))


def test_a_published_table_and_an_old_decision_never_change(cast):
    case = w.approved(cast)
    decision = Decision.objects.get()
    told = [event.content for event in case.events.all()]
    table = d.publish(cast, d.line(1, decides="institution"))
    line = table.rules.first()
    by = {"actor": cast.administrator, "table_id": table.pk, "seen": table.fingerprint}

    for act in (
        lambda: delegating.write_line(**by, line_id=line.pk, **d.line(1)),
        lambda: delegating.remove_line(**by, line_id=line.pk),
        lambda: delegating.discard(**by),
    ):
        with pytest.raises(NotAllowed, match="A published version is never changed"):
            act()
    for statement in (
        "UPDATE workflows_delegationrule SET decides = 'department'",
        "DELETE FROM workflows_delegationrule",
        "UPDATE workflows_delegationtable SET valid_from = '2020-01-01'",
        "DELETE FROM workflows_delegationtable",
    ):
        with refused("a published table never changes"):
            sql(statement)
    assert Decision.objects.get().rule == decision.rule
    assert [event.content for event in w.fresh(case).events.all()] == told
