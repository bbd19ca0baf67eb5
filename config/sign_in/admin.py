"""Allauth's rows in the administration: none to write, and no secret to read. A lost
second factor is removed here, after its owner has shown who they are."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.http import HttpRequest

for model in (
    *(EmailAddress, Authenticator, UserSession),
    *(SocialAccount, SocialApp, SocialToken),
):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class LookedUp(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Authenticator)
class SecondFactorAdmin(LookedUp):
    fields = ("user", "type", "created_at", "last_used_at")
    list_display = fields
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__username", "user__last_name")


@admin.register(SocialAccount)
class InstitutionAccountAdmin(LookedUp):
    """Which subject of the institution's service is whose. Removing one lets the same
    subject arrive as a new person, so nobody does."""

    fields = ("user", "provider", "uid", "date_joined", "last_login")
    list_display = fields
    list_select_related = ("user",)
    search_fields = ("user__username", "user__last_name", "uid")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
