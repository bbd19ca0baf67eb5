"""What others publish about countries and organisations. The product ships no
judgement: every row belongs to an edition that the institution chose to load."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from register.choices import (
    VALUES_BY_KIND,
    IndicatorValue,
    ReferenceKind,
    ScreeningResult,
)
from register.models.partner import Partner
from register.models.person import User
from register.models.reference import Country
from register.validators import not_blank


@dataclass(frozen=True)
class ReferenceFact:
    """The most serious that one edition says. value: "" where it names none of the
    countries. about: the names of those of whom it says so. It warns; people judge."""

    kind: str
    value: str
    source: str
    edition: str
    published_on: date
    about: tuple[str, ...]
    note: str


class EditionQuerySet(models.QuerySet["Edition"]):
    def about_countries(self) -> "EditionQuerySet":
        return self.exclude(kind__in=ReferenceKind.LISTS)

    def newest(self) -> "EditionQuerySet":
        """The last published of each kind and source; of several on one day, the one
        that was entered last."""
        later = Q(published_on__gt=OuterRef("published_on")) | Q(
            published_on=OuterRef("published_on"), pk__gt=OuterRef("pk")
        )
        others = Edition.objects.filter(
            later, kind=OuterRef("kind"), source=OuterRef("source")
        )
        return self.filter(~Exists(others))


class Edition(models.Model):
    """One publication of a source on one day. It never changes once it is entered:
    decisions rest on it."""

    kind = models.CharField(_("kind"), max_length=25, choices=ReferenceKind.choices)
    source = models.CharField(_("publisher"), max_length=120, validators=[not_blank])
    edition = models.CharField(_("edition"), max_length=200, validators=[not_blank])
    published_on = models.DateField(_("published"))
    address = models.URLField(_("web address"), blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    # Of the file it was loaded from; empty where it was typed.
    sha256 = models.CharField(max_length=64, blank=True)
    entered_by = models.ForeignKey(
        User, models.PROTECT, related_name="editions", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["kind", "source", "-published_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ReferenceKind.values), name="edition_kind_known"
            ),
            models.UniqueConstraint(
                fields=["kind", "source", "edition"],
                name="edition_loaded_once",
                violation_error_message=_(
                    "This edition is already loaded, and an edition never changes. "
                    "If it is another one, give it its own name."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.edition}"

    def fact(self, said: Iterable[tuple[str, str, str]]) -> ReferenceFact:
        """said: (name, value, note) of countries or partners, at least one."""
        said = list(said)
        seriousness = ("", *VALUES_BY_KIND[self.kind]).index
        worst = max((value for _name, value, _note in said), key=seriousness)
        notes = [(name, note) for name, value, note in said if value == worst]
        about = tuple(dict.fromkeys(name for name, _note in notes))
        told = (
            note if len(about) == 1 else f"{n}: {note}" for n, note in notes if note
        )
        return ReferenceFact(
            kind=self.kind,
            value=worst,
            source=self.source,
            edition=self.edition,
            published_on=self.published_on,
            about=about,
            note="; ".join(dict.fromkeys(told)),
        )


class CountryIndicator(models.Model):
    """A country that an edition names. One that it does not name has no row."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="indicators", verbose_name=_("edition")
    )
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="indicators", verbose_name=_("country")
    )
    value = models.CharField(_("value"), max_length=40, choices=IndicatorValue.choices)
    # Where in the edition it stands, or why it was read so.
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("what is said about a country")
        verbose_name_plural = _("what is said about countries")
        ordering = ["edition_id", "country_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__in=IndicatorValue.values),
                name="indicator_value_known",
            ),
            models.UniqueConstraint(
                fields=["edition", "country"],
                name="country_once_in_an_edition",
                violation_error_message=_("The edition names this country already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} – {self.get_value_display()} – {self.edition}"

    def clean(self) -> None:
        if self.edition.kind in ReferenceKind.LISTS:
            raise ValidationError(
                _(
                    "“%(edition)s” is a list of names and says nothing about "
                    "countries. Record a screening of each partner against it instead."
                )
                % {"edition": self.edition}
            )
        refuse_others("value", self.value, self.edition)


class Screening(models.Model):
    """A person looked for a name in a list: a recorded event, which is never changed.
    Who sees it otherwise later records the next one."""

    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="screenings", verbose_name=_("partner")
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="screenings", verbose_name=_("list")
    )
    # The partner's own name, or that of an owner or another name it goes by.
    searched_name = models.CharField(
        _("name searched for"), max_length=300, validators=[not_blank]
    )
    screened_on = models.DateField(_("screened"))
    result = models.CharField(
        _("result"), max_length=20, choices=ScreeningResult.choices
    )
    note = models.TextField(_("note"), blank=True)
    screened_by = models.ForeignKey(
        User, models.PROTECT, related_name="screenings", verbose_name=_("screened by")
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        ordering = ["-screened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=ScreeningResult.values),
                name="screening_result_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} – {self.get_result_display()} – {self.edition}"

    def clean(self) -> None:
        if self.edition.kind not in ReferenceKind.LISTS:
            raise ValidationError(
                _(
                    "“%(edition)s” is about countries. A partner is screened against a "
                    "sanctions list or a list of named organisations: choose one."
                )
                % {"edition": self.edition}
            )
        refuse_others("result", self.result, self.edition)


def refuse_others(field: str, value: str, edition: Edition) -> None:
    """Raises ValidationError for a value that an edition of this kind does not use."""
    values = VALUES_BY_KIND[edition.kind]
    if value not in values:
        raise ValidationError(
            {
                field: _(
                    "“%(value)s” is not used for %(kind)s. Write one of: %(values)s."
                )
                % {
                    "value": value,
                    "kind": edition.get_kind_display(),  # type: ignore[attr-defined]
                    "values": ", ".join(values),
                }
            }
        )
