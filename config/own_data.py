"""Everything kept about oneself, on one page and as a file (requirement 21). It lies
here since it gathers from every part of the product."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from notifications.queries import inbox_of
from register.models import User
from register.requests import SignedInRequest
from workflows.services.own_data import as_text, own_data


def gathered(user: User) -> dict[str, Any]:
    return own_data(user) | {"messages": inbox_of(user).count()}


@require_safe
def own_page(request: SignedInRequest) -> HttpResponse:
    return render(request, "own_data.html", {"mine": gathered(request.user)})


@require_safe
def own_file(request: SignedInRequest) -> HttpResponse:
    name = slugify(request.user.get_username()) or "me"
    told = as_text(gathered(request.user))
    answer = JsonResponse(told, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="midtveis-{name}.json"'
    return answer
