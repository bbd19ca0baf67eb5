"""Choosing the partner of a new partnership, or adding it to the register."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from register.choices import PartnerKind, Scheme
from register.forms import PlainSelect, country_choices
from register.models import Partner
from register.validators import clean_identifier


class PartnerChoiceForm(forms.Form):
    """A partner that was chosen from a list, or taken off it."""

    partner = forms.ModelChoiceField(
        Partner.objects.all(),
        to_field_name="public_id",
        error_messages={
            "required": _("Choose a partner from the list, or add it to the register."),
            "invalid_choice": _("This partner is not in the register any more."),
        },
    )
    seen = forms.IntegerField(required=False)


class NewPartnerForm(forms.Form):
    """A partner that is not in the register yet: just enough to know it again."""

    name = forms.CharField(
        label=_("Name"),
        max_length=300,
        help_text=_("As the partner writes it itself, in Latin letters."),
        error_messages={"required": _("Give the partner a name.")},
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", _("Choose a country")), *country_choices()],
        widget=PlainSelect,
        error_messages={"required": _("Choose the country the partner is in.")},
    )
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Type"), choices=PartnerKind.choices)
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        error_messages={
            "invalid": _("This is not a web address. One looks like www.example.org.")
        },
    )
    scheme = forms.ChoiceField(
        label=_("Kind of identifier"),
        choices=Scheme.choices,
        required=False,
        help_text=_("ROR covers most universities: look it up at ror.org."),
    )
    identifier = forms.CharField(
        label=_("Identifier"),
        max_length=80,
        required=False,
        help_text=_("If you have it at hand; it tells namesakes apart."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        value = data.get("identifier")
        if value:
            try:
                data["identifier"] = clean_identifier(data["scheme"], value)
            except ValidationError as error:
                self.add_error("identifier", error)
        return data

    def facts(self) -> dict[str, Any]:
        facts = dict(self.cleaned_data)
        scheme, value = facts.pop("scheme"), facts.pop("identifier")
        return facts | {"identifiers": {scheme: value} if value else {}}
