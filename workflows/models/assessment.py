from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register.choices import Risk, UnitKind
from register.models import User
from workflows.choices import ActionKind, Moment, Track
from workflows.models.case import Case
from workflows.models.catalogue import Catalogue
from workflows.questions.pack import Action

# From the highest; an escalating action names one of them.
DECIDED_AT = (UnitKind.INSTITUTION, UnitKind.FACULTY)


class Assessment(models.Model):
    """One look at a case: open while it is answered, frozen when it is completed.

    A frozen assessment and all that belongs to it never change: the database refuses
    (migration). A correction is a new version that `supersedes` it, with its reason.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="assessments")
    moment = models.CharField(max_length=10, choices=Moment.choices)
    begun_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    reason = models.TextField(_("why it was corrected"), blank=True)
    track = models.CharField(
        _("track"), max_length=10, choices=Track.choices, blank=True
    )
    # Why this track, as the codes of the answers that force it, or a person's words.
    track_because = models.JSONField(default=list)
    track_words = models.TextField(blank=True)
    completed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="assessed"
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    # Begun but never completed, because the case went another way.
    abandoned_at = models.DateTimeField(null=True, blank=True)
    # What the answers give, and what is left after measures and people's judgement.
    inherent = models.PositiveSmallIntegerField(choices=Risk.choices, default=Risk.NONE)
    risk = models.PositiveSmallIntegerField(choices=Risk.choices, default=Risk.NONE)
    conclusion = models.TextField(_("conclusion"), blank=True)
    mitigation = models.TextField(_("what is done about the risk"), blank=True)
    # Why a risk that a rule proposed was not taken (rule K9).
    not_raised = models.TextField(_("why the proposed risk was not taken"), blank=True)
    # Codes of the actions that have fired, as they stood at completion.
    actions = models.JSONField(default=list)
    # The exact text of all answers at completion, and its SHA-256.
    snapshot = models.TextField(blank=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["case_id", "-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(completed_at__isnull=True, abandoned_at__isnull=True),
                name="one_open_assessment_per_case",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, completed_by__isnull=True)
                | Q(completed_at__isnull=False, completed_by__isnull=False),
                name="assessment_completed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} – {self.get_moment_display()}"

    @property
    def is_frozen(self) -> bool:
        return self.completed_at is not None

    @property
    def fired(self) -> list[Action]:
        """What the answers brought about, as frozen."""
        known = self.catalogue.pack.actions
        return [known[code] for code in self.actions if code in known]

    @property
    def stops(self) -> list[Action]:
        """What makes approval impossible while the answer stands."""
        return [action for action in self.fired if action.kind == ActionKind.STOP]

    @property
    def decided_at(self) -> str:
        """The unit kind at which it must be decided at least; empty for any."""
        lifted = {action.to for action in self.fired}
        return next((kind for kind in DECIDED_AT if kind in lifted), "")

    @property
    def has_opinion(self) -> bool:
        """Whether an adviser has given one, of those that the answers called for."""
        return any(opinion.is_given for opinion in self.opinions.all())

    @property
    def versions(self) -> list["Assessment"]:
        """This one and those that it corrects, newest first."""
        found = [self]
        while found[-1].supersedes:
            found.append(found[-1].supersedes)
        return found

    @property
    def red_flags(self) -> list[Any]:
        """The assessors who raised one, also on a version that was corrected since: a
        flag is answered, never corrected away."""
        return [
            assessor
            for version in self.versions
            for assessor in version.assessors.select_related("user")
            if assessor.red_flag
        ]

    @property
    def review_months(self) -> int | None:
        """The longest time to the next review, where an answer shortens it."""
        months = [action.months for action in self.fired if action.months]
        return min(months, default=None)

    @property
    def is_open(self) -> bool:
        return self.completed_at is None and self.abandoned_at is None
