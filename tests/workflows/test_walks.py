"""Random walks: Hypothesis presses buttons on a case, and a plain dictionary says where
it should stand. After every walk all chains hold."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from register.choices import CaseState
from tests.factories import workflows as w
from workflows.choices import Verb
from workflows.models import Case, CaseEvent
from workflows.services import (
    assessing,
    concluding,
    deciding,
    handling,
    proposing,
    recommending,
    reviewing,
    terminating,
    verifying,
)
from workflows.services.moving import WorkflowError
from workflows.services.terminating import Notice

# The model: button → state → state. A button that is not here for a state does nothing.
GOES = {
    "submit": {"draft": "proposed", "returned": "proposed"},
    "send_back": {"proposed": "returned"},
    "withdraw": dict.fromkeys(["draft", "proposed", "returned"], "withdrawn"),
    "assess": {"proposed": "assessed"},
    "reopen": {"assessed": "proposed"},
    "recommend": {"proposed": "proposed", "assessed": "assessed"},
    "ask": {"assessed": "assessed"},
    "approve": {"assessed": "approved"},
    "reject": {"assessed": "rejected"},
    "open_review": {"approved": "under_review"},
    "answer_review": {"under_review": "under_review"},
    "go_on": {"under_review": "approved"},
    "answer_exit": {"terminating": "terminating"},
    "suspend": {"approved": "suspended", "under_review": "suspended"},
    "resume": {"suspended": "approved"},
    "end": dict.fromkeys(["approved", "under_review", "suspended"], "terminating"),
    "close": {"terminating": "terminated"},
}
BUTTONS = sorted(GOES)


def with_reason(verb: Verb, actor: object) -> tuple[object, object, dict]:
    return handling.with_reason, actor, {"verb": verb, "reason": "Because."}


class Walk(RuleBasedStateMachine):
    cast: w.r.Cast
    reached: set[str]

    @initialize(make=st.sampled_from([w.screened, w.proposed, w.asked, w.approved]))
    def begin(self, make: Callable[..., Case]) -> None:
        self.case = w.fresh(make(self.cast))
        self.model = {
            "state": self.case.state,
            "events": self.case.head_seq,
            "asked": make == w.asked,
            "recommended": make in (w.asked, w.approved),
            "seen": True,
        }

    @property
    def case_state(self) -> str:
        return str(w.fresh(self.case).state)

    def press(self, button: str) -> None:
        case, cast = {"case_id": self.case.pk}, self.cast
        moments = {"proposed": "planning", "terminating": "exit"}
        moment = moments.get(self.case_state, "midway")
        answered = {"answers": w.core(w.answers(moment)), "conclusion": ""}
        reasons = {"reasons": "Because."}
        notice = Notice("mutual", w.local_today())
        calls = {
            "submit": (proposing.submit, cast.proposer, {}),
            "send_back": with_reason(Verb.SEND_BACK, cast.officer),
            "withdraw": with_reason(Verb.WITHDRAW, cast.proposer),
            "assess": (assessing.complete, cast.adviser, answered),
            "reopen": with_reason(Verb.REOPEN_ASSESSMENT, cast.officer),
            "recommend": (
                recommending.recommend,
                cast.leader,
                reasons | {"is_for": False},
            ),
            "ask": (deciding.ask, cast.officer, {}),
            "approve": (
                deciding.decide,
                cast.decider,
                reasons | {"verdict": "approved"},
            ),
            "reject": (
                deciding.decide,
                cast.decider,
                reasons | {"verdict": "rejected"},
            ),
            "open_review": (reviewing.open_review, cast.proposer, {"ground": "Owner."}),
            "answer_review": (reviewing.complete_questions, cast.adviser, answered),
            "answer_exit": (reviewing.complete_questions, cast.adviser, answered),
            "go_on": (
                concluding.conclude,
                cast.decider,
                reasons | {"outcome": "continue"},
            ),
            "suspend": with_reason(Verb.SUSPEND, cast.decider),
            "resume": with_reason(Verb.RESUME, cast.decider),
            "end": (
                terminating.give_notice,
                cast.decider,
                reasons | {"notice": notice},
            ),
            "close": (terminating.close, cast.officer, {"report": "It went well."}),
        }
        service, actor, given = calls[button]
        service(actor=actor, **case, **given)
        if button == "open_review":
            w.declare_none(self.case)

    def expect(self, button: str) -> bool:
        """Whether the button works; the model moves if it does."""
        goes = GOES[button].get(self.model["state"])
        works = goes is not None and {
            "recommend": not self.model["recommended"],
            "ask": self.model["recommended"] and not self.model["asked"],
            "approve": self.model["asked"],
            "reject": self.model["asked"],
            "answer_review": not self.model["seen"],
            "answer_exit": not self.model["seen"],
            "close": self.model["seen"],
            "go_on": self.model["seen"],
        }.get(button, True)
        if works:
            self.model["state"] = goes
            self.model["events"] += 1
            self.model["asked"] = button == "ask"
            if button in ("recommend", "send_back", "reopen"):
                self.model["recommended"] = button == "recommend"
            self.model["seen"] = button not in ("open_review", "end")
        return works

    @rule(buttons=st.lists(st.sampled_from(BUTTONS), min_size=1, max_size=3))
    def press_any(self, buttons: list[str]) -> None:
        for button in buttons:
            self.try_out(button)

    @rule(choices=st.lists(st.integers(0, 11), min_size=3, max_size=8))
    def press_what_leads_on(self, choices: list[int]) -> None:
        """So that walks come far: buttons that the model knows for the state."""
        for choice in choices:
            onward = [b for b in BUTTONS if self.model["state"] in GOES[b]]
            if onward:
                self.try_out(onward[choice % len(onward)])

    def try_out(self, button: str) -> None:
        works = self.expect(button)
        try:
            self.press(button)
        except WorkflowError:
            assert not works, f"{button} should work: {self.model}"
        else:
            assert works, f"{button} should be refused: {self.model}"

    @invariant()
    def stands_where_the_model_stands(self) -> None:
        case = w.fresh(self.case)
        self.reached.add(case.state)
        assert case.state == self.model["state"]
        assert case.head_seq == self.model["events"]
        assert CaseEvent.objects.filter(case=case).count() == self.model["events"]

    def teardown(self) -> None:
        assert list(verifying.breaks()) == []


@pytest.mark.slow
def test_walks_end_where_the_model_ends(cast):
    Walk.cast, Walk.reached = cast, set()

    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=25,
            stateful_step_count=6,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert len(Walk.reached) >= len(CaseState) - 3, "the walks do not come far"
