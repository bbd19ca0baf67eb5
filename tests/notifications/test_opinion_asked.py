"""Advisers hear that their opinion is asked for: only they, once, while it waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import queries
from notifications.models import Announcement, Message
from notifications.services import announcing, delivering
from register.choices import Role
from tests.factories import register as r
from tests.factories import workflows as w
from tests.factories.notifications import told
from workflows.models import Case, CaseEvent, Opinion
from workflows.services import answering
from workflows.services.answering import Given

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# The quick screen calls for the export-control adviser.
DOUBTFUL = {"EXP_1": "yes"}
ASKED = {("opinion_asked", "Siv"), ("opinion_asked", "Stig")}


def announced(case: Case, verb: str) -> int:
    event = case.events.filter(verb=verb).latest("seq")
    return announcing.announce(event_id=event.pk)


def opinions(case: Case) -> set[tuple[str, str]]:
    return told(case=case, kind="opinion_asked")


def save(case, actor, **chosen):
    answers = {
        code.replace("_", "-"): Given([one], "Why") for code, one in chosen.items()
    }
    answering.save_answers(case_id=case.pk, actor=actor, answers=answers)


def test_sending_with_a_doubt_tells_the_office_and_the_advisers(cast):
    case = w.proposed(cast, given=DOUBTFUL)
    announced(case, "submit")

    assert told(case=case) == {("submitted", "Odd"), ("submitted", "Liv"), *ASKED}


def test_sending_without_a_doubt_tells_no_adviser(cast):
    case = w.proposed(cast)
    announced(case, "submit")

    assert opinions(case) == set()


def test_a_later_answer_that_asks_for_an_opinion_tells_its_advisers(cast):
    case = w.proposed(cast)
    save(case, cast.officer, EXP_1="yes")
    announced(case, "answer")

    assert opinions(case) == ASKED


def test_an_answer_that_asks_for_nothing_is_no_announcement(cast):
    case = w.proposed(cast)
    save(case, cast.officer, PUR_3="yes")

    assert announced(case, "answer") == 0
    assert Announcement.objects.count() == 0


def test_only_the_advisers_of_the_field_and_the_unit_are_told(cast):
    other = r.person_with(Role.PRIVACY_ADVISER, cast.institution, "Pål Privacy")
    elsewhere = r.person_with(Role.EXPORT_ADVISER, cast.other_department, "Else")
    r.person_with(Role.EXPORT_ADVISER, cast.department, "Eva Export")
    case = w.proposed(cast, given=DOUBTFUL)
    announced(case, "submit")

    assert opinions(case) == {*ASKED, ("opinion_asked", "Eva")}
    assert not Message.objects.filter(recipient__in=[other, elsewhere]).exists()


def test_nobody_is_asked_about_their_own_case(cast):
    case = w.proposed(cast, given=DOUBTFUL, responsible=cast.specialist)
    announced(case, "submit")

    assert opinions(case) == {("opinion_asked", "Stig")}


def test_an_adviser_is_not_told_again_when_another_field_is_asked(cast):
    eva = r.person_with(Role.EXPORT_ADVISER, cast.department, "Eva Export")
    sigrid = r.person_with(Role.SECURITY_ADVISER, cast.department, "Sigrid Security")
    case = w.proposed(cast, given=DOUBTFUL)
    announced(case, "submit")
    save(case, cast.officer, MOB_2="yes")
    announced(case, "answer")

    messages = Message.objects.filter(kind="opinion_asked")
    assert messages.filter(recipient=eva).count() == 1
    assert messages.filter(recipient=sigrid).count() == 1


def test_the_message_says_by_when_that_adviser_must_answer(cast):
    case = w.proposed(cast, given=DOUBTFUL)
    opinion = case.open_assessment.opinions.get(role="S-EC")
    Opinion.objects.filter(pk=opinion.pk).update(
        due_on=opinion.due_on - timedelta(days=1)
    )
    eva = r.person_with(Role.EXPORT_ADVISER, cast.department, "Eva Export")
    announced(case, "submit")

    due = Message.objects.get(recipient=eva).due_on
    assert due == opinion.due_on - timedelta(days=1)


def test_an_event_with_both_kinds_is_told_once(cast):
    case = w.proposed(cast, given=DOUBTFUL)

    assert [announced(case, "submit"), announced(case, "submit")] == [4, 0]


def test_catching_up_finds_an_answer_that_asked_and_no_other_answer(cast):
    asking, calm = w.proposed(cast), w.proposed(cast)
    save(asking, cast.officer, EXP_1="yes")
    save(calm, cast.officer, PUR_3="yes")
    left = queries.events_not_announced(timezone.now())

    found = set(left.values_list("case", "verb"))

    assert found == {
        (asking.pk, "submit"),
        (asking.pk, "answer"),
        (calm.pk, "submit"),
    }
    announcing.catch_up(now=timezone.now())
    assert opinions(asking) == ASKED
    assert announcing.catch_up(now=timezone.now()) == 0


@pytest.mark.parametrize("answers", [1, 3])
def test_the_sweep_asks_once_however_many_answers_there_are(
    cast, answers, django_assert_num_queries
):
    case = w.proposed(cast)
    for number in range(answers):
        save(case, cast.officer, PUR_3=["yes", "no", "yes"][number])
    announcing.catch_up(now=timezone.now())

    with django_assert_num_queries(2):  # events; changes of access
        announcing.catch_up(now=timezone.now())


def test_a_saved_answer_costs_the_announcer_one_statement(
    cast, django_assert_num_queries
):
    case = w.proposed(cast)
    save(case, cast.officer, PUR_3="yes")
    event = CaseEvent.objects.filter(case=case, verb="answer").latest("seq")

    with django_assert_num_queries(1):
        announcing.announce(event_id=event.pk)


def test_an_answer_on_a_page_is_mailed_to_the_advisers_when_it_is_committed(
    cast, mailoutbox, django_capture_on_commit_callbacks
):
    case = w.proposed(cast)
    with django_capture_on_commit_callbacks(execute=True):
        save(case, cast.officer, EXP_1="yes")

    assert {mail.to[0] for mail in mailoutbox} == {
        cast.specialist.email,
        cast.other_specialist.email,
    }
    assert {mail.subject for mail in mailoutbox} == {
        f"Case {case.number}: your opinion is asked for"
    }


def test_the_mail_is_dropped_when_the_opinion_has_been_given(cast, mailoutbox):
    case = w.proposed(cast, given=DOUBTFUL)
    announced(case, "submit")
    w.give_opinions(cast, case)
    delivering.deliver_due()

    dropped = Message.objects.filter(kind="opinion_asked")
    assert set(dropped.values_list("state", "error")) == {
        ("cancelled", "The opinion has been given.")
    }


def test_the_mail_is_dropped_when_the_case_has_moved_on(cast, mailoutbox):
    case = w.proposed(cast, given=DOUBTFUL)
    announced(case, "submit")
    w._with_reason(case, "send_back", cast.officer)
    delivering.deliver_due()

    dropped = Message.objects.filter(kind="opinion_asked")
    assert set(dropped.values_list("state", "error")) == {
        ("cancelled", "The case has moved on.")
    }
