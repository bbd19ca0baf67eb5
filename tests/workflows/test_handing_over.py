"""A case is handed over: to whom, by whom, what the history tells, what is listed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from register.choices import Role
from register.clock import local_today
from register.models import AccessEvent, User
from register.services import accounts, leaving, units
from tests.factories import register as r
from tests.factories import workflows as w
from workflows import policies
from workflows.choices import Verb, Verdict
from workflows.models import Condition
from workflows.queries import cases_left_behind, with_names
from workflows.services import deciding, handing_over, handling
from workflows.services.deciding import Required
from workflows.services.moving import NotAllowed, SomebodyWasFaster
from workflows.services.verifying import breaks

pytestmark = pytest.mark.django_db
TODAY = local_today()
LEAVERS = reverse("workflows:leavers")


@pytest.fixture
def cast(cast):
    w.ask_nothing()
    User.objects.exclude(pk=cast.stranger.pk).update(unit=cast.department)
    return cast


@pytest.fixture
def read(browser):
    return lambda person, page: browser(person).get(page).content.decode()


def fresh(person):
    """As at their next request."""
    return User.objects.get(pk=person.pk)


def hand(case, actor, part, to, **told):
    return handing_over.hand_over(
        case_id=case.pk,
        actor=fresh(actor),
        part=part,
        to=fresh(to),
        reason=told.get("reason", "Has left."),
        seen=told.get("seen"),
    )


def last_event(case):
    return case.events.order_by("-seq").first()


def test_whoever_answers_or_answered_for_it_never_decides_it(cast):
    case = w.quickly_asked(cast)
    decider = cast.other_decider
    w.declare_none(case, decider)
    assert policies.why_not(Verb.REJECT, w.fresh(case), decider) is None

    hand(case, cast.officer, "responsible", decider)
    case = w.fresh(case)
    assert policies.why_not(Verb.REJECT, case, decider) is not None
    hand(case, cast.officer, "responsible", cast.adviser)

    case = w.fresh(case)
    assert case.responsible == cast.adviser
    assert case.own_people == {p.pk for p in (cast.proposer, decider, cast.adviser)}
    assert policies.why_not(Verb.REJECT, case, decider) is not None
    assert last_event(case).content == {
        "part": "responsible",
        "old": ["Dina Decider"],
        "new": "Ada Adviser",
        "reason": "Has left.",
    }


def test_who_hands_over_and_to_whom(cast):
    case = w.quickly_sent(cast)
    officer = r.person_with(Role.CASE_OFFICER, cast.faculty, "Olga Officer")
    biased = r.person_with(Role.CASE_OFFICER, cast.faculty, "Bea Biased")
    gone = r.person("Gro Gone", unit=cast.faculty, is_active=False)
    leaves = r.person("Lea Leaves", unit=cast.faculty, left_on=TODAY)
    case.declarations.create(
        user=biased, declared_at=case.created_at, has_conflict=True, grounds=["x"]
    )
    attempts = {
        "proposer": (cast.proposer, "responsible", cast.adviser),
        "decider": (cast.decider, "responsible", cast.adviser),
        "administrator": (cast.administrator, "responsible", cast.adviser),
        "stranger": (cast.stranger, "responsible", cast.adviser),
        "to a stranger": (cast.officer, "responsible", cast.stranger),
        "to nobody": (cast.officer, "responsible", gone),
        "to a leaver": (cast.officer, "responsible", leaves),
        "to the same": (cast.officer, "responsible", cast.proposer),
        "handled by its proposer": (cast.officer, "case_officer", cast.proposer),
        "handled by a decider": (cast.officer, "case_officer", cast.decider),
        "handled in conflict": (cast.officer, "case_officer", biased),
        "nothing owed": (cast.officer, "tasks", cast.leader),
        "officer": (cast.officer, "case_officer", officer),
        "leader": (cast.leader, "responsible", cast.adviser),
    }
    done = set()
    for name, attempt in attempts.items():
        try:
            hand(case, *attempt)
            done.add(name)
        except NotAllowed:
            pass

    assert done == {"officer", "leader"}
    case = w.fresh(case)
    assert (case.case_officer, case.responsible) == (officer, cast.adviser)
    with pytest.raises(NotAllowed, match="reason"):
        hand(case, cast.officer, "case_officer", cast.officer, reason=" ")
    with pytest.raises(SomebodyWasFaster):
        hand(case, cast.officer, "case_officer", cast.officer, seen=case.head_seq - 1)


def test_what_a_leaver_carries_is_listed_the_same_day_and_handed_over(
    cast, browser, read
):
    case = w.quickly_asked(cast)
    deciding.decide(
        case_id=case.pk,
        actor=cast.decider,
        verdict=Verdict.APPROVED_WITH_CONDITIONS,
        reasons="Useful.",
        conditions=[Required("Send the agreement.", cast.proposer, TODAY)],
    )
    handling.take_case(case_id=case.pk, actor=cast.officer)
    other = r.person_with(Role.CASE_OFFICER, cast.faculty, "Olga Officer")
    lists = [cast.officer, cast.leader, other]
    assert [list(cases_left_behind(each, TODAY)) for each in lists] == [[], [], []]

    leaving.leave(actor=cast.administrator, person=cast.proposer, day=TODAY)

    for person in lists:
        assert list(cases_left_behind(person, TODAY)) == [case]
        for page in (LEAVERS, "/"):
            html = read(person, page)
            assert "Who answers for it: Pia Proposer" in html
            assert "What people who have left still owe: Pia Proposer" in html
    strangers = (cast.stranger, cast.decider, cast.administrator)
    assert [browser(each).get(LEAVERS).status_code for each in strangers] == [
        *(200, 403, 403)
    ]
    assert case.title not in read(cast.stranger, LEAVERS)

    hand(case, cast.officer, "tasks", cast.leader)
    page = reverse("workflows:hand_over", args=[case.public_id])
    assert 'value="responsible"' in read(cast.officer, page)
    typed = {
        "part": "responsible",
        "to": "ada adviser",
        "reason": "Has left.",
        "seen": w.fresh(case).head_seq,
    }
    client = browser(cast.officer)
    assert client.post(page, typed | {"to": "nobody"}).status_code == 422
    assert client.post(page, typed).status_code == 302

    assert Condition.objects.get().owner == cast.leader
    assert w.fresh(case).responsible == cast.adviser
    assert [list(cases_left_behind(each, TODAY)) for each in lists] == [[], [], []]


def test_somebody_who_leaves_later_is_not_listed_before(cast):
    case = w.quickly_sent(cast)
    day = TODAY + timedelta(5)
    leaving.leave(actor=cast.administrator, person=cast.proposer, day=day)

    lists = [list(cases_left_behind(cast.officer, d)) for d in (TODAY, day)]

    assert lists == [[], [case]]


def test_a_restricted_case_is_not_listed_for_those_who_do_not_see_it(cast):
    case = w.quickly_sent(cast)
    case.confidentiality = "restricted"
    case.save(update_fields=["confidentiality"])
    leaving.leave(actor=cast.administrator, person=cast.proposer, day=TODAY)
    assert list(cases_left_behind(cast.officer, TODAY)) == []

    case.case_officer = cast.officer
    case.save(update_fields=["case_officer"])

    assert list(cases_left_behind(cast.officer, TODAY)) == [case]
    assert list(cases_left_behind(cast.leader, TODAY)) == []


def test_a_blanked_name_is_gone_from_the_history_which_still_verifies(cast, settings):
    settings.KEEP_LEAVERS_NAMES = 0
    case = w.quickly_asked(cast)
    deciding.decide(
        case_id=case.pk,
        actor=cast.decider,
        verdict=Verdict.APPROVED_WITH_CONDITIONS,
        reasons="Useful.",
        conditions=[Required("Send it.", cast.leader, TODAY)],
    )
    hand(case, cast.officer, "responsible", cast.leader)
    before = list(case.events.values_list("body", "hash", "payload__text"))

    leaving.leave(actor=cast.administrator, person=cast.leader, day=TODAY)
    hand(case, cast.officer, "responsible", cast.adviser)
    accounts.blank(actor=cast.administrator, person=cast.leader, reason="Asked.")

    events = with_names(case.events.select_related("payload").order_by("seq"))
    told = [event.content for event in events]
    assert "Liv Leader" not in str(told)
    assert told[-1]["old"] == ["Former employee"]
    assert told[-3]["conditions"] == [["Send it.", "Former employee", str(TODAY)]]
    kept = list(case.events.values_list("body", "hash", "payload__text"))
    assert kept[: len(before)] == before
    assert all("Liv" not in text for _body, _hash, text in kept)
    assert list(breaks()) == []
    assert "Liv" not in str(list(AccessEvent.objects.values_list("told", flat=True)))


def test_a_case_keeps_the_name_its_unit_had(cast, read):
    case = w.quickly_sent(cast)
    page = case.get_absolute_url()
    assert "(now" not in read(cast.officer, page)

    units.rename(actor=cast.administrator, unit=cast.department, name="Matter")
    assert "Department of Physics (now: Matter)" in read(cast.officer, page)
    units.merge(
        actor=cast.administrator, unit=cast.department, into=cast.other_department
    )

    assert "(now part of Department of Law)" in read(cast.officer, page)
