"""What answers bring about: the track, advisers, gates and open points."""

from random import Random

import pytest

from register.choices import Risk
from tests.factories import workflows as w
from workflows.choices import Track, Verb
from workflows.models import Gate, OpenPoint, Opinion
from workflows.services import answering, assessing, handling, looking, proposing
from workflows.services.answering import Given
from workflows.sheets import Sheet

pytestmark = pytest.mark.once


def save(case, actor, **chosen: object):
    """EXP_1="yes" or EXP_1=Given(...)."""
    answers = {
        code.replace("_", "-"): given
        if isinstance(given, Given)
        else Given([given], "A word.")
        for code, given in chosen.items()
    }
    return answering.save_answers(case_id=case.pk, actor=actor, answers=answers)


def open_gates(case) -> list[tuple[str, list[str]]]:
    return [(gate.code, gate.because) for gate in w.fresh(case).open_gates]


def asked_roles(case) -> set[str]:
    return set(
        Opinion.objects.filter(assessment__case=case).values_list("role", flat=1)
    )


def test_a_draft_calls_nobody_and_opens_nothing_and_sending_does(cast):
    case = w.draft(cast)
    screen = w.answers(EXP_1="possibly", PRI_1="outside-EEA")
    answering.save_answers(case_id=case.pk, actor=cast.proposer, answers=screen)
    assert (Gate.objects.count(), Opinion.objects.count()) == (0, 0)

    proposing.submit(case_id=case.pk, actor=cast.proposer)

    assert open_gates(case) == [
        ("G-LIC", ["EXP-1 = possibly"]),
        ("G-XFER", ["PRI-1 = outside-EEA"]),
    ]
    assert asked_roles(case) == {"S-EC", "S-DPO"}


def test_a_full_track_that_a_person_chose_stays_whatever_the_proposer_changes(cast):
    case = w.proposed(cast)
    assessing.take_full_track(
        case_id=case.pk, actor=cast.officer, reason="A new field."
    )
    handling.with_reason(
        case_id=case.pk, verb=Verb.SEND_BACK, actor=cast.officer, reason="Which lab?"
    )

    save(case, cast.proposer, EXP_1=Given(["no"], "Nothing listed."))

    assert w.fresh(case).open_assessment.track == Track.FULL


def test_a_returned_case_is_its_proposers_again_until_it_is_sent(cast):
    case = w.returned(cast)

    save(case, cast.proposer, EXP_1="possibly")
    assert (Gate.objects.count(), Opinion.objects.count()) == (0, 0)

    proposing.submit(case_id=case.pk, actor=cast.proposer)
    assert (Gate.objects.count(), Opinion.objects.count()) == (1, 1)


def test_a_gate_and_an_adviser_stay_when_the_answer_is_changed_back(cast):
    case = w.proposed(cast)
    save(case, cast.officer, EXP_1="yes")

    save(case, cast.specialist, EXP_1="no")

    assert open_gates(case) == [("G-LIC", ["EXP-1 = yes"])]
    assert asked_roles(case) == {"S-EC"}
    assert Sheet.of(w.fresh(case)).weighing.actions == {}


def test_a_gate_opens_once_for_an_answer_and_again_for_another(cast):
    case = w.proposed(cast)
    opened = []
    for option in ("yes", "no", "yes", "possibly", "yes", "possibly"):
        save(case, cast.officer, EXP_1=option)
        opened.append([because for _code, because in open_gates(case)])
        w.clear_gates(cast, case)

    assert opened == [
        [["EXP-1 = yes"]],
        [],
        [],
        [["EXP-1 = possibly"]],
        [],
        [],
    ]


def test_while_a_gate_stands_open_no_second_one_is_opened(cast):
    case = w.proposed(cast)

    save(case, cast.officer, EXP_1="possibly")
    save(case, cast.officer, EXP_1="yes", EXP_4="yes")

    assert open_gates(case) == [("G-LIC", ["EXP-1 = possibly"])]


def test_a_gate_of_a_rule_opens_again_when_one_of_its_answers_is_another(cast):
    """K6: the transfer basis was found for a partner of whom nobody was sure."""
    case = w.proposed(cast)
    save(case, cast.officer, PRI_1="inside-EEA", PRI_2="yes", PAR_7="unsure")
    first = dict(open_gates(case))["G-XFER"]
    w.clear_gates(cast, case)

    save(case, cast.officer, PAR_7="yes")

    assert first == ["K6", "PRI-2 = yes", "PAR-7 = unsure"]
    assert dict(open_gates(case))["G-XFER"] == ["K6", "PRI-2 = yes", "PAR-7 = yes"]


def test_light_becomes_full_and_full_stays_full(cast):
    case = w.proposed(cast)
    answering.save_answers(
        case_id=case.pk, actor=cast.officer, answers=w.core(w.answers())
    )
    tracks = [w.fresh(case).open_assessment.track]

    for option in ("yes", "no"):
        save(case, cast.specialist, EXP_1=option)
        tracks.append(w.fresh(case).open_assessment.track)

    assert tracks == ["light", "full", "full"]
    assert w.fresh(case).open_assessment.track_because == ["EXP-1"]


def test_a_serious_answer_outside_the_screen_takes_the_full_track_too(cast):
    case = w.proposed(cast)
    answering.save_answers(
        case_id=case.pk, actor=cast.officer, answers=w.core(w.answers())
    )

    save(case, cast.officer, PAR_6="yes")

    assessment = w.fresh(case).open_assessment
    assert (assessment.track, assessment.track_because) == ("full", ["PAR-6"])


def test_an_unsure_answer_opens_a_point_and_a_sure_one_closes_it(cast):
    case = w.proposed(cast)

    save(case, cast.officer, EXP_1="unsure", PAR_6="unsure")
    save(case, cast.officer, EXP_1="no")

    assert {
        point.question: point.closed_at is not None for point in OpenPoint.objects.all()
    } == {"EXP-1": True, "PAR-6": False}


def test_a_point_that_was_settled_is_not_opened_again_by_another_answer(cast):
    case = w.proposed(cast)
    save(case, cast.officer, PAR_6="unsure")
    point = OpenPoint.objects.get()
    looking.settle_point(
        case_id=case.pk,
        actor=cast.officer,
        point_id=point.pk,
        owner=cast.officer,
        due_on=point.due_on,
        outcome="Nothing is known.",
    )

    save(case, cast.officer, PAR_2="private")
    assert OpenPoint.objects.filter(closed_at=None).count() == 0

    save(case, cast.officer, PAR_6=Given(["unsure"], "A new rumour."))
    assert OpenPoint.objects.filter(closed_at=None).count() == 1


ANSWERS = {
    "EXP_1": "possibly",
    "PAR_3": "yes",
    "TEC_1": "yes",
    "CTY_1": "named-for-research",
    "PRI_1": "outside-EEA",
    "PRI_2": "yes",
    "PAR_7": "unsure",
    "MOB_2": "no",
    "FUN_1": "known",
    "SAN_1": "no-match",
    "CTY_2": "no",
    "TEC_4": "no",
    "EXP_5": "no",
    "PAR_2": "private",
}


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_answering_does_not_matter(cast, seed):
    """One by one in a drawn order, or all at once: the same follows."""
    at_once, one_by_one = w.proposed(cast), w.proposed(cast)
    save(at_once, cast.officer, **ANSWERS)
    order = list(ANSWERS)
    Random(seed).shuffle(order)

    for code in order:
        save(one_by_one, cast.officer, **{code: ANSWERS[code]})

    assert follows(one_by_one) == follows(at_once)
    assert follows(at_once) == {
        "risk": Risk.HIGH,
        "track": "full",
        "gates": {"G-LIC", "G-XFER", "G-DPIA"},
        "roles": {"S-EC", "S-SEC", "S-DPO", "S-IS"},
        "rules": ["K1", "K3", "K6", "K9"],
    }


def follows(case) -> dict:
    sheet = Sheet.of(w.fresh(case))
    return {
        "risk": sheet.residual,
        "track": sheet.assessment.track,
        "gates": {code for code, _because in open_gates(case)},
        "roles": asked_roles(case),
        "rules": [rule.code for rule in sheet.weighing.rules],
    }
