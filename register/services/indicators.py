"""Load what others publish about countries, and record what screenings of partners
found. Nothing here changes or removes a row: the next edition says it anew."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from register.choices import ReferenceKind
from register.clock import local_today
from register.folding import fold
from register.models import CountryIndicator, Edition, Partner, Screening, User
from register.policies import may_keep_reference
from register.services import tables
from register.services.matching import country_codes
from register.services.tables import Row, TableRefused

COLUMNS = ("country", "value", "note")
NEEDED = ("country", "value")


@transaction.atomic
def load_edition(
    *,
    actor: User,
    kind: str,
    source: str,
    edition: str,
    published_on: date,
    rows: Iterable[tuple[str, str, str] | Row],
    address: str = "",
    licence: str = "",
    sha256: str = "",
) -> Edition:
    """A new edition with all that it says, or nothing at all.

    rows: (country, value, note), counted from 1, or the numbered rows of `read`; none
    for a list of names. A country is told by its ISO 3166-1 code or its name.
    Raises PermissionDenied, or ValidationError with a sentence for each faulty row.
    """
    _refuse_strangers(actor)
    kept = Edition(
        kind=kind,
        source=_tidy(source),
        edition=_tidy(edition),
        published_on=published_on,
        address=address.strip(),
        licence=_tidy(licence),
        sha256=sha256,
        entered_by=actor,
    )
    kept.full_clean()
    _refuse_future("published_on", published_on)
    kept.save()
    CountryIndicator.objects.bulk_create(_indicators(kept, _numbered(rows)))
    return kept


@transaction.atomic
def record_screening(
    *,
    actor: User,
    partner: Partner,
    edition: Edition,
    searched_name: str,
    result: str,
    screened_on: date,
    note: str = "",
) -> Screening:
    """What `actor` found of the partner in this edition of a list of names.
    Raises PermissionDenied or ValidationError."""
    _refuse_strangers(actor)
    screening = Screening(
        partner=partner,
        edition=edition,
        searched_name=_tidy(searched_name),
        result=result,
        screened_on=screened_on,
        note=note.strip(),
        screened_by=actor,
    )
    screening.full_clean()
    _refuse_future("screened_on", screened_on)
    screening.save()
    return screening


def read(file: IO[bytes], filename: str) -> Iterator[Row]:
    """The rows of a CSV or XLSX file with the columns country, value and perhaps note.
    Raises TableRefused, also while the rows are read."""
    table = tables.read(file, filename)
    missing = set(NEEDED) - {fold(column) for column in table.columns}
    if missing:
        raise TableRefused(
            _(
                "The file has no column called: %(missing)s. Its first row must name "
                "the columns country and value, and may name note."
            )
            % {"missing": ", ".join(sorted(missing))}
        )
    for row in table.rows:
        cells = {fold(column): cell for column, cell in row.cells.items()}
        yield Row(row.number, cells, row.surplus)


def _refuse_strangers(actor: User) -> None:
    if not may_keep_reference(actor):
        raise PermissionDenied(
            _(
                "Only case officers, advisers and system administrators keep reference "
                "data. Ask one of them to do it."
            )
        )


def _refuse_future(field: str, day: date) -> None:
    """A mistyped year would stay the newest for ever."""
    if day > local_today():
        raise ValidationError(
            {field: _("This day has not come yet. Give the day on which it happened.")}
        )


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _numbered(rows: Iterable[tuple[str, str, str] | Row]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Row):
            yield row
        else:
            yield Row(number, dict(zip(COLUMNS, row, strict=True)))


def _indicators(edition: Edition, rows: Iterable[Row]) -> list[CountryIndicator]:
    """Checked, but not saved. Raises ValidationError with all that is wrong."""
    said: dict[str, CountryIndicator] = {}
    faults, codes = [], country_codes()
    for row in rows:
        try:
            indicator = _indicator(edition, row, codes)
            _refuse_second(indicator, said)
            said[indicator.country_id] = indicator
        except ValidationError as error:
            faults += [_at_row(row.number, sentence) for sentence in error.messages]
    if not (said or faults or edition.kind in ReferenceKind.LISTS):
        faults.append(
            _(
                "The edition names no country, so it would say that all are in order. "
                "Give at least one row."
            )
        )
    if faults:
        raise ValidationError(faults)
    return list(said.values())


def _indicator(edition: Edition, row: Row, codes: dict[str, str]) -> CountryIndicator:
    if row.surplus:
        raise ValidationError(
            _(
                "It has more cells than there are headings. Put a text with the "
                "delimiter in it in quotation marks."
            )
        )
    country, value, note = (_tidy(str(row.cells.get(name, ""))) for name in COLUMNS)
    if fold(country) not in codes:
        raise ValidationError(
            _(
                "“%(country)s” is not a country of ISO 3166. Write its name or its "
                "code of two letters."
            )
            % {"country": country}
        )
    indicator = CountryIndicator(
        edition=edition,
        country_id=codes[fold(country)],
        value=value.lower(),
        note=note,
    )
    indicator.clean()
    return indicator


def _refuse_second(
    indicator: CountryIndicator, said: dict[str, CountryIndicator]
) -> None:
    if indicator.country_id in said:
        raise ValidationError(
            _(
                "An earlier row names %(country)s already. Keep the one that is right "
                "and take the other away."
            )
            % {"country": indicator.country}
        )


def _at_row(number: int, sentence: str) -> str:
    return _("Row %(number)d: %(fault)s") % {"number": number, "fault": sentence}
