"""What the pages of a new partnership post, and what they answer."""

from django.urls import reverse

from tests.factories import workflows as w
from workflows.sheets import Sheet

START = "/new/"


def page(case, step):
    return reverse(f"workflows:proposal-{step}", args=[case.public_id])


def about(case, **given):
    """What the page of the step posts when nothing but `given` is typed."""
    return {
        "seen": case.head_seq,
        "title": case.title,
        "case_type": case.case_type,
        "unit": case.unit_id,
        "responsible": case.responsible_id,
        "starts_on": case.starts_on or "",
        "ends_on": case.ends_on or "",
        "field_of_science": "",
    } | given


def reasons(case, **given):
    return {"seen": case.head_seq, "purpose": "Shared data", "currency": "NOK"} | given


def screen(case):
    """The harmless answer to every question of the quick screen."""
    return {f"o_{q.code}": w.harmless(q) for q in Sheet.of(case).scope.screen}


def bare_draft(cast, **facts):
    """As it is after the first step: a partner and a working title."""
    return w.draft(cast, **{"purpose": "", "starts_on": None, "ends_on": None} | facts)


def as_strings(typed):
    return {name: str(value) for name, value in typed.items()}


def text(response):
    return " ".join(response.content.decode().split())
