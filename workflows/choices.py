"""Closed lists of the workflow."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """Everything that can happen to a case; each is one kind of event."""

    # Moves: each is a transition of `Case`.
    SUBMIT = "submit", _("Submit")
    SEND_BACK = "send_back", _("Send back")
    WITHDRAW = "withdraw", _("Withdraw")
    COMPLETE_ASSESSMENT = "complete_assessment", _("Complete the assessment")
    REOPEN_ASSESSMENT = "reopen_assessment", _("Reopen the assessment")
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    OPEN_REVIEW = "open_review", _("Open review")
    CONTINUE = "continue_cooperation", _("Continue")
    SUSPEND = "suspend", _("Suspend")
    RESUME = "resume", _("Resume")
    GIVE_NOTICE = "give_notice", _("Terminate")
    CLOSE = "close", _("Close")
    TAKE_IN = "take_in", _("Take in from before the register")
    # Acts: recorded without a move.
    REGISTER = "register", _("Register")
    AMEND = "amend", _("Change facts")
    TAKE_CASE = "take_case", _("Take the case")
    ANSWER = "answer", _("Answer questions")
    COMPLETE_REVIEW = "complete_review", _("Complete the review questions")
    ASK_DECISION = "ask_decision", _("Ask for a decision")
    ADD_AGREEMENT = "add_agreement", _("Add an agreement")
    ADD_DOCUMENT = "add_document", _("Add a document")


class Visibility(models.TextChoices):
    """Who of those who see the case also sees this event (lesson L47)."""

    ALL = "all", _("Everyone who sees the case")
    HANDLERS = "handlers", _("Those who handle the case")


class SystemActor(models.TextChoices):
    """Named actors that are no person."""

    CLOCK = "system:clock", _("Midtveis (by date)")
    IMPORT = "system:import", _("Midtveis (import)")


class Moment(models.TextChoices):
    PLANNING = "planning", _("Before the start")
    MIDWAY = "midway", _("Midway")
    EXIT = "exit", _("At the end")


class Verdict(models.TextChoices):
    APPROVED = "approved", _("Approve")
    APPROVED_WITH_CONDITIONS = "conditions", _("Approve with conditions")
    REJECTED = "rejected", _("Reject")


class ReviewTrigger(models.TextChoices):
    SCHEDULED = "scheduled", _("Planned midway review")
    EXTRAORDINARY = "extraordinary", _("Extraordinary review")


class ReviewOutcome(models.TextChoices):
    CONTINUE = "continue", _("Continue")
    CONTINUE_WITH_CHANGES = "changes", _("Continue with changes")
    SUSPEND = "suspend", _("Suspend")
    TERMINATE = "terminate", _("Terminate")


class TerminationGround(models.TextChoices):
    """Workflow 8."""

    SCHEDULED_END = "scheduled_end", _("Planned end")
    MUTUAL = "mutual", _("By mutual agreement")
    NO_ACTIVITY = "no_activity", _("No activity")
    RESOURCES = "resources", _("Lack of resources")
    PARTNER_ENDS = "partner_ends", _("The partner ends it")
    RENEWAL_DECLINED = "renewal_declined", _("Renewal declined")
    AGREEMENT_BREACH = "agreement_breach", _("Breach of the agreement")
    LAW = "law", _("Breach of law or sanctions")
    LICENCE_REFUSED = "licence_refused", _("Licence refused")
    SECURITY = "security", _("Security concern")
    ETHICS = "ethics", _("Ethics or integrity")
    FREEDOM = "freedom", _("Academic freedom")
    CHANGE = "change", _("Unacceptable change at the partner or in the country")
