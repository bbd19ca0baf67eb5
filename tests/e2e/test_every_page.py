"""Every page, as a machine sees it: nothing serious for axe, nothing wider than a
phone, and nothing that needs JavaScript or a mouse."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from register.choices import CaseState
from tests.factories import delegation
from tests.factories import register as r
from tests.factories import workflows as w
from workflows.models import Catalogue
from workflows.services import catalogue, looking

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = [pytest.mark.e2e, pytest.mark.slow]
TABS = ["facts", "assessment", "decisions", "people", "history"]


def of_case(case: Any, *names: str) -> list[str]:
    return [reverse(f"workflows:{name}", args=[case.public_id]) for name in names]


def addresses(cast: r.Cast) -> dict[str, list[str]]:
    """Who → the pages that this person has."""
    partner = r.partner("Universität Beispielstadt", country="DE")
    case = {state: w.in_state(cast, state, partner=partner) for state in CaseState}
    asked = w.asked(cast)
    draft = case[CaseState.DRAFT]
    return about_questions(cast) | {
        "proposer": [
            reverse("workflows:my-work"),
            reverse("workflows:proposal-start"),
            *of_case(draft, "proposal-partners", "proposal-about"),
            *of_case(draft, "proposal-reasons", "proposal-summary"),
            *of_case(draft, "proposal-new-partner", "proposal-questions"),
            reverse("password_change"),
            reverse("mfa_index"),
            reverse("mfa_activate_totp"),
            reverse("mfa_add_webauthn"),
            reverse("usersessions_list"),
            reverse("account_reauthenticate"),
            reverse("notifications:inbox"),
            "/no-such-page/",
        ],
        "officer": [
            reverse("register:cooperation-list"),
            reverse("register:cooperation-list") + "?text=nothing+like+it",
            reverse("register:partner-list"),
            partner.get_absolute_url(),
            reverse("register:screening-add", args=[partner.public_id]),
            reverse("workflows:import-list"),
            *of_case(case[CaseState.PROPOSED], "assess", "amend", "take_case"),
            *of_case(case[CaseState.PROPOSED], "add_agreement", "add_document"),
            *of_case(case[CaseState.PROPOSED], "invite_assessor"),
            *of_case(case[CaseState.ASSESSED], "ask_decision"),
            *of_case(case[CaseState.UNDER_REVIEW], "assess", "compare"),
            *of_case(case[CaseState.TERMINATING], "close"),
        ],
        "decider": [
            *(
                reverse("workflows:case-tab", args=[asked.public_id, tab])
                for tab in TABS
            ),
            *of_case(asked, "decide", "declare", "why-not", "readers", "name_reader"),
            *of_case(asked, "write_note", "meet_condition"),
            *of_case(case[CaseState.UNDER_REVIEW], "conclude"),
            *of_case(case[CaseState.APPROVED], "open_review", "give_notice"),
            reverse("workflows:my-work"),
        ],
    }


def about_questions(cast: r.Cast) -> dict[str, list[str]]:
    """The pages of a case on the full track, and of a pack that is being changed."""
    full = w.proposed(cast, given={"EXP_1": "possibly", "PRI_1": "outside-EEA"})
    looking.invite_assessor(case_id=full.pk, actor=cast.officer, user=cast.adviser)
    shipped = Catalogue.objects.get()
    pack = catalogue.copy(
        actor=cast.administrator, catalogue=shipped, institution=cast.institution
    )
    table = delegation.draft(cast)
    return {
        "leader": [
            *of_case(w.assessed(cast), "recommend"),
            *(f"{page}?topic=all" for page in of_case(full, "assess")),
            *of_case(full, "complete", "confirm_answers", "take_full_track"),
            *of_case(full, "add_evidence", "settle_point", "lower_risk"),
            reverse("workflows:pack-list"),
            reverse("workflows:pack-detail", args=[shipped.pk]),
        ],
        "specialist": of_case(full, "give_opinion", "clear_gate", "raise_risk"),
        "adviser": of_case(full, "hand_in"),
        "administrator": [
            reverse("notifications:outbox"),
            reverse("register:claim-list"),
            reverse("workflows:pack-list"),
            reverse("workflows:pack-detail", args=[pack.pk]),
            reverse("workflows:pack-question", args=[pack.pk, "EXP-1"]),
            reverse("workflows:pack-publish", args=[pack.pk]),
            reverse("workflows:delegation-list"),
            *(
                reverse(f"workflows:delegation-{name}", args=[table.pk])
                for name in ("detail", "add-line", "dry-run", "publish", "discard")
            ),
        ],
    }


def every_page(cast: r.Cast, window: Callable[..., Any], **options: Any) -> Any:
    """(address, page in the browser) for each page of each person."""
    for who, pages in addresses(cast).items():
        page = window(getattr(cast, who), **options)
        for address in pages:
            page.goto(address)
            yield address, page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(cast, window, scheme):
    checker = axe.Axe()

    found = {
        address: grave
        for address, page in every_page(cast, window, color_scheme=scheme)
        if (
            grave := [
                fault["id"]
                for fault in checker.run(page).response["violations"]
                if fault["impact"] in ("serious", "critical")
            ]
        )
    }

    assert found == {}


def test_no_page_is_wider_than_a_phone(cast, window):
    too_wide = {
        address: width
        for address, page in every_page(cast, window, width=320)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 320
    }

    assert too_wide == {}


def test_no_page_says_anything_on_the_console(cast, window):
    """A style or script that the content security policy refuses says so there."""
    said: dict[str, list[str]] = {}
    for who, pages in addresses(cast).items():
        page = window(getattr(cast, who))
        page.on("console", lambda m: said.setdefault(m.page.url, []).append(m.text))
        for address in pages:
            page.goto(address)

    # Chromium's own advice on passwords, and the page that is asked for in vain.
    passwords = {reverse("password_change"), reverse("account_reauthenticate")}
    expected = {"/no-such-page/"} | passwords
    assert {url for url in said if urlsplit(url).path not in expected} == set()


def test_the_keyboard_alone_reaches_the_first_field_past_the_skip_link(cast, window):
    page = window(cast.proposer)
    page.goto(reverse("register:cooperation-list"))

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == (
        "Skip to the content"
    )
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_case_is_decided_without_javascript(cast, window):
    case = w.asked(cast)
    page = window(cast.decider, java_script_enabled=False)

    page.goto(reverse("workflows:decide", args=[case.public_id]))
    page.get_by_label("Reject").check()
    page.get_by_label("Reasons").fill("The risk is not worth it.")
    page.get_by_role("button", name="Confirm the decision").click()

    assert w.fresh(case).state == CaseState.REJECTED
