"""A proposal: drafted by its proposer alone, numbered when it is sent."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from register.choices import CaseState, Role
from register.queries import cooperations_visible_to
from tests.factories import register as r
from tests.factories import workflows as w
from tests.workflows.ledger import everything
from workflows.models import Case
from workflows.services import proposing
from workflows.services.moving import NotAllowed


def start(cast, **given: object) -> Case:
    given = {
        "actor": cast.proposer,
        "title": "Ice cores",
        "unit": cast.department,
    } | given
    return proposing.start(**given)


def test_a_draft_begins_its_history(cast):
    case = start(cast, title="  Ice cores ")

    assert (case.title, case.state, case.number) == ("Ice cores", "draft", None)
    assert (case.proposer, case.responsible) == (cast.proposer, cast.proposer)
    assert case.head_seq == case.events.count() == 1


def test_a_draft_is_seen_by_its_proposer_alone(cast):
    case = start(cast)
    people = vars(cast).values()

    seers = {p for p in people if isinstance(p, r.User) and sees(p, case)}

    assert seers == {cast.proposer}


def test_a_proposal_is_seen_by_those_who_oversee_its_unit(cast):
    case = w.proposed(cast)
    people = vars(cast).values()

    seers = {p for p in people if isinstance(p, r.User) and sees(p, case)}

    assert seers == {
        cast.proposer,
        cast.leader,
        cast.officer,
        cast.adviser,
        cast.specialist,
        cast.other_specialist,
        cast.decider,
        cast.other_decider,
        cast.auditor,
    }


def sees(user: r.User, case: Case) -> bool:
    return cooperations_visible_to(user).filter(pk=case.pk).exists()


def test_nobody_proposes_without_the_role(cast):
    before = everything()

    for name in ("leader", "decider", "adviser", "auditor", "administrator"):
        with pytest.raises(NotAllowed, match="You need the role of proposer at a unit"):
            start(cast, actor=getattr(cast, name))

    assert everything() == before


def test_nobody_proposes_for_another_unit(cast):
    with pytest.raises(NotAllowed, match="You may propose for your own unit only"):
        start(cast, unit=cast.other_department)
    with pytest.raises(NotAllowed, match="You may propose for your own unit only"):
        start(cast, unit=cast.faculty)


def test_a_proposer_at_the_faculty_proposes_for_its_departments(cast):
    dean = r.person_with(Role.PROPOSER, cast.faculty)

    assert start(cast, actor=dean, unit=cast.other_department).state == "draft"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"title": " "}, "title.*This field cannot be blank"),
        (
            {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 31)},
            "The end must not be before the start",
        ),
        ({"case_type": "secret"}, "is not a valid choice"),
    ],
)
def test_a_fact_that_breaks_a_rule_starts_nothing(cast, facts, sentence):
    before = everything()

    with pytest.raises(ValidationError, match=sentence):
        start(cast, **facts)

    assert everything() == before


def test_an_unfinished_draft_is_not_sent_and_names_what_is_missing(cast):
    case = start(cast)
    w.declare_none(case)
    before = everything()

    with pytest.raises(NotAllowed) as refusal:
        proposing.submit(case_id=case.pk, actor=cast.proposer)

    assert str(refusal.value) == (
        "Before it can be sent, fill in: purpose, start, at least one partner, "
        "the quick questions."
    )
    assert everything() == before


def test_sending_gives_the_number_and_the_questions(cast):
    year = w.local_today().year
    first, second = (w.fresh(w.proposed(cast)) for _ in range(2))

    assert [first.number, second.number] == [f"{year}/0001", f"{year}/0002"]
    assert first.open_assessment is not None


def test_a_proposal_sent_again_keeps_its_number(cast):
    case = w.returned(cast)

    proposing.submit(case_id=case.pk, actor=cast.proposer)

    assert w.fresh(case).number == case.number
    assert w.fresh(case).state == CaseState.PROPOSED


def test_only_its_owner_sends_it(cast):
    case = w.draft(cast)

    for actor in (cast.officer, cast.decider, cast.administrator):
        with pytest.raises(NotAllowed, match="You do not have access to this case"):
            proposing.submit(case_id=case.pk, actor=actor)
