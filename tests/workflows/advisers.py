"""How tests give opinions, clear gates and answer more than the quick screen."""

import json

from tests.factories import register as r
from tests.factories import workflows as w
from workflows.choices import Conclusion, GateResult
from workflows.services import advising, answering
from workflows.services.answering import Given
from workflows.sheets import Sheet

OWN = "You proposed this cooperation or answer for it; somebody else must act."
NO_ACCESS = "You do not have access to this case."


def answer(case, actor, **given) -> None:
    told = {c.replace("_", "-"): Given([o], "A word.") for c, o in given.items()}
    answering.save_answers(case_id=case.pk, actor=actor, answers=told)


def with_answers(cast, **given):
    """A proposal whose proposer then answers these as well."""
    case = w.proposed(cast)
    answer(case, cast.proposer, **given)
    return w.fresh(case)


def give(case, actor, **changed):
    waiting = w.fresh(case).waiting_opinions
    facts = {"opinion_id": waiting[0].pk if waiting else 0, "text": "Looked into."}
    conclusion = Conclusion.NO_LICENCE
    told = facts | {"conclusion": conclusion} | changed
    return advising.give_opinion(case_id=case.pk, actor=actor, **told)


def clear(case, actor, code="G-LIC", **changed):
    gate = case.gates.get(code=code, cleared_at=None)
    facts = {"result": GateResult.DOCUMENTED, "reason": "Seen.", "reference": "DEKSA 7"}
    told = {"gate_id": gate.pk} | facts | changed
    return advising.clear_gate(case_id=case.pk, actor=actor, **told)


def residual(case) -> int:
    return Sheet.of(w.fresh(case)).residual


def told(case, verb) -> dict:
    return json.loads(case.events.filter(verb=verb).latest("seq").payload.text)


def adviser_of(role, cast):
    return r.person_with(role, cast.institution)


def listed_technology(cast):
    """The technology may be listed: an export-control adviser is asked, and a gate
    stands open that the proposer's answer opened."""
    return w.fresh(w.proposed(cast, given={"EXP_1": "possibly"}))
