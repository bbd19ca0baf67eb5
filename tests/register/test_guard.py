"""The columns that only the doorway writes."""

import pytest

from register.models import Cooperation
from tests.factories import workflows as w
from workflows.choices import Verb
from workflows.models import Case
from workflows.services import moving


def test_a_refresh_reads_the_state_and_keeps_it_guarded(cast):
    case = w.draft(cast)
    moving.move(case_id=case.pk, verb=Verb.WITHDRAW, actor=cast.proposer, reason="No.")

    case.refresh_from_db()

    assert case.state == "withdrawn"
    with pytest.raises(AttributeError):
        case.state = "approved"


def test_a_refresh_of_another_column_leaves_the_state_as_it_was(cast):
    case = w.draft(cast)
    moving.move(case_id=case.pk, verb=Verb.WITHDRAW, actor=cast.proposer, reason="No.")

    case.refresh_from_db(fields=["title"])

    assert case.state == "draft"


def test_a_refresh_that_finds_nothing_keeps_the_guard(cast):
    case = Cooperation(pk=0, title="Gone")

    with pytest.raises(Cooperation.DoesNotExist):
        case.refresh_from_db()

    assert case.state == "draft"
    with pytest.raises(AttributeError):
        case.state = "approved"


def test_a_deferred_state_stays_deferred_until_asked_for(cast):
    w.draft(cast)
    case = Case.objects.defer("state").get()

    case.refresh_from_db()

    assert case.get_deferred_fields() == {"state"}
