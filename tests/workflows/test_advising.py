"""Opinions and gates: who may, what is refused and with which words, and what the
database keeps by itself."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from register.choices import Risk, Role
from register.clock import local_today
from tests.factories import workflows as w
from tests.workflows.advisers import (
    NO_ACCESS,
    OWN,
    adviser_of,
    answer,
    clear,
    give,
    listed_technology,
    residual,
    told,
    with_answers,
)
from tests.workflows.ledger import everything
from tests.workflows.tampering import refused, sql
from workflows import policies
from workflows.choices import Blocks, Conclusion, GateResult, Verb
from workflows.models import Evidence, Gate, Opinion, RiskChange
from workflows.services import advising
from workflows.services.moving import NotAllowed
from workflows.sheets import Sheet

pytestmark = pytest.mark.once

PDF = b"%PDF-1.7 signed"


@pytest.fixture
def listed(cast):
    return listed_technology(cast)


# Opinions ---------------------------------------------------------------------------
def test_an_adviser_gives_the_opinion_that_was_asked_for(cast, listed):
    opinion = give(listed, cast.specialist, text="  No licence is needed.  ")

    assert (opinion.role, opinion.conclusion) == ("S-EC", "no_licence")
    assert (opinion.text, opinion.given_by) == (
        "No licence is needed.",
        cast.specialist,
    )
    assert w.fresh(listed).waiting_opinions == []
    assert told(listed, Verb.GIVE_OPINION) == {
        "role": "S-EC",
        "conclusion": "no_licence",
        "text": "No licence is needed.",
    }


def test_each_adviser_concludes_in_the_words_of_the_field():
    assert advising.conclusions_of("S-EC") == [
        Conclusion.NO_LICENCE,
        Conclusion.LICENCE_NEEDED,
        Conclusion.FORBIDDEN,
        Conclusion.CANNOT,
    ]
    assert advising.conclusions_of("S-DPO") == [
        Conclusion.NO_OBJECTION,
        Conclusion.WITH_MEASURES,
        Conclusion.ADVISES_AGAINST,
        Conclusion.CANNOT,
    ]


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("proposer", OWN),
        ("officer", "Only an adviser of the field may give this opinion."),
        ("adviser", "Only an adviser of the field may give this opinion."),
        ("privacy", "The opinions that are waited for belong to other advisers."),
        ("stranger", NO_ACCESS),
    ],
)
def test_an_opinion_is_given_by_the_adviser_who_was_asked(cast, listed, who, sentence):
    people = {"privacy": adviser_of(Role.PRIVACY_ADVISER, cast)}
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        give(listed, people.get(who) or getattr(cast, who))

    assert str(refusal.value) == sentence
    assert everything() == before


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"text": "  "}, "Write the opinion; others must be able to follow it."),
        ({"conclusion": "no_objection"}, "Choose a conclusion."),
        ({"conclusion": ""}, "Choose a conclusion."),
        ({"opinion_id": 0}, "This opinion is not yours to give, or is given."),
    ],
)
def test_half_an_opinion_is_refused(cast, listed, changed, sentence):
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        give(listed, cast.specialist, **changed)

    assert str(refusal.value) == sentence
    assert everything() == before


def test_an_opinion_is_given_once(cast, listed):
    give(listed, cast.specialist)

    with pytest.raises(NotAllowed) as refusal:
        give(listed, cast.other_specialist)

    assert str(refusal.value) == "No opinion is waited for."


def test_an_adviser_does_not_give_the_opinion_of_another_field(cast):
    case = w.proposed(cast, given={"EXP_1": "possibly", "PRI_1": "outside-EEA"})
    theirs = w.fresh(case).open_assessment.opinions.get(role="S-EC")

    with pytest.raises(NotAllowed) as refusal:
        give(case, adviser_of(Role.PRIVACY_ADVISER, cast), opinion_id=theirs.pk)

    assert str(refusal.value) == "This opinion is not yours to give, or is given."


def test_forbidden_makes_the_risk_critical_with_the_opinion_as_its_reason(cast, listed):
    give(listed, cast.specialist, conclusion=Conclusion.FORBIDDEN, text="Embargo.")

    change = RiskChange.objects.get()
    assert (change.to_risk, change.is_lowering, change.reason, change.proposed_by) == (
        Risk.CRITICAL,
        False,
        "Embargo.",
        cast.specialist,
    )
    assert Sheet.of(w.fresh(listed)).weighing.inherent == Risk.MEDIUM
    assert residual(listed) == Risk.CRITICAL


def test_a_document_is_kept_as_evidence_of_the_opinion(cast, listed):
    upload = SimpleUploadedFile("opinion.pdf", PDF)

    opinion = give(listed, cast.specialist, upload=upload)

    evidence = Evidence.objects.get()
    assert (evidence.opinion, evidence.question) == (opinion, "")
    assert (evidence.assessment, evidence.added_by) == (
        opinion.assessment,
        cast.specialist,
    )
    document = evidence.document
    assert document.cooperation_id == listed.pk
    event = told(listed, Verb.GIVE_OPINION)
    assert (event["evidence"], event["sha256"]) == (str(document), document.sha256)


def test_a_refused_document_leaves_the_opinion_ungiven(cast, listed):
    before = everything()

    with pytest.raises(ValidationError, match="Files of this kind are not kept"):
        give(listed, cast.specialist, upload=SimpleUploadedFile("a.exe", b"MZ"))

    assert everything() == before


@pytest.mark.engine
@pytest.mark.parametrize(
    "half",
    [
        {"conclusion": "cannot"},
        {"given_at": timezone.now()},
        {"conclusion": "cannot", "text": "", "given_at": timezone.now()},
    ],
)
def test_the_database_keeps_no_half_opinion(cast, listed, half):
    opinion = listed.waiting_opinions[0]
    if "text" in half:
        half = half | {"given_by": cast.specialist}

    with pytest.raises(IntegrityError, match="opinion_is_whole"), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(**half)


@pytest.mark.engine
def test_an_opinion_of_a_frozen_assessment_never_changes(cast):
    w.assessed(cast, given={"EXP_1": "possibly"})

    with refused("a frozen assessment"):
        sql("UPDATE workflows_opinion SET text = 'No objection after all.'")


# Gates ------------------------------------------------------------------------------
def test_another_person_of_the_gates_field_clears_it(cast, listed):
    day = local_today() + timedelta(days=365)

    gate = clear(listed, cast.specialist, valid_until=day)

    assert (gate.result, gate.reason, gate.reference) == (
        "documented",
        "Seen.",
        "DEKSA 7",
    )
    assert (gate.cleared_by, gate.valid_until) == (cast.specialist, day)
    assert w.fresh(listed).open_gates == []
    assert told(listed, Verb.CLEAR_GATE) == {
        "gate": "Export licence",
        "result": "documented",
        "reason": "Seen.",
        "reference": "DEKSA 7",
    }


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("proposer", OWN),
        ("privacy", "This gate is cleared by: Export-control adviser."),
        ("officer", "This gate is cleared by: Export-control adviser."),
        ("auditor", "Only a case officer, an adviser or the unit's leader may assess."),
        ("stranger", NO_ACCESS),
    ],
)
def test_a_gate_is_cleared_by_its_own_field_alone(cast, listed, who, sentence):
    people = {"privacy": adviser_of(Role.PRIVACY_ADVISER, cast)}
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        clear(listed, people.get(who) or getattr(cast, who))

    assert str(refusal.value) == sentence
    assert everything() == before


def test_whoever_opened_a_gate_does_not_clear_it(cast):
    case = w.proposed(cast)
    answer(case, cast.specialist, CTY_2="yes")

    with pytest.raises(NotAllowed) as refusal:
        clear(case, cast.specialist, "G-SAN")
    clear(case, cast.other_specialist, "G-SAN")

    assert str(refusal.value) == (
        "Your answer opened this gate; another person must clear it."
    )
    assert w.fresh(case).open_gates == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "Give a reason, so that the others understand."),
        ({"result": "fine"}, "Choose what you found."),
        (
            {"reference": " "},
            "Give the reference: a number, a document, an archive key.",
        ),
        (
            {"result": GateResult.AS_CONDITION},
            "This gate stands before the approval; it cannot wait as a condition.",
        ),
        (
            {"valid_until": date(2020, 1, 31)},
            "This was valid until 31 January 2020. Give what is in force today.",
        ),
        ({"gate_id": 0}, "This gate has been cleared already."),
    ],
)
def test_half_a_clearance_is_refused(cast, listed, changed, sentence):
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        clear(listed, cast.specialist, **changed)

    assert str(refusal.value) == sentence
    assert everything() == before


def test_what_stands_before_the_start_may_become_a_condition(cast):
    case = with_answers(cast, AGR_3="no")
    assert [gate.blocks for gate in case.open_gates] == [Blocks.START]

    gate = clear(
        case, cast.officer, "G-AGR", result=GateResult.AS_CONDITION, reference=""
    )

    assert gate.result == GateResult.AS_CONDITION


def test_nothing_is_cleared_where_no_gate_stands_open(cast):
    case = w.proposed(cast)

    with pytest.raises(NotAllowed) as refusal:
        advising.clear_gate(
            case_id=case.pk, actor=cast.specialist, gate_id=1, result="", reason=""
        )

    assert str(refusal.value) == "No gate stands open."


def test_a_gate_stands_when_its_answer_is_changed_back(cast, listed):
    answer(listed, cast.proposer, EXP_1="no")

    assert [gate.code for gate in w.fresh(listed).open_gates] == ["G-LIC"]


def cleared_by_hand(gate, by, **facts) -> None:
    """Past the service and its policies, straight into the table."""
    whole = {"result": "documented", "reason": "Fine.", "reference": "1"} | facts
    Gate.objects.filter(pk=gate.pk).update(
        cleared_by=by, cleared_at=timezone.now(), **whole
    )


@pytest.mark.engine
@pytest.mark.parametrize(
    ("who", "facts", "constraint"),
    [
        ("proposer", {}, "gate_four_eyes"),
        ("specialist", {"reference": ""}, "gate_names_its_reference"),
        ("specialist", {"reason": ""}, "gate_is_whole"),
        ("specialist", {"result": "as_condition"}, "gate_of_approval_is_no_condition"),
    ],
)
def test_the_database_itself_refuses_a_wrong_clearance(
    cast, listed, who, facts, constraint
):
    gate = listed.open_gates[0]
    assert gate.opened_by == cast.proposer

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        cleared_by_hand(gate, getattr(cast, who), **facts)

    assert Gate.objects.get(pk=gate.pk).is_open


@pytest.mark.engine
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflows_gate SET reason = 'Something else.'",
        "UPDATE workflows_gate SET cleared_at = NULL",
        "DELETE FROM workflows_gate",
    ],
)
def test_a_cleared_gate_never_changes(cast, listed, statement):
    clear(listed, cast.specialist)

    with refused("a cleared gate never changes"):
        sql(statement)


def wrongly_cleared(case) -> set[str]:
    """Gates whose clearance breaks a rule that only the policies keep."""
    return {
        gate.code
        for gate in case.gates.filter(cleared_at__isnull=False)
        if policies.why_not_clear(w.fresh(case), gate, gate.cleared_by)
    }


def test_a_clearance_past_the_policy_would_be_found(cast):
    """The twin: the same check on an honest clearance and on one by the wrong field,
    which no constraint can know."""
    honest = w.fresh(w.proposed(cast, given={"EXP_1": "possibly"}))
    forged = w.fresh(w.proposed(cast, given={"EXP_1": "possibly"}))

    clear(honest, cast.specialist)
    cleared_by_hand(forged.open_gates[0], adviser_of(Role.PRIVACY_ADVISER, cast))

    assert (wrongly_cleared(honest), wrongly_cleared(forged)) == (set(), {"G-LIC"})
