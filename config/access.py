"""Who may open which address: a rule for each, by its name.

The views keep the rules; this table says which they are, so that a test can walk every
address as everybody and compare. An address that is not here fails the suite.
"""

from enum import StrEnum


class Opens(StrEnum):
    """To whom an address opens. Where something is hidden, it answers as if it were not
    there (404); where a right is missing, it says so (403)."""

    TO_ANYBODY = "anybody, signed in or not"
    TO_THE_ARRIVING = "whoever has given a right password and not yet more"
    WHERE_CONNECTED = "anybody, where the institution's sign-in service is connected"
    TO_THE_SIGNED_IN = "everybody who has signed in"
    TO_WHO_SEES = "whoever knows of the case"
    TO_WHO_READS = "whoever may read the case"
    TO_ITS_AUDITORS = "the auditors of the case's unit"
    TO_ITS_HANDLERS = "whoever handles, decides or audits the case"
    TO_ITS_PROPOSER = "those who carry the case"
    TO_ITS_RECEIVER = "whom the message is for, while they may read its case"
    TO_PARTNER_KEEPERS = "proposers and case officers"
    TO_REFERENCE_KEEPERS = "case officers, advisers and system administrators"
    TO_PROPOSERS = "proposers"
    TO_IMPORTERS = "case officers"
    TO_IMPORTERS_OF_THE_UNIT = "case officers of the unit of that list"
    TO_QUESTION_READERS = "whoever handles cases or keeps the questions"
    TO_ITS_QUESTION_READERS = "the same, in the institution of the pack"
    TO_QUESTION_KEEPERS = "system administrators of the institution"
    TO_ADMINISTRATORS = "system administrators of a unit"
    TO_WHO_HANDS_OVER = "case officers and unit leaders"
    TO_ITS_DEPUTIES = "the deputy, their principal, and the administrators of both"
    TO_OPERATORS = "system administrators, where mail stays here"
    TO_STAFF = "staff of the installation"


CASE_PAGES = (
    *("case-tab", "take_case", "with-reason", "amend", "add_agreement", "add_document"),
    *("assess", "save-answer", "confirm_answers", "take_full_track", "complete"),
    *("add_evidence", "settle_point", "invite_assessor", "hand_in"),
    *(
        "recommend",
        "ask_decision",
        "decide",
        "open_review",
        "conclude",
        "give_notice",
        "close",
    ),
    *("compare", "give_opinion", "clear_gate", "raise_risk", "lower_risk"),
    *("confirm_lowering", "hand_over", "declare", "why-not", "readers"),
    *("name_reader", "end_reader", "write_note", "meet_condition", "document"),
)
ACCESS_PAGES = (
    *("people", "person", "role-give", "role-end", "person-move", "person-left"),
    *("person-join", "person-blank", "person-deputy"),
    *("units", "unit", "unit-add", "unit-rename", "unit-move", "unit-merge"),
    *("unit-close", "claim-list", "claim-end"),
)
PROPOSAL_PAGES = (
    *("proposal-resume", "proposal-partners", "proposal-new-partner"),
    *("proposal-about", "proposal-reasons", "proposal-questions", "proposal-summary"),
)
PACK_DRAFT_PAGES = (
    *("pack-publish", "pack-discard", "pack-add-question", "pack-question"),
    *("pack-take-out", "pack-rule", "pack-action"),
)
TABLE_PAGES = (
    *("delegation-detail", "delegation-dry-run", "delegation-publish"),
    *("delegation-add-line", "delegation-line", "delegation-take-out"),
    "delegation-discard",
)
RULES: dict[Opens, tuple[str, ...]] = {
    Opens.TO_ANYBODY: (
        *("login", "account_login", "logout", "set_language"),
        *("health-live", "health-ready"),
    ),
    Opens.TO_THE_ARRIVING: ("mfa_authenticate", "mfa_login_webauthn"),
    Opens.WHERE_CONNECTED: (
        *("institution-sign-in", "institution-callback", "institution-confirm"),
    ),
    Opens.TO_THE_SIGNED_IN: (
        *("password_change", "mfa_index", "usersessions_list"),
        *("account_reauthenticate", "mfa_reauthenticate"),
        *("mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_deactivate_totp"),
        *("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn"),
        *("workflows:my-work", "register:cooperation-list", "register:partner-list"),
        *("register:partner-search", "register:partner-detail"),
        *("notifications:inbox", "notifications:read-all"),
        *("register:deputies", "own-data", "own-file"),
    ),
    Opens.TO_WHO_SEES: ("workflows:case-detail",),
    Opens.TO_WHO_READS: tuple(f"workflows:{name}" for name in CASE_PAGES),
    Opens.TO_ITS_AUDITORS: ("workflows:readings",),
    Opens.TO_ITS_HANDLERS: ("workflows:assessors",),
    Opens.TO_ITS_PROPOSER: tuple(f"workflows:{name}" for name in PROPOSAL_PAGES),
    Opens.TO_ITS_RECEIVER: ("notifications:open",),
    Opens.TO_PARTNER_KEEPERS: ("register:partner-add", "register:partner-edit"),
    Opens.TO_REFERENCE_KEEPERS: ("register:screening-add",),
    Opens.TO_PROPOSERS: (
        *("workflows:proposal-start", "workflows:proposal-start-with-new"),
    ),
    Opens.TO_IMPORTERS: ("workflows:import-list", "workflows:import-start"),
    Opens.TO_IMPORTERS_OF_THE_UNIT: (
        *("workflows:import-detail", "workflows:import-columns"),
        *("workflows:import-run", "workflows:import-report"),
    ),
    Opens.TO_QUESTION_READERS: (
        *("workflows:pack-list", "workflows:pack-compare", "workflows:delegation-list"),
    ),
    Opens.TO_ITS_QUESTION_READERS: (
        *("workflows:pack-detail", "workflows:pack-export"),
        # A draft's pages say who may change it; only its keepers do.
        *(f"workflows:{name}" for name in PACK_DRAFT_PAGES),
    ),
    Opens.TO_QUESTION_KEEPERS: (
        *("workflows:pack-copy", "workflows:pack-import", "workflows:delegation-copy"),
        # Of a draft; what is published opens to its readers too.
        *(f"workflows:{name}" for name in TABLE_PAGES),
    ),
    Opens.TO_ADMINISTRATORS: tuple(f"register:{name}" for name in ACCESS_PAGES),
    Opens.TO_WHO_HANDS_OVER: ("workflows:leavers",),
    Opens.TO_ITS_DEPUTIES: ("register:deputy-end",),
    Opens.TO_OPERATORS: ("notifications:outbox", "notifications:outbox-mail"),
    Opens.TO_STAFF: ("admin/login/",),
}
# The administration site asks Django's own question of every address of its own.
STAFF_SITE = "admin"


def rule_of(name: str) -> Opens | None:
    """The rule of an address by its full name ("workflows:my-work"), if it has one."""
    if name.partition(":")[0] == STAFF_SITE:
        return Opens.TO_STAFF
    return next((rule for rule, names in RULES.items() if name in names), None)
