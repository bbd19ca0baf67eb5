"""People, units and roles are kept here, and reference data is looked up. Cooperations
are not: their rows change only through services, and their pages show who did what."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from register.models import (
    CountryIndicator,
    Edition,
    RoleAssignment,
    Screening,
    Unit,
    User,
)

admin.site.unregister(Group)  # roles at units stand for groups


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Someone who leaves is made inactive: what they did keeps their name."""

    list_display = ("username", "first_name", "last_name", "email", "unit", "is_active")
    list_filter = ("is_active", "is_staff")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (
            _("Person"),
            {"fields": ("first_name", "last_name", "email", "unit", "language")},
        ),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    """A unit keeps its place in the tree, for the places below it are built on it."""

    list_display = ("name", "name_en", "kind", "code", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "name_en", "code")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["parent", "kind"] if obj else []


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(admin.ModelAdmin):
    """A role ends on a date and stays, so that old decisions remain explained."""

    list_display = (
        *("user", "role", "unit", "valid_from", "valid_until", "granted_by"),
        "claim_rule",
    )
    list_filter = ("role",)
    list_select_related = ("user", "unit", "granted_by", "claim_rule__unit")
    search_fields = ("user__username", "user__last_name", "unit__name")
    autocomplete_fields = ("user", "unit")
    exclude = ("granted_by",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: RoleAssignment,
        form: forms.ModelForm,
        change: bool,
    ) -> None:
        if not change:
            obj.granted_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look something up. `register.services.indicators` is the only writer."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [f.name for f in self.model._meta.fields if not f.primary_key]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """A mistake is mended by the next edition: old assessments used this one."""

    list_display = ("edition", "source", "kind", "published_on", "entered_by")
    list_filter = ("kind",)
    list_select_related = ("entered_by",)
    search_fields = ("source", "edition")


@admin.register(CountryIndicator)
class CountryIndicatorAdmin(ReadOnlyAdmin):
    list_display = ("country", "value", "edition", "note")
    list_filter = ("edition__kind", "value")
    list_select_related = ("country", "edition")
    search_fields = ("country__name_nb", "country__name_nn", "country__name_en")


@admin.register(Screening)
class ScreeningAdmin(ReadOnlyAdmin):
    list_display = ("partner", "result", "edition", "screened_on", "screened_by")
    list_filter = ("edition__kind", "result")
    list_select_related = ("partner", "edition", "screened_by")
    search_fields = ("partner__name", "searched_name")
