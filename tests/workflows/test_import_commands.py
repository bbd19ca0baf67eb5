"""The import from the command line, and on the real files where they are at hand."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from register.models import Partner
from tests.workflows.listing import SHARED
from workflows.models import Case, CaseEvent, ImportBatch

REAL = Path(settings.BASE_DIR).parent / "shared" / "data"
GRANTS = REAL / "forskningsradet-bevilgninger-fra-eu.csv"
INSTITUTIONS = REAL / "universities.json"


def say(command: str, *arguments: object) -> str:
    said = io.StringIO()
    call_command(command, *map(str, arguments), stdout=said)
    return said.getvalue()


def take_in(cast, file: Path, *more: object) -> str:
    unit, officer = cast.institution.name, cast.officer.username
    return say("import_cooperations", file, "--unit", unit, "--as", officer, *more)


def test_the_command_tells_what_became_of_the_rows(cast, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("Reference;Name of it\n1;Tidal\n;Wave\n")

    said = take_in(cast, file, "--map", "title=Name of it")

    assert said.splitlines() == [
        "Row 3 (–) refused: Column “Reference”: It is empty; fill it in.",
        "2 rows: 1 refused, 0 changed, 1 new, 0 added, 0 unchanged.",
        "1 cooperations new (0 of them have ended), 0 changed.",
    ]
    assert Case.objects.get().title == "Tidal"


def test_a_dry_run_from_the_command_line_writes_nothing(cast):
    said = take_in(cast, SHARED, "--dry-run")

    assert "6 rows: 0 refused, 0 changed, 5 new, 1 added, 0 unchanged." in said
    assert (Case.objects.count(), ImportBatch.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--unit", "Nowhere", "--as", "{officer}"], "0 units are called “Nowhere”"),
        (["--unit", "Fjordheim University", "--as", "nobody"], "Nobody signs in as"),
        (
            ["--unit", "Fjordheim University", "--as", "{officer}", "--map", "title"],
            "Write --map MEANING=COLUMN.",
        ),
    ],
)
def test_the_command_refuses_with_a_sentence(cast, arguments, sentence):
    given = [word.format(officer=cast.officer.username) for word in arguments]

    with pytest.raises(CommandError, match=sentence):
        say("import_cooperations", SHARED, *given)


def test_a_refused_file_ends_the_command_with_an_error(cast, tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(b"%PDF-1.7")

    with pytest.raises(CommandError, match="not what its ending"):
        take_in(cast, file)


PARTNERS = """[
  {"name": "Universitetet i Tromsø", "alpha_two_code": "NO", "web_pages": ["https://uit.example/"]},
  {"name": "universitetet i tromso", "alpha_two_code": "NO", "web_pages": []},
  {"name": "Nowhere College", "alpha_two_code": "XX", "web_pages": []},
  {"name": "Known University", "alpha_two_code": "SE", "web_pages": []}
]"""


def test_partners_come_in_once_and_repeats_are_told(cast, tmp_path):
    file = tmp_path / "partners.json"
    file.write_text(PARTNERS)
    Partner.objects.create(name="Known University", country_id="SE")

    said = say("import_partners", file)

    assert said.splitlines() == [
        "Repeated in the file: 2: universitetet i tromso (NO)",
        "Refused: 3: Nowhere College (XX): “XX” is not a country of ISO 3166.",
        "4 institutions: 1 new, 1 unchanged, 1 repeated, 1 refused.",
    ]
    added = Partner.objects.get(country="NO")
    assert (added.website, added.search_text) == (
        "https://uit.example/",
        "universitetet i tromso",
    )
    assert "0 new, 2 unchanged" in say("import_partners", file)


def test_partners_come_from_csv_too_and_a_dry_run_writes_nothing(cast, tmp_path):
    file = tmp_path / "partners.csv"
    file.write_text("Navn;Land;By\nKungliga Tekniska;Sverige;Stockholm\n")

    assert "1 new" in say("import_partners", file, "--dry-run")
    assert Partner.objects.count() == 0
    say("import_partners", file)
    assert Partner.objects.get().city == "Stockholm"


def test_a_partner_file_that_is_no_list_is_refused(db, tmp_path):
    file = tmp_path / "partners.json"
    file.write_text('{"name": "one"}')

    with pytest.raises(CommandError, match="must hold a list"):
        say("import_partners", file)


# The public files are no part of the project: where they are not beside the checkout,
# these tests are not there either.
if GRANTS.exists():

    @pytest.mark.once
    @pytest.mark.slow
    def test_the_real_list_comes_in_whole_and_only_once(cast):
        first = take_in(cast, GRANTS)
        assert "2931 rows: 0 refused, 0 changed, 1957 new, 974 added" in first
        assert Case.objects.count() == 1957
        assert CaseEvent.objects.count() == 2 * 1957

        second = take_in(cast, GRANTS)
        assert "2931 rows: 0 refused, 0 changed, 0 new, 0 added, 2931" in second
        assert CaseEvent.objects.count() == 2 * 1957

    @pytest.mark.once
    @pytest.mark.slow
    def test_the_real_institutions_come_in_whole_and_only_once(db):
        counts = "10251 institutions: {} new, {} unchanged, 20 repeated, 5 refused."
        assert counts.format(10226, 0) in say("import_partners", INSTITUTIONS)
        assert counts.format(0, 10226) in say("import_partners", INSTITUTIONS)
