"""Private files: only for those who see the cooperation, and never shown as a page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from register.services import documents
from tests.factories import workflows as w

PDF = b"%PDF-1.7 <script>alert(1)</script>"


@pytest.fixture
def document(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return documents.keep(
        w.proposed(cast),
        actor=cast.proposer,
        upload=SimpleUploadedFile("Avtale – Tromsø.pdf", PDF),
        kind="agreement",
    )


@pytest.fixture
def answer(browser):
    """`answer(user, url)`: the status, after reading the file to its end."""

    def status(user, url):
        response = browser(user).get(url)
        list(response)
        return response.status_code

    return status


def test_it_is_handed_over_as_a_file_that_may_do_nothing(cast, browser, document):
    response = browser(cast.proposer).get(document.get_absolute_url())

    assert b"".join(response.streaming_content) == PDF
    wanted = {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''"
        "Avtale%20%E2%80%93%20Troms%C3%B8.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "no-store",
    }
    assert {name: response[name] for name in wanted} == wanted


def test_the_stored_file_tells_nothing_by_its_name(document):
    assert document.filename == "Avtale – Tromsø.pdf"
    assert "Avtale" not in document.file.path


def test_who_may_open_it(cast, answer, document):
    url = document.get_absolute_url()
    people = {
        "proposer": cast.proposer,
        "leader": cast.leader,
        "officer": cast.officer,
        "auditor": cast.auditor,
        "stranger": cast.stranger,
        "administrator": cast.administrator,
    }

    answers = {name: answer(user, url) for name, user in people.items()}

    assert answers == {
        "proposer": 200,
        "leader": 200,
        "officer": 200,
        "auditor": 200,
        "stranger": 404,
        "administrator": 404,
    }


def test_a_stranger_who_is_not_signed_in_is_asked_to_sign_in(document):
    response = Client().get(document.get_absolute_url())

    assert (response.status_code, response["Location"].split("?")[0]) == (
        302,
        "/sign-in/",
    )


def test_it_is_gone_when_the_role_has_ended(cast, answer, document):
    url = document.get_absolute_url()
    before = answer(cast.auditor, url)
    cast.auditor.assignments.update(valid_from="2020-01-01", valid_until="2020-12-31")

    assert (before, answer(cast.auditor, url)) == (200, 404)


def test_a_file_of_a_draft_is_its_proposers_alone(cast, answer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = documents.keep(
        w.draft(cast),
        actor=cast.proposer,
        upload=SimpleUploadedFile("a.pdf", PDF),
        kind="evidence",
    )

    answers = [
        answer(user, kept.get_absolute_url())
        for user in (cast.proposer, cast.leader, cast.auditor)
    ]

    assert answers == [200, 404, 404]


def test_no_address_leads_to_the_folder_of_files(cast, browser, document):
    client = browser(cast.proposer)
    name = document.file.name

    answers = {
        url: client.get(url).status_code
        for url in (f"/media/{name}", f"/static/{name}", f"/{name}", f"/files/{name}")
    }

    assert set(answers.values()) == {404}
