"""A real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.factories.register import PASSWORD, Cast

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is in the dependency group e2e"
)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs beside us
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *(
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
    ),
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: install it, or name it in CHROMIUM")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, so that the server's own threads see it."""
    return Cast()


@pytest.fixture
def window(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """`window(user, width=320)`: a browser of one's own, signed in through the page."""
    opened = []

    def sign_in(user: Any = None, *, width: int = 1280, **options: Any) -> Any:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            **options,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if user is not None:
            page.goto("/sign-in/")
            page.locator("[name=username]").fill(user.username)
            page.locator("[name=password]").fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url("**/")
        return page

    yield sign_in
    for context in opened:
        context.close()
