"""Who was named to see a case, and the trace of who may do what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.choices import AccessVerb
from register.models.cooperation import Cooperation
from register.models.person import User
from register.models.unit import Unit


class NamedReader(models.Model):
    """Somebody who sees a case because they were named, whatever its level."""

    cooperation = models.ForeignKey(
        Cooperation, models.PROTECT, related_name="named_readers"
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="named_on")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="named_readers")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("named reader")
        verbose_name_plural = _("named readers")
        ordering = ["cooperation_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "user"],
                condition=Q(ended_at__isnull=True),
                name="reader_named_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["user", "cooperation"],
                condition=Q(ended_at__isnull=True),
                name="reader_by_user",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.cooperation_id}"


class AccessEvent(models.Model):
    """Something that changed who may do what: appended, never changed. A migration adds
    triggers that refuse UPDATE and DELETE."""

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=30, choices=AccessVerb.choices)
    # Who did it; nobody where the product did (a claim at sign-in, a date).
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="access_events"
    )
    # About whom and where, as far as it is about somebody and somewhere.
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="access_changes"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="access_changes"
    )
    # Plain words and dates: {"role": "decider", "from": "2026-12-01"}. No names of
    # people: those stand in the columns, where they can be blanked.
    told = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("change of access")
        verbose_name_plural = _("changes of access")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.get_verb_display()}"
