"""Closed lists of the register."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    """Where a case stands. How it moves is written in `workflows.models.case`."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ASSESSED = "assessed", _("Assessed")
    REJECTED = "rejected", _("Rejected")
    APPROVED = "approved", _("Approved")
    UNDER_REVIEW = "under_review", _("Under review")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATING = "terminating", _("Terminating")
    TERMINATED = "terminated", _("Terminated")

    # Still written by its proposer; nobody else decides anything yet.
    WITH_PROPOSER = nonmember(("draft", "returned"))
    # Goes on in the world, so it must have a next review or an end.
    RUNNING = nonmember(("approved", "under_review", "suspended", "terminating"))
    # Decided yes at some time: what an open case shows to the whole institution.
    ENTERED = nonmember(
        ("approved", "under_review", "suspended", "terminating", "terminated")
    )
    # Nothing more happens to the case itself.
    ENDED = nonmember(("withdrawn", "rejected", "terminated"))


class Risk(models.IntegerChoices):
    """The highest answer decides (question catalogue 1.1); 0 until assessed."""

    NONE = 0, _("Not assessed")
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    CRITICAL = 4, _("Critical")


class Flag(models.TextChoices):
    """What the dates and rows of a cooperation tell by themselves; never typed in. The
    rules are in `register.queries.flagged`."""

    OVERDUE = "overdue", _("Review overdue")
    LAPSED = "lapsed", _("Running after its end")
    NOT_ASSESSED = "not_assessed", _("Running without assessment")
    LEGACY = "legacy", _("From before the register")
    PARTNER_UNNAMED = "partner_unnamed", _("Partner abroad to be named")
    NO_AGREEMENT = "no_agreement", _("No agreement written down")


class Confidentiality(models.TextChoices):
    """Who sees a case beside those who carry and handle it (requirement 34). What each
    level means is written in `register.queries.visible_to`."""

    OPEN = "open", _("Open within the institution")
    UNIT = "unit", _("The unit and those above it")
    RESTRICTED = "restricted", _("Named people only")


class CaseType(models.TextChoices):
    """Requirement 51."""

    RESEARCH = "research", _("Research")
    EDUCATION = "education", _("Education and exchange")
    GUEST = "guest", _("Guest or recruitment")
    INNOVATION = "innovation", _("Innovation")
    FRAMEWORK = "framework", _("Framework agreement")


class UnitKind(models.TextChoices):
    INSTITUTION = "institution", _("Institution")
    FACULTY = "faculty", _("Faculty")
    DEPARTMENT = "department", _("Department")


# Each concludes the questions of one field; the plain adviser concludes none.
_SPECIALISTS = (
    *("export_adviser", "security_adviser", "information_adviser"),
    *("privacy_adviser", "legal_adviser", "ethics_adviser"),
    *("staff_adviser", "finance_adviser"),
)


class Role(models.TextChoices):
    """What a person does for a unit and everything below it (workflow 2)."""

    PROPOSER = "proposer", _("Proposer")
    UNIT_LEADER = "unit_leader", _("Unit leader")
    CASE_OFFICER = "case_officer", _("Case officer")
    DECIDER = "decider", _("Decider")
    ADVISER = "adviser", _("Adviser")
    EXPORT_ADVISER = "export_adviser", _("Export-control adviser")
    SECURITY_ADVISER = "security_adviser", _("Security adviser")
    INFORMATION_ADVISER = "information_adviser", _("Information-security adviser")
    PRIVACY_ADVISER = "privacy_adviser", _("Privacy adviser")
    LEGAL_ADVISER = "legal_adviser", _("Legal adviser")
    ETHICS_ADVISER = "ethics_adviser", _("Research-ethics adviser")
    STAFF_ADVISER = "staff_adviser", _("HR adviser")
    FINANCE_ADVISER = "finance_adviser", _("Finance adviser")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")

    SPECIALISTS = nonmember(_SPECIALISTS)
    # Sees every case of the unit. The system administrator sees none by that role.
    OVERSEERS = nonmember(
        (
            "unit_leader",
            "case_officer",
            "decider",
            "adviser",
            *_SPECIALISTS,
            "auditor",
        )
    )


class AccessVerb(models.TextChoices):
    """What changes who may do what; each is one kind of `AccessEvent`."""

    ROLE_GIVEN = "role_given", _("Role given")
    ROLE_ENDED = "role_ended", _("Role ended")
    DEPUTY_NAMED = "deputy_named", _("Deputy named")
    DEPUTY_ENDED = "deputy_ended", _("Deputy ended")
    UNIT_ADDED = "unit_added", _("Unit added")
    UNIT_RENAMED = "unit_renamed", _("Unit renamed")
    UNIT_MOVED = "unit_moved", _("Unit moved")
    UNIT_MERGED = "unit_merged", _("Unit merged into another")
    UNIT_CLOSED = "unit_closed", _("Unit closed")
    PERSON_ADDED = "person_added", _("Person added")
    PERSON_MOVED = "person_moved", _("Person moved to another unit")
    PERSON_LEFT = "person_left", _("Person left")
    PERSON_MERGED = "person_merged", _("Two accounts of one person joined")
    PERSON_BLANKED = "person_blanked", _("Name of a former employee blanked")
    DELEGATION_PUBLISHED = "delegation_published", _("Delegation table published")


class PartnerKind(models.TextChoices):
    UNIVERSITY = "university", _("University or college")
    INSTITUTE = "institute", _("Research institute")
    COMPANY = "company", _("Company")
    HOSPITAL = "hospital", _("Hospital or health trust")
    GOVERNMENT = "government", _("Ministry or public body")
    FOUNDATION = "foundation", _("Foundation or funder")
    OTHER = "other", _("Other")


class NameKind(models.TextChoices):
    LOCAL = "local", _("In local script or language")
    ENGLISH = "english", _("In English")
    FORMER = "former", _("Former name")
    SHORT = "short", _("Short name or acronym")


class Scheme(models.TextChoices):
    """Identifiers of organisations, checked where a checksum exists (data model 2)."""

    ROR = "ror", "ROR"
    ERASMUS = "erasmus", _("Erasmus code")
    PIC = "pic", "PIC"
    LEI = "lei", "LEI"
    NO_ORG = "no_org", _("Norwegian organisation number")


class PartnerRole(models.TextChoices):
    PARTNER = "partner", _("Partner")
    LEAD = "lead", _("Lead")
    SUBCONTRACTOR = "subcontractor", _("Subcontractor")
    FUNDER = "funder", _("Funder")


class AgreementKind(models.TextChoices):
    MOU = "mou", _("Memorandum of understanding")
    INTENT = "intent", _("Letter of intent")
    FRAMEWORK = "framework", _("Framework agreement")
    STUDENT_EXCHANGE = "student_exchange", _("Student exchange")
    STAFF_EXCHANGE = "staff_exchange", _("Staff exchange")
    JOINT_DEGREE = "joint_degree", _("Joint degree")
    COTUTELLE = "cotutelle", _("Joint supervision (cotutelle)")
    RESEARCH = "research", _("Research agreement")
    CONSORTIUM = "consortium", _("Consortium agreement")
    NDA = "nda", _("Confidentiality agreement")
    MATERIAL = "material", _("Material transfer")
    DATA = "data", _("Data sharing or processing")
    EQUIPMENT = "equipment", _("Equipment loan")
    LICENCE = "licence", _("Licence")
    GUEST = "guest", _("Guest agreement")
    OTHER = "other", _("Other")


class AgreementStatus(models.TextChoices):
    NEGOTIATION = "negotiation", _("In negotiation")
    SIGNED = "signed", _("Signed")
    ENDED = "ended", _("Ended")


class DocumentKind(models.TextChoices):
    AGREEMENT = "agreement", _("Agreement")
    EVIDENCE = "evidence", _("Evidence")
    CORRESPONDENCE = "correspondence", _("Correspondence")
    OTHER = "other", _("Other")


class ReferenceKind(models.TextChoices):
    """What an edition of reference data is about (requirements 7, 45 and 47)."""

    THREAT = "threat-assessment", _("Threat assessment")
    SANCTIONS = "sanctions-regulation", _("Sanctions regulations")
    FREEDOM = "academic-freedom", _("Academic freedom")
    RULE_OF_LAW = "rule-of-law", _("Rule of law")
    CORRUPTION = "corruption", _("Corruption")
    SANCTIONS_LIST = "sanctions-list", _("Sanctions list")
    NAMED_LIST = "named-organisations", _("Named organisations")

    # Lists of names, against which partners are screened; the others name countries.
    LISTS = nonmember(("sanctions-list", "named-organisations"))


class IndicatorValue(models.TextChoices):
    """What an edition says about a country that it names."""

    NAMED_IN_GENERAL = "named-in-general", _("Named in general")
    NAMED_FOR_RESEARCH = "named-for-research", _("Named for research")
    PARTLY = "partly", _("Partly")
    YES = "yes", _("Yes")
    SECOND_LOWEST_BAND = "second-lowest-band", _("Second-lowest band")
    LOWEST_BAND = "lowest-band", _("Lowest band")
    LOWEST_QUARTER = "lowest-quarter", _("Lowest quarter")


class ScreeningResult(models.TextChoices):
    """What a person found of a partner in a list of names."""

    NO_MATCH = "no-match", _("No match")
    POSSIBLE_MATCH = "possible-match", _("Possible match")
    TRUE_MATCH = "true-match", _("True match")
    MATCH_LOW = "match-low", _("Match, low risk")
    MATCH_MEDIUM = "match-medium", _("Match, medium risk")
    MATCH_HIGH = "match-high", _("Match, high risk")
    MATCH_VERY_HIGH = "match-very-high", _("Match, very high risk")


# What an edition of each kind can say; the most serious last.
VALUES_BY_KIND: dict[str, tuple[str, ...]] = {
    ReferenceKind.THREAT: (
        IndicatorValue.NAMED_IN_GENERAL,
        IndicatorValue.NAMED_FOR_RESEARCH,
    ),
    ReferenceKind.SANCTIONS: (IndicatorValue.PARTLY, IndicatorValue.YES),
    ReferenceKind.FREEDOM: (
        IndicatorValue.SECOND_LOWEST_BAND,
        IndicatorValue.LOWEST_BAND,
    ),
    ReferenceKind.RULE_OF_LAW: (IndicatorValue.LOWEST_QUARTER,),
    ReferenceKind.CORRUPTION: (IndicatorValue.LOWEST_QUARTER,),
    ReferenceKind.SANCTIONS_LIST: (
        ScreeningResult.NO_MATCH,
        ScreeningResult.POSSIBLE_MATCH,
        ScreeningResult.TRUE_MATCH,
    ),
    ReferenceKind.NAMED_LIST: (
        ScreeningResult.NO_MATCH,
        ScreeningResult.MATCH_LOW,
        ScreeningResult.MATCH_MEDIUM,
        ScreeningResult.MATCH_HIGH,
        ScreeningResult.MATCH_VERY_HIGH,
    ),
}
