"""Input from the pages of an import, handed to services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from register.models import User
from register.services import tables
from register.services.tables import TableRefused
from workflows.models import ImportBatch
from workflows.queries import units_to_import_for
from workflows.services.importing import batches
from workflows.services.importing.columns import REQUIRED, Meaning


class ListFileField(forms.FileField):
    """Says what is wrong with a file that is too large before it is looked at."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        try:
            tables.refuse_size(getattr(data, "size", 0))
        except TableRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return super().clean(data, initial)


class UploadForm(forms.Form):
    file = ListFileField(
        label=_("The list"),
        help_text=_("CSV or XLSX. The first row holds the headings of the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
    )
    unit: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None,
        label=_("Unit"),
        help_text=_("Where a cooperation belongs whose row names no unit."),
        empty_label=None,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_to_import_for(user)  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """For each thing that a list can tell, the column that tells it."""

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial = batches.proposed_mapping(batch)
        columns = [(column, column) for column in batch.columns]
        for meaning in Meaning:
            self.fields[meaning.value] = forms.ChoiceField(
                label=meaning.label,
                choices=[("", _("– not in this list –")), *columns],
                required=meaning in REQUIRED,
                error_messages={"required": _("Choose the column.")},
            )

    @property
    def mapping(self) -> dict[str, str]:
        return {key: column for key, column in self.cleaned_data.items() if column}
