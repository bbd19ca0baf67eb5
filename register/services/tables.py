"""Read a table file, CSV or XLSX: the first row names the columns, every other row is a
record. What it refuses, it refuses with a sentence for the person who sent the file."""

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import dropwhile
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

Cell = str | date

MOST_ROWS = 50_000
MOST_CELLS = 5_000_000
CHUNK = 1 << 16
DELIMITERS = ";,\t|"
BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
CELL_ADDRESS = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})""")


class TableRefused(Exception):
    """The file cannot be read as a table; the sentence says why and what to do."""


@dataclass(frozen=True)
class Row:
    """A record. number: as a spreadsheet counts, so the headings stand in row 1.
    surplus: how many cells stand beyond the last heading."""

    number: int
    cells: dict[str, Cell]
    surplus: int = 0


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: Iterator[Row]


def read(file: IO[bytes], filename: str) -> Table:
    """The columns, and the rows as they are asked for; rows without any text are left
    out. Raises TableRefused, also while the rows are read."""
    refuse_size(file.seek(0, io.SEEK_END))
    file.seek(0)
    records = READERS[_kind(file, filename)](file)
    numbered = dropwhile(lambda record: not any(record[1]), enumerate(records, 1))
    number, headings = next(numbered, (0, []))
    if not number:
        raise TableRefused(_("The file is empty."))
    columns = _columns(headings)
    return Table(columns, _rows(columns, numbered))


def refuse_size(size: int) -> None:
    """Raises TableRefused for a file over the limit of the installation."""
    if size > settings.UPLOAD_LIMIT:
        raise TableRefused(
            _(
                "The file is larger than %(limit)d MB. Divide it into smaller files, "
                "or leave out columns that are not needed."
            )
            % {"limit": settings.UPLOAD_LIMIT // 1024**2}
        )


def _kind(file: IO[bytes], filename: str) -> str:
    """The ending, if the file begins as such a file does."""
    ending = PurePath(filename).suffix.lower()
    beginning = file.read(8)
    file.seek(0)
    if ending not in READERS:
        raise TableRefused(
            _("“%(name)s” is not a table. Use a file that ends in .csv or .xlsx.")
            % {"name": PurePath(filename).name}
        )
    is_zip, is_pdf = beginning.startswith(b"PK\x03\x04"), beginning[:5] == b"%PDF-"
    if beginning and (is_pdf or is_zip != (ending == ".xlsx")):
        raise TableRefused(
            _(
                "The file is not what its ending “%(ending)s” says. Open it in a "
                "spreadsheet and save it anew as CSV or XLSX."
            )
            % {"ending": ending}
        )
    return ending


def _columns(headings: list[Cell]) -> list[str]:
    columns = [" ".join(str(heading).split()) for heading in headings]
    while not columns[-1]:
        columns.pop()
    if "" in columns:
        raise TableRefused(
            _("Column %(number)d has no heading. Every column needs one in row 1.")
            % {"number": columns.index("") + 1}
        )
    twice = [name for name, times in Counter(columns).items() if times > 1]
    if twice:
        raise TableRefused(
            _("Two columns have the same heading: %(names)s. Give each its own.")
            % {"names": ", ".join(twice)}
        )
    return columns


def _rows(columns: list[str], records: Iterable[tuple[int, list[Cell]]]) -> Any:
    count = 0
    for number, record in records:
        if not any(record):
            continue
        count += 1
        if count > MOST_ROWS:
            raise TableRefused(
                _("The file has more than %(most)d rows. Divide it into smaller files.")
                % {"most": MOST_ROWS}
            )
        padded = record + [""] * (len(columns) - len(record))
        surplus = sum(1 for cell in record[len(columns) :] if cell)
        yield Row(number, dict(zip(columns, padded, strict=False)), surplus)


# CSV ------------------------------------------------------------------------------


def _csv(file: IO[bytes]) -> Iterator[list[Cell]]:
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        delimiter = _delimiter(text.read(CHUNK))
        text.seek(0)
        for record in csv.reader(text, delimiter=delimiter):
            yield [cell.strip() for cell in record]
    except (csv.Error, UnicodeError) as error:
        raise TableRefused(
            _(
                "The file cannot be read as a table of text. Open it in a spreadsheet "
                "and save it anew as CSV (UTF-8)."
            )
        ) from error
    finally:
        if not file.closed:
            text.detach()  # the file stays open: it is the caller's


def _encoding(file: IO[bytes]) -> str:
    """By its mark; without one UTF-8, or else what older spreadsheets write."""
    beginning = file.read(4)
    file.seek(0)
    for mark, encoding in BYTE_ORDER_MARKS:
        if beginning.startswith(mark):
            return encoding
    decoder, is_utf8 = codecs.getincrementaldecoder("utf-8")(), True
    while chunk := file.read(CHUNK):
        if b"\0" in chunk:
            raise TableRefused(
                _(
                    "The file holds signs that no text has (NUL). Open it in a "
                    "spreadsheet and save it anew as CSV (UTF-8)."
                )
            )
        try:
            is_utf8 and decoder.decode(chunk)
        except UnicodeDecodeError:
            is_utf8 = False
    file.seek(0)
    return "utf-8" if is_utf8 else "cp1252"


def _delimiter(sample: str) -> str:
    """The sign that cuts most rows into as many cells as there are headings."""
    lines = sample.splitlines(keepends=True)[:50]

    def fit(sign: str) -> tuple[bool, float, int]:
        widths = [len(record) for record in csv.reader(lines, delimiter=sign) if record]
        if not widths:
            return False, 0.0, 0
        alike = sum(width == widths[0] for width in widths) / len(widths)
        return widths[0] > 1, alike, widths[0]

    return max(DELIMITERS, key=fit)


# XLSX -----------------------------------------------------------------------------


def _xlsx(file: IO[bytes]) -> Iterator[list[Cell]]:
    """The first sheet."""
    try:
        _refuse_vast(file)
        file.seek(0)
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        # Empty rows above the table keep the numbers that the person sees.
        yield from ([] for _row in range((sheet.start or (0, 0))[0]))
        for record in sheet.to_python(skip_empty_area=True):
            yield [_cell(value) for value in record]
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise TableRefused(
            _(
                "The workbook cannot be opened: it is damaged, protected by a password "
                "or has no sheet. Save it anew as XLSX, without a password."
            )
        ) from error


def _refuse_vast(file: IO[bytes]) -> None:
    """One cell far out makes the reader reserve room for all cells before it, and the
    machine's memory ends the process. So the addresses are looked at first."""
    with zipfile.ZipFile(file) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/")]
        unpacked = sum(info.file_size for info in parts.infolist())
        area = max((_area(parts, name) for name in sheets), default=0)
    if area > MOST_CELLS or unpacked > 8 * settings.UPLOAD_LIMIT:
        raise TableRefused(
            _(
                "A sheet of the workbook is too large to be read. Copy the table alone "
                "into a new workbook, and leave out empty rows and columns."
            )
        )


def _area(parts: zipfile.ZipFile, name: str) -> int:
    width = height = 0
    kept = b""
    with parts.open(name) as sheet:
        while chunk := sheet.read(CHUNK):
            text = kept + chunk
            for letters, digits in CELL_ADDRESS.findall(text):
                width = max(width, _column_number(letters))
                height = max(height, int(digits))
            kept = text[-100:]
    return width * height


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\0", "").strip()


READERS = {".csv": _csv, ".xlsx": _xlsx}
