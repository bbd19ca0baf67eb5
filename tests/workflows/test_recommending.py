"""Who says what before a decision, and that nothing is decided before they have."""

import pytest

from register.choices import Role
from tests.factories import delegation as d
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from workflows.choices import Verb
from workflows.models import Recommendation
from workflows.policies import why_not
from workflows.policies.delegating import still_to_speak
from workflows.services import deciding, handling, recommending
from workflows.services.moving import NotAllowed
from workflows.services.waiting import waiting_for

FIRST = "First it must be recommended, or advised against, by: {}."
LEADER = "a leader of the unit or above it"
FACULTY = "a leader of the faculty or above it"
GROUP = "an adviser, for the advisory group"
SAID = "You have said yours; it stands until the case is sent back or reopened."
NOBODY = "Nobody's recommendation is waited for."
OWN = "You proposed this cooperation or answer for it; somebody else must act."


def say(case, actor, **said):
    given = {"is_for": True, "reasons": "It fits."} | said
    return recommending.recommend(case_id=case.pk, actor=actor, **given)


def why_not_say(case, actor):
    return why_not(Verb.RECOMMEND, w.fresh(case), type(actor).objects.get(pk=actor.pk))


def person(cast, case, role, at):
    user = r.person_with(role, at)
    w.declare_none(case, user)
    return user


def standing(case):
    return {
        (str(one.level), one.recommended_by)
        for one in case.recommendations.filter(withdrawn_at=None)
    }


def test_nothing_is_asked_for_or_approved_before_the_leader_has_spoken(cast):
    case = w.assessed(cast)
    told = FIRST.format(LEADER)

    assert why_not(Verb.ASK_DECISION, case, cast.officer) == told
    assert {waiting.verb for waiting in waiting_for(cast.leader)} == {Verb.RECOMMEND}
    say(case, cast.leader, reasons=" It fits. ")

    case = w.fresh(case)
    (said,) = case.recommendations.all()
    assert (said.level, said.is_for, said.reasons) == ("department", True, "It fits.")
    assert waiting_for(cast.leader) == []
    assert why_not(Verb.ASK_DECISION, case, cast.officer) is None
    deciding.ask(case_id=case.pk, actor=cast.officer)
    Recommendation.objects.all().delete()
    case = w.fresh(case)
    assert why_not(Verb.APPROVE, case, cast.decider) == told
    assert why_not(Verb.REJECT, case, cast.decider) is None


def test_a_table_whose_recommenders_are_not_asked_would_be_found(cast, monkeypatch):
    monkeypatch.setattr(
        "workflows.policies.deciding.not_recommended", lambda case: None
    )
    case = w.assessed(cast)

    assert why_not(Verb.ASK_DECISION, case, cast.officer) is None


def test_to_advise_against_it_is_a_word_too(cast):
    case = w.assessed(cast)

    say(case, cast.leader, is_for=False, reasons="Too little gained.")

    (event,) = case.events.filter(verb="recommend")
    assert event.content == {"level": "department", "reasons": "Too little gained."}
    assert why_not(Verb.ASK_DECISION, w.fresh(case), cast.officer) is None


def test_without_reasons_nothing_is_said(cast):
    case = w.assessed(cast)
    before = everything()

    with pytest.raises(NotAllowed, match="Give your reasons"):
        say(case, cast.leader, reasons=" ")

    assert everything() == before


def test_high_risk_needs_two_leaders_the_advisory_group_and_top_management(cast):
    d.publish(
        cast,
        d.line(
            1,
            recommends=["department", "faculty"],
            decides="institution",
            opinions="group",
        ),
    )
    case = w.assessed(cast)
    dean = person(cast, case, Role.UNIT_LEADER, cast.faculty)
    told = [why_not(Verb.ASK_DECISION, w.fresh(case), cast.officer)]
    for actor in (dean, cast.leader, cast.adviser):
        say(case, actor)
        told.append(why_not(Verb.ASK_DECISION, w.fresh(case), cast.officer))

    assert told == [
        FIRST.format(f"{FACULTY}, {LEADER}, {GROUP}"),
        FIRST.format(f"{LEADER}, {GROUP}"),
        FIRST.format(GROUP),
        None,
    ]
    assert standing(case) == {
        ("faculty", dean),
        ("department", cast.leader),
        ("advice", cast.adviser),
    }


def test_a_leader_higher_up_fills_a_level_but_nobody_fills_two(cast):
    d.publish(cast, d.line(1, recommends=["department", "faculty"]))
    case = w.assessed(cast)
    rector = person(cast, case, Role.UNIT_LEADER, cast.institution)
    dean = person(cast, case, Role.UNIT_LEADER, cast.faculty)

    say(case, dean)
    assert still_to_speak(w.fresh(case)) == ["department"]
    assert why_not_say(case, dean) == SAID
    say(case, rector)
    assert still_to_speak(w.fresh(case)) == []
    assert why_not_say(case, cast.leader) == NOBODY


def test_a_leader_of_the_unit_does_not_speak_for_the_faculty(cast):
    d.publish(cast, d.line(1, recommends=["faculty"]))
    case = w.assessed(cast)

    assert why_not_say(case, cast.leader) == FIRST.format(FACULTY)
    assert waiting_for(cast.leader) == []


def test_below_the_unit_that_carries_the_case_there_is_no_level(cast):
    d.publish(cast, d.line(1, recommends=["department", "faculty"]))
    r.role(cast.proposer, Role.PROPOSER, cast.faculty)
    case = w.assessed(cast, unit=cast.faculty)
    dean = person(cast, case, Role.UNIT_LEADER, cast.faculty)

    say(case, dean)

    assert still_to_speak(w.fresh(case)) == []


def test_neither_the_own_people_nor_another_units_leader_speak(cast):
    case = w.assessed(cast, responsible=cast.leader)
    sister = person(cast, case, Role.UNIT_LEADER, cast.other_department)

    assert why_not_say(case, cast.leader) == OWN
    assert why_not_say(case, sister) == "You do not have access to this case."
    assert why_not_say(case, cast.officer) == (
        "Only a leader of the unit or above it recommends."
    )


def test_whoever_recommends_does_not_decide(cast):
    r.role(cast.decider, Role.UNIT_LEADER, cast.faculty)
    case = w.assessed(cast)
    say(case, cast.decider)
    deciding.ask(case_id=case.pk, actor=cast.officer)

    assert why_not(Verb.APPROVE, w.fresh(case), cast.decider) == (
        "You helped to prepare this decision; another person must make it."
    )
    assert why_not(Verb.APPROVE, w.fresh(case), cast.other_decider) is None


@pytest.mark.parametrize(
    ("state", "verb"), [("proposed", "send_back"), ("assessed", "reopen_assessment")]
)
def test_what_was_said_falls_when_it_is_sent_back_or_reopened(cast, state, verb):
    case = w.in_state(cast, state)
    say(case, cast.leader)

    handling.with_reason(
        case_id=case.pk, verb=verb, actor=cast.officer, reason="Look again."
    )

    assert standing(case) == set()
    assert case.recommendations.get().reasons == "It fits."


def test_what_is_said_early_stands_when_the_assessment_is_completed(cast):
    case = w.proposed(cast)
    say(case, cast.leader)
    assert why_not_say(case, cast.leader) == SAID
    chosen = w.core(w.answers())
    w.assessing.complete(
        case_id=case.pk, actor=cast.officer, answers=chosen, conclusion="Seen."
    )

    assert why_not(Verb.ASK_DECISION, w.fresh(case), cast.officer) is None


# Advice -------------------------------------------------------------------------------
def test_where_one_opinion_is_needed_and_none_was_called_for_an_adviser_speaks(cast):
    d.publish(cast, d.line(1, opinions="one"))
    case = w.assessed(cast)
    say(case, cast.leader)
    assert why_not(Verb.ASK_DECISION, w.fresh(case), cast.officer) == FIRST.format(
        GROUP
    )
    assert {one.verb for one in waiting_for(cast.adviser)} == {Verb.RECOMMEND}

    say(case, cast.adviser)

    assert why_not(Verb.ASK_DECISION, w.fresh(case), cast.officer) is None
    assert waiting_for(cast.adviser) == []


@pytest.mark.parametrize(
    ("needed", "still"),
    [("none", []), ("one", []), ("triggered", []), ("group", ["advice"])],
)
def test_an_opinion_that_was_called_for_counts_but_is_not_the_groups(
    cast, needed, still
):
    d.publish(cast, *(d.line(risk, opinions=needed) for risk in (1, 2, 3)))
    case = w.assessed(cast, given={"PRI_1": "outside-EEA"})
    say(case, cast.leader)

    assert case.last_assessment.has_opinion
    assert still_to_speak(w.fresh(case)) == still
