"""The inbox: one's own messages, one's own cases, and nothing of anybody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from notifications import queries
from notifications.models import Message
from notifications.services import reminding
from tests.factories.notifications import with_review

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DUE = date(2027, 3, 1)
INBOX = reverse("notifications:inbox")


@pytest.fixture
def case(cast):
    case = with_review(cast, DUE)
    reminding.plan(today=DUE + timedelta(7))
    return case


def page(response):
    return response.content.decode()


def test_a_person_reads_what_they_were_told_and_by_when(browser, cast, case):
    html = page(browser(cast.proposer).get(INBOX))

    assert html.count("data-unread") == 1
    assert f"Case {case.number}: the midway review is overdue" in html
    assert "By: 1 March 2027" in html
    assert case.title not in html


def test_nobody_reads_what_others_were_told(browser, cast, case):
    html = page(browser(cast.officer).get(INBOX))

    assert case.number not in html
    assert "Nothing here yet" in html


def test_opening_a_message_leads_to_the_case_and_marks_it_read(browser, cast, case):
    message = Message.objects.get(recipient=cast.proposer)
    client = browser(cast.proposer)
    response = client.get(reverse("notifications:open", args=[message.public_id]))

    assert response.status_code == 302
    assert response.url == case.get_absolute_url()
    assert queries.unread_count(cast.proposer) == 0
    assert queries.unread_count(cast.leader) == 1


def test_another_s_message_does_not_exist(browser, cast, case):
    message = Message.objects.get(recipient=cast.proposer)
    address = reverse("notifications:open", args=[message.public_id])

    assert browser(cast.leader).get(address).status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_a_lost_case_takes_its_messages_along(browser, cast, case):
    """Told while they saw it; they do not any more."""
    message = Message.objects.get(recipient=cast.proposer)
    Message.objects.filter(pk=message.pk).update(recipient=cast.stranger)
    client = browser(cast.stranger)

    assert case.number not in page(client.get(INBOX))
    assert queries.unread_count(cast.stranger) == 0
    address = reverse("notifications:open", args=[message.public_id])
    assert client.get(address).status_code == 404


def test_all_are_marked_as_read_for_oneself_only(browser, cast, case):
    client = browser(cast.proposer)
    response = client.post(reverse("notifications:read-all"), follow=True)

    assert "All messages are marked as read." in page(response)
    assert "data-unread" not in page(response)
    assert queries.unread_count(cast.leader) == 1


def test_marking_all_is_no_link(browser, cast):
    address = reverse("notifications:read-all")

    assert browser(cast.proposer).get(address).status_code == 405


def test_reading_again_keeps_the_first_time(browser, cast, case):
    message = Message.objects.get(recipient=cast.proposer)
    client = browser(cast.proposer)
    client.get(reverse("notifications:open", args=[message.public_id]))
    message.refresh_from_db()
    first = message.read_at
    client.get(reverse("notifications:open", args=[message.public_id]))
    message.refresh_from_db()

    assert message.read_at == first


def test_a_long_inbox_has_pages(browser, cast, settings):
    settings.PAGE_SIZE = 2
    for _ in range(3):
        with_review(cast, DUE)
    reminding.plan(today=DUE)
    client = browser(cast.proposer)

    first, second = page(client.get(INBOX)), page(client.get(INBOX, {"page": 2}))
    assert (first.count("data-unread"), second.count("data-unread")) == (2, 1)
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in second


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_asks_as_often_for_one_message_as_for_many(
    cast, rows, django_assert_num_queries
):
    for _ in range(rows):
        with_review(cast, DUE)
    reminding.plan(today=DUE)

    with django_assert_num_queries(1):
        assert all(m.case.number for m in queries.inbox_of(cast.proposer))
    with django_assert_num_queries(1):
        assert queries.unread_count(cast.proposer) == rows


def test_a_stranger_signs_in_first(client, db):
    assert client.get(INBOX).url == f"/sign-in/?next={INBOX}"
