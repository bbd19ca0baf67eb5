"""The backbone through the services: every state is reached, every chain holds."""

import pytest

from register.choices import CaseState
from tests.factories import workflows as w
from workflows.models import CaseEvent
from workflows.services import verifying


@pytest.mark.parametrize("state", CaseState.values)
def test_each_state_is_reached_and_its_history_holds(cast, state):
    case = w.in_state(cast, state)

    assert case.state == state
    assert CaseEvent.objects.filter(case=case).count() == case.head_seq > 0
    assert list(verifying.breaks()) == []
