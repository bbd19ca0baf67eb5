"""My work: each thing waits for the person who may do it, and for nobody else."""

from datetime import timedelta

import pytest

from register.choices import Role
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.models import OpenPoint, Opinion
from workflows.services import advising, answering, looking
from workflows.services.answering import Given
from workflows.services.waiting import waiting_for

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# The quick screen asks for the export-control adviser and opens the licence gate.
DOUBTFUL = {"EXP_1": "yes"}
PEOPLE = (
    *("proposer", "officer", "adviser", "decider", "other_decider"),
    *("specialist", "other_specialist", "leader", "auditor", "stranger"),
)


def work(user):
    return {
        (waiting.case.pk, str(waiting.verb)) for waiting in waiting_for(fresh(user))
    }


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def waits_for(cast, case, verb):
    """The names of everybody in whose work the verb stands for this case."""
    return {who for who in PEOPLE if (case.pk, verb) in work(getattr(cast, who))}


def save(case, actor, **answers):
    given = {
        code.replace("_", "-"): Given([one], "Why") for code, one in answers.items()
    }
    answering.save_answers(case_id=case.pk, actor=actor, answers=given)


# Advisers -------------------------------------------------------------------------
def test_an_opinion_waits_for_the_advisers_of_its_field_until_it_is_given(cast):
    case = w.proposed(cast, given=DOUBTFUL)
    export = r.person_with(Role.EXPORT_ADVISER, cast.department)
    privacy = r.person_with(Role.PRIVACY_ADVISER, cast.department)
    elsewhere = r.person_with(Role.EXPORT_ADVISER, cast.other_department)
    wanted = (case.pk, "give_opinion")

    assert waits_for(cast, case, "give_opinion") == {"specialist", "other_specialist"}
    assert [wanted in work(one) for one in (export, privacy, elsewhere)] == [
        True,
        False,
        False,
    ]
    w.give_opinions(cast, case)
    assert waits_for(cast, case, "give_opinion") == set()


def test_an_opinion_says_by_when_it_is_due(cast):
    case = w.proposed(cast, given=DOUBTFUL)
    due = case.open_assessment.opinions.get().due_on + timedelta(days=3)
    Opinion.objects.update(due_on=due)

    days = {x.due_on for x in waiting_for(cast.specialist) if x.verb == "give_opinion"}

    assert days == {due}


def test_nobody_advises_or_clears_on_their_own_case(cast):
    case = w.proposed(cast, given=DOUBTFUL, responsible=cast.specialist)

    assert waits_for(cast, case, "give_opinion") == {"other_specialist"}
    assert waits_for(cast, case, "clear_gate") == {"other_specialist"}


def test_a_gate_waits_for_those_who_may_clear_it_but_not_for_who_opened_it(cast):
    case = w.proposed(cast)
    save(case, cast.specialist, EXP_1="yes")
    export = r.person_with(Role.EXPORT_ADVISER, cast.department)

    assert waits_for(cast, case, "clear_gate") == {"other_specialist"}
    assert (case.pk, "clear_gate") in work(export)
    w.clear_gates(cast, case)
    assert waits_for(cast, case, "clear_gate") == set()


# Deciders and assessors -----------------------------------------------------------
def test_a_lower_risk_waits_for_another_decider(cast):
    case = w.proposed(cast, given={"PUR_3": "no"})
    save(case, cast.officer, PUR_3="no")
    advising.lower_risk(
        case_id=case.pk, actor=cast.officer, risk=1, reason="The dean follows it up."
    )

    assert waits_for(cast, case, "confirm_lowering") == {"decider", "other_decider"}
    advising.confirm_lowering(case_id=case.pk, actor=cast.decider, agrees=True)
    assert waits_for(cast, case, "confirm_lowering") == set()


def test_an_invitation_waits_for_the_invited_until_handed_in(cast):
    case = w.proposed(cast)
    looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=cast.adviser)

    assert waits_for(cast, case, "hand_in") == {"adviser"}
    chosen = w.core(w.answers())
    looking.hand_in(case_id=case.pk, actor=cast.adviser, answers=chosen)
    assert waits_for(cast, case, "hand_in") == set()


def test_whoever_assesses_blindly_is_asked_for_nothing_else_on_the_case(cast):
    case = w.proposed(cast, given=DOUBTFUL)
    r.role(cast.adviser, Role.EXPORT_ADVISER, cast.institution)
    looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=cast.adviser)

    assert work(cast.adviser) == {(case.pk, "hand_in")}


# Questions ------------------------------------------------------------------------
def test_after_sending_the_proposer_is_asked_for_their_own_questions_only(cast):
    case = w.proposed(cast)
    theirs = {
        code: one
        for code, one in w.core(w.answers()).items()
        if w.shipped().by_code[code].who == "A"
    }

    assert (case.pk, "answer") in work(cast.proposer)
    answering.save_answers(case_id=case.pk, actor=cast.proposer, answers=theirs)
    assert work(cast.proposer) == set()


def test_the_officer_answers_what_is_theirs_and_then_looks_through(cast):
    case = w.proposed(cast)
    theirs = {
        code: one
        for code, one in w.core(w.answers()).items()
        if "M" in w.shipped().by_code[code].roles
    }

    assert work(cast.officer) == {(case.pk, "answer")}
    answering.save_answers(case_id=case.pk, actor=cast.officer, answers=theirs)
    assert work(cast.officer) == {(case.pk, "complete_assessment")}


def test_a_proposal_that_holds_the_case_up_waits_for_the_right_role(cast):
    case = w.proposed(cast, given={"PAR_3": "civil-only-with-links"})
    security = r.person_with(Role.SECURITY_ADVISER, cast.department)
    export = r.person_with(Role.EXPORT_ADVISER, cast.department)

    assert (case.pk, "confirm_answers") in work(security)
    assert "proposer" not in waits_for(cast, case, "confirm_answers")
    confirm(case, export)
    confirm(case, security)
    assert (case.pk, "confirm_answers") not in work(security) | work(export)


def confirm(case, user):
    w.confirm_what_waits(case, fresh(user))


def test_a_harmless_proposal_on_the_light_track_waits_for_nobody(cast):
    case = w.proposed(cast)

    assert waits_for(cast, case, "confirm_answers") == set()


def test_what_the_officer_proposes_waits_for_the_proposer(cast):
    case = w.proposed(cast)
    save(case, cast.officer, TEC_1="yes", TEC_2="unsure")

    assert "proposer" in waits_for(cast, case, "confirm_answers")


def test_the_exit_questions_wait_before_the_case_can_be_closed(cast):
    case = w.terminating_(cast)

    assert {v for pk, v in work(cast.officer) if pk == case.pk} == {"answer"}
    w.complete_exit(cast, case)
    assert {v for pk, v in work(cast.officer) if pk == case.pk} == {"close"}


def test_a_draft_waits_for_its_proposer_alone(cast):
    case = w.draft(cast)

    assert waits_for(cast, case, "submit") == {"proposer"}
    assert work(cast.proposer) == {(case.pk, "submit")}


# Open points ----------------------------------------------------------------------
def test_an_open_point_waits_for_its_owner_until_something_is_found_out(cast):
    case = w.proposed(cast)
    save(case, cast.officer, EXP_1="unsure")
    point = OpenPoint.objects.get()
    assert waits_for(cast, case, "settle_point") == {"proposer"}

    day = point.due_on + timedelta(days=3)
    told = {"case_id": case.pk, "point_id": point.pk, "due_on": day}
    looking.settle_point(actor=cast.officer, owner=cast.adviser, **told)
    assert waits_for(cast, case, "settle_point") == {"adviser"}
    (waiting,) = (x for x in waiting_for(cast.adviser) if x.verb == "settle_point")
    assert waiting.due_on == day

    looking.settle_point(
        actor=cast.adviser, owner=cast.adviser, outcome="No licence.", **told
    )
    assert waits_for(cast, case, "settle_point") == set()


def test_an_open_point_waits_for_nobody_who_has_left_the_unit(cast):
    case = w.proposed(cast)
    save(case, cast.officer, EXP_1="unsure")
    OpenPoint.objects.update(owner=cast.stranger)

    assert waits_for(cast, case, "settle_point") == set()


# Cost -----------------------------------------------------------------------------
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(
    ("who", "statements"),
    [("proposer", 24), ("officer", 30), ("specialist", 24), ("adviser", 11)],
)
def test_my_work_asks_the_same_however_much_waits(
    cast, size, who, statements, django_assert_num_queries
):
    for _ in range(size):
        case = w.proposed(cast, given={**DOUBTFUL, "PAR_3": "yes"})
        save(case, cast.officer, TEC_1="yes", TEC_2="unsure")
        looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=cast.adviser)
        w.draft(cast)
    user = fresh(getattr(cast, who))

    with django_assert_num_queries(statements):
        found = waiting_for(user)

    assert len(found) >= size


@pytest.mark.parametrize("size", [1, 3])
def test_lowerings_are_found_at_once(cast, size, django_assert_num_queries):
    for _ in range(size):
        case = w.proposed(cast)
        save(case, cast.officer, PUR_3="no")
        advising.lower_risk(
            case_id=case.pk, actor=cast.officer, risk=1, reason="It is followed up."
        )
    decider = fresh(cast.decider)

    with django_assert_num_queries(14):
        found = waiting_for(decider)

    assert [str(one.verb) for one in found] == ["confirm_lowering"] * size


def recommended(cast):
    case = w.assessed(cast)
    w.recommend(cast, case)


def with_exit_answered(cast):
    case = w.terminating_(cast)
    w.complete_exit(cast, case)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(
    ("state", "verb", "who", "statements"),
    [
        (recommended, "ask_decision", "officer", 25),
        (w.asked, "reject", "decider", 25),
        (with_exit_answered, "close", "officer", 25),
        (w.suspended, "resume", "decider", 24),
    ],
)
def test_what_is_to_be_decided_is_found_at_once(
    cast, size, state, verb, who, statements, django_assert_num_queries
):
    for _ in range(size):
        state(cast)
    user = fresh(getattr(cast, who))

    with django_assert_num_queries(statements):
        found = waiting_for(user)

    assert [str(one.verb) for one in found] == [verb] * size
