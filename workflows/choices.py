"""Closed lists of the workflow."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from register.choices import Role


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
    DECLARE = "declare", _("Declare interests")
    RECOMMEND = "recommend", _("Recommend")
    AMEND = "amend", _("Change facts")
    TAKE_CASE = "take_case", _("Take the case")
    HAND_OVER = "hand_over", _("Hand over")
    SET_CONFIDENTIALITY = "set_confidentiality", _("Choose who sees the case")
    NAME_READER = "name_reader", _("Name a reader")
    END_READER = "end_reader", _("End somebody's reading")
    ANSWER = "answer", _("Answer questions")
    CONFIRM_ANSWERS = "confirm_answers", _("Confirm answers")
    TAKE_FULL_TRACK = "take_full_track", _("Ask all questions")
    SETTLE_POINT = "settle_point", _("Settle an open point")
    ADD_EVIDENCE = "add_evidence", _("Add evidence")
    GIVE_OPINION = "give_opinion", _("Give an opinion")
    CLEAR_GATE = "clear_gate", _("Clear a gate")
    RAISE_RISK = "raise_risk", _("Raise the risk")
    LOWER_RISK = "lower_risk", _("Propose a lower risk")
    CONFIRM_LOWERING = "confirm_lowering", _("Confirm the lower risk")
    INVITE_ASSESSOR = "invite_assessor", _("Invite an assessor")
    HAND_IN = "hand_in", _("Hand in an own assessment")
    COMPLETE_REVIEW = "complete_review", _("Complete the review questions")
    ASK_DECISION = "ask_decision", _("Ask for a decision")
    MEET_CONDITION = "meet_condition", _("Mark a condition as met")
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


class HandedPart(models.TextChoices):
    """What of a case is handed over; the first two are columns of the case."""

    RESPONSIBLE = "responsible", _("Who answers for it")
    CASE_OFFICER = "case_officer", _("Who handles it")
    TASKS = "tasks", _("What people who have left still owe")


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


class Track(models.TextChoices):
    """How much is asked (question catalogue 1.2); the quick screen chooses."""

    UNDECIDED = "", _("Not chosen yet")
    LIGHT = "light", _("Light")
    FULL = "full", _("Full")


class ActionKind(models.TextChoices):
    """What an answer can bring about (question catalogue 1.4)."""

    ASSIGN = "assign", _("Opinion")
    GATE = "gate", _("Gate")
    CONDITION = "condition", _("Condition")
    MITIGATION = "mitigation", _("Mitigation")
    ESCALATE = "escalate", _("Lifted decision")
    SCHEDULE = "schedule", _("Review")
    STATE = "state", _("State")
    STOP = "stop", _("Stop")
    TASK = "task", _("Task")
    NOTE = "note", _("Explanation")


# The roles of a question pack, as roles of people. The academic side (A) is whoever
# proposes the cooperation or answers for it.
ROLES_OF: dict[str, tuple[str, ...]] = {
    "M": (Role.CASE_OFFICER, Role.UNIT_LEADER),
    "S-EC": (Role.EXPORT_ADVISER,),
    "S-SEC": (Role.SECURITY_ADVISER,),
    "S-IS": (Role.INFORMATION_ADVISER,),
    "S-DPO": (Role.PRIVACY_ADVISER,),
    "S-LEG": (Role.LEGAL_ADVISER,),
    "S-ETH": (Role.ETHICS_ADVISER,),
    "S-HR": (Role.STAFF_ADVISER,),
    "S-FIN": (Role.FINANCE_ADVISER,),
}


class Conclusion(models.TextChoices):
    """What an adviser concludes. The first three are an export-control adviser's."""

    NO_LICENCE = "no_licence", _("No licence is needed")
    LICENCE_NEEDED = "licence_needed", _("A licence is needed")
    FORBIDDEN = "forbidden", _("It is forbidden")
    NO_OBJECTION = "no_objection", _("No objection")
    WITH_MEASURES = "with_measures", _("Acceptable with measures")
    ADVISES_AGAINST = "advises_against", _("Advises against it")
    CANNOT = "cannot", _("Cannot conclude")


class GateResult(models.TextChoices):
    DOCUMENTED = "documented", _("In order, with reference")
    NOT_NEEDED = "not_needed", _("Not needed, with reasons")
    AS_CONDITION = "as_condition", _("Becomes a condition before the start")


class Blocks(models.TextChoices):
    """What an open gate stands before. Approval waits for all of them; what is needed
    before the start or the signing only may become a condition of the approval."""

    APPROVAL = "approval", _("the approval")
    START = "start", _("the start")
    SIGNING = "signing", _("the signing")


class Confidence(models.TextChoices):
    LOW = "low", _("Doubtful")
    MEDIUM = "medium", _("Probable")
    HIGH = "high", _("Certain")


class ConflictGround(models.TextChoices):
    """Why somebody would not be impartial (workflow 7)."""

    POSITION = "position", _("A position or an assignment at the partner")
    MONEY = "money", _("Money, shares or other ownership")
    GIFTS = "gifts", _("Gifts or other benefits")
    FAMILY = "family", _("Family")
    FRIENDSHIP = "friendship", _("Close friendship")
    SUPERVISION = "supervision", _("Supervision, now or lately")
    OWN_PROJECT = "own_project", _("A project of one's own depends on it")
    OTHER = "other", _("Something else")


# Beside the levels of leaders: the word of an adviser, for the advisory group.
ADVICE = "advice"


class OpinionsNeeded(models.TextChoices):
    """How many opinions a decision must rest on (workflow 6), the fewest first. Those
    that the answers call for are always given before the assessment is completed; where
    one is needed and the answers called for none, an adviser gives their word."""

    NONE = "none", _("None")
    ONE = "one", _("One adviser's")
    TRIGGERED = "triggered", _("Every adviser's whom the answers call for")
    GROUP = "group", _("Every such adviser's, and the advisory group's")
