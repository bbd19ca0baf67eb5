"""A passkey in a real browser, with a key that the browser pretends to have."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from register.choices import CaseState
from tests.factories import workflows as w
from tests.factories.register import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def page(cast, window):
    page = window(cast.decider)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def at(page, path):
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def test_a_passkey_is_added_signs_in_alone_and_confirms_a_decision(
    cast, page, settings
):
    case = w.asked(cast)
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Sign in with this passkey alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    at(page, reverse("mfa_view_recovery_codes"))
    page.context.clear_cookies()

    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    at(page, "/")
    settings.FRESH_MINUTES = 0  # the sign-in has become old
    page.goto(reverse("workflows:decide", args=[case.public_id]))
    page.get_by_label("Reject").check()
    page.get_by_label("Reasons").fill("The risk is not worth it.")
    page.get_by_role("button", name="Confirm the decision").click()
    at(page, reverse("account_reauthenticate"))
    settings.FRESH_MINUTES = 5
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    at(page, reverse("workflows:decide", args=[case.public_id]))
    kept = page.get_by_label("Reasons").input_value()
    page.get_by_role("button", name="Confirm the decision").click()
    at(page, case.get_absolute_url())

    assert kept == "The risk is not worth it."
    assert w.fresh(case).state == CaseState.REJECTED


def test_an_app_is_set_up_without_javascript(cast, window):
    page = window(cast.proposer, java_script_enabled=False)

    page.goto(reverse("mfa_add_webauthn"))
    told = page.locator("noscript").inner_text()
    page.goto(reverse("mfa_activate_totp"))

    assert "An app with codes works without it" in told
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth > 0")


def test_the_sign_in_page_offers_passkeys_only_where_they_can_work(cast, window):
    without = window(None, java_script_enabled=False)
    without.goto("/sign-in/")
    button = without.get_by_role("button", name="Sign in with a passkey")

    assert not button.is_visible()
    assert PASSWORD not in without.content()
