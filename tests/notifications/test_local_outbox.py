"""Mail without a mail server, and who may look at it."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from notifications import outbox

pytestmark = pytest.mark.django_db
OUTBOX = reverse("notifications:outbox")


@pytest.fixture
def kept(settings, tmp_path):
    """Two mails, the second newer, in an outbox of their own."""
    settings.OUTBOX = tmp_path / "outbox"
    for number in ("1", "2"):
        keep(f"<{number}@localhost>", f"Sak {number}: vedtak på vent")
    return settings.OUTBOX


def keep(identity, subject):
    mail = EmailMultiAlternatives(
        subject,
        "Hei på deg\nhttp://localhost/x/",
        to=["ada@fjordheim.example"],
        headers={"Message-ID": identity},
        connection=get_connection("notifications.outbox.LocalOutbox"),
    )
    mail.attach_alternative("<p>Hei <script>alert(1)</script></p>", "text/html")
    assert mail.send() == 1


def subjects():
    return [outbox.read(path).subject for path in outbox.kept_mails()]


def test_mails_are_read_back_newest_first(kept):
    newest = outbox.read(outbox.kept_mails()[0])

    assert subjects() == ["Sak 2: vedtak på vent", "Sak 1: vedtak på vent"]
    assert newest.text == "Hei på deg\nhttp://localhost/x/"
    assert newest.recipient == "ada@fjordheim.example"


def test_a_mail_sent_twice_is_kept_once(kept):
    keep("<1@localhost>", "Sak 1: vedtak på vent")

    assert sorted(subjects()) == ["Sak 1: vedtak på vent", "Sak 2: vedtak på vent"]


def test_a_half_written_mail_is_not_shown(kept):
    (kept / "abc.123.part").write_text("half")

    assert len(subjects()) == 2


def test_mails_without_an_identity_are_all_kept(settings, tmp_path):
    settings.OUTBOX = tmp_path
    post = get_connection("notifications.outbox.LocalOutbox")
    for _ in range(2):
        EmailMultiAlternatives("Hei", "Hei", to=["a@b.example"], connection=post).send()

    assert len(outbox.kept_mails()) == 2


def test_the_administrator_reads_the_outbox(browser, cast, kept):
    html = browser(cast.administrator).get(OUTBOX).content.decode()

    assert html.index("Sak 2: vedtak") < html.index("Sak 1: vedtak")
    assert "ada@fjordheim.example" in html


def test_a_mail_s_web_page_is_shown_as_its_source_only(browser, cast, kept):
    name = outbox.kept_mails()[0].stem
    address = reverse("notifications:outbox-mail", args=[name])
    html = browser(cast.administrator).get(address).content.decode()

    assert "Hei på deg" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html


@pytest.mark.parametrize("who", ["proposer", "officer", "decider", "auditor"])
def test_for_everybody_else_there_is_no_outbox(browser, cast, kept, who):
    client = browser(getattr(cast, who))
    mail = reverse("notifications:outbox-mail", args=[outbox.kept_mails()[0].stem])

    assert [client.get(OUTBOX).status_code, client.get(mail).status_code] == [404, 404]


def test_with_a_mail_server_there_is_no_outbox(browser, cast, kept, settings):
    settings.EMBEDDED = False

    assert browser(cast.administrator).get(OUTBOX).status_code == 404


@pytest.mark.parametrize("name", ["unknown", "run", "secret-key"])
def test_only_mails_of_the_outbox_have_an_address(browser, cast, kept, name):
    (kept.parent / "secret-key").write_text("x")
    address = reverse("notifications:outbox-mail", args=[name])

    assert browser(cast.administrator).get(address).status_code == 404


def test_an_empty_outbox_says_so(browser, cast, settings, tmp_path):
    settings.OUTBOX = tmp_path / "none"

    assert "No e-mail yet" in browser(cast.administrator).get(OUTBOX).content.decode()
