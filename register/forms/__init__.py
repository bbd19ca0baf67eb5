"""Forms of the register."""

from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from register.choices import (
    NameKind,
    PartnerKind,
    ReferenceKind,
    Role,
    Scheme,
    ScreeningResult,
)
from register.clock import local_today
from register.models import Edition, Partner, PartnerIdentifier, Unit
from register.queries import country_names
from register.validators import clean_identifier


@lru_cache(maxsize=500)
def options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Kept because 250 countries take longer to write than a page takes to make."""
    marks = {chosen: mark_safe(" selected")}
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, marks.get(value, ""), label) for value, label in choices),
    )


class PlainSelect(forms.Select):
    """The HTML of Django's own, without a template for each option."""

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        choices = tuple((str(key), str(label)) for key, label in self.choices)
        chosen = "" if value is None else str(value)
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html(
            "<select{}>{}</select>", flatatt(given), options(choices, chosen)
        )


def country_choices() -> list[tuple[str, str]]:
    return list(country_names().items())


class SearchForm(forms.Form):
    """One search box."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)


class PartnerForm(forms.Form):
    """A partner with its names and identifiers: what nobody filled in is left out."""

    name = forms.CharField(
        label=_("Name"),
        max_length=300,
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
        error_messages={
            "invalid": _("This is not a web address. One looks like www.example.org.")
        },
    )

    def __init__(self, *args: Any, partner: Partner | None = None, **kwargs: Any):
        self.partner = partner
        kwargs["initial"] = facts_of(partner) if partner else {}
        super().__init__(*args, **kwargs)
        for kind, label in NameKind.choices:
            self.fields[f"names_{kind}"] = forms.CharField(
                label=label,
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for scheme, title in Scheme.choices:
            self.fields[scheme] = forms.CharField(
                label=title, required=False, max_length=200
            )
        self.fields["names_local"].help_text = _("One name a line, here and below.")
        self.fields[Scheme.ROR].help_text = _(
            "Several of one kind are separated by commas, here and below."
        )

    def facts(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "country", "city", "kind", "website")]

    def other_names(self) -> list[forms.BoundField]:
        return [self[f"names_{kind}"] for kind in NameKind.values]

    def identifiers(self) -> list[forms.BoundField]:
        return [self[scheme] for scheme in Scheme.values]

    def clean(self) -> dict[str, Any]:
        for scheme in Scheme.values:
            try:
                self.cleaned_data[scheme] = self._identifiers(scheme)
            except ValidationError as error:
                self.add_error(scheme, error)
        return self.cleaned_data

    def _identifiers(self, scheme: str) -> list[str]:
        words = self.cleaned_data.get(scheme, "").split(",")
        values = [clean_identifier(scheme, word) for word in words if word.strip()]
        known = PartnerIdentifier.objects.select_related("partner")
        for other in known.filter(scheme=scheme, value__in=values):
            if other.partner != self.partner:
                raise ValidationError(
                    _("“%(value)s” belongs to %(partner)s, which is in the register."),
                    params={"value": other.value, "partner": other.partner},
                )
        return list(dict.fromkeys(values))

    def as_service_arguments(self) -> dict[str, Any]:
        """What `services.partners` takes."""
        data = self.cleaned_data
        return {
            **{field.name: data[field.name] for field in self.facts()},
            "names": [
                (kind, line.strip())
                for kind in NameKind.values
                for line in data[f"names_{kind}"].splitlines()
                if line.strip()
            ],
            "identifiers": [
                (scheme, value) for scheme in Scheme.values for value in data[scheme]
            ],
        }


def facts_of(partner: Partner) -> dict[str, str]:
    """The form's values as they stand in the register."""
    names, identifiers = partner.names.all(), partner.identifiers.all()
    return {
        "name": partner.name,
        "country": partner.country_id,
        "city": partner.city,
        "kind": partner.kind,
        "website": partner.website,
        **{
            f"names_{kind}": "\n".join(n.name for n in names if n.kind == kind)
            for kind in NameKind.values
        },
        **{
            scheme: ", ".join(i.value for i in identifiers if i.scheme == scheme)
            for scheme in Scheme.values
        },
    }


class ScreeningForm(forms.Form):
    """What somebody found when they looked for a partner in a list."""

    edition = forms.ModelChoiceField(
        Edition.objects.none(),
        label=_("List"),
        empty_label=_("Choose the list and its edition"),
    )
    searched_name = forms.CharField(
        label=_("Name searched for"),
        max_length=300,
        help_text=_(
            "The partner's own name, or that of an owner. Never a private one."
        ),
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=ScreeningResult.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "It sets an answer; a person judges, and nothing is decided by it."
        ),
    )
    screened_on = forms.DateField(
        label=_("Screened on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any):
        kwargs["initial"] = {
            "searched_name": partner.name,
            "screened_on": local_today(),
        }
        super().__init__(*args, **kwargs)
        lists = Edition.objects.filter(kind__in=ReferenceKind.LISTS).newest()
        self.fields["edition"].queryset = lists  # type: ignore[attr-defined]


class ClaimRuleForm(forms.Form):
    """Whoever comes with this value in this claim belongs here, and may hold a role."""

    issuer = forms.CharField(
        label=_("Sign-in service"),
        max_length=200,
        help_text=_("Its address, as the setting MIDTVEIS_OIDC_ISSUER names it."),
    )
    claim = forms.CharField(
        label=_("Claim"),
        max_length=100,
        help_text=_("Its name, for example groups or realm_access.roles."),
    )
    value = forms.CharField(
        label=_("Value"),
        max_length=200,
        help_text=_("The whole value; in a list of values it is enough that one fits."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), empty_label=_("Choose a unit")
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("None, only belongs to the unit")), *Role.choices],
    )

    def __init__(
        self, *args: Any, institutions: QuerySet[Unit], issuer: str, **kwargs: Any
    ):
        kwargs["initial"] = {"issuer": issuer}
        super().__init__(*args, **kwargs)
        self.institutions = list(institutions)
        below = Unit.objects.below(unit.path for unit in self.institutions)
        self.fields["unit"].queryset = below  # type: ignore[attr-defined]

    def clean_issuer(self) -> str:
        return str(self.cleaned_data["issuer"]).rstrip("/")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if unit := cleaned.get("unit"):
            above = [one for one in self.institutions if unit.path.startswith(one.path)]
            cleaned["institution"] = above[0]
        return cleaned
