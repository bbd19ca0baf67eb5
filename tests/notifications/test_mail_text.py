"""What stands in a mail, in three languages, and what never does."""

import gettext
from datetime import date, timedelta
from email import policy
from email.parser import BytesParser
from functools import partial

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.translation import override

from notifications.choices import Kind
from notifications.models import Message
from notifications.services import announcing, delivering, reminding, writing
from register.models import User
from tests.factories import register as r
from tests.factories import workflows as w
from tests.factories.notifications import move_review
from workflows.models import CaseEvent

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LANGUAGES = ["en", "nb", "nn"]
SECRETS = {
    "title": "Permafrostbohrungen",
    "purpose": "Zweckbeschreibung",
    "expected_value": "Nutzenabwaegung",
    "funder": "Geldgeberstiftung",
    "grant_reference": "GR-99871",
}
PARTNER, COUNTRY = "Partneruniversitaet Xylophon", "Kazakhstan"
PARTS = ("subject.txt", "txt", "html")


@pytest.fixture
def told(cast):
    """Messages of every kind about cases full of things that must not leak."""
    facts = SECRETS | {
        "partner": r.partner(PARTNER, country="KZ"),
        "responsible": cast.adviser,
    }
    doubtful = partial(w.proposed, given={"EXP_1": "yes"})
    for maker in (doubtful, w.returned, w.rejected, w.asked, w.under_review):
        case = maker(cast, **facts)
        for event in CaseEvent.objects.filter(case=case):
            announcing.announce(event_id=event.pk)
    for late in (-30, 7):
        due = date(2027, 3, 1)
        move_review(case, due)
        reminding.plan(today=due + timedelta(late))
    return list(Message.objects.select_related("case", "recipient").order_by("id"))


def raw(message, language):
    message.recipient.language = language
    return writing.mail_of(message, None).message().as_bytes()


def everything_in(message, language):
    """Headers and both bodies as a reader sees them."""
    mail = BytesParser(policy=policy.default).parsebytes(raw(message, language))
    bodies = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return "\n".join([*(f"{key}: {value}" for key, value in mail.items()), *bodies])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mail_holds_anything_of_the_case_but_its_number(told, language):
    assert {message.kind for message in told} == set(Kind) - set(Kind.ABOUT_ACCESS)
    names = {str(user) for user in User.objects.all()}
    secrets = {*SECRETS.values(), PARTNER, COUNTRY, "Because.", "worth it", "Ownership"}

    for message in told:
        text = everything_in(message, language)
        assert {w for w in secrets | names if w.casefold() in text.casefold()} == set()
        assert message.case.number in text


def test_the_case_did_hold_what_must_not_leak(told):
    case = told[-1].case

    assert {case.title, case.purpose, case.funder} < set(SECRETS.values())
    assert case.partners.get().name == PARTNER
    assert str(case.partners.get().country) == COUNTRY


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_has_one_link_and_says_by_when(told, language):
    for message in told:
        mail = BytesParser(policy=policy.default).parsebytes(raw(message, language))
        text = mail.get_body(("plain",)).get_content()
        html = mail.get_body(("html",)).get_content()
        link = f"{settings.SITE_URL}/inbox/{message.public_id}/"
        with override(language):
            day = date_format(message.due_on) if message.due_on else ""

        assert (text.count("://"), text.count(link)) == (1, 1)
        assert (html.count("href="), html.count(f'href="{link}"')) == (1, 1)
        assert message.kind == Kind.DECIDED or (day in text and day in html)


def test_headers_say_that_a_machine_wrote_it_and_which_case_it_belongs_to(told):
    for message in told:
        mail = writing.mail_of(message, None).message()

        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Message-ID"] == f"<{message.public_id}@localhost>"
        assert mail["References"] == f"<case.{message.case.public_id}@localhost>"
        assert mail["To"] == message.recipient.email


def test_an_overdue_reminder_says_so(told):
    with override("en"):
        subjects = {writing.subject_of(m) for m in told if m.kind == Kind.REVIEW_DUE}

    number = told[-1].case.number
    assert subjects == {
        f"Case {number}: midway review due 1 March 2027",
        f"Case {number}: the midway review is overdue (was due 1 March 2027)",
    }


def test_without_a_language_of_their_own_people_get_the_site_s(told, settings):
    settings.LANGUAGE_CODE = "nn"

    assert b'lang="nn"' in raw(told[0], "")


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_every_mail_is_translated(told, language):
    if not gettext.find("django", settings.LOCALE_PATHS[0], [language]):
        pytest.skip("the translations are not compiled here")

    for message in told:
        with override(language):
            subject = writing.subject_of(message)
        english = writing.mail_of(message, None)
        message.recipient.language = language
        translated = writing.mail_of(message, None)
        lines = set(english.body.splitlines()) & set(translated.body.splitlines())
        kept = {line for line in lines if line.strip("- ") and "://" not in line}

        assert subject != english.subject
        assert kept == set()


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_three_templates(kind):
    for part in PARTS:
        get_template(f"notifications/email/{kind}.{part}")


def test_a_mail_is_whole_after_the_journey(told, sink):
    delivering.deliver_due()

    mail = next(m for m in sink.mails if str(told[-1].public_id) in m["Message-ID"])
    assert mail.get_content_type() == "multipart/alternative"
    assert told[-1].case.number in mail["Subject"]
