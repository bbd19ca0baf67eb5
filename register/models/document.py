import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from register.choices import DocumentKind
from register.models.cooperation import Cooperation
from register.models.person import User


def private_path(document: "Document", filename: str) -> str:
    """A random name under MEDIA_ROOT, which no web server serves. The person's own
    file name is kept beside it as text."""
    return f"documents/{uuid.uuid4().hex}"


class Document(models.Model):
    """A file that belongs to a cooperation; read by those who read the cooperation."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cooperation = models.ForeignKey(
        Cooperation, models.PROTECT, related_name="documents"
    )
    kind = models.CharField(_("type"), max_length=15, choices=DocumentKind.choices)
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to=private_path)
    filename = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="documents")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("workflows:document", args=[self.public_id])
