"""The risk that follows from the answers, what is missing, and the frozen whole."""

import json

import pytest

from register.choices import CaseState, Risk
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from workflows.choices import Conclusion, Track, Verb
from workflows.models import Assessment
from workflows.services import advising, answering, assessing, handling
from workflows.services.answering import Given
from workflows.services.assessing import questions_of
from workflows.services.moving import NotAllowed
from workflows.sheets import Sheet

pytestmark = pytest.mark.once


def complete(case, actor, given=None, **words) -> Assessment:
    return assessing.complete(
        case_id=case.pk, actor=actor, conclusion="Seen through.", answers=given, **words
    )


def refusal_of(case, actor, given=None, **words) -> str:
    """The sentence of the refusal; nothing was written."""
    before = everything()
    with pytest.raises(NotAllowed) as refusal:
        complete(case, actor, given, **words)
    assert everything() == before
    return str(refusal.value)


def reopened(cast, case):
    verb, officer = Verb.REOPEN_ASSESSMENT, cast.officer
    handling.with_reason(case_id=case.pk, verb=verb, actor=officer, reason="New.")
    return w.fresh(case)


def given_to(case) -> dict[str, set[str]]:
    """The answers of the newest assessment: option codes by question."""
    assessment = case.assessments.latest("id")
    return {answer.question: set(answer.options) for answer in assessment.answers.all()}


QUICK_SCREEN = {
    *("PAR-2", "PAR-3", "CTY-1", "CTY-2", "EXP-1", "EXP-5"),
    *("SAN-1", "TEC-1", "TEC-4", "PRI-1", "FUN-1", "MOB-2"),
}


def test_a_draft_is_asked_the_quick_screen_and_a_harmless_proposal_the_core(cast):
    draft, case = w.draft(cast), w.fresh(w.proposed(cast))

    core = {question.code for question in questions_of(case.open_assessment)}

    assert {question.code for question in Sheet.of(draft).asked} == QUICK_SCREEN
    assert case.open_assessment.track == Track.LIGHT
    assert core == set(w.core(w.answers()))
    assert core > QUICK_SCREEN


def test_answers_are_kept_as_they_come_and_changed_at_will(cast):
    case = w.proposed(cast)

    for given in (Given(["no"], "Snow."), Given(["yes"], "Lasers.")):
        answers = {"EXP-1": given}
        answering.save_answers(case_id=case.pk, actor=cast.officer, answers=answers)

    answer = w.fresh(case).open_assessment.answers.get(question="EXP-1")
    assert (answer.options, answer.comment) == (["yes"], "Lasers.")
    events = case.events.filter(verb=Verb.ANSWER, person=cast.officer)
    told = [json.loads(event.payload.text)["answers"] for event in events]
    assert [[code for code, _old, _new in each] for each in told] == [["EXP-1"]] * 2


def test_an_assessment_with_gaps_is_not_completed_and_names_them(cast):
    case = w.proposed(cast)
    half = w.core(w.answers())
    for code in ("PAR-6", "PUR-1"):
        del half[code]

    said = refusal_of(case, cast.officer, half)

    assert said == "Answer these questions first: PUR-1, PAR-6."


def test_what_is_unsure_needs_a_word(cast):
    case = w.proposed(cast)
    unsure = {"PAR-1": Given(["unsure"]), "PAR-6": Given(["no"])}

    said = refusal_of(case, cast.officer, w.core(w.answers()) | unsure)

    assert said == "Say a few words about: PAR-1."


def test_on_the_full_track_the_right_person_must_have_confirmed(cast):
    case = w.proposed(cast)
    assessing.take_full_track(
        case_id=case.pk, actor=cast.officer, reason="A new partner."
    )
    asked = {q.code: w.answer(q) for q in Sheet.of(w.fresh(case)).asked}
    own = {c: one for c, one in asked.items() if w.shipped().by_code[c].who != "A"}
    academic = {c: one for c, one in asked.items() if c not in own}
    for actor, answers in ((cast.proposer, academic), (cast.specialist, own)):
        answering.save_answers(case_id=case.pk, actor=actor, answers=answers)

    said = refusal_of(case, cast.officer)

    by_officer = [
        question.code
        for question in Sheet.of(w.fresh(case)).unconfirmed
        if question.who == "M"
    ]
    waiting = ", ".join(q.code for q in Sheet.of(w.fresh(case)).unconfirmed)
    assert said == (
        f"These answers wait until the right person confirms them: {waiting}."
    )
    assert by_officer


def test_from_medium_it_is_said_what_is_done_about_the_risk(cast):
    case = w.proposed(cast, given={"TEC_1": "unsure"})
    w.answer_by_the_right_people(cast, case, w.answers(TEC_1="unsure"))
    w.give_opinions(cast, case)

    said = refusal_of(case, cast.officer)
    complete(case, cast.officer, mitigation="Nobody touches the laser.")

    assert said == "Write what is done about the risk."
    assert w.fresh(case).risk == Risk.MEDIUM


def test_it_is_not_completed_while_an_adviser_is_waited_for(cast):
    case = w.proposed(cast, given={"TEC_1": "unsure"})
    w.answer_by_the_right_people(cast, case, w.answers(TEC_1="unsure"))

    said = refusal_of(case, cast.officer, mitigation="Watched.")

    assert said == "These opinions are waited for: Security adviser."


DOUBTS = {"PUR_3": "no", "FRE_5": "no", "IPR_3": "no", "AGR_3": "no"}


@pytest.mark.parametrize(
    ("words", "risk"),
    [
        ({"not_raised": "All four are mended."}, Risk.MEDIUM),
        ({"takes_proposal": True}, Risk.HIGH),
    ],
)
def test_four_doubts_propose_high_and_a_person_takes_it_or_says_why_not(
    cast, words, risk
):
    case = w.proposed(cast)
    assessing.take_full_track(case_id=case.pk, actor=cast.officer, reason="Doubts.")
    w.answer_by_the_right_people(cast, case, w.answers(**DOUBTS))
    w.give_opinions(cast, case)

    said = refusal_of(case, cast.officer, mitigation="Watched.")
    complete(case, cast.officer, mitigation="Watched.", **words)

    frozen = w.fresh(case).last_assessment
    assert said == "Take the higher risk that is proposed, or say why not."
    assert (frozen.inherent, frozen.risk) == (Risk.MEDIUM, risk)


@pytest.mark.parametrize(
    ("given", "risk"),
    [
        ({}, Risk.LOW),
        ({"EXP_1": "possibly"}, Risk.MEDIUM),
        ({"EXP_1": "unsure", "TEC_1": "yes"}, Risk.MEDIUM),  # nothing is added up
        ({"EXP_1": "yes", "TEC_1": "yes"}, Risk.HIGH),
        ({"TEC_1": "yes", "CTY_1": "named-for-research"}, Risk.HIGH),  # rule K1
        ({"TEC_4": "yes"}, Risk.CRITICAL),
        ({"EXP_5": "yes", "EXP_1": "yes"}, Risk.CRITICAL),
    ],
)
def test_the_highest_answer_sets_the_risk(cast, given, risk):
    case = w.assessed(cast, given=given)

    assert (case.state, case.risk) == (CaseState.ASSESSED, risk)
    assert (case.last_assessment.risk, case.last_assessment.inherent) == (risk, risk)


def test_a_country_alone_asks_everything_and_leaves_the_risk_low(cast):
    case = w.assessed(cast, given={"CTY_1": "named-for-research", "CTY_2": "yes"})

    frozen = case.last_assessment
    assert (frozen.track, frozen.track_because) == ("full", ["CTY-1", "CTY-2"])
    assert (frozen.inherent, frozen.risk, case.risk) == (Risk.LOW,) * 3
    assert [gate.code for gate in case.open_gates] == ["G-SAN"]


def test_a_frozen_assessment_keeps_the_exact_text_of_its_answers(cast):
    frozen = w.assessed(cast).last_assessment

    snapshot = json.loads(frozen.snapshot)
    assert frozen.snapshot_hash == assessing.digest(
        "midtveis:assessment:v1\n", frozen.snapshot
    )
    assert {each["question"]: set(each["options"]) for each in snapshot["answers"]} == (
        given_to(frozen.case)
    )
    by_whom = {each["by"] for each in snapshot["answers"]}
    assert by_whom <= {str(cast.officer.public_id), str(cast.proposer.public_id)}
    event = frozen.case.events.get(verb=Verb.COMPLETE_ASSESSMENT)
    assert json.loads(event.payload.text)["snapshot"] == frozen.snapshot_hash


def test_reopening_begins_a_new_version_beside_the_frozen_one(cast):
    case = w.assessed(cast)
    frozen = case.last_assessment

    reopened(cast, case)
    w.answer_by_the_right_people(cast, case, w.answers(EXP_1="yes"))
    w.give_opinions(cast, case)
    complete(case, cast.officer, mitigation="Nobody travels.")

    case = w.fresh(case)
    assert (case.state, case.risk) == (CaseState.ASSESSED, Risk.HIGH)
    assert case.last_assessment.supersedes == frozen
    assert Assessment.objects.get(pk=frozen.pk).snapshot == frozen.snapshot


def test_reopening_takes_back_no_answer_no_opinion_and_no_raised_risk(cast):
    case = w.proposed(cast, given={"TEC_1": "unsure"})
    w.answer_by_the_right_people(cast, case, w.answers(TEC_1="unsure"))
    w.give_opinions(cast, case)
    advising.raise_risk(
        case_id=case.pk, actor=cast.adviser, risk=Risk.HIGH, reason="I know them."
    )
    complete(case, cast.officer, mitigation="Watched.")

    case = reopened(cast, case)
    complete(case, cast.officer, mitigation="Watched.")

    old, new = case.assessments.order_by("id")
    assert (old.risk, new.risk, w.fresh(case).risk) == (Risk.HIGH,) * 3
    for each in (old, new):
        told = each.opinions.values_list("role", "conclusion", "text", "given_by")
        assert list(told) == [
            (
                *("S-SEC", "no_objection"),
                *("Looked into; it can be done.", cast.specialist.pk),
            )
        ]
    assert {a.question: (a.options, a.answered_by) for a in old.answers.all()} == {
        a.question: (a.options, a.answered_by) for a in new.answers.all()
    }


def test_who_forbade_it_is_asked_again_and_it_stays_critical_meanwhile(cast):
    case = w.proposed(cast, given={"EXP_1": "possibly"})
    w.answer_by_the_right_people(cast, case, w.answers(EXP_1="possibly"))
    (opinion,) = w.fresh(case).waiting_opinions
    say = {"case_id": case.pk, "actor": cast.specialist, "text": "Not to this user."}
    advising.give_opinion(opinion_id=opinion.pk, conclusion=Conclusion.FORBIDDEN, **say)
    complete(case, cast.officer, mitigation="None.")

    case = reopened(cast, case)
    said = refusal_of(case, cast.officer, mitigation="Another user.")
    (again,) = case.waiting_opinions
    advising.give_opinion(opinion_id=again.pk, conclusion=Conclusion.NO_LICENCE, **say)
    complete(case, cast.officer, mitigation="Another user.")

    assert said == "These opinions are waited for: Export-control adviser."
    assert (again.role, again.action) == (opinion.role, opinion.action)
    assert w.fresh(case).risk == Risk.CRITICAL  # until two people lower it


def test_a_lower_risk_covers_no_answer_that_came_after_it(cast):
    """Two levels with an opinion; then a doubt that nobody has judged."""
    case = w.proposed(cast, given={"PAR_3": "yes"})
    w.answer_by_the_right_people(cast, case, w.answers(PAR_3="yes"))
    w.give_opinions(cast, case)
    advising.lower_risk(
        case_id=case.pk, actor=cast.officer, risk=Risk.LOW, reason="Fenced off."
    )
    advising.confirm_lowering(case_id=case.pk, actor=cast.decider, agrees=True)
    lowered = Sheet.of(w.fresh(case)).residual

    for option, actor in (("no", cast.officer), ("yes", cast.officer)):
        given = {"PUR-3": Given([option], "The leader.")}
        answering.save_answers(case_id=case.pk, actor=actor, answers=given)

    assert lowered == Risk.LOW
    assert Sheet.of(w.fresh(case)).residual == Risk.LOW  # taken back again
    given = {"PUR-3": Given(["no"], "The leader.")}
    answering.save_answers(case_id=case.pk, actor=cast.officer, answers=given)
    assert Sheet.of(w.fresh(case)).residual == Risk.MEDIUM


def test_a_returned_case_goes_on_with_the_answers_it_had(cast):
    case = w.proposed(cast)
    answers = {"SAN-2": Given(["no"], "Nothing.")}
    answering.save_answers(case_id=case.pk, actor=cast.officer, answers=answers)
    before = given_to(w.fresh(case))
    handling.with_reason(
        case_id=case.pk, verb=Verb.SEND_BACK, actor=cast.officer, reason="Which lab?"
    )

    w.proposing.submit(case_id=case.pk, actor=case.proposer)

    assert Assessment.objects.count() == 1
    assert given_to(w.fresh(case)) == before
    assert before["SAN-2"] == {"no"}
