"""`load_indicators`: an edition from a file, whole or not at all."""

import hashlib
import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from register.models import CountryIndicator, Edition
from tests.register.test_tables import workbook

GOOD = "Country;Value;Note\nIR;named-for-research;p. 12\n\nKina;named-in-general;\n"


@pytest.fixture
def load(cast, tmp_path):
    """`load(content, "--dry-run")`: what the command says of such a file."""

    def loaded(content: str | bytes, *more: str, name: str = "threat.csv") -> str:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return say(file, "--as", cast.adviser.username, *more)

    return loaded


def say(file: object, *more: str) -> str:
    words = ["--kind", "threat-assessment", "--source", "PST", "--edition", "NTV 2026"]
    spoken = io.StringIO()
    call_command(
        *("load_indicators", str(file), *words, "--published", "2026-02-05", *more),
        stdout=spoken,
    )
    return spoken.getvalue()


def loaded_rows() -> set[tuple[str, str, str]]:
    return set(CountryIndicator.objects.values_list("country", "value", "note"))


ROWS = {("IR", "named-for-research", "p. 12"), ("CN", "named-in-general", "")}


def test_a_good_file_is_loaded_with_its_checksum(cast, load):
    where = ["--address", "https://pst.example/", "--licence", "NLOD"]

    said = load(GOOD, *where)

    assert said == "PST: NTV 2026, published 2026-02-05: 2 countries named.\n"
    edition = Edition.objects.get()
    assert (edition.kind, edition.source) == ("threat-assessment", "PST")
    assert (edition.edition, edition.published_on) == ("NTV 2026", date(2026, 2, 5))
    assert (edition.address, edition.licence) == (where[1], where[3])
    assert edition.entered_by == cast.adviser
    assert edition.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert loaded_rows() == ROWS


def test_a_workbook_is_read_as_well(load):
    rows = [line.split(";") for line in GOOD.split("\n") if line]

    load(workbook(*rows), name="threat.xlsx")

    assert loaded_rows() == ROWS


def test_a_file_needs_no_notes(load):
    load("value,country\nnamed-in-general,CN\n")

    assert loaded_rows() == {("CN", "named-in-general", "")}


def test_every_faulty_row_is_told_by_its_number_and_nothing_is_loaded(load):
    faulty = "Atlantis;yes;\n;;;\n;named-in-general;\nRU;named-in-general;p. 1;2\n"

    with pytest.raises(CommandError) as refusal:
        load(GOOD + faulty + "SE;yes;\nIran;named-in-general;\n")

    assert [line.split(".")[0] for line in str(refusal.value).splitlines()] == [
        "Row 5: “Atlantis” is not a country of ISO 3166",
        "Row 7: “” is not a country of ISO 3166",
        "Row 8: It has more cells than there are headings",
        "Row 9: “yes” is not used for Threat assessment",
        "Row 10: An earlier row names Iran already",
    ]
    assert (Edition.objects.count(), CountryIndicator.objects.count()) == (0, 0)


def test_an_unknown_value_is_answered_with_the_known_ones(load):
    with pytest.raises(CommandError, match="named-in-general, named-for-research"):
        load("country;value\nIR;bad\n")

    assert Edition.objects.count() == 0


def test_an_edition_is_loaded_once(load):
    load(GOOD)

    with pytest.raises(CommandError, match="already loaded"):
        load("country;value\nSE;named-in-general\n")

    assert loaded_rows() == ROWS


def test_a_dry_run_writes_nothing_and_refuses_what_a_real_one_would(load):
    said = load(GOOD, "--dry-run")

    assert said.endswith("2 countries named. Dry run: nothing was written.\n")
    with pytest.raises(CommandError, match="Row 2: "):
        load("country;value\nAtlantis;yes\n", "--dry-run")
    assert (Edition.objects.count(), CountryIndicator.objects.count()) == (0, 0)


def test_of_a_list_of_names_the_edition_and_the_checksum_are_kept(load):
    content = b"<names><name>Invented Person</name></names>"

    load(content, "--kind", "sanctions-list", name="list.xml")

    edition = Edition.objects.get()
    assert edition.kind == "sanctions-list"
    assert edition.sha256 == hashlib.sha256(content).hexdigest()
    assert CountryIndicator.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("land;value\nIR;yes\n", "no column called: country. Its first row must name"),
        ("a;b\n1;2\n", "no column called: country, value."),
        ("country;value\n", "The edition names no country"),
        ("", "The file is empty."),
    ],
)
def test_a_file_that_says_nothing_is_refused(load, content, sentence):
    with pytest.raises(CommandError, match=sentence):
        load(content)

    assert Edition.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--as", "nobody"], "Nobody signs in as nobody."),
        (["--as", "{proposer}"], "Only case officers, advisers and system"),
        (["--published", "5 Feb"], "'5 Feb' is not a date. Write year-month-day"),
        (["--published", "2062-02-05"], "This day has not come yet."),
        (["--kind", "hearsay"], "invalid choice: 'hearsay'"),
    ],
)
def test_the_command_refuses_with_a_sentence(cast, load, more, sentence):
    with pytest.raises(CommandError, match=sentence):
        load(GOOD, *(word.format(proposer=cast.proposer.username) for word in more))

    assert Edition.objects.count() == 0


def test_a_file_that_is_not_there_is_told(cast, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        say(tmp_path / "gone.csv", "--as", cast.adviser.username)
