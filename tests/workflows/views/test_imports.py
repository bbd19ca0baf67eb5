"""The pages of an import: who sees them, what they refuse, and that nothing is lost."""

import csv
import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.urls import reverse

from tests.workflows.listing import (
    checked,
    csv_file,
    imported,
    participations,
)
from workflows.models import Case, ImportBatch

pytestmark = pytest.mark.once

LIST, START = "workflows:import-list", "workflows:import-start"


def page(name: str, batch: ImportBatch) -> str:
    return reverse(f"workflows:import-{name}", args=[batch.public_id])


def upload(client, cast, file):
    return client.post(reverse(START), {"unit": cast.institution.pk, "file": file})


def test_a_list_goes_all_the_way_through_the_pages(cast, browser):
    client = browser(cast.officer)

    uploaded = upload(client, cast, participations())
    batch = ImportBatch.objects.get()
    assert uploaded["Location"] == page("columns", batch)

    asked = client.get(page("columns", batch))
    assert asked.context["form"].initial["title"] == "Prosjektnavn"
    assert "HAVKRAFT FORSKNING AS" in asked.text
    checked_now = client.post(page("columns", batch), asked.context["form"].initial)
    assert checked_now["Location"] == page("detail", batch)

    report = client.get(page("detail", batch))
    assert "Import 5 cooperations" in report.text
    assert Case.objects.count() == 0

    client.post(page("run", batch))
    done = client.get(page("detail", batch))
    assert "5 cooperations were taken in." in done.text
    assert Case.objects.count() == 5
    assert reverse("register:cooperation-list") + "?flag=legacy" in done.text
    assert "participations.csv" in client.get(reverse(LIST)).text


@pytest.mark.parametrize("who", ["proposer", "decider", "auditor", "administrator"])
def test_for_those_who_may_not_import_the_pages_do_not_exist(cast, browser, who):
    batch, client = checked(cast, participations()), browser(getattr(cast, who))

    addresses = [reverse(LIST), reverse(START)]
    addresses += [page(name, batch) for name in ("columns", "detail", "report")]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(page("run", batch)).status_code == 404
    assert Case.objects.count() == 0


def test_a_case_officer_elsewhere_does_not_see_the_list(cast, browser):
    batch, client = checked(cast, participations()), browser(cast.stranger)

    addresses = [page(name, batch) for name in ("columns", "detail", "report")]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(page("run", batch)).status_code == 404
    assert "participations.csv" not in client.get(reverse(LIST)).text


def test_the_file_is_under_no_public_address(cast, browser):
    batch = checked(cast, participations())

    assert batch.file.path.startswith(str(settings.MEDIA_ROOT))
    assert "participations" not in batch.file.name
    assert browser(cast.officer).get("/" + batch.file.name).status_code == 404


def test_a_file_of_60_mb_is_refused_before_it_is_read(cast, browser):
    """The upload goes to the disk piece by piece; its size alone refuses it."""
    large = TemporaryUploadedFile("large.csv", "text/csv", 60 * 1024**2, None)
    large.truncate(60 * 1024**2)
    large.seek(0)

    answer = upload(browser(cast.officer), cast, large)
    large.close()

    assert "The file is larger than 50 MB." in answer.text
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "list.csv",
            b"PK\x03\x04 a ZIP",
            "The file is not what its ending “.csv” says",
        ),
        ("list.xlsx", b"%PDF-1.7", "The file is not what its ending “.xlsx” says"),
        ("list.docx", b"text", "“list.docx” is not a table."),
        ("list.csv", b"a;a\n1;2\n", "Two columns have the same heading: a."),
    ],
)
def test_what_is_no_list_is_refused_with_its_sentence(
    cast, browser, name, content, sentence
):
    answer = upload(browser(cast.officer), cast, SimpleUploadedFile(name, content))

    assert sentence in answer.text
    assert ImportBatch.objects.count() == 0


def test_a_missing_column_is_asked_for_and_the_choice_is_kept(cast, browser):
    client = browser(cast.officer)
    upload(client, cast, csv_file("1;b", head="Reference;Something"))
    batch = ImportBatch.objects.get()

    answer = client.post(
        page("columns", batch), {"reference": "Reference", "purpose": "Something"}
    )

    assert "Choose the column." in answer.text
    assert answer.context["form"]["purpose"].value() == "Something"
    assert client.get(page("detail", batch))["Location"] == page("columns", batch)


def test_refused_rows_stand_first_and_can_be_shown_alone(cast, browser):
    batch = checked(cast, csv_file("1;Tidal;;;;;", "2;Wave;never;;;;"))
    client = browser(cast.officer)

    everything, refused = (
        client.get(page("detail", batch) + only) for only in ("", "?only=refused")
    )

    assert [line.row for line in everything.context["page"]] == [3, 2]
    assert [line.row for line in refused.context["page"]] == [3]
    assert "“never” is not a date." in refused.text


def test_the_report_as_a_file_holds_no_formula(cast, browser):
    batch = checked(cast, participations())

    answer = browser(cast.officer).get(page("report", batch))

    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 7
    assert rows[-2][:4] == ["7", "New", "900005", "'=SUM(A1:A9)"]


def test_when_the_register_has_changed_meanwhile_the_page_says_so(cast, browser):
    batch = checked(cast, participations())
    imported(cast, participations())

    answer = browser(cast.officer).post(page("run", batch))

    assert answer.status_code == 409
    assert "The register has changed since this list was checked." in answer.text
    assert Case.objects.count() == 5


def test_an_imported_list_cannot_be_understood_anew(cast, browser):
    batch = imported(cast, participations())

    answer = browser(cast.officer).get(page("columns", batch))

    assert answer["Location"] == page("detail", batch)


@pytest.mark.parametrize("lists", [1, 3])
def test_the_list_of_lists_needs_the_same_statements_for_any_number(
    cast, browser, lists, django_assert_num_queries
):
    for number in range(lists):
        checked(cast, csv_file(f"{number};Tidal;;;;;"))
    client = browser(cast.officer)

    with django_assert_num_queries(5):
        client.get(reverse(LIST))
