"""Code lists that ship with the product: countries and fields of science."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class InThreeLanguages(models.Model):
    """A code with its name in bokmål, nynorsk and English."""

    name_nb = models.CharField(max_length=120)
    name_nn = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        language = (get_language() or "en")[:2]
        return getattr(self, f"name_{language}", self.name_en)


class Country(InThreeLanguages):
    """ISO 3166-1. It carries no judgement: no country is good or bad by itself."""

    code = models.CharField(max_length=2, primary_key=True)
    alpha_3 = models.CharField(max_length=3, unique=True)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name_en"]


class ScienceField(InThreeLanguages):
    """OECD Fields of Research and Development (FORD), two levels: 1 and 1.2."""

    code = models.CharField(max_length=4, primary_key=True)

    class Meta:
        verbose_name = _("field of science")
        verbose_name_plural = _("fields of science")
        ordering = ["code"]
