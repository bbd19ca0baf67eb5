"""The bench fills a database that could be real, and the docs quote its figures."""

from collections import Counter

from bench import reporting
from bench.filling import fill
from bench.lives import EVENTS, LIVES
from register.clock import local_today
from workflows.models import Case, CaseEvent
from workflows.services import verifying


def test_filler_makes_chains_that_hold(db):
    fill(20, today=local_today())

    assert list(verifying.breaks()) == []
    assert Counter(CaseEvent.objects.values_list("case", flat=True)) == dict.fromkeys(
        Case.objects.values_list("pk", flat=True), EVENTS
    )
    assert Case.objects.count() == len(LIVES) == 20


def test_document_quotes_the_figures_of_the_results():
    quoted = reporting.DOCUMENT.read_text(encoding="utf-8")

    assert quoted == reporting.document(reporting.read())


def test_target_is_missed_only_beyond_its_ratio():
    def verdict(ratio: float) -> str:
        return reporting.Target("a page", ratio, at_most=2).verdict

    assert [verdict(2), verdict(2.01)] == ["met", "MISSED"]
