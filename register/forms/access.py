"""Forms of the pages about access: units, roles, people, deputies."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from register.choices import Role, UnitKind
from register.clock import local_today
from register.models import Unit, User
from register.queries import access

SEVERAL = 6


class DayField(forms.DateField):
    """A day, asked with the browser's own calendar."""

    def __init__(self, **kwargs: Any):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class PersonField(forms.CharField):
    """A person by name, user name or e-mail: an institution has too many for a list.
    Its form says among whom, in `people`."""

    people: QuerySet[User] = User.objects.none()

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", _("Name, user name or e-mail"))
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> User | None:
        text = super().clean(value)
        if not text:
            return None
        exact = self.people.filter(username__iexact=text)
        found = list(exact) or list(access.people_found(self.people, text)[:SEVERAL])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                _("Nobody here has this name. Write it as it stands in their e-mails.")
            )
        several = ", ".join(f"{one} ({one.username})" for one in found)
        raise ValidationError(
            _("Several people have this name; write the user name: %(several)s"),
            params={"several": several},
        )


class UnitField(forms.ModelChoiceField):
    """One of the units, as a tree."""

    def __init__(self, **kwargs: Any):
        super().__init__(Unit.objects.none(), **kwargs)

    def label_from_instance(self, unit: Unit) -> str:  # type: ignore[override]
        return f"{'– ' * (unit.path.count('.') - 1)}{unit}"


class UnitNameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    name_en = forms.CharField(
        label=_("Name in English"), max_length=200, required=False
    )


class NewUnitForm(UnitNameForm):
    kind = forms.ChoiceField(label=_("Type"))
    code = forms.CharField(label=_("Code"), max_length=30, required=False)

    def __init__(self, *args: Any, parent: Unit, **kwargs: Any):
        super().__init__(*args, **kwargs)
        order = UnitKind.values
        below = UnitKind.choices[order.index(parent.kind) + 1 :]
        self.fields["kind"].choices = below  # type: ignore[attr-defined]


class OtherUnitForm(forms.Form):
    """To move below, or to merge into."""

    to = UnitField(label=_("Unit"), empty_label=_("Choose a unit"))

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = units  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("Choose a role")), *Role.choices]
    )
    unit = UnitField(
        label=_("Unit"),
        empty_label=_("Choose a unit"),
        help_text=_("The role counts there and in everything below."),
    )
    valid_from = DayField(label=_("From"), initial=local_today)
    valid_until = DayField(
        label=_("Until"), required=False, help_text=_("The last day; empty for always")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class LastDayForm(forms.Form):
    until = DayField(
        label=_("Last day"),
        initial=local_today,
        help_text=_("The role counts to the end of this day. Yesterday ends it now."),
    )


class LeaveForm(forms.Form):
    day = DayField(label=_("Has left from"), initial=local_today)


class JoinForm(forms.Form):
    into = PersonField(label=_("The account that stays"))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["into"].people = people  # type: ignore[attr-defined]


class BlankForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("Kept in the trace; write no name in it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


class DeputyForm(forms.Form):
    deputy = PersonField(label=_("Who is the deputy?"))
    roles = forms.MultipleChoiceField(
        label=_("In which roles?"), widget=forms.CheckboxSelectMultiple
    )
    valid_from = DayField(label=_("From"), initial=local_today)
    valid_until = DayField(
        label=_("Until"), help_text=_("The last day, within twelve months")
    )

    def __init__(
        self, *args: Any, people: QuerySet[User], roles: list[str], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        labels = [(role, Role(role).label) for role in roles]
        self.fields["deputy"].people = people  # type: ignore[attr-defined]
        self.fields["roles"].choices = labels  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.fields["roles"].initial = roles


class PeopleFilter(forms.Form):
    """What is chosen stands in the address; what nobody understands is left out."""

    q = forms.CharField(label=_("Name"), required=False, max_length=200)
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("All people")), ("any", _("Any role")), *Role.choices],
    )
    unit = UnitField(
        label=_("Role at or below"), required=False, empty_label=_("All units")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def found(self, people: QuerySet[User]) -> QuerySet[User]:
        self.is_valid()
        text, role, unit = (
            self.cleaned_data.get(name) for name in ("q", "role", "unit")
        )
        if role or unit:
            wanted = "" if role in (None, "any") else role
            people = access.holding(people, wanted, unit)
        return access.people_found(people, text or "")
