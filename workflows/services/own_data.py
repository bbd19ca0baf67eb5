"""What is kept about a person, for that person (requirement 21): themselves, their
access, and their part in cases. Plain values, ready for a page and for a file.

Of a case no more is told than its number and title, and only while they may still see
it: what others wrote about it is the case's, not theirs.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from register.models import NamedReader, User
from register.queries.access import deputies_of
from workflows.models import (
    Assessor,
    Case,
    Condition,
    Declaration,
    OpenPoint,
    Reading,
)
from workflows.queries import cases_visible_to

Row = dict[str, Any]


def own_data(user: User) -> dict[str, Any]:
    """Section → what it holds: one row, or a list of rows."""
    return {
        "person": _person(user),
        "roles": _roles(user),
        "deputies": _deputies(user),
        "cases": _cases(user),
        "declarations": _declarations(user),
        "readings": _readings(user),
    }


def _person(user: User) -> Row:
    return {
        "name": user.get_full_name(),
        "username": user.username,
        "email": user.email,
        "unit": str(user.unit or ""),
        "language": user.language,
        "account_since": user.date_joined,
        "last_sign_in": user.last_login,
        "left_on": user.left_on,
        "earlier_accounts": len(user.earlier_accounts),
    }


def _roles(user: User) -> list[Row]:
    held = user.assignments.select_related("unit", "granted_by")
    return [
        {
            "role": role.get_role_display(),
            "unit": str(role.unit),
            "from": role.valid_from,
            "until": role.valid_until,
            "given_by": str(role.granted_by or ""),
        }
        for role in held.order_by("-valid_from", "-pk")
    ]


def _deputies(user: User) -> list[Row]:
    return [
        {
            "deputy": str(row.deputy),
            "for": str(row.principal),
            "role": row.get_role_display(),
            "from": row.valid_from,
            "until": row.valid_until,
            "named_by": str(row.named_by),
            "ended_at": row.ended_at,
        }
        for row in deputies_of(user)
    ]


def _cases(user: User) -> list[Row]:
    """The cases in which they are named, and as what."""
    parts: dict[int, list[str]] = defaultdict(list)
    for label, keys in _parts(user):
        for key in keys:
            parts[key].append(label)
    cases = cases_visible_to(user).filter(pk__in=parts).order_by("number", "pk")
    return [
        {"number": case.number or "", "title": case.title, "as": parts[case.pk]}
        for case in cases
    ]


def _parts(user: User) -> Iterable[tuple[str, Iterable[int]]]:
    """(as what, keys of the cases)"""
    keys, cases = user.keys, Case.objects.order_by()
    of_case: list[tuple[str, QuerySet[Any], str]] = [
        (_("Proposer"), cases.filter(proposer__in=keys), "pk"),
        (_("Responsible person"), cases.filter(responsible__in=keys), "pk"),
        (_("Case officer"), cases.filter(case_officer__in=keys), "pk"),
        (_("Acted on it"), _acted_on(keys), "pk"),
        (_("Named reader"), NamedReader.objects.filter(user__in=keys), "cooperation"),
        (
            _("Independent assessor"),
            Assessor.objects.filter(user__in=keys),
            "assessment__case",
        ),
        (
            _("Owner of a condition"),
            Condition.objects.filter(owner__in=keys),
            "decision__case",
        ),
        (
            _("Owner of an open point"),
            OpenPoint.objects.filter(owner__in=keys),
            "assessment__case",
        ),
    ]
    for label, rows, case in of_case:
        yield label, sorted(set(rows.values_list(case, flat=True)))


def _acted_on(keys: Iterable[int]) -> QuerySet[Case]:
    theirs = Q(events__person__in=keys) | Q(events__on_behalf_of__in=keys)
    return Case.objects.filter(theirs)


def _declarations(user: User) -> list[Row]:
    said = Declaration.objects.filter(user__in=user.keys).select_related("case")
    seen = said.filter(case__in=cases_visible_to(user).values("pk"))
    return [
        {
            "case": row.case.number or "",
            "on": row.declared_at,
            "conflict": row.has_conflict,
            "grounds": row.ground_labels,
            "text": row.text,
        }
        for row in seen.order_by("-declared_at", "-pk")
    ]


def _readings(user: User) -> list[Row]:
    """When they opened a restricted case."""
    read = Reading.objects.filter(user__in=user.keys).select_related("case")
    seen = read.filter(case__in=cases_visible_to(user).values("pk"))
    return [
        {"case": row.case.number or "", "at": row.at, "page": row.page}
        for row in seen.order_by("-at", "-pk")
    ]


def as_text(value: Any) -> Any:
    """Days and times as the file writes them."""
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
