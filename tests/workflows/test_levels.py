"""Who may read a case and who only knows of it: level × state × person × part, asked of
the query and of its twin for one row, and written down here a second time."""

from itertools import product

import pytest
from django.utils import timezone

from register.choices import CaseState, Confidentiality, Role
from register.clock import local_today
from register.models import Deputyship, NamedReader, User
from register.policies import may_read, may_see
from register.queries import readable_by, visible_to
from register.queries.access import with_roles
from tests.factories import register as r
from tests.register.rows import plain_row
from tests.workflows.tampering import lift_guards
from workflows.models import Case

OVERSEERS = {
    *("leader", "officer", "adviser", "specialist", "decider", "other_decider"),
    "auditor",
}
INSIDE = OVERSEERS | {"proposer", "other_specialist", "administrator", "employee"}
PARTS = ("none", "proposer", "responsible", "case_officer", "named", "ended", "shared")
STATES = (CaseState.DRAFT, CaseState.PROPOSED, CaseState.APPROVED, CaseState.TERMINATED)


def expected(level, state, who, part):
    """(may read, knows of)."""
    if part == "proposer":
        return True, True
    if state == CaseState.DRAFT:
        return False, False
    roles = OVERSEERS | {"other_specialist"}
    if part == "shared":
        roles = roles | {"neighbour"}
    if level == Confidentiality.RESTRICTED:
        roles = {"auditor"}
    reads = part in ("responsible", "case_officer", "named") or who in roles
    inside = INSIDE | {"neighbour"}
    is_open = level == Confidentiality.OPEN and state in CaseState.ENTERED
    return reads, reads or (is_open and who in inside)


@pytest.fixture
def people(cast):
    names = (*INSIDE - {"employee"}, "stranger")
    people = {name: getattr(cast, name) for name in names}
    return people | {
        "employee": r.person(unit=cast.other_department),
        "neighbour": r.person_with(Role.UNIT_LEADER, cast.other_department),
        "nobody": r.person(),
    }


def row(cast, level, state, person, part):
    other = r.person()
    facts = {"proposer": other, "responsible": other}
    if part in ("proposer", "responsible", "case_officer"):
        facts[part] = person
    number = None if state == CaseState.DRAFT else f"{Case.objects.count()}"
    case = plain_row(cast, state=state, number=number, confidentiality=level, **facts)
    if part in ("named", "ended"):
        now = case.last_event_at
        NamedReader.objects.create(
            cooperation=case,
            user=person,
            named_by=other,
            named_at=now,
            ended_at=now if part == "ended" else None,
        )
    if part == "shared":
        case.other_units.add(cast.other_department)
    return case


def test_the_query_and_its_twin_say_the_same_as_the_table(cast, people):
    lift_guards()  # rows as they stand, without the story that brought them there
    table = {
        row(cast, level, state, person, part).pk: (level, state, who, part)
        for level, state, part in product(Confidentiality, STATES, PARTS)
        for who, person in people.items()
    }

    wrong = []
    for who, person in people.items():
        person = User.objects.get(pk=person.pk)
        keys = [key for key, told in table.items() if told[2] == who]
        cases = Case.objects.select_related("unit").in_bulk(keys)
        read = set(
            Case.objects.filter(readable_by(person)).values_list("pk", flat=True)
        )
        seen = set(Case.objects.filter(visible_to(person)).values_list("pk", flat=True))
        for key in keys:
            by_query = (key in read, key in seen)
            by_twin = (may_read(person, cases[key]), may_see(person, cases[key]))
            if not by_query == by_twin == expected(*table[key]):
                wrong.append((table[key], by_query, by_twin))

    assert wrong == []
    assert len(table) == 3 * 4 * 7 * 14


def test_many_peoples_roles_are_the_same_as_each_ones_own(cast):
    """What a deputy holds is among them."""
    today = local_today()
    Deputyship.objects.create(
        principal=cast.decider,
        deputy=cast.stranger,
        role=Role.DECIDER,
        valid_from=today,
        valid_until=today,
        named_by=cast.decider,
        named_at=timezone.now(),
    )
    people = with_roles(User.objects.all())

    assert {person.pk: sorted(person.held) for person in people} == {
        person.pk: sorted(person.held) for person in User.objects.all()
    }
    assert len(next(one for one in people if one == cast.stranger).held) == 2
