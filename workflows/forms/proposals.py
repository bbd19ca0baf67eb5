"""Input from the steps of registering a new partnership, handed to services."""

from itertools import groupby
from typing import Any

import pycountry
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register.choices import CaseType
from register.models import ScienceField, Unit, User
from register.queries import units_to_propose_for
from register.queries.people import people_at
from register.validators import not_blank
from workflows.forms.cases import CaseForm, DateField, LongText
from workflows.models import Case

EMPTY = ("", "—")


class AmountField(forms.DecimalField):
    """A sum of money as people write it: 2 500 000,50 too."""

    def __init__(self, **kwargs: Any):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(
            widget=widget, min_value=0, max_digits=14, decimal_places=2, **kwargs
        )

    def to_python(self, value: Any) -> Any:
        bare = "".join(str(value or "").split()).replace(",", ".")
        return super().to_python(bare)


class ProposalForm(CaseForm):
    """A part of the facts. What is `needed` may stay empty when the person goes back or
    puts it away for later, but not to go on."""

    needed: tuple[str, ...] = ()
    layout: tuple[tuple[str, ...], ...] = ()
    has_free_text = False

    def __init__(self, data: Any = None, *, case: Case, person: User, **kwargs: Any):
        super().__init__(data, case=case, **kwargs)
        self.initial = {
            **self.initial,
            **{name: _value(case, name) for name in self.fields},
        }
        goes_on = data is None or not {"later", "back"} & set(data)
        for name in self.needed:
            self.fields[name].required = goes_on

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields as they stand on the page: those of a row beside one another."""
        return [[self[name] for name in row] for row in self.layout]

    def facts(self) -> dict[str, Any]:
        return self.given()


def _value(case: Case, name: str) -> Any:
    return case.head_seq if name == "seen" else getattr(case, name, None)


class AboutForm(ProposalForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        validators=[not_blank],
        help_text=_("So that others recognise it. Change the suggestion as you like."),
        error_messages={"required": _("Give the cooperation a title.")},
    )
    case_type = forms.ChoiceField(
        label=_("What kind of cooperation?"),
        choices=CaseType.choices,
        widget=forms.RadioSelect,
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Your unit"),
        empty_label=None,
        help_text=_("Where the case belongs."),
        error_messages={
            "invalid_choice": _(
                "You may propose for your own unit only; choose one of yours."
            )
        },
    )
    responsible = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who answers for it?"),
        empty_label=None,
        help_text=_("You, or somebody else at the unit."),
        error_messages={"invalid_choice": _("Choose a person at your unit.")},
    )
    starts_on = DateField(
        label=_("Start"),
        help_text=_("About is good enough."),
        error_messages={"required": _("Say when it starts, at least about when.")},
    )
    ends_on = DateField(
        label=_("End"), required=False, help_text=_("Empty if no end is agreed.")
    )
    field_of_science = forms.ModelChoiceField(
        ScienceField.objects.all(),
        label=_("Main field of science"),
        required=False,
        help_text=_("The advisers see by it which rules may apply."),
    )
    needed = ("starts_on",)
    layout = (
        ("title",),
        ("case_type",),
        ("unit", "responsible"),
        ("starts_on", "ends_on"),
        ("field_of_science",),
    )

    def __init__(self, data: Any = None, *, case: Case, person: User, **kwargs: Any):
        super().__init__(data, case=case, person=person, **kwargs)
        units = units_to_propose_for(person) | Unit.objects.filter(pk=case.unit_id)
        self.fields["unit"].queryset = units.distinct()  # type: ignore[attr-defined]
        self.fields["responsible"].queryset = people_at(units, person, case.responsible)  # type: ignore[attr-defined]
        self.fields["field_of_science"].choices = fields_of_science()  # type: ignore[attr-defined]
        self.initial["field_of_science"] = case.fields_of_science.first()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end must not be before the start."))
        return data

    def facts(self) -> dict[str, Any]:
        """The one field that is asked for replaces the others only when it changes."""
        facts = super().facts()
        field = facts.pop("field_of_science")
        if "field_of_science" in self.changed_data:
            facts["fields_of_science"] = [field] if field else []
        return facts


class ReasonsForm(ProposalForm):
    purpose = LongText(
        label=_("What will you do together, and why?"),
        help_text=_(
            "Two or three sentences. Those who assess it know your field less well "
            "than you do."
        ),
        error_messages={
            "required": _("Write a sentence or two: nobody can assess it without.")
        },
    )
    expected_value = LongText(
        label=_("What do we gain?"),
        rows=3,
        required=False,
        help_text=_(
            "Benefit is weighed against risk, so it helps your case to name it: "
            "results, students, equipment, access to data."
        ),
    )
    funder = forms.CharField(
        label=_("Who pays?"),
        required=False,
        max_length=200,
        help_text=_("A funder’s terms can bind us too."),
    )
    grant_reference = forms.CharField(
        label=_("Grant reference"),
        required=False,
        max_length=80,
        help_text=_("As in the grant letter."),
    )
    amount = AmountField(
        label=_("Amount"),
        required=False,
        help_text=_("In figures: 2 500 000."),
        error_messages={
            "invalid": _("Write the amount in figures, such as 2 500 000."),
            "min_value": _("The amount cannot be less than nothing."),
        },
    )
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        help_text=_("Three letters: NOK, EUR, USD."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 5}),
    )
    needed = ("purpose",)
    layout = (
        ("purpose",),
        ("expected_value",),
        ("funder", "grant_reference"),
        ("amount", "currency"),
    )
    has_free_text = True

    def __init__(self, data: Any = None, *, case: Case, person: User, **kwargs: Any):
        super().__init__(data, case=case, person=person, **kwargs)
        self.initial["currency"] = case.currency or "NOK"

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].upper()
        if currency and not pycountry.currencies.get(alpha_3=currency):
            raise ValidationError(
                _("“%(code)s” is no currency. Write three letters, such as NOK."),
                params={"code": currency},
            )
        return currency

    def clean(self) -> dict[str, Any]:
        """A currency says nothing without an amount, nor an amount without one."""
        data = super().clean() or self.cleaned_data
        if data.get("amount") is None:
            data["currency"] = ""
        elif not data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Say in which currency the amount is."))
        return data


def fields_of_science() -> list[Any]:
    """FORD as groups: each area in general, then its fields."""
    known = sorted(
        ScienceField.objects.all(),
        key=lambda field: [int(part) for part in field.code.split(".")],
    )
    groups: list[Any] = [EMPTY]
    for _code, fields in groupby(known, key=lambda field: field.code.split(".")[0]):
        area, *rest = fields
        general = _("%(area)s in general") % {"area": area.name}
        choices = [(area.code, general), *((field.code, field.name) for field in rest)]
        groups.append((area.name, choices))
    return groups
