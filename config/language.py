"""Choose a language: kept with the person, or in a cookie before they sign in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from register.services import people


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        people.prefer_language(
            actor=request.user, language=request.POST.get("language", "")
        )
    return set_language(request)
