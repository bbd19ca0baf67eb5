"""The machine as one table: every (state, verb) pair, asked of the doorway itself."""

import pytest
from django.utils.translation import gettext

from register.choices import CaseState
from tests.factories import workflows as w
from workflows.choices import Verb
from workflows.management.commands.draw_lifecycle import machine_says
from workflows.models import Case
from workflows.models.case import ACTS, possible_in, transitions
from workflows.services.moving import AlreadyThere, NotAllowed, doorway, wrong_state

pytestmark = pytest.mark.once

# o: the machine lets it through; =: it has been done already; blank: refused.
SPEC = """
                     dr pr re wi as rj ap ur su tg td
submit               o  =  o
send_back               o  =
withdraw             o  o  o  =
complete_assessment     o        =
reopen_assessment       =        o
approve                          o     =
reject                           o  =
open_review                            o  =
continue_cooperation                   =  o
suspend                                o  o  =
resume                                 =     o
give_notice                            o  o  o  =
close                                           o  =
take_in              o                 =
register             o
amend                o  o  o     o     o  o  o  o
declare              o  o  o     o     o  o  o  o
recommend               o        o
take_case               o        o     o  o  o  o
hand_over               o  o     o     o  o  o  o
set_confidentiality  o  o  o  o  o  o  o  o  o  o  o
name_reader             o  o  o  o  o  o  o  o  o  o
end_reader              o  o  o  o  o  o  o  o  o  o
meet_condition                         o  o  o  o
answer               o  o  o              o     o
confirm_answers         o                 o     o
take_full_track         o                 o
settle_point            o        o     o  o  o  o
add_evidence         o  o  o              o     o
give_opinion            o                 o
clear_gate              o        o     o  o  o  o
raise_risk              o                 o
lower_risk              o                 o
confirm_lowering        o                 o
invite_assessor         o                 o
hand_in                 o                 o
complete_review                           o     o
ask_decision                     o
add_agreement        o  o  o     o     o  o  o  o
add_document         o  o  o     o     o  o  o  o
"""
TARGETS = {
    "submit": "proposed",
    "send_back": "returned",
    "withdraw": "withdrawn",
    "complete_assessment": "assessed",
    "reopen_assessment": "proposed",
    "approve": "approved",
    "reject": "rejected",
    "open_review": "under_review",
    "continue_cooperation": "approved",
    "suspend": "suspended",
    "resume": "approved",
    "give_notice": "terminating",
    "close": "terminated",
    "take_in": "approved",
}


def spec() -> dict[tuple[str, str], str]:
    _, head, *rows = SPEC.splitlines()
    columns = [head.index(short) for short in head.split()]
    return {
        (state, row.split()[0]): row.ljust(len(head))[column]
        for row in rows
        for state, column in zip(CaseState.values, columns, strict=True)
    }


class LetIn(Exception):
    """The doorway stood open; nothing may come of it."""


def ask_doorway(case: Case, verb: str) -> str:
    """What the machine says; what a policy says besides counts as let in."""
    try:
        with doorway(case_id=case.pk, verb=verb, actor=case.proposer):
            raise LetIn
    except AlreadyThere:
        return "="
    except NotAllowed as refusal:
        return " " if str(refusal) == wrong_state(case, verb) else "o"
    except LetIn:
        return "o"


def test_every_state_and_verb_is_allowed_refused_or_done_already(cast):
    cases = [w.in_state(cast, state) for state in CaseState.values]

    asked = {
        (case.state, str(verb)): ask_doorway(case, verb)
        for case in cases
        for verb in Verb
    }

    assert asked == spec()
    assert len(asked) == 11 * 40


def test_the_drawn_table_says_the_same():
    drawn = {
        (state, str(verb)): {"●": "o", "=": "=", "·": " "}[machine_says(state, verb)]
        for state in CaseState.values
        for verb in Verb
    }

    assert drawn == spec()


def test_every_move_ends_in_its_one_state():
    assert {verb: target for verb, (_from, target) in transitions().items()} == TARGETS


def test_every_verb_is_a_move_or_an_act_and_never_both():
    assert transitions().keys() | ACTS.keys() == set(Verb.values)
    assert transitions().keys() & ACTS.keys() == set()


def test_nothing_is_possible_after_the_end():
    """Only who sees it may still be chosen."""
    assert {
        verb for verb in Verb for state in CaseState.ENDED if state in possible_in(verb)
    } == {Verb.SET_CONFIDENTIALITY, Verb.NAME_READER, Verb.END_READER}


def test_every_state_can_be_reached_and_left_except_the_ends():
    reached = {target for _sources, target in transitions().values()} | {"draft"}
    left = set().union(*(sources for sources, _target in transitions().values()))

    assert reached == set(CaseState.values)
    assert left == set(CaseState.values) - set(CaseState.ENDED)


def test_a_refusal_names_where_it_is_possible_and_where_the_case_is(cast):
    case = w.draft(cast)

    with pytest.raises(NotAllowed) as refusal:
        ask_and_raise(case, Verb.APPROVE)

    assert str(refusal.value) == gettext(
        "“Approve” is possible when a case is: Assessed. It is now: Draft."
    )


def ask_and_raise(case: Case, verb: str) -> None:
    with doorway(case_id=case.pk, verb=verb, actor=case.proposer):
        raise LetIn
