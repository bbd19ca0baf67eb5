"""Somebody comes from the institution's sign-in service."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from config.sign_in.freshness import confirm_at_institution
from config.sign_in.refusals import refused
from register.services import people, signing_in


def arrive(request: HttpRequest, login: Any) -> None:
    """The account of (issuer, subject), a new one where there is none, never one that
    merely has the same e-mail address; then names and roles as the claims tell."""
    if login.state.get("fresh"):
        confirm(request, login)
    if not login.is_existing:
        welcome(request, login)
    user = login.user
    if not user.is_active:
        raise ImmediateHttpResponse(refused(request, "the account is closed"))
    people.take_over_facts(user=user, **facts(login.claims))
    signing_in.bring_roles_in_line(
        user=user, issuer=settings.OIDC_ISSUER, claims=login.claims
    )
    if login.is_new:
        confirm_at_institution(request, user)


def welcome(request: HttpRequest, login: Any) -> None:
    """One person a subject: the database refuses a second, also to two at once."""
    try:
        with transaction.atomic():
            name = login.claims.get("preferred_username")
            user = people.welcome(username=str(name or ""))
            login.account.user = login.user = user
            login.account.save()
    except IntegrityError as error:
        again = refused(request, "the same person arrived twice at once")
        raise ImmediateHttpResponse(again) from error


def confirm(request: HttpRequest, login: Any) -> None:
    """The person who is signed in, and nobody else, has shown that it is them."""
    here = request.user
    if not here.is_authenticated or not login.is_existing or login.user != here:
        answer = refused(request, "somebody else confirmed")
        raise ImmediateHttpResponse(answer)
    confirm_at_institution(request, here)
    target = login.state.get("next") or reverse(settings.LOGIN_REDIRECT_URL)
    raise ImmediateHttpResponse(HttpResponseRedirect(target))


def facts(claims: dict[str, Any]) -> dict[str, str]:
    """Name and address, as the institution keeps them."""
    return {
        "first_name": str(claims.get("given_name") or ""),
        "last_name": str(claims.get("family_name") or ""),
        "name": str(claims.get("name") or ""),
        "email": str(claims.get("email") or ""),
    }
