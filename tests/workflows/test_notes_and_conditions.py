"""What only few read, and what an approval requires."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from register.clock import local_today
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.models import CaseEvent, Condition, NoteReader, RestrictedNote
from workflows.queries.people import notes_for
from workflows.services import conditions, declaring, notes
from workflows.services.deciding import Required
from workflows.services.moving import AlreadyThere, NotAllowed

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"')


def url(name, case, *more):
    return reverse(f"workflows:{name}", args=[case.public_id, *more])


def pages(client, case):
    names = ["facts", "assessment", "decisions", "people", "history"]
    addresses = [url("case-tab", case, name) for name in names]
    addresses += [
        url("why-not", case),
        url("readers", case),
        "/register/",
        "/",
        "/inbox/",
    ]
    return [TOKEN.sub("", client.get(one).content.decode()) for one in addresses]


@pytest.fixture
def case(cast):
    w.ask_nothing()
    return w.quickly_asked(cast)


# Restricted notes ---------------------------------------------------------------------
def test_a_note_is_there_for_those_named_and_the_auditor_and_for_nobody_else(
    cast, browser, case
):
    others = ("proposer", "officer")
    without = {part: pages(browser(getattr(cast, part)), case) for part in others}
    before = w.fresh(case)

    notes.write(
        case_id=case.pk,
        actor=cast.specialist,
        text="The group has been approached.",
        readers=[cast.other_decider],
    )

    after = w.fresh(case)
    assert {p: pages(browser(getattr(cast, p)), case) for p in others} == without
    assert (after.head_seq, after.last_event_at) == (
        before.head_seq,
        before.last_event_at,
    )
    tab = url("case-tab", case, "people")
    reads = {
        part
        for part in ("leader", "specialist", "other_decider", "auditor", "adviser")
        if "The group has been approached."
        in browser(getattr(cast, part)).get(tab).content.decode()
    }
    assert reads == {"specialist", "other_decider", "auditor"}


def test_the_check_above_sees_a_note_that_is_shown_to_all(
    cast, browser, case, monkeypatch
):
    """A broken twin: every note of the case for everybody."""
    notes.write(case_id=case.pk, actor=cast.specialist, text="Approached.", readers=[])
    monkeypatch.setattr(
        "workflows.views.people.notes_for", lambda case, user: case.notes.all()
    )

    shown = pages(browser(cast.officer), case)

    assert any("Approached." in page for page in shown)


def test_who_may_write_one(cast, case):
    declaring.declare(
        case_id=case.pk, actor=cast.leader, has_conflict=True, grounds=["family"]
    )
    case = w.fresh(case)

    def refusal(part):
        try:
            with transaction.atomic():
                notes.write(
                    case_id=case.pk, actor=getattr(cast, part), text="A", readers=[]
                )
        except NotAllowed as no:
            return str(no)[:24]
        return None

    parts = (
        *("proposer", "officer", "specialist", "decider", "leader"),
        *("auditor", "administrator", "stranger"),
    )
    assert {part: refusal(part) for part in parts} == {
        "proposer": "Only those who handle, a",
        "officer": None,
        "specialist": None,
        "decider": None,
        "leader": "You have declared a conf",
        "auditor": "Only those who handle, a",
        "administrator": "Only those who handle, a",
        "stranger": "Only those who handle, a",
    }


def test_a_reader_must_be_able_to_read_the_case_and_a_note_says_something(cast, case):
    for text, readers in (("A", [cast.stranger]), ("  ", [cast.decider])):
        with pytest.raises(NotAllowed):
            notes.write(case_id=case.pk, actor=cast.officer, text=text, readers=readers)
    assert not RestrictedNote.objects.exists()


def test_a_note_is_written_once(cast, case):
    note = notes.write(
        case_id=case.pk, actor=cast.officer, text="A", readers=[cast.decider]
    )

    for rows in (RestrictedNote.objects.filter(pk=note.pk), note.readers.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(id=99)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete("default")
    assert NoteReader.objects.get().user == cast.decider


def test_a_note_is_written_through_its_page(cast, browser, case):
    client = browser(cast.officer)
    page = client.get(url("write_note", case)).content.decode()
    typed = {"seen": case.head_seq, "text": "Look.", "readers": [cast.decider.pk]}

    client.post(url("write_note", case), typed)

    assert "Never write graded information (BEGRENSET or higher) here." in page
    assert [note.text for note in notes_for(case, cast.decider)] == ["Look."]


# Conditions ---------------------------------------------------------------------------
@pytest.fixture
def condition(cast, case):
    due = local_today() + timedelta(days=30)
    w.deciding.decide(
        case_id=case.pk,
        actor=cast.decider,
        verdict="conditions",
        reasons="Good, if the data stay here.",
        conditions=[
            Required("A data plan", cast.leader, due),
            Required("A key", cast.officer, due),
        ],
    )
    return Condition.objects.get(text="A data plan")


def meet(condition, actor, how="Seen in the archive."):
    return conditions.meet(
        case_id=condition.decision.case_id,
        actor=actor,
        condition_id=condition.pk,
        how=how,
    )


def test_a_condition_is_met_by_a_third_person(cast, browser, case, condition):
    other = r.person_with("case_officer", cast.department)
    r.role(cast.leader, "case_officer", cast.department)
    r.role(cast.decider, "case_officer", cast.department)
    r.role(cast.proposer, "case_officer", cast.department)
    told = {}
    for person in (cast.leader, cast.decider, cast.proposer, cast.adviser):
        with pytest.raises(NotAllowed) as refused:
            meet(condition, person)
        told[str(person)] = str(refused.value)[:28]
    with pytest.raises(NotAllowed, match="Say how"):
        meet(condition, other, how=" ")
    client = browser(other)
    listed = client.get(url("meet_condition", case)).content.decode()
    typed = {"seen": w.fresh(case).head_seq, "how": "Seen in the archive."}
    client.post(url("meet_condition", case, condition.pk), typed)

    assert told == {
        "Liv Leader": "You own this condition; anot",
        "Dag Decider": "You set this condition; anot",
        "Pia Proposer": "You proposed this cooperatio",
        "Ada Adviser": "Only a case officer of the u",
    }
    assert listed.count("Mark as met") == 2
    condition.refresh_from_db()
    assert (condition.met_by, condition.met_how) == (other, "Seen in the archive.")
    decided = client.get(url("case-tab", case, "decisions")).content.decode()
    assert "1 of 2 conditions met" in decided
    assert CaseEvent.objects.last().content["condition"] == "A data plan"
    with pytest.raises(AlreadyThere):
        meet(condition, other)


@pytest.mark.parametrize("part", ["leader", "decider"])
def test_the_database_itself_keeps_the_four_eyes_of_a_condition(cast, condition, part):
    met = {"met_at": timezone.now(), "met_how": "By myself"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Condition.objects.filter(pk=condition.pk).update(
            met_by=getattr(cast, part), **met
        )
    Condition.objects.filter(pk=condition.pk).update(met_by=cast.officer, **met)
