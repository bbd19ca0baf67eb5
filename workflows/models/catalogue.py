"""The question packs in versions. A case keeps the one it was begun with; a published
version never changes: the database refuses (migration)."""

import hashlib
import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.models import Unit, User
from workflows.questions import pack
from workflows.questions.making import make


def canonical(document: pack.Document) -> str:
    """The text of a pack as it is kept and hashed: keys in their own order, because
    the order of topics, questions and options is part of the pack."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


_PACKS: dict[str, pack.Pack] = {}


class CatalogueQuerySet(models.QuerySet["Catalogue"]):
    def published(self) -> "CatalogueQuerySet":
        return self.filter(published_at__isnull=False)

    def of(self, unit: Unit) -> "CatalogueQuerySet":
        """The institution's own packs and those that ship with the product."""
        root = int(unit.path.partition(".")[0])
        return self.filter(Q(institution=root) | Q(institution=None))

    def in_force(self, unit: Unit) -> "Catalogue":
        """What a case of this unit is asked from now on: the institution's own pack
        where it has published one, else the shipped one."""
        own_first = models.F("institution").asc(nulls_last=True)
        newest = self.published().of(unit).order_by(own_first, "-published_at", "-id")
        return newest.defer("content")[0]


class Catalogue(models.Model):
    """One version of the questions: a draft while `published_at` is empty."""

    version = models.CharField(_("version"), max_length=20)
    # Empty for what ships with the product.
    institution = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="catalogues"
    )
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies"
    )
    note = models.TextField(_("what is new"), blank=True)
    content = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="made_catalogues"
    )
    changed_at = models.DateTimeField(auto_now=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="published_catalogues"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("question catalogue")
        verbose_name_plural = _("question catalogues")
        ordering = [models.F("published_at").desc(nulls_first=True), "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "version"], name="catalogue_version_once"
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(institution=None),
                name="shipped_version_once",
            ),
        ]

    def __str__(self) -> str:
        return self.version

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sha256 = hashlib.sha256(self.content.encode()).hexdigest()
        super().save(*args, **kwargs)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.content)

    @property
    def pack(self) -> pack.Pack:
        """What it says, read once by each process: the same hash is the same pack. The
        content is large, so those who only ask do not load it."""
        if self.sha256 not in _PACKS:
            _PACKS[self.sha256] = make(self.document)
        return _PACKS[self.sha256]
