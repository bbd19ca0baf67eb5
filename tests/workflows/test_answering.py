"""Answers: whose counts, who may confirm, and what stands between two writers."""

import json
from random import Random

import pytest
from django.db import connection

from register.choices import CaseState, Risk, Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.lengths import whole_or_part
from tests.workflows.ledger import everything
from workflows.choices import Verb
from workflows.models import Answer
from workflows.services import answering, handling, proposing, reviewing
from workflows.services.answering import Given, OthersWroteToo
from workflows.services.moving import NotAllowed
from workflows.sheets import Sheet


def save(case, actor, **chosen: object):
    """EXP_1="yes" or EXP_1=Given(...)."""
    answers = {
        code.replace("_", "-"): given
        if isinstance(given, Given)
        else Given([given], "A word.")
        for code, given in chosen.items()
    }
    return answering.save_answers(case_id=case.pk, actor=actor, answers=answers)


def answer_to(case, code: str) -> Answer:
    return Answer.objects.get(assessment=w.fresh(case).open_assessment, question=code)


def told(case, verb: str) -> list[dict]:
    return [
        json.loads(event.payload.text)
        for event in case.events.filter(verb=verb).order_by("seq")
    ]


# Whose answer counts ------------------------------------------------------------------
def test_an_answer_of_the_wrong_role_stands_as_a_proposal(cast):
    case = w.proposed(cast)

    save(case, cast.officer, SAN_2="no")

    answer = answer_to(case, "SAN-2")
    assert (answer.is_proposal, answer.answered_by, answer.confirmed_by) == (
        *(True, cast.officer),
        None,
    )


def test_an_answer_of_the_right_role_counts_at_once(cast):
    case = w.proposed(cast)

    save(case, cast.specialist, SAN_2="no")
    save(case, cast.proposer, PUR_1=Given([], "Ice."))
    save(case, cast.officer, PAR_6="no", CTY_1="no")  # may confirm CTY-1

    assert {
        answer.question: (answer.answered_by, answer.confirmed_by)
        for answer in Answer.objects.exclude(comment="As told.")
    } == {
        "SAN-2": (cast.specialist, cast.specialist),
        "PUR-1": (cast.proposer, cast.proposer),
        "PAR-6": (cast.officer, cast.officer),
        "CTY-1": (cast.officer, cast.officer),
    }


def test_the_right_role_confirms_what_others_proposed_and_nothing_changes_but_that(
    cast,
):
    case = w.proposed(cast)
    save(case, cast.officer, SAN_2="no")

    answering.confirm(case_id=case.pk, actor=cast.specialist, questions=["SAN-2"])

    answer = answer_to(case, "SAN-2")
    assert (answer.answered_by, answer.confirmed_by, answer.options) == (
        *(cast.officer, cast.specialist),
        ["no"],
    )
    assert told(case, Verb.CONFIRM_ANSWERS) == [{"questions": ["SAN-2"]}]


@pytest.mark.parametrize("person", ["officer", "leader", "adviser", "proposer"])
def test_a_confirmation_by_the_wrong_person_is_refused_and_says_whose_it_is(
    cast, person
):
    case = w.proposed(cast)
    save(case, cast.officer, SAN_2="no", PUR_1=Given([], "Ice."))
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        answering.confirm(
            case_id=case.pk, actor=getattr(cast, person), questions=["SAN-2"]
        )

    assert str(refusal.value) == "SAN-2 is confirmed by: Export-control adviser."
    assert everything() == before


def test_only_proposals_can_be_confirmed(cast):
    case = w.proposed(cast)
    save(case, cast.specialist, SAN_2="no")

    for code in ("SAN-2", "SAN-4", "XYZ-9"):
        with pytest.raises(NotAllowed, match=rf"The answer to {code} is no proposal\."):
            answering.confirm(case_id=case.pk, actor=cast.specialist, questions=[code])
    with pytest.raises(NotAllowed, match=r"Choose at least one answer to confirm\."):
        answering.confirm(case_id=case.pk, actor=cast.specialist, questions=[])


def test_a_changed_answer_must_be_confirmed_again(cast):
    case = w.proposed(cast)
    save(case, cast.specialist, SAN_2="yes")

    save(case, cast.officer, SAN_2="no")

    assert answer_to(case, "SAN-2").is_proposal


def test_a_proposer_who_also_advises_answers_their_own_case_as_academic_only(cast):
    for role in (*Role.SPECIALISTS, Role.CASE_OFFICER):
        r.role(cast.proposer, role, cast.institution)
    case = w.proposed(cast)

    save(case, cast.proposer, SAN_2="no", PAR_6="no", PUR_1=Given([], "Ice."))

    new = Answer.objects.exclude(comment="As told.")
    assert {answer.question: answer.is_proposal for answer in new} == {
        "SAN-2": True,
        "PAR-6": True,
        "PUR-1": False,
    }
    with pytest.raises(
        NotAllowed, match=r"SAN-2 is confirmed by: Export-control adviser"
    ):
        answering.confirm(case_id=case.pk, actor=cast.proposer, questions=["SAN-2"])


@pytest.mark.parametrize("person", ["stranger", "auditor", "decider", "administrator"])
def test_who_has_no_part_in_it_answers_nothing(cast, person):
    case = w.proposed(cast)
    before = everything()

    with pytest.raises(NotAllowed):
        save(case, getattr(cast, person), EXP_1="no")

    assert everything() == before


def test_before_it_is_sent_only_its_proposer_answers(cast):
    case = w.draft(cast)

    with pytest.raises(NotAllowed):
        save(case, cast.officer, PAR_2="private")
    save(case, cast.proposer, PAR_2="private")

    assert answer_to(case, "PAR-2").answered_by == cast.proposer


# What is no answer --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "given", "sentence"),
    [
        ("XYZ_9", Given(["no"]), "Question XYZ-9 is not asked here."),
        ("FOL_5", Given(["no-owner"]), "Question FOL-5 is not asked here."),
        ("EXP_1", Given(["maybe"]), "“maybe” is not an answer to question EXP-1."),
        ("EXP_1", Given(["no", "yes"]), "Choose one answer to question EXP-1."),
        (
            "EXP_1",
            Given(as_before=True),
            "Question EXP-1 was not answered last time; answer it now.",
        ),
    ],
)
def test_what_is_not_asked_or_no_answer_is_refused(cast, code, given, sentence):
    case = w.proposed(cast)
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        save(case, cast.officer, **{"PAR_2": "private", code: given})

    assert str(refusal.value) == sentence
    assert everything() == before


def test_a_comment_alone_answers_no_question_but_a_text(cast):
    case = w.draft(cast)

    save(case, cast.proposer, PAR_2=Given([], "Looks fine."), PUR_1=Given([], "Ice."))

    sheet = Sheet.of(w.fresh(case))
    assert [sheet.has("PAR-2"), sheet.has("PUR-1")] == [False, True]
    assert "PAR-2" in [question.code for question in sheet.unanswered]
    assert "PAR-2" in sheet.choice.missing


def test_an_answer_that_was_emptied_is_missing_again(cast):
    case = w.proposed(cast)
    chosen = w.core(w.answers())
    answering.save_answers(case_id=case.pk, actor=cast.officer, answers=chosen)

    save(case, cast.officer, EXP_5=Given())

    with pytest.raises(NotAllowed) as refusal:
        w.assessing.complete(case_id=case.pk, actor=cast.officer, conclusion="Done.")
    assert str(refusal.value) == "Answer these questions first: EXP-5."


# Two writers --------------------------------------------------------------------------
def test_what_another_wrote_meanwhile_is_shown_and_not_overwritten(cast):
    case = w.proposed(cast)
    save(case, cast.officer, EXP_1="yes")
    before = everything()

    with pytest.raises(OthersWroteToo) as refusal:
        save(case, cast.adviser, EXP_1=Given(["no"], seen=1), PAR_6="no")

    (conflict,) = refusal.value.conflicts
    assert (conflict.question.code, conflict.mine.options) == ("EXP-1", ["no"])
    assert (conflict.theirs.options, conflict.theirs.answered_by) == (
        ["yes"],
        cast.officer,
    )
    assert "EXP-1 (Odd Officer)" in str(refusal.value)
    assert everything() == before  # not the harmless PAR-6 either


def test_whatever_the_interleaving_nobody_overwrites_what_they_have_not_seen(cast):
    """Drawn ones of three people who open a page, think and save."""
    case, random = w.proposed(cast), Random(34)
    people = [cast.officer, cast.specialist, cast.proposer]
    codes = [q.code for q in w.Scope(w.shipped(), "planning", "research").questions]
    for number in range(whole_or_part(200, 20)):
        code = codes[number % len(codes)]
        options = [option.code for option in w.shipped().by_code[code].options]
        assert_safe(case, code, options, people, random)


def assert_safe(case, code, options, people, random) -> None:
    row = Answer.objects.filter(assessment__case=case, question=code)
    pages = {}
    for _turn in range(5):
        person, stands = random.choice(people), row.first()
        if person not in pages:  # opens the page
            pages[person] = stands.version if stands else 0
            continue
        mine = Given([random.choice(options)], "A word.", seen=pages.pop(person))
        unseen = stands is not None and stands.version != mine.seen
        differs = unseen and (stands.options, stands.comment) != (
            list(mine.options),
            mine.comment,
        )
        try:
            save(case, person, **{code.replace("-", "_"): mine})
        except OthersWroteToo:
            assert differs
            assert row.get().version == stands.version
        else:
            assert not differs
            assert row.get().options == expected(code, mine)


def expected(code: str, given: Given) -> list[str]:
    stored = w.shipped().by_code[code].option(given.options[0]).stored_as
    return [stored] if stored else list(given.options)


def test_saving_twice_leaves_one_event_and_one_version(cast):
    case = w.proposed(cast)
    before = w.fresh(case).head_seq
    given = {
        "EXP_1": Given(["no"], "Ice.", seen=1),
        "TEC_4": Given(["yes"], "", [{"reference": "2026/9"}], seen=1),
        "FUN_1": Given(["known"], "", [{"funder": "RCN", "covers": ""}, {}], seen=1),
        "PAR_6": Given(["no"], seen=0),
    }

    for _time in range(2):
        save(case, cast.officer, **given)

    theirs = Answer.objects.filter(answered_by=cast.officer)
    assert w.fresh(case).head_seq == before + 1
    assert dict(theirs.values_list("question", "version")) == {
        "EXP-1": 2,
        "TEC-4": 2,
        "FUN-1": 2,
        "PAR-6": 1,
    }


# What may be graded -------------------------------------------------------------------
MARKER = "Zirkelschlag-7731"


@pytest.mark.parametrize("option", ["yes", "unsure", "outside"])
def test_of_graded_information_nothing_is_kept_but_a_reference(cast, option):
    case = w.proposed(cast)
    typed = Given(
        [option],
        f"It is about {MARKER}.",
        [
            {"reference": "2026/9", "detail": MARKER},
            {"reference": MARKER, "what": MARKER},
        ],
    )

    save(case, cast.specialist, TEC_4=typed)
    save(case, cast.specialist, TEC_4=typed)

    answer = answer_to(case, "TEC-4")
    assert (answer.options, answer.comment, answer.facts) == (
        ["outside"],
        "",
        [{"reference": "2026/9"}],
    )
    assert found_anywhere(MARKER) == []
    assert found_anywhere("2026/9") == ["workflows_answer", "workflows_eventpayload"]


def test_graded_information_in_a_conflict_or_a_refusal_is_not_kept_either(cast):
    case = w.proposed(cast)
    save(case, cast.specialist, TEC_4="no")

    for given in (Given(["yes"], MARKER, seen=1), Given(["yes", "no"], MARKER)):
        with pytest.raises(NotAllowed if given.seen is None else OthersWroteToo):
            save(case, cast.officer, TEC_4=given)

    assert found_anywhere(MARKER) == []


def test_graded_information_makes_it_critical_and_can_be_completed(cast):
    case = w.assessed(cast, given={"TEC_4": "yes"})

    assert (case.state, case.risk) == (CaseState.ASSESSED, Risk.CRITICAL)
    assert [action.code for action in case.last_assessment.stops] == ["X-STOP"]


def found_anywhere(text: str) -> list[str]:
    """Every table, ours or Django's, in a row of which the text stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(text in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


# Midway -------------------------------------------------------------------------------
def test_midway_starts_from_last_time_and_carries_nothing_silently(cast):
    case = w.under_review(cast)
    sheet = Sheet.of(case)

    assert sheet.answers == {}
    assert set(sheet.last) == set(w.core(w.answers()))
    screen = [question.code for question in sheet.unanswered]
    with pytest.raises(NotAllowed) as refusal:
        reviewing.complete_questions(
            case_id=case.pk, actor=cast.officer, conclusion="All as before."
        )
    assert str(refusal.value) == f"Answer these questions first: {', '.join(screen)}."
    assert len(screen) == 12


def test_midway_every_answer_that_still_holds_is_confirmed_by_a_person(cast):
    case = w.under_review(cast)
    asked = [q.code for q in Sheet.of(case).scope.questions if q.is_core]
    known = set(Sheet.of(case).last)
    still = {code: Given(as_before=True) for code in asked if code in known}
    new = {code: w.answers("midway")[code] for code in asked if code not in known}

    answering.save_answers(case_id=case.pk, actor=cast.officer, answers=still)
    left = [question.code for question in Sheet.of(w.fresh(case)).unanswered]
    reviewing.complete_questions(
        case_id=case.pk, actor=cast.officer, answers=new, conclusion="Still so."
    )

    frozen = w.fresh(case).last_assessment
    assert set(left) == set(new)
    assert {
        answer.question: (answer.is_as_before, answer.answered_by)
        for answer in frozen.answers.all()
    } == {code: (code in still, cast.officer) for code in (*still, *new)}


def test_last_times_answer_is_not_confirmed_where_there_was_none(cast):
    case = w.under_review(cast)

    with pytest.raises(NotAllowed) as refusal:
        save(case, cast.officer, INF_6=Given(as_before=True))

    assert (
        str(refusal.value)
        == "Question INF-6 was not answered last time; answer it now."
    )


def test_a_case_sent_back_keeps_its_answers_and_who_gave_them(cast):
    case = w.proposed(cast)
    save(case, cast.specialist, SAN_2="no")

    handling.with_reason(
        case_id=case.pk, verb=Verb.SEND_BACK, actor=cast.officer, reason="Which lab?"
    )
    proposing.submit(case_id=case.pk, actor=cast.proposer)

    answer = answer_to(case, "SAN-2")
    assert (answer.answered_by, answer.confirmed_by) == (cast.specialist,) * 2
