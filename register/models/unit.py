from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Left, StrIndex
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from register.choices import UnitKind


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, paths: Iterable[str]) -> "UnitQuerySet":
        """The units at these paths and everything under them."""
        condition = models.Q(pk__in=[])
        for path in paths:
            condition |= models.Q(path__startswith=path)
        return self.filter(condition)

    def around(self, key: int | None) -> "UnitQuerySet":
        """All units of the institution to which that one belongs; one statement."""
        root = Left("path", StrIndex("path", models.Value(".")))
        own = self.filter(pk=key).values_list(root)
        return self.alias(root=root).filter(root__in=own)

    def open(self) -> "UnitQuerySet":
        return self.filter(closed_on=None)


class Unit(models.Model):
    """Institution → faculty → department. `path` holds the keys from the root down
    ("3.17."), so that "this unit and all below it" is one indexed prefix."""

    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    code = models.CharField(_("code"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=120, editable=False, db_index=True)
    # A closed unit keeps its old cases, and takes no new ones and no roles.
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    # It then stands below its receiver, so that the cases are seen from there.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once"),
            models.CheckConstraint(
                condition=models.Q(kind="institution", parent=None)
                | ~models.Q(kind="institution") & models.Q(parent__isnull=False),
                name="unit_institution_is_root",
                violation_error_message=_(
                    "An institution has no unit above it; every other unit has one."
                ),
            ),
        ]

    def __str__(self) -> str:
        in_english = (get_language() or "").startswith("en")
        return self.name_en if in_english and self.name_en else self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """The path needs the key, so a new unit is written twice."""
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        path = f"{self.parent.path if self.parent else ''}{self.pk}."
        if path != self.path:
            self.path = path
            super().save(update_fields=["path"])

    @property
    def institution_key(self) -> int:
        """Of the institution that the unit belongs to."""
        return int(self.path.partition(".")[0])

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None


class FormerName(models.Model):
    """What a unit was called until a day: a case keeps the name of its time."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="former_names")
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    until = models.DateField(_("until"))

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["unit_id", "until", "id"]

    def __str__(self) -> str:
        return str(Unit(name=self.name, name_en=self.name_en))
