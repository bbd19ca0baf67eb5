"""What only named people read, and who has read it (requirement 34)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.models import User
from workflows.models.case import Case


class RestrictedNote(models.Model):
    """A note on a case that only its writer, those named to read it and the auditor
    see. It is written once: a migration adds triggers that refuse UPDATE and DELETE.

    It is no event of the case: nobody else shall notice that it is there.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="notes")
    written_at = models.DateTimeField()
    text = models.TextField(_("note"))

    class Meta:
        verbose_name = _("restricted note")
        verbose_name_plural = _("restricted notes")
        ordering = ["case_id", "-written_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.written_at:%Y-%m-%d}"


class NoteReader(models.Model):
    """Somebody named to read a restricted note; as unchanging as the note."""

    note = models.ForeignKey(RestrictedNote, models.PROTECT, related_name="readers")
    user = models.ForeignKey(User, models.PROTECT, related_name="notes_to_read")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reader of a restricted note")
        verbose_name_plural = _("readers of restricted notes")
        ordering = ["note_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["note", "user"], name="note_reader_once")
        ]

    def __str__(self) -> str:
        return f"{self.note} – {self.user}"


class Reading(models.Model):
    """Somebody opened a page or a file of a restricted case. Append-only; read by the
    auditor. What cannot be logged is not shown."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="readings")
    at = models.DateTimeField()
    # The name of the address that was opened: "workflows:case-detail".
    page = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["case_id", "-at", "-id"]
        indexes = [models.Index(fields=["case", "-at"], name="reading_by_case")]

    def __str__(self) -> str:
        return f"{self.user} – {self.case_id} – {self.page}"
