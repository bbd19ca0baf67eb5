"""The history: many small answers in a row are one entry; what they brought about is
never folded away."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.factories import workflows as w
from tests.factories.proposals import text
from workflows.services import answering, handling
from workflows.services.answering import Given
from workflows.views.history import entries_of

# The pages say the same on both engines.
pytestmark = pytest.mark.once


def history(case):
    return reverse("workflows:case-tab", args=[case.public_id, "history"])


def save(case, actor, code="PUR-3", *, minutes=0, **given):
    chosen = Given(**{"options": ["yes"], "comment": f"After {minutes}."} | given)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        answering.save_answers(case_id=case.pk, actor=actor, answers={code: chosen})


def answers_told(case):
    """(who, how many events) of each entry about answers, oldest first."""
    events = case.events.select_related("person", "payload").order_by("-seq")
    entries = entries_of(events)
    return [
        (entry["event"].person.first_name, len(entry["events"]))
        for entry in reversed(entries)
        if entry["event"].verb == "answer"
    ]


# Session, user, roles, unread messages, the case, what can be done, events, packs.
STATEMENTS = 18
BY_THE_PROPOSER = ("Pia", 1)  # the quick screen, at once


def test_answers_of_one_person_within_an_hour_are_one_entry(cast):
    case = w.proposed(cast)
    for minutes in (1, 30, 60):
        save(case, cast.officer, minutes=minutes)

    assert answers_told(case) == [BY_THE_PROPOSER, ("Odd", 3)]


def test_after_an_hour_a_new_entry_begins(cast):
    case = w.proposed(cast)
    for minutes in (1, 30, 62):
        save(case, cast.officer, minutes=minutes)

    assert answers_told(case) == [BY_THE_PROPOSER, ("Odd", 1), ("Odd", 2)]


def test_another_person_or_another_thing_between_parts_them(cast):
    case = w.proposed(cast)
    save(case, cast.officer, minutes=1)
    save(case, cast.specialist, minutes=2)
    save(case, cast.officer, minutes=3)
    handling.take_case(case_id=case.pk, actor=cast.officer)
    save(case, cast.officer, minutes=4)

    assert answers_told(case) == [
        BY_THE_PROPOSER,
        ("Odd", 1),
        ("Siv", 1),
        ("Odd", 1),
        ("Odd", 1),
    ]


def test_the_entry_counts_and_keeps_every_change_within_reach(cast, browser):
    case = w.proposed(cast)
    save(case, cast.officer, comment="A first thought")
    save(case, cast.officer, comment="A second thought")

    page = text(browser(cast.auditor).get(history(case)))

    assert "Odd Officer answered questions (2 times)." in page
    assert "from “Yes – A first thought” to “Yes – A second thought”" in page
    assert escape(w.shipped().by_code["PUR-3"].text[:60]) in page


def test_what_the_answers_brought_about_is_not_folded_away(cast, browser):
    case = w.proposed(cast)
    save(case, cast.officer, comment="A first thought")
    save(case, cast.officer, "EXP-1", comment="A laser")

    page = text(browser(cast.auditor).get(history(case)))
    seen = page[page.index("answered questions (2 times)") :].split("<details>")[0]

    question = w.shipped().by_code["EXP-1"].text
    assert f"(full track), because of: {question} – Yes." in seen
    assert "Opinions are asked for: Export-control adviser." in seen
    assert "Must be in order first: Export licence." in seen


def test_one_answer_alone_is_told_as_one(cast, browser):
    case = w.proposed(cast)
    save(case, cast.officer, comment="A thought")

    page = text(browser(cast.auditor).get(history(case)))

    assert "Odd Officer answered a question." in page
    assert "“Yes – A thought”" in page


def test_confirming_and_taking_the_full_track_are_told_with_their_reasons(
    cast, browser
):
    case = w.proposed(cast)
    save(case, cast.officer, "PUR-1", options=[], comment="Ice.")
    answering.confirm(case_id=case.pk, actor=cast.proposer, questions=["PUR-1"])
    w.assessing.take_full_track(
        case_id=case.pk, actor=cast.adviser, reason="Large and new."
    )

    page = text(browser(cast.auditor).get(history(case)))

    assert "Pia Proposer confirmed an answer as it stands." in page
    assert (
        "Ada Adviser decided that all questions that fit are asked (full track)."
        '</p><p class="quoted">Large and new.</p>'
    ) in page


def test_sending_tells_the_number_and_how_much_is_asked(cast, browser):
    case = w.proposed(cast)

    page = text(browser(cast.auditor).get(history(case)))

    assert (
        f"Pia Proposer proposed the cooperation ({case.number}). 33 questions" in page
    )
    assert "few questions are asked (light track)." in page


def test_a_page_still_holds_fifty_events(cast, browser):
    case = w.proposed(cast)
    for number in range(60):
        save(case, cast.officer, comment=f"Thought {number}")
    client = browser(cast.auditor)

    first = client.get(history(case)).context
    second = client.get(history(case) + "?page=2").context

    assert [len(entry["events"]) for entry in first["entries"]] == [50]
    assert [len(entry["events"]) for entry in second["entries"]] == [10, 1, 1, 1]


@pytest.mark.parametrize("size", [1, 3])
def test_the_history_asks_the_same_however_many_answers(
    cast, browser, size, django_assert_num_queries
):
    case = w.proposed(cast)
    for number in range(size):
        save(case, cast.officer, comment=f"Thought {number}")
    client = browser(cast.officer)
    client.get(history(case))

    with django_assert_num_queries(STATEMENTS):
        client.get(history(case))
