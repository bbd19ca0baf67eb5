"""Pages by key, not by number: where a page begins is a value in an index, so that the
last page costs what the first does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django.core import signing
from django.db.models import F, Field, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan

SIGNER = signing.Signer(salt="register.paging")
# Stands for a cursor where the last page is asked for.
END = "end"


class LostPlace(ValueError):
    """The cursor is none of ours, or belongs to another order."""


class Row(Func):
    """SQL's (a, b), compared column by column: an index on both is followed."""

    template = "(%(expressions)s)"
    output_field = TextField()


def field_of(model: type[Model], name: str) -> Field:
    """A column of the model itself, never a relation back to it."""
    return cast(Field, model._meta.get_field(name))


@dataclass(frozen=True)
class Cursor:
    """A row's place in an order. The row is named by its public id, since the keys of
    rows seen would tell how many are hidden between them."""

    values: Sequence[Any]
    public_id: str


@dataclass(frozen=True)
class Order:
    """Columns to sort by, all in one direction; the key decides between equals.
    A name that begins with "-" means from the last to the first.

    Only the first column may be empty, and only if `nullable`. Empty values come last
    going up and first going down, as PostgreSQL keeps them in an index.
    """

    name: str
    columns: tuple[str, ...]
    nullable: bool = False

    @property
    def descending(self) -> bool:
        return self.name.startswith("-")

    def reversed(self) -> "Order":
        name = self.name.removeprefix("-") if self.descending else f"-{self.name}"
        return replace(self, name=name)

    def sort(self, rows: QuerySet) -> QuerySet:
        sign = "-" if self.descending else ""
        return rows.order_by(*(f"{sign}{name}" for name in (*self.columns, "pk")))

    def stretches(self, rows: QuerySet, start: Cursor | None) -> Iterator[QuerySet]:
        """`rows` beyond `start` in order, in parts of which each follows an index."""
        if not self.nullable:
            yield self._beyond(rows, start, self.columns)
            return
        is_absent = start is not None and start.values[0] is None
        for absent in (True, False) if self.descending else (False, True):
            part = rows.filter(**{f"{self.columns[0]}__isnull": absent})
            if start is None or absent == is_absent:
                yield self._beyond(part, start, self.columns[absent:])
                start = None

    def _beyond(
        self, rows: QuerySet, start: Cursor | None, columns: Sequence[str]
    ) -> QuerySet:
        if start is None:
            return self.sort(rows)
        model: type[Model] = rows.model
        values = start.values[len(self.columns) - len(columns) :]
        here = [
            Value(value, output_field=field_of(model, name))
            for name, value in zip(columns, values, strict=True)
        ]
        key = model._base_manager.filter(public_id=start.public_id).values("pk")
        is_beyond = LessThan if self.descending else GreaterThan
        return self.sort(
            rows.filter(Q(is_beyond(Row(*map(F, columns), F("pk")), Row(*here, key))))
        )

    def write(self, row: dict[str, Any]) -> str:
        """The cursor of `row` for an address: signed, so nobody makes one up."""
        values = [row[name] for name in self.columns]
        texts = [v.isoformat() if isinstance(v, date) else v for v in values]
        return SIGNER.sign_object([self.name, texts, str(row["public_id"])])

    def read(self, text: str, model: type[Model]) -> Cursor:
        """Raises LostPlace."""
        try:
            name, texts, public_id = SIGNER.unsign_object(text)
        except (signing.BadSignature, ValueError) as error:
            raise LostPlace from error
        if name != self.name:
            raise LostPlace
        fields = [field_of(model, column) for column in self.columns]
        values = [
            field.to_python(text) for field, text in zip(fields, texts, strict=True)
        ]
        return Cursor(values, public_id)


@dataclass(frozen=True)
class Page:
    """Some rows in order, and the cursors of the pages beside them ("" for none)."""

    rows: list[dict[str, Any]]
    previous: str
    next: str


def page(
    rows: QuerySet, order: Order, *, after: str = "", before: str = "", size: int = 50
) -> Page:
    """The page after one cursor or before another; the first one without either.

    rows: dictionaries that hold the columns of `order` and `public_id`.
    Raises LostPlace.
    """
    start = None
    if before != END and (before or after):
        start = order.read(before or after, rows.model)
    direction = order.reversed() if before else order
    found = _take(rows, direction, start, size + 1)
    is_more, found = len(found) > size, found[:size]
    if (before and not is_more) or (start and not found):
        return page(rows, order, size=size)  # nothing stands before: begin anew
    if before:
        found.reverse()
    has_previous = is_more if before else start is not None
    has_next = start is not None if before else is_more
    return Page(
        found,
        previous=order.write(found[0]) if has_previous else "",
        next=order.write(found[-1]) if has_next else "",
    )


def _take(
    rows: QuerySet, order: Order, start: Cursor | None, size: int
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for stretch in order.stretches(rows, start):
        found += stretch[: size - len(found)]
        if len(found) == size:
            break
    return found
