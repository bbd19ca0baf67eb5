"""Private files."""

from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from register.models import Document
from register.requests import SignedInRequest
from workflows.queries import documents_shown
from workflows.views.acting import case_or_404


@require_safe
def document(request: SignedInRequest, public_id: UUID) -> FileResponse:
    """The file, for those who may read its case today. It is never shown inside our
    pages: a browser that opens it anyway gives it no rights here."""
    named = get_object_or_404(
        Document.objects.select_related("cooperation"), public_id=public_id
    )
    case = case_or_404(request, named.cooperation.public_id)
    found = get_object_or_404(documents_shown(case, request.user), pk=named.pk)
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.filename,
        content_type=found.content_type,
    )
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
