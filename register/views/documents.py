"""Private files."""

from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from register.models import Document
from register.queries import cooperations_visible_to
from register.requests import SignedInRequest


@require_safe
def document(request: SignedInRequest, public_id: UUID) -> FileResponse:
    """The file, for those who see its cooperation today. It is never shown inside our
    pages: a browser that opens it anyway gives it no rights here."""
    found = get_object_or_404(
        Document,
        public_id=public_id,
        cooperation__in=cooperations_visible_to(request.user),
    )
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.filename,
        content_type=found.content_type,
    )
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
