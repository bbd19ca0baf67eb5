"""Questions, answers and the risk that follows; then it is frozen."""

import json

import pytest

from register.choices import CaseState, Risk
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from workflows.choices import Verb
from workflows.models import Answer, Assessment, Question
from workflows.services import assessing, handling
from workflows.services.assessing import Given, questions_of
from workflows.services.moving import NotAllowed


def complete(case, actor, given=None) -> Assessment:
    return assessing.complete(
        case_id=case.pk, actor=actor, conclusion="Seen through.", answers=given
    )


def given_to(case) -> dict[str, set[str]]:
    """The answers of the newest assessment: option codes by question."""
    assessment = case.assessments.latest("id")
    return {
        answer.question.code: {option.code for option in answer.options.all()}
        for answer in assessment.answers.all()
    }


QUICK_SCREEN = {
    *("PAR-2", "PAR-3", "CTY-1", "CTY-2", "EXP-1", "EXP-5"),
    *("SAN-1", "TEC-1", "TEC-4", "PRI-1", "FUN-1", "MOB-2"),
}


def test_a_proposal_is_asked_the_quick_screen(cast):
    case = w.fresh(w.proposed(cast))

    asked = [question.code for question in questions_of(case.open_assessment)]

    assert set(asked) == QUICK_SCREEN
    assert len(asked) == 12


def test_answers_are_kept_as_they_come_and_changed_at_will(cast):
    case = w.proposed(cast)

    for given in ({"EXP-1": Given(["no"])}, {"EXP-1": Given(["yes"], "Lasers.")}):
        assessing.save_answers(case_id=case.pk, actor=cast.officer, answers=given)

    case = w.fresh(case)
    assert given_to(case) == {"EXP-1": {"yes"}}
    assert Answer.objects.get().comment == "Lasers."
    told = [json.loads(e.payload.text) for e in case.events.filter(verb=Verb.ANSWER)]
    assert [[change[0] for change in each["answers"]] for each in told] == [
        ["EXP-1"],
        ["EXP-1"],
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["maybe"], "“maybe” is not an answer to question EXP-1."),
        (["yes", "no"], "Choose one answer to question EXP-1."),
    ],
)
def test_an_answer_that_the_question_does_not_have_is_refused(cast, given, sentence):
    case = w.proposed(cast)
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        assessing.save_answers(
            case_id=case.pk, actor=cast.officer, answers={"EXP-1": Given(given)}
        )

    assert str(refusal.value) == sentence
    assert everything() == before


def test_a_question_that_takes_several_answers_takes_them(cast):
    case = w.proposed(cast)

    assessing.save_answers(
        case_id=case.pk,
        actor=cast.officer,
        answers={"PAR-2": Given(["private", "foundation"])},
    )

    assert given_to(case) == {"PAR-2": {"private", "foundation"}}


def test_an_assessment_with_gaps_is_not_completed_and_names_them(cast):
    case = w.proposed(cast)
    half = w.answers()
    for code in ("CTY-1", "MOB-2"):
        del half[code]
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        complete(case, cast.officer, half)

    assert str(refusal.value) == "Answer these questions first: CTY-1, MOB-2."
    assert everything() == before


@pytest.mark.parametrize(
    ("given", "risk"),
    [
        ({}, Risk.LOW),
        ({"EXP_1": "possibly"}, Risk.MEDIUM),
        ({"EXP_1": "unsure", "TEC_1": "yes"}, Risk.MEDIUM),  # nothing is added up
        ({"EXP_1": "yes", "TEC_1": "yes"}, Risk.HIGH),
        ({"TEC_4": "yes"}, Risk.CRITICAL),
        ({"EXP_5": "yes", "EXP_1": "yes"}, Risk.CRITICAL),
    ],
)
def test_the_highest_answer_sets_the_risk(cast, given, risk):
    case = w.assessed(cast, given=given)

    assert (case.state, case.risk) == (CaseState.ASSESSED, risk)
    assert case.last_assessment.risk == risk


def test_a_country_alone_never_decides(cast):
    """Every question about the country at its highest still leaves it to people."""
    about_countries = Question.objects.filter(quick_screen=True, code__startswith="CTY")

    assert {
        question.code: max(option.level for option in question.options.all())
        for question in about_countries
    } == {"CTY-1": Risk.HIGH, "CTY-2": Risk.HIGH}


def test_a_frozen_assessment_keeps_the_exact_text_of_its_answers(cast):
    frozen = w.assessed(cast).last_assessment

    snapshot = json.loads(frozen.snapshot)
    assert frozen.snapshot_hash == assessing.digest(
        "midtveis:assessment:v1\n", frozen.snapshot
    )
    assert {each["question"]: set(each["options"]) for each in snapshot["answers"]} == (
        given_to(frozen.case)
    )
    assert {each["by"] for each in snapshot["answers"]} == {str(cast.officer.public_id)}
    event = frozen.case.events.get(verb=Verb.COMPLETE_ASSESSMENT)
    assert json.loads(event.payload.text)["snapshot"] == frozen.snapshot_hash


def test_reopening_begins_a_new_version_beside_the_frozen_one(cast):
    case = w.assessed(cast)
    frozen = case.last_assessment

    handling.with_reason(
        case_id=case.pk, verb=Verb.REOPEN_ASSESSMENT, actor=cast.officer, reason="New."
    )
    complete(case, cast.adviser, w.answers(EXP_1="yes"))

    case = w.fresh(case)
    assert (case.state, case.risk) == (CaseState.ASSESSED, Risk.HIGH)
    assert case.last_assessment != frozen
    assert Assessment.objects.get(pk=frozen.pk).snapshot == frozen.snapshot


def test_a_returned_case_goes_on_with_the_answers_it_had(cast):
    case = w.proposed(cast)
    assessing.save_answers(
        case_id=case.pk, actor=cast.officer, answers={"EXP-1": Given(["no"])}
    )
    handling.with_reason(
        case_id=case.pk, verb=Verb.SEND_BACK, actor=cast.officer, reason="Which lab?"
    )

    w.proposing.submit(case_id=case.pk, actor=case.proposer)

    assert Assessment.objects.count() == 1
    assert given_to(w.fresh(case)) == {"EXP-1": {"no"}}
