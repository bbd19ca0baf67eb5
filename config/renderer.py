"""How Django forms become Designsystemet markup: one way, for every form."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class Field(forms.BoundField):
    """A field whose control carries the design system's class."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        widget = widget or self.field.widget
        own = widget.attrs.get("class", "")
        return super().build_widget_attrs(
            {"class": f"ds-input {own}".strip(), **attrs}, widget
        )


class Renderer(TemplatesSetting):
    """`{{ form }}` is a whole form, `{{ form.title.as_field_group }}` one field."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = Field
