"""Keep a file privately. Called by workflows, which lock, check and record."""

import hashlib
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from register.models import Cooperation, Document, User

# By ending: what the file must begin with, and how it is served.
KINDS: dict[str, tuple[bytes, str]] = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".png": (b"\x89PNG", "image/png"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".docx": (
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ".xlsx": (
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ".odt": (b"PK\x03\x04", "application/vnd.oasis.opendocument.text"),
    ".txt": (b"", "text/plain"),
}


def keep(
    cooperation: Cooperation,
    *,
    actor: User,
    upload: UploadedFile,
    kind: str,
    title: str = "",
) -> Document:
    """Store the upload under a random name with its SHA-256. Raises ValidationError."""
    name = PurePath(upload.name or "").name[-200:]
    document = Document(
        cooperation=cooperation,
        kind=kind,
        title=title.strip() or name,
        filename=name,
        content_type=content_type_of(upload, name),
        size=upload.size or 0,
        sha256=sha256_of(upload),
        uploaded_by=actor,
        file=upload,
    )
    document.full_clean()
    document.save()
    return document


def content_type_of(upload: UploadedFile, name: str) -> str:
    """The type by which it is served. Raises ValidationError for a file that is too
    large, of a kind that is not kept, or not what its ending says."""
    if (upload.size or 0) > settings.UPLOAD_LIMIT:
        raise ValidationError(
            _("The file is larger than %(limit)d MB. Make it smaller and try again.")
            % {"limit": settings.UPLOAD_LIMIT // 1024**2}
        )
    ending = PurePath(name).suffix.lower()
    if ending not in KINDS:
        raise ValidationError(
            _("Files of this kind are not kept. Use one of: %(kinds)s.")
            % {"kinds": ", ".join(sorted(KINDS))}
        )
    signature, content_type = KINDS[ending]
    beginning = upload.read(8)
    upload.seek(0)
    if not beginning.startswith(signature):
        raise ValidationError(
            _("The file is not what its ending “%(ending)s” says. Save it anew.")
            % {"ending": ending}
        )
    return content_type


def sha256_of(upload: File) -> str:
    checksum = hashlib.sha256()
    for chunk in upload.chunks():
        checksum.update(chunk)
    upload.seek(0)
    return checksum.hexdigest()
