"""Input for handing a case over."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from register.clock import local_today
from register.forms.access import PersonField
from register.queries.access import people_of_institution
from workflows.choices import HandedPart
from workflows.forms.cases import CaseForm, LongText
from workflows.services import handing_over


class HandOverForm(CaseForm):
    part = forms.ChoiceField(
        label=_("What is handed over?"),
        widget=forms.RadioSelect,
    )
    to = PersonField(label=_("To whom?"))
    reason = LongText(
        label=_("Reason"), help_text=_("The others read it in the history."), rows=2
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = people_of_institution(self.case.unit)
        self.fields["to"].people = people  # type: ignore[attr-defined]
        self.fields["part"].choices = self._parts()  # type: ignore[attr-defined]
        first = next(iter(self._left), None)
        self.initial.setdefault("part", first)

    def _parts(self) -> list[tuple[str, str]]:
        """Each with who has it now; what leavers owe only where they owe something."""
        now = {
            HandedPart.RESPONSIBLE: str(self.case.responsible),
            HandedPart.CASE_OFFICER: str(self.case.case_officer or _("nobody yet")),
        }
        now |= {part: name for part, name in self._left.items() if part not in now}
        return [(part, f"{part.label}: {name}") for part, name in now.items()]

    @cached_property
    def _left(self) -> dict[HandedPart, str]:
        """What somebody who has left still holds, and who."""
        found: dict[HandedPart, list[str]] = {}
        left = handing_over.parts_left_behind([self.case], local_today())
        for part, name in left[self.case.pk]:
            found.setdefault(part, []).append(name)
        return {part: ", ".join(names) for part, names in found.items()}
