"""What is read as a table, and what is refused and with which sentence."""

import io
from datetime import date, datetime

import pytest
import xlsxwriter

from register.services import tables
from register.services.tables import TableRefused


def table(content: bytes, name: str = "list.csv"):
    found = tables.read(io.BytesIO(content), name)
    return found.columns, [(row.number, list(row.cells.values())) for row in found.rows]


def workbook(*rows: list[object], far_out: tuple[int, int] | None = None) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if far_out:
        sheet.write(*far_out, "far out")
    book.close()
    return file.getvalue()


TEXT = "Navn;Født i\r\nÅse;Tromsø\r\n"
EXPECTED = (["Navn", "Født i"], [(2, ["Åse", "Tromsø"])])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1"]
)
def test_every_usual_encoding_reads_the_same(encoding):
    assert table(TEXT.encode(encoding)) == EXPECTED


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_usual_delimiter_reads_the_same(delimiter):
    assert table(TEXT.replace(";", delimiter).encode()) == EXPECTED


def test_a_delimiter_in_quotation_marks_belongs_to_the_text():
    content = b'Title,Place;x\n"a; b",c;d\n"e\nf",g\n'

    columns, rows = table(content)

    assert columns == ["Title", "Place;x"]
    assert rows == [(2, ["a; b", "c;d"]), (3, ["e\nf", "g"])]


def test_short_rows_are_filled_and_empty_rows_left_out():
    assert table(b"a;b\n\n1\n;\n2;3\n") == (
        ["a", "b"],
        [(3, ["1", ""]), (5, ["2", "3"])],
    )


def test_cells_beyond_the_headings_are_counted():
    rows = list(tables.read(io.BytesIO(b"a;b\n1;2\n1;2;3;4\n"), "list.csv").rows)

    assert [row.surplus for row in rows] == [0, 2]


def test_a_workbook_reads_numbers_and_dates_as_people_mean_them():
    content = workbook(
        ["Id", "Start", "Share", "Formula"],
        [951956, date(2026, 5, 1), 0.5, ""],
        ["007", datetime(2026, 5, 1, 12), 2.0, "=text"],  # noqa: DTZ001  as Excel
    )

    assert table(content, "list.XLSX") == (
        ["Id", "Start", "Share", "Formula"],
        [
            (2, ["951956", date(2026, 5, 1), "0.5", ""]),
            (3, ["007", date(2026, 5, 1), "2", "0"]),
        ],
    )


def test_the_file_stays_open_for_its_owner():
    file = io.BytesIO(TEXT.encode())

    list(tables.read(file, "list.csv").rows)

    assert not file.closed


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("list.csv", b"", "The file is empty."),
        ("list.csv", b"\n\n ;\n", "The file is empty."),
        ("list.csv", workbook(["a"]), "not what its ending “.csv” says"),
        ("list.xlsx", b"%PDF-1.7 and more", "not what its ending “.xlsx” says"),
        ("list.xlsx", b"a;b\n1;2\n", "not what its ending “.xlsx” says"),
        ("list.xlsx", b"PK\x03\x04 but no workbook", "cannot be opened"),
        ("list.pdf", b"%PDF-1.7", "“list.pdf” is not a table"),
        ("list.csv", b"a;b\n1;\x00\n", "signs that no text has (NUL)"),
        ("list.csv", b"a;b;a\n1;2;3\n", "Two columns have the same heading: a."),
        ("list.csv", b"a;;c\n1;2;3\n", "Column 2 has no heading."),
        ("list.csv", b"a;b\n\x81\x8d\xff;1\n", "cannot be read as a table of text"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(name, content, sentence):
    with pytest.raises(TableRefused) as refusal:
        table(content, name)

    assert sentence in str(refusal.value)


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(60 * 1024**2)

    with path.open("rb") as file, pytest.raises(TableRefused) as refusal:
        tables.read(file, path.name)

    assert "larger than 50 MB" in str(refusal.value)


def test_a_workbook_with_one_cell_far_out_is_refused_before_it_fills_the_memory():
    content = workbook(["a"], [1], far_out=(1_048_575, 16_383))

    with pytest.raises(TableRefused) as refusal:
        table(content, "list.xlsx")

    assert "too large to be read" in str(refusal.value)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 2)

    with pytest.raises(TableRefused) as refusal:
        table(b"a\n1\n2\n3\n")

    assert "more than 2 rows" in str(refusal.value)
