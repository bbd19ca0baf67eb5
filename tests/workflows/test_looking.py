"""Around an assessment: what answers rest on, what is still to be found out, and those
who assess for themselves."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from register.clock import local_today
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from tests.workflows.tampering import refused, sql
from workflows.choices import Confidence, Verb, Verdict
from workflows.models import Answer, Assessor, Evidence, OpenPoint
from workflows.policies import ABOUT_ANSWERS, STILL_BLIND, is_blind, why_not
from workflows.services import answering, assessing, deciding, handling, looking
from workflows.services.answering import Given
from workflows.services.moving import NotAllowed
from workflows.sheets import Sheet

pytestmark = pytest.mark.once

PAGE = {"address": "https://example.org/law", "quotation": "Ice is free for all."}


def add(case, actor, question="EXP-1", **given):
    told = {"confidence": Confidence.HIGH, "seen_on": local_today()} | given
    return looking.add_evidence(case_id=case.pk, actor=actor, question=question, **told)


def pdf(name="report.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 ice")


def say(case, actor, question="EXP-1", options="no", comment=""):
    given = {question: Given([options], comment)}
    return answering.save_answers(case_id=case.pk, actor=actor, answers=given)


def invite(cast, case, user):
    return looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=user)


def own_answers(case, **given):
    """An own answer to each question that is asked, harmless but for those given."""
    asked = {question.code for question in Sheet.of(w.fresh(case)).asked}
    return {code: one for code, one in w.answers(**given).items() if code in asked}


def hand_in(case, user, red_flag="", **given):
    return looking.hand_in(
        case_id=case.pk,
        actor=user,
        answers=own_answers(case, **given),
        words="Seen alone.",
        red_flag=red_flag,
    )


# Evidence --------------------------------------------------------------------------
def test_evidence_is_a_page_with_what_it_says(cast):
    case = w.proposed(cast)

    add(case, cast.officer, **PAGE)

    kept = Evidence.objects.get()
    assert (kept.question, kept.address, kept.quotation) == ("EXP-1", *PAGE.values())
    assert (kept.added_by, kept.seen_on) == (cast.officer, local_today())
    told = case.events.last()
    assert (told.verb, told.content["evidence"]) == (Verb.ADD_EVIDENCE, PAGE["address"])


def test_evidence_is_a_file_kept_with_the_case_and_its_hash_in_the_event(cast):
    case = w.proposed(cast)

    kept = add(case, cast.proposer, upload=pdf())

    assert kept.document.cooperation_id == case.pk
    assert case.events.last().content["sha256"] == kept.document.sha256


@pytest.mark.parametrize(
    "half", [{}, {"address": "https://example.org/"}, {"quotation": "Ice."}]
)
def test_half_a_piece_of_evidence_is_refused_and_nothing_is_written(cast, half):
    case = w.proposed(cast)
    before = everything()

    with pytest.raises(ValidationError, match="Give a file, or an address together"):
        add(case, cast.officer, **half)

    assert everything() == before


def test_evidence_of_a_day_to_come_is_refused(cast):
    case = w.proposed(cast)

    with pytest.raises(ValidationError, match="This day is still to come"):
        add(case, cast.officer, seen_on=local_today() + timedelta(days=1), **PAGE)


@pytest.mark.parametrize(
    ("question", "because"),
    [
        ("XXX-1", "Question XXX-1 is not asked here."),
        ("TEC-4", "Nothing but a reference is kept with this question."),
    ],
)
def test_evidence_needs_a_question_that_takes_it(cast, question, because):
    case = w.proposed(cast)

    with pytest.raises(NotAllowed, match=because):
        add(case, cast.officer, question, **PAGE)


@pytest.mark.parametrize("who", ["decider", "auditor", "stranger"])
def test_those_who_do_not_answer_add_no_evidence(cast, who):
    case = w.proposed(cast)
    before = everything()

    with pytest.raises(NotAllowed):
        add(case, getattr(cast, who), **PAGE)

    assert everything() == before


@pytest.mark.engine
def test_evidence_is_frozen_with_its_assessment(cast):
    case = w.proposed(cast)
    kept = add(case, cast.officer, **PAGE)
    assessing.complete(
        case_id=case.pk,
        actor=cast.officer,
        answers=w.core(w.answers()),
        conclusion="Harmless.",
    )

    for statement in (
        "UPDATE workflows_evidence SET quotation = 'Ice is secret.' WHERE id = %s",
        "DELETE FROM workflows_evidence WHERE id = %s",
    ):
        with refused("frozen"):
            sql(statement, kept.pk)
    with pytest.raises(NotAllowed):
        add(case, cast.officer, **PAGE)
    kept.refresh_from_db()
    assert kept.quotation == PAGE["quotation"]


def test_a_correction_keeps_the_evidence_and_what_is_still_open(cast):
    case = w.proposed(cast)
    add(case, cast.officer, **PAGE)
    say(case, cast.proposer, "TEC-1", "unsure", "We ask the partner.")
    w.answer_by_the_right_people(cast, case, w.answers(TEC_1="unsure"))
    w.give_opinions(cast, case)
    assessing.complete(
        case_id=case.pk, actor=cast.officer, conclusion="Done.", mitigation="Watched."
    )
    handling.with_reason(
        case_id=case.pk,
        verb=Verb.REOPEN_ASSESSMENT,
        actor=cast.officer,
        reason="New facts.",
    )

    new = w.fresh(case).open_assessment
    assert [each.question for each in new.evidence.all()] == ["EXP-1"]
    assert [each.question for each in new.supersedes.evidence.all()] == ["EXP-1"]
    open_points = OpenPoint.objects.filter(closed_at=None)
    assert list(open_points.values_list("assessment", "question")) == [
        (new.pk, "TEC-1")
    ]


# Open points -----------------------------------------------------------------------
def test_an_unsure_answer_opens_a_point_and_a_sure_one_closes_it(cast):
    case = w.proposed(cast)

    say(case, cast.officer, "EXP-1", "unsure", "We ask the partner.")

    point = OpenPoint.objects.get()
    assert (point.question, point.owner, point.closed_at) == (
        "EXP-1",
        cast.proposer,
        None,
    )
    say(case, cast.officer, "EXP-1", "no", "They answered.")
    point.refresh_from_db()
    assert point.closed_by == cast.officer
    say(case, cast.officer, "EXP-1", "unsure", "They took it back.")
    assert OpenPoint.objects.filter(closed_at=None).count() == 1


def settle(case, actor, **given):
    point = OpenPoint.objects.get()
    told = {"owner": point.owner, "due_on": point.due_on} | given
    return looking.settle_point(case_id=case.pk, actor=actor, point_id=point.pk, **told)


def test_a_point_is_not_handed_to_somebody_who_could_not_settle_it(cast):
    case = w.proposed(cast)
    say(case, cast.officer, "EXP-1", "unsure", "We ask the partner.")
    looking.invite_assessor(case_id=case.pk, actor=cast.officer, user=cast.adviser)

    for owner in (cast.stranger, cast.auditor, cast.adviser):
        with pytest.raises(NotAllowed):
            settle(case, cast.officer, owner=owner)

    assert OpenPoint.objects.get().owner == cast.proposer


def test_a_point_changes_hands_and_stays_open_until_something_is_found_out(cast):
    case = w.proposed(cast)
    say(case, cast.officer, "EXP-1", "unsure", "We ask the partner.")
    day = local_today() + timedelta(days=3)

    settle(case, cast.officer, owner=cast.adviser, due_on=day)
    point = OpenPoint.objects.get()
    assert (point.owner, point.due_on, point.closed_at) == (cast.adviser, day, None)

    settle(case, cast.adviser, outcome=" No licence is needed. ")
    point.refresh_from_db()
    assert (point.outcome, point.closed_by) == ("No licence is needed.", cast.adviser)
    assert case.events.last().content["outcome"] == "No licence is needed."
    with pytest.raises(NotAllowed, match="This point has been closed already"):
        settle(case, cast.officer)


@pytest.mark.parametrize("who", ["decider", "auditor", "stranger"])
def test_those_who_do_not_handle_it_settle_nothing(cast, who):
    case = w.proposed(cast)
    say(case, cast.officer, "EXP-1", "unsure", "We ask the partner.")
    before = everything()

    with pytest.raises(NotAllowed):
        settle(case, getattr(cast, who), outcome="It is fine.")

    assert everything() == before


# Independent assessors -------------------------------------------------------------
def test_an_own_assessment_is_kept_beside_the_answers_of_the_case(cast):
    case = w.proposed(cast)
    before = {code: each.options for code, each in Sheet.of(case).answers.items()}
    invite(cast, case, cast.adviser)

    hand_in(case, cast.adviser, EXP_1="yes")

    assessor = Assessor.objects.get()
    assert (assessor.user, assessor.words) == (cast.adviser, "Seen alone.")
    own = assessor.answers.get(question="EXP-1")
    assert (own.options, own.answered_by) == (["yes"], cast.adviser)
    sheet = Sheet.of(w.fresh(case))
    assert {code: each.options for code, each in sheet.answers.items()} == before
    assert (case.events.last().verb, case.events.last().visibility) == (
        Verb.HAND_IN,
        "handlers",
    )


def test_half_an_own_assessment_is_refused_with_what_is_missing(cast):
    case = w.proposed(cast)
    invite(cast, case, cast.adviser)
    half = own_answers(case)
    del half["EXP-1"]

    with pytest.raises(NotAllowed, match=r"Answer these questions first: EXP-1\."):
        looking.hand_in(case_id=case.pk, actor=cast.adviser, answers=half)

    assert not Answer.objects.filter(assessor__isnull=False).exists()


def test_nobody_hands_in_twice_or_unasked(cast):
    case = w.proposed(cast)
    invite(cast, case, cast.adviser)
    hand_in(case, cast.adviser)
    once = "Only those who were asked to assess for themselves hand in, once."

    for user in (cast.adviser, cast.specialist):
        with pytest.raises(NotAllowed, match=once):
            hand_in(case, user)


@pytest.mark.parametrize(
    ("who", "because"),
    [
        ("proposer", "Those who carry the cooperation do not assess it."),
        (
            "auditor",
            "Only somebody who handles or advises the unit's cases can assess.",
        ),
        ("stranger", "Only somebody who handles or advises the unit's cases can"),
        ("leader", "Liv Leader has a part in the answers already; ask somebody else."),
        ("adviser", "Ada Adviser has been invited already."),
    ],
)
def test_only_somebody_who_can_look_afresh_is_invited_and_once(cast, who, because):
    case = w.proposed(cast)
    say(case, cast.leader, "PUR-3", "yes")
    invite(cast, case, cast.adviser)
    before = everything()

    with pytest.raises(NotAllowed, match=because):
        invite(cast, case, getattr(cast, who))

    assert everything() == before


def test_whoever_took_the_case_is_no_independent_assessor(cast):
    case = w.proposed(cast)
    handling.take_case(case_id=case.pk, actor=cast.officer)

    with pytest.raises(NotAllowed, match="The case officer has seen the answers"):
        invite(cast, case, cast.officer)


def test_whoever_is_asked_may_do_nothing_about_the_answers_before_handing_in(cast):
    case = w.proposed(cast)
    r.role(cast.specialist, "case_officer", cast.institution)
    r.role(cast.specialist, "decider", cast.institution)
    assert why_not(Verb.ANSWER, case, cast.specialist) is None
    invite(cast, case, cast.specialist)
    case = w.fresh(case)

    assert is_blind(case, cast.specialist)
    reasons = {why_not(verb, case, cast.specialist) for verb in ABOUT_ANSWERS}
    assert reasons == {STILL_BLIND}
    assert why_not(Verb.HAND_IN, case, cast.specialist) is None

    hand_in(case, cast.specialist)
    case = w.fresh(case)
    assert not is_blind(case, cast.specialist)
    assert why_not(Verb.ANSWER, case, cast.specialist) is None


def test_an_assessment_that_is_completed_waits_for_no_assessor(cast):
    case = w.proposed(cast)
    invite(cast, case, cast.adviser)
    assessing.complete(
        case_id=case.pk,
        actor=cast.officer,
        answers=w.core(w.answers()),
        conclusion="Harmless.",
    )

    assert not is_blind(w.fresh(case), cast.adviser)
    with pytest.raises(NotAllowed):
        hand_in(case, cast.adviser)


# Red flags -------------------------------------------------------------------------
def flagged(cast):
    case = w.proposed(cast)
    invite(cast, case, cast.adviser)
    hand_in(case, cast.adviser, red_flag="The owner is a front.")
    complete_and_ask(cast, case)
    return w.fresh(case)


def complete_and_ask(cast, case):
    assessing.complete(
        case_id=case.pk,
        actor=cast.officer,
        answers=w.core(w.answers()),
        conclusion="Harmless.",
    )
    w.recommend(cast, case)
    deciding.ask(case_id=case.pk, actor=cast.officer)


def decide(cast, case, verdict, **more):
    told = {"verdict": verdict, "reasons": "Weighed."} | more
    return deciding.decide(case_id=case.pk, actor=cast.decider, **told)


FLAG = "An assessor raised a red flag; say why it is overruled, or reject."


def test_a_red_flag_is_answered_before_an_approval(cast):
    case = flagged(cast)

    with pytest.raises(NotAllowed, match=FLAG):
        decide(cast, case, Verdict.APPROVED, to_red_flags=" ")

    made = decide(cast, case, Verdict.APPROVED, to_red_flags=" The owner changed. ")
    assert made.to_red_flags == "The owner changed."


def test_a_rejection_needs_no_answer_to_a_red_flag(cast):
    made = decide(cast, flagged(cast), Verdict.REJECTED)

    assert (made.verdict, made.to_red_flags) == (Verdict.REJECTED, "")


def test_a_red_flag_is_not_corrected_away(cast):
    case = flagged(cast)
    handling.with_reason(
        case_id=case.pk, verb=Verb.REOPEN_ASSESSMENT, actor=cast.officer, reason="Typo."
    )
    complete_and_ask(cast, case)

    with pytest.raises(NotAllowed, match=FLAG):
        decide(cast, w.fresh(case), Verdict.APPROVED)
