"""What happens in more than one of the three cases."""

from register.choices import Risk
from register.models import User
from tests.factories import workflows as w
from tests.journeys.walking import Walk
from workflows.policies.delegating import still_to_speak


def ask(walk: Walk, officer: User, **words: str) -> None:
    walk.do(officer, "complete", **words)
    recommend(walk)
    walk.do(officer, "ask_decision")


def recommend(walk: Walk) -> None:
    """Everybody whom the delegation table names, until nobody is missing."""
    while missing := still_to_speak(walk.fresh()):
        speaker = w.speaker(walk.cast, missing[0])
        w.declare_none(walk.fresh(), speaker)
        walk.do(speaker, "recommend", is_for="yes", reasons="It fits the unit.")


def give_opinions(walk: Walk, adviser: User) -> None:
    while walk.fresh().waiting_opinions:
        walk.do(
            adviser,
            "give_opinion",
            conclusion="with_measures",
            text="Acceptable as long as no name leaves our platform.",
        )


def clear_gates(walk: Walk, second: User) -> list[str]:
    """Each by somebody of its own field; the titles as the page writes them."""
    titles = []
    while gates := walk.fresh().open_gates:
        titles.append(str(gates[0].action.title))
        walk.do(
            second,
            "clear_gate",
            gates[0].pk,
            result="documented",
            reason="Read, and in order.",
            reference=f"2026/30{len(titles)}",
        )
    return titles


def lower_together(walk: Walk, officer: User, decider: User) -> tuple[str, str]:
    """The officer proposes and cannot agree; the decider agrees."""
    walk.do(
        officer,
        "lower_risk",
        risk=int(Risk.LOW),
        reason="No names are sent, the key stays here, access is logged.",
    )
    own = walk.read(officer, "confirm_lowering")
    return own, walk.do(decider, "confirm_lowering", agrees="yes")
