"""Every template compiles, and none asks for what the security policy refuses."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(
    str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()
)
PAGES = [name for name in TEMPLATES if name.endswith(".html") and "/email/" not in name]

REFUSED = {
    "inline script": r"<script(?![^>]*\bsrc=)",
    "inline style": r"<style\b|\sstyle\s*=",
    "event attribute": r"\s(hx-)?on[a-z:-]+\s*=(?!=)",
    "javascript address": r"javascript:",
    "outside address": r"""(src|href|action|hx-\w+)\s*=\s*["']?(https?:)?//""",
}


def offences(source: str) -> set[str]:
    unseen = r"{#.*?#}|{% comment.*?endcomment %}|{%.*?%}"  # no browser reads these
    markup = re.sub(unseen, "", source, flags=re.DOTALL)
    return {
        name
        for name, pattern in REFUSED.items()
        if re.search(pattern, markup, flags=re.IGNORECASE)
    }


def test_there_are_templates_to_check():
    assert {"base.html", "404.html", "components/field.html"} <= set(PAGES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_template_holds_nothing_the_security_policy_refuses(name):
    assert offences((ROOT / name).read_text()) == set()


@pytest.mark.parametrize("name", PAGES)
def test_template_is_short_enough_to_read(name):
    assert len((ROOT / name).read_text().splitlines()) <= 130


@pytest.mark.parametrize(
    ("source", "offence"),
    [
        ("<script>go()</script>", "inline script"),
        ('<script src="/a.js"></script><script defer>go()</script>', "inline script"),
        ('<p style="color: red">', "inline style"),
        ("<style>p {}</style>", "inline style"),
        ('<button\n onclick="go()">', "event attribute"),
        ('<button hx-on:click="go()">', "event attribute"),
        ('<a href="javascript:go()">', "javascript address"),
        ('<img src="//example.org/a.png">', "outside address"),
        ('<link href="https://example.org/a.css">', "outside address"),
    ],
)
def test_the_check_sees_what_it_looks_for(source, offence):
    assert offence in offences(source)
