"""The question catalogue as data, in versions. A case keeps the one it began with."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from register.choices import Risk


def localized(texts: dict[str, str]) -> str:
    """The text in the reader's language; English where it is not translated yet."""
    return texts.get((get_language() or "en")[:2]) or texts.get("en", "")


class Catalogue(models.Model):
    """One edition of the questions."""

    version = models.CharField(max_length=20, unique=True)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("question catalogue")
        verbose_name_plural = _("question catalogues")
        ordering = ["-published_at", "-id"]

    def __str__(self) -> str:
        return self.version


class Topic(models.Model):
    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="topics")
    code = models.CharField(max_length=5)
    order = models.PositiveSmallIntegerField()
    titles = models.JSONField()
    reasons = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["catalogue_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="topic_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return localized(self.titles)

    @property
    def why(self) -> str:
        return localized(self.reasons)


class Question(models.Model):
    """One question. `answered_by` is the catalogue's role code (A, M, S-EC …)."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="questions")
    code = models.CharField(max_length=10)
    order = models.PositiveSmallIntegerField()
    texts = models.JSONField()
    helps = models.JSONField(default=dict)
    answered_by = models.CharField(max_length=5)
    several = models.BooleanField(default=False)
    moments = models.JSONField(default=list)
    case_types = models.JSONField(default=list)
    core = models.BooleanField(default=False)
    quick_screen = models.BooleanField(default=False)
    sources = models.JSONField(default=list)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["topic__order", "order"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "code"], name="question_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def text(self) -> str:
        return localized(self.texts)

    @property
    def help(self) -> str:
        return localized(self.helps)


class AnswerOption(models.Model):
    """A possible answer and the risk that it raises; `unsure` is a real answer."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="options")
    code = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    texts = models.JSONField()
    level = models.PositiveSmallIntegerField(choices=Risk.choices, default=Risk.LOW)
    unsure = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer option")
        verbose_name_plural = _("answer options")
        ordering = ["question_id", "order"]
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="option_once")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return localized(self.texts)
