"""One cooperation of the story, brought to its state as in life."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from register.choices import AgreementStatus, PartnerRole
from register.models import ScienceField, User
from workflows.choices import Verb, Verdict
from workflows.models import Case, Review
from workflows.policies import why_not
from workflows.policies.delegating import level_of, still_to_speak
from workflows.services import (
    amending,
    assessing,
    deciding,
    handling,
    proposing,
    recommending,
    reviewing,
    terminating,
)
from workflows.services.deciding import Required
from workflows.services.demo import questioning
from workflows.services.demo.telling import Cast, day_from_now


@dataclass
class Life:
    """One cooperation of the story on its way."""

    cast: Cast
    told: Mapping[str, Any]
    case: Case

    def person(self, part: str) -> User:
        """Who plays this part: as the story says, or who usually does."""
        person = self.cast.people[self.told.get(part, part)]
        return questioning.at_work(self.case.pk, person)

    def words(self, verb: str) -> str:
        return self.told.get("words", {}).get(verb, "")

    @property
    def deciders(self) -> list[User]:
        """Who must say nothing beforehand."""
        people = self.cast.people
        return [people[self.told.get("decider", "decider")], people["rector"]]


def live_through(cast: Cast, told: Mapping[str, Any]) -> None:
    life = Life(cast, told, _draft(cast, told))
    for act in WAYS[told["state"]]:
        act(life)
    if days := told.get("review_was_due"):
        _set_back(life.case, day_from_now(days))


def _draft(cast: Cast, told: Mapping[str, Any]) -> Case:
    proposer = cast.people[told["proposer"]]
    case = proposing.start(
        actor=proposer,
        title=told["title"],
        case_type=told["type"],
        unit=cast.units[told["unit"]],
        partners=[
            (cast.partners[key], PartnerRole.PARTNER) for key in told["partners"]
        ],
        starts_on=day_from_now(told["starts"]),
        ends_on=day_from_now(told["ends"]),
        purpose=told.get("purpose", ""),
        expected_value=told.get("value", ""),
        funder=told.get("funder", ""),
        amount=told.get("amount"),
        currency=told.get("currency", ""),
    )
    amending.amend(
        case_id=case.pk,
        actor=proposer,
        fields_of_science=ScienceField.objects.filter(code=told["science"]),
    )
    return case


def _submit(life: Life) -> None:
    if agreement := life.told.get("agreement"):
        amending.add_agreement(
            case_id=life.case.pk,
            actor=life.person("proposer"),
            status=AgreementStatus.SIGNED,
            starts_on=life.case.starts_on,
            ends_on=life.case.ends_on,
            **agreement,
        )
    questioning.answer_as_proposer(life.case.pk, life.told, life.cast)
    proposing.submit(case_id=life.case.pk, actor=life.person("proposer"))


def _send_back(life: Life) -> None:
    _with_reason(life, Verb.SEND_BACK, "officer")


def _withdraw(life: Life) -> None:
    _with_reason(life, Verb.WITHDRAW, "proposer")


def _suspend(life: Life) -> None:
    _with_reason(life, Verb.SUSPEND, "decider")


def _with_reason(life: Life, verb: Verb, part: str) -> None:
    handling.with_reason(
        case_id=life.case.pk,
        verb=verb,
        actor=life.person(part),
        reason=life.words(verb),
    )


def _assess(life: Life) -> None:
    handling.take_case(case_id=life.case.pk, actor=life.person("officer"))
    questioning.answer_the_rest(life.case.pk, life.told, life.cast)
    assessing.complete(
        case_id=life.case.pk,
        actor=life.person("officer"),
        conclusion=life.words("assess"),
        mitigation=life.words("mitigation") or life.words("assess"),
        not_raised=life.words("assess"),
    )


def _recommend(life: Life) -> None:
    """Whoever in the story may, until everybody has whom the table names."""
    while still_to_speak(case := _fresh(life)):
        able = (
            person
            for person in life.cast.people.values()
            if level_of(case, person) and person not in life.deciders
        )
        recommending.recommend(
            case_id=case.pk,
            actor=questioning.at_work(case.pk, next(able)),
            is_for=True,
            reasons=life.words("recommend") or _("It fits what the unit wants to do."),
        )


def _ask(life: Life) -> None:
    _recommend(life)
    deciding.ask(
        case_id=life.case.pk,
        actor=life.person("officer"),
        question=life.words("ask"),
    )


def _approve(life: Life) -> None:
    conditions = [
        Required(
            each["text"], life.cast.people[each["owner"]], day_from_now(each["days"])
        )
        for each in life.told.get("conditions", ())
    ]
    questioning.clear_gates(life.case.pk, life.cast)
    with_conditions = Verdict.APPROVED_WITH_CONDITIONS
    deciding.decide(
        case_id=life.case.pk,
        actor=_decider(life),
        verdict=with_conditions if conditions else Verdict.APPROVED,
        reasons=life.words("approve"),
        conditions=conditions,
    )


def _fresh(life: Life) -> Case:
    return Case.objects.select_related("unit").get(pk=life.case.pk)


def _decider(life: Life) -> User:
    """Who usually decides; the rector where the table or the answers lift it."""
    usual = life.person("decider")
    if why_not(Verb.REJECT, _fresh(life), usual) is None:
        return usual
    return questioning.at_work(life.case.pk, life.cast.people["rector"])


def _reject(life: Life) -> None:
    deciding.decide(
        case_id=life.case.pk,
        actor=_decider(life),
        verdict=Verdict.REJECTED,
        reasons=life.words("reject"),
    )


def _open_review(life: Life) -> None:
    reviewing.open_review(
        case_id=life.case.pk,
        actor=life.person("officer"),
        ground=life.words("open_review"),
    )


def _give_notice(life: Life) -> None:
    terminating.give_notice(
        case_id=life.case.pk,
        actor=life.person("decider"),
        notice=terminating.Notice(
            life.told["ground"], day_from_now(life.told["last_day"])
        ),
        reasons=life.words("give_notice"),
    )


def _close(life: Life) -> None:
    questioning.answer_the_rest(life.case.pk, life.told, life.cast)
    reviewing.complete_questions(
        case_id=life.case.pk,
        actor=life.person("officer"),
        conclusion=life.words("close"),
        mitigation=life.words("close"),
    )
    terminating.close(
        case_id=life.case.pk,
        actor=life.person("officer"),
        report=life.words("close"),
    )


BEFORE_DECISION = (_submit, _assess, _ask)
APPROVED = (*BEFORE_DECISION, _approve)
# What happens on the way to each state.
WAYS: dict[str, tuple[Callable[[Life], None], ...]] = {
    "draft": (),
    "proposed": (_submit,),
    "returned": (_submit, _send_back),
    "withdrawn": (_submit, _withdraw),
    "assessed": BEFORE_DECISION,
    "rejected": (*BEFORE_DECISION, _reject),
    "approved": APPROVED,
    "under_review": (*APPROVED, _open_review),
    "suspended": (*APPROVED, _suspend),
    "terminating": (*APPROVED, _give_notice),
    "terminated": (*APPROVED, _give_notice, _close),
}


def _set_back(case: Case, due_on: date) -> None:
    """A demo cannot wait a year for a review to be late. The dates are set back, which
    no service does; the history still tells what was planned."""
    Review.objects.filter(case=case).update(due_on=due_on)
    Case.objects.filter(pk=case.pk).update(next_review_on=due_on)
