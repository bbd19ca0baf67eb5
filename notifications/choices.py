"""Closed lists of notifications."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """Where the mail of a message stands; in the inbox it is from the first moment."""

    PLANNED = "planned", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("No longer wanted")

    # Still has to go out.
    WAITING = nonmember(("planned", "sending"))


class Kind(models.TextChoices):
    SUBMITTED = "submitted", _("Proposed cooperation")
    OPINION_ASKED = "opinion_asked", _("Opinion asked for")
    RETURNED = "returned", _("Sent back")
    DECISION_ASKED = "decision_asked", _("Decision asked for")
    DECIDED = "decided", _("Decision")
    REVIEW_OPENED = "review_opened", _("Review opened")
    REVIEW_DUE = "review_due", _("Midway review")
    DEPUTY_NAMED = "deputy_named", _("Deputy named")
    DEPUTY_ENDED = "deputy_ended", _("Deputy ended")

    # About a person's own access and no case.
    ABOUT_ACCESS = nonmember(("deputy_named", "deputy_ended"))


class Who(models.TextChoices):
    """Groups of people around a case; `queries` knows how to find each."""

    PROPOSER = "proposer", _("the proposer")
    RESPONSIBLE = "responsible", _("the responsible person")
    CASE_OFFICER = "case_officer", _("the case officer")
    UNIT_OFFICERS = "unit_officers", _("case officers who may take the case")
    UNIT_LEADERS = "unit_leaders", _("the unit's leaders")
    ADVISERS = "advisers", _("advisers whose opinion is asked for")
    DECIDERS = "deciders", _("deciders who may decide the case")
