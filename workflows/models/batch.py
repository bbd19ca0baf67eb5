import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from register.models import Unit, User


class ImportBatch(models.Model):
    """One uploaded list: kept with its mapping and its report by row.

    `mapping`: our field → the file's column. `report`: counts and one line a row.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        DONE = "done", _("Imported")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="imports")
    file = models.FileField(upload_to="imports/")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.UPLOADED
    )
    report = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="imports")
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.filename
