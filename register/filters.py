"""The filters of the register page. Everything chosen stands in the address; what the
address holds and nobody understands is named and left out."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    FilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
)

from register import queries
from register.choices import CaseState, CaseType, Flag, Risk
from register.clock import local_today
from register.forms import PlainSelect, country_choices
from register.models import Cooperation, Partner
from register.paging import Order

# Several states by one name.
GROUPS = {"running": CaseState.RUNNING, "ended": CaseState.ENDED}
STATES = [
    ("running", _("All that are running")),
    ("ended", _("All that have ended")),
    *CaseState.choices,
]
DUE = [
    (30, _("Within 30 days")),
    (60, _("Within 60 days")),
    (90, _("Within 90 days")),
]
SORTS = [
    (Order("-changed", ("last_event_at",)), _("Last change, newest first")),
    (Order("changed", ("last_event_at",)), _("Last change, oldest first")),
    (Order("-number", ("number",), nullable=True), _("Number, newest first")),
    (Order("number", ("number",), nullable=True), _("Number, oldest first")),
    (Order("title", ("title",)), _("Title, A to Z")),
    (Order("-title", ("title",)), _("Title, Z to A")),
    (Order("state", ("state", "last_event_at")), _("State")),
    (Order("-state", ("state", "last_event_at")), _("State, reversed")),
    (Order("-risk", ("risk",)), _("Risk, highest first")),
    (Order("risk", ("risk",)), _("Risk, lowest first")),
    (Order("review", ("next_review_on",), nullable=True), _("Review, soonest first")),
    (Order("-review", ("next_review_on",), nullable=True), _("Review, latest first")),
    (Order("end", ("ends_on",), nullable=True), _("End, soonest first")),
    (Order("-end", ("ends_on",), nullable=True), _("End, latest first")),
]
ORDERS = {order.name: order for order, _label in SORTS}
EVERYDAY = ("state", "country", "unit", "due", "sort")
MORE = ("case_type", "risk", "partner_name")


def select(label: Any, choices: Any, method: str | None = None) -> ChoiceFilter:
    """Lists of choices go behind a function: each request copies what does not."""
    return ChoiceFilter(
        label=label,
        choices=choices if callable(choices) else lambda: choices,
        method=method,
        widget=PlainSelect,
        empty_label=_("All"),
    )


class CooperationFilter(FilterSet):
    """units: (key, path, name) of those to choose from, in the order of the tree.
    readable: those that the person reads; the others they only know of."""

    q = CharFilter(label=_("Search"), method="by_text", max_length=200)
    state = select(_("State"), STATES, "by_state")
    country = select(_("Country"), country_choices, "by_country")
    unit = select(_("Unit"), (), "by_unit")
    due = select(_("Review due"), DUE, "by_due")
    case_type = select(_("Case type"), CaseType.choices)
    risk = select(_("Risk"), Risk.choices)
    partner_name = CharFilter(
        label=_("Partner"), method="by_partner_name", max_length=200
    )
    partner = ModelChoiceFilter(
        label=_("Partner"),
        queryset=Partner.objects.all(),
        to_field_name="public_id",
        method="by_partner",
        widget=forms.HiddenInput,
    )
    flag = MultipleChoiceFilter(
        label=_("Only those"), choices=Flag.choices, method="by_flag"
    )
    sort = ChoiceFilter(
        label=_("Sort by"),
        choices=lambda: [(order.name, label) for order, label in SORTS],
        method="unchanged",
        widget=PlainSelect,
        empty_label=None,
    )

    class Meta:
        model = Cooperation
        fields: list[str] = []

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet,
        *,
        readable: QuerySet,
        units: Iterable[tuple[int, str, str]],
    ):
        super().__init__(data, queryset)
        self.readable = readable
        self.today = local_today()
        self.units = {str(key): (path, name) for key, path, name in units}
        self.filters["unit"].extra["choices"] = [
            (key, "\u2003" * (path.count(".") - 1) + name)
            for key, (path, name) in self.units.items()
        ]

    @property
    def asks_risk(self) -> bool:
        asked = self.form.cleaned_data
        by_flag = Flag.NOT_ASSESSED in (asked.get("flag") or ())
        return bool(asked.get("risk") or by_flag or "risk" in self.order.name)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Whoever does not read a case learns its risk by no choice and no order."""
        return super().filter_queryset(self.readable if self.asks_risk else queryset)

    # What each one means ------------------------------------------------------------
    def by_text(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return queries.cooperations_matching(rows, value)

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(state__in=GROUPS.get(value, [value]))

    def by_country(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(queries.in_country(value))

    def by_unit(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(queries.at_or_below(self.units[value][0]))

    def by_due(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(queries.due_within(int(value), self.today))

    def by_partner_name(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        partners = queries.partners_matching(value)
        return rows.filter(queries.with_partner(partners))

    def by_partner(self, rows: QuerySet, name: str, value: Partner) -> QuerySet:
        return rows.filter(queries.with_partner(Partner.objects.filter(pk=value.pk)))

    def by_flag(self, rows: QuerySet, name: str, value: list[str]) -> QuerySet:
        conditions = [queries.flagged(flag, self.today) for flag in value]
        return rows.filter(*conditions or [Q()])

    def unchanged(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Sorting belongs to the pages, which are cut by the same order."""
        return rows

    # How the form is laid out -------------------------------------------------------
    def everyday(self) -> list[forms.BoundField]:
        return [self.form[name] for name in EVERYDAY]

    def more(self) -> list[forms.BoundField]:
        return [self.form[name] for name in MORE]

    def has_more(self) -> bool:
        """Whether something is chosen among what is folded away."""
        return any(self.data.get(name) for name in (*MORE, "flag"))

    def flags(self) -> list[str]:
        return self.form.cleaned_data.get("flag", [])

    # What was chosen ----------------------------------------------------------------
    @property
    def order(self) -> Order:
        return ORDERS[self.form.cleaned_data.get("sort") or SORTS[0][0].name]

    def address(self) -> QueryDict:
        """What is understood and not empty: the page's canonical query string."""
        clean = QueryDict(mutable=True)
        for name in self.form.fields:
            values = [value for value in self.data.getlist(name) if value]
            is_default = name == "sort" and values[-1:] == [SORTS[0][0].name]
            if values and not is_default and name not in self.form.errors:
                clean.setlist(name, values if name == "flag" else values[-1:])
        return clean

    def chips(self) -> list[tuple[str, str]]:
        """(what is chosen, address without it) for each active filter."""
        return [
            (label, self._address_without(name, value))
            for name, value, label in self._chosen()
        ]

    def complaints(self) -> list[str]:
        """One calm sentence for each filter that could not be understood."""
        return [
            gettext("“%(value)s” is not understood under “%(filter)s” and left out.")
            % {
                "value": ", ".join(self.data.getlist(name)).replace("\0", "")[:60],
                "filter": self.form.fields[name].label,
            }
            for name in self.form.errors
        ]

    def _chosen(self) -> Iterator[tuple[str, str, str]]:
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if not value or name == "sort":
                continue
            if name == "flag":
                labels = dict(field.choices)
                yield from ((name, flag, labels[flag]) for flag in value)
            elif isinstance(field, forms.ModelChoiceField | forms.CharField):
                yield name, "", f"{field.label}: {value}"
            else:
                labels = {str(key): label for key, label in field.choices}
                yield name, "", f"{field.label}: {str(labels[value]).strip()}"

    def _address_without(self, name: str, value: str) -> str:
        rest = self.address()
        kept = [each for each in rest.getlist(name) if value and each != value]
        if kept:
            rest.setlist(name, kept)
        else:
            del rest[name]
        return f"?{rest.urlencode()}"
