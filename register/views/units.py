"""The tree of units, one of them, and its changes."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from register.forms.access import NewUnitForm, OtherUnitForm, UnitNameForm
from register.queries import access
from register.requests import SignedInRequest
from register.services import units
from register.views.changing import OfUnit, refuse_strangers, unit_or_404


@require_safe
def unit_tree(request: SignedInRequest) -> HttpResponse:
    refuse_strangers(request.user)
    context = {"units": access.tree_of(request.user)}
    return render(request, "register/access/unit_tree.html", context)


@require_safe
def unit_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    refuse_strangers(request.user)
    unit = unit_or_404(request.user, pk)
    context = {
        "unit": unit,
        "held": access.who_may_at(unit),
        "former_names": unit.former_names.all(),
    }
    return render(request, "register/access/unit_detail.html", context)


class AddUnit(OfUnit):
    form_class = NewUnitForm
    title = _("Add a unit below it")
    button = _("Add the unit")
    done = _("The unit is added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"parent": self.unit}

    def change(self, form: NewUnitForm) -> None:
        units.add(actor=self.request.user, parent=self.unit, **form.cleaned_data)


class RenameUnit(OfUnit):
    form_class = UnitNameForm
    title = _("Rename the unit")
    lead = _("Cases from before today keep the name it had.")
    button = _("Save the new name")
    done = _("The unit has its new name.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.unit.name, "name_en": self.unit.name_en}

    def change(self, form: UnitNameForm) -> None:
        units.rename(actor=self.request.user, unit=self.unit, **form.cleaned_data)


class ToAnotherUnit(OfUnit):
    form_class = OtherUnitForm

    def get_form_kwargs(self) -> dict[str, Any]:
        others = access.administered_units(self.request.user).open()
        others = others.exclude(path__startswith=self.unit.path)
        return super().get_form_kwargs() | {"units": others}


class MoveUnit(ToAnotherUnit):
    title = _("Move the unit")
    lead = _(
        "With everything below it. Who sees and decides its cases follows at once."
    )
    button = _("Move it below this unit")
    done = _("The unit is moved.")

    def change(self, form: OtherUnitForm) -> None:
        units.move(
            actor=self.request.user, unit=self.unit, parent=form.cleaned_data["to"]
        )


class MergeUnit(ToAnotherUnit):
    title = _("Merge the unit into another")
    lead = _(
        "It is closed today and its roles end. Its old cases keep their unit and are "
        "seen from the other one; the units below it move there."
    )
    button = _("Merge it into this unit")
    danger = True
    done = _("The unit is merged and closed.")

    def change(self, form: OtherUnitForm) -> None:
        units.merge(
            actor=self.request.user, unit=self.unit, into=form.cleaned_data["to"]
        )


class CloseUnit(OfUnit):
    title = _("Close the unit")
    lead = _(
        "It takes no new cases and no new roles. Those who hold a role there see its "
        "open cases to their end."
    )
    button = _("Close the unit")
    danger = True
    done = _("The unit is closed.")

    def change(self, form: Any) -> None:
        units.close(actor=self.request.user, unit=self.unit)
