"""Accounts are made here, and units, roles and reference data are looked up. Those
change only through services, and so do cooperations: their pages show who did what."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from register.choices import AccessVerb
from register.models import (
    AccessEvent,
    CountryIndicator,
    Edition,
    RoleAssignment,
    Screening,
    Unit,
    User,
)
from register.services.access import note

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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whoever has left, or whose account was joined to another, stays out."""
        is_gone = obj and (obj.left_on or obj.merged_into_id)
        return ["is_active"] if is_gone else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        """An account and a move to another unit leave the same trace as elsewhere."""
        super().save_model(request, obj, form, change)
        if not change or "unit" in form.changed_data:
            verb = AccessVerb.PERSON_MOVED if change else AccessVerb.PERSON_ADDED
            note(verb, actor=cast(User, request.user), person=obj, unit=obj.unit)


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look something up. Services are the only writers of these rows."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [f.name for f in self.model._meta.fields if not f.primary_key]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    """Kept under Access, where each change leaves its trace."""

    list_display = ("name", "name_en", "kind", "code", "parent", "closed_on")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "name_en", "code")


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(ReadOnlyAdmin):
    """Given and ended under Access; nobody gives a role by this door."""

    list_display = ("user", "role", "unit", "valid_from", "valid_until", "granted_by")
    list_filter = ("role",)
    list_select_related = ("user", "unit", "granted_by")
    search_fields = ("user__username", "user__last_name", "unit__name")


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnlyAdmin):
    """Every change of who may do what."""

    list_display = ("at", "verb", "actor", "person", "unit")
    list_filter = ("verb",)
    list_select_related = ("actor", "person", "unit")


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
