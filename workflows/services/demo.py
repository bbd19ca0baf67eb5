"""An invented university, so that a newcomer has something to look at.

The story is data (`workflows/demo/fjordheim.json`); everything that happens in it goes
through the same services as in life, so every history holds.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction

from register.choices import AgreementStatus, PartnerRole, Role, UnitKind
from register.clock import local_today
from register.models import Partner, RoleAssignment, ScienceField, Unit, User
from register.services import partners
from workflows.choices import Verb, Verdict
from workflows.models import Case, Question, Review
from workflows.services import (
    amending,
    assessing,
    deciding,
    handling,
    proposing,
    reviewing,
    terminating,
)
from workflows.services.deciding import Required
from workflows.services.importing import batches

STORY = Path(__file__).resolve().parent.parent / "demo" / "fjordheim.json"
PASSWORD = "fjordheim"  # noqa: S105  for looking around, printed at the start
KINDS = (UnitKind.INSTITUTION, UnitKind.FACULTY, UnitKind.DEPARTMENT)


@dataclass
class Cast:
    """Who and what the story speaks of, by the names it uses."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)


def story() -> dict[str, Any]:
    return json.loads(STORY.read_text(encoding="utf-8"))


def is_empty() -> bool:
    """Whether nobody and nothing is in the database yet."""
    return not (User.objects.exists() or Unit.objects.exists())


@transaction.atomic
def load(*, password: str = PASSWORD) -> None:
    """Load the whole story, or nothing of it."""
    told, cast = story(), Cast()
    for unit in told["units"]:
        _add_unit(cast, unit)
    hashed = make_password(password)
    for person in told["people"]:
        _add_person(cast, person, hashed)
    for partner in told["partners"]:
        key = partner.pop("key")
        cast.partners[key] = partners.add_partner(actor=cast.people["admin"], **partner)
    for cooperation in told["cooperations"]:
        _live_through(cast, cooperation)
    _take_in_the_old(cast, told["before_the_register"])


def sign_ins(password: str = PASSWORD) -> Iterator[tuple[str, str, str]]:
    """(name, roles, user name) of everybody who can still sign in with the password."""
    known = [person["username"] for person in story()["people"]]
    found = {u.username: u for u in User.objects.filter(username__in=known)}
    # They share one hash; checking it takes a moment, so it is done once.
    fitting = {
        user.password: user.check_password(password)
        for user in {user.password: user for user in found.values()}.values()
    }
    for username in known:
        user = found.get(username)
        if user and fitting[user.password]:
            yield str(user), _roles_of(user), username


def _roles_of(user: User) -> str:
    held = RoleAssignment.objects.current().filter(user=user).select_related("unit")
    return ", ".join(f"{role.get_role_display()} ({role.unit.code})" for role in held)


# Units, people ---------------------------------------------------------------------
def _add_unit(cast: Cast, told: dict[str, Any], parent: Unit | None = None) -> None:
    below = told.pop("units", ())
    kind = KINDS[parent.path.count(".") if parent else 0]
    unit = Unit.objects.create(kind=kind, parent=parent, **told)
    cast.units[unit.code] = unit
    for each in below:
        _add_unit(cast, each, unit)


def _add_person(cast: Cast, told: Mapping[str, Any], password: str) -> None:
    first, _blank, last = told["name"].partition(" ")
    runs_it = Role.SYSTEM_ADMINISTRATOR in told["roles"]
    user = User.objects.create(
        username=told["username"],
        first_name=first,
        last_name=last,
        email=f"{told['username']}@fjordheim.example",
        unit=cast.units[told["unit"]],
        password=password,
        is_staff=runs_it,
        is_superuser=runs_it,
    )
    for role, code in told["roles"].items():
        RoleAssignment.objects.create(user=user, role=role, unit=cast.units[code])
    cast.people[user.username] = user


# Cooperations ----------------------------------------------------------------------
@dataclass
class Life:
    """One cooperation of the story on its way."""

    cast: Cast
    told: Mapping[str, Any]
    case: Case

    def person(self, part: str) -> User:
        """Who plays this part: as the story says, or who usually does."""
        return self.cast.people[self.told.get(part, part)]

    def words(self, verb: str) -> str:
        return self.told.get("words", {}).get(verb, "")


def _live_through(cast: Cast, told: Mapping[str, Any]) -> None:
    life = Life(cast, told, _draft(cast, told))
    for act in WAYS[told["state"]]:
        act(life)
    if days := told.get("review_was_due"):
        _set_back(life.case, _day(days))


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
        starts_on=_day(told["starts"]),
        ends_on=_day(told["ends"]),
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
    assessing.complete(
        case_id=life.case.pk,
        actor=life.person("officer"),
        answers=_answers(life.told.get("answers", {})),
        conclusion=life.words("assess"),
    )


def _answers(told: Mapping[str, str]) -> dict[str, assessing.Given]:
    """What the story tells; to every other question the harmless answer."""
    given = {}
    asked = Question.objects.filter(quick_screen=True).prefetch_related("options")
    for question in asked:
        harmless = min(question.options.all(), key=lambda option: option.level)
        option = told.get(question.code, harmless.code)
        given[question.code] = assessing.Given([option])
    return given


def _ask(life: Life) -> None:
    deciding.ask(
        case_id=life.case.pk,
        actor=life.person("officer"),
        question=life.words("ask"),
    )


def _approve(life: Life) -> None:
    conditions = [
        Required(each["text"], life.cast.people[each["owner"]], _day(each["days"]))
        for each in life.told.get("conditions", ())
    ]
    with_conditions = Verdict.APPROVED_WITH_CONDITIONS
    deciding.decide(
        case_id=life.case.pk,
        actor=life.person("decider"),
        verdict=with_conditions if conditions else Verdict.APPROVED,
        reasons=life.words("approve"),
        conditions=conditions,
    )


def _reject(life: Life) -> None:
    deciding.decide(
        case_id=life.case.pk,
        actor=life.person("decider"),
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
        notice=terminating.Notice(life.told["ground"], _day(life.told["last_day"])),
        reasons=life.words("give_notice"),
    )


def _close(life: Life) -> None:
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


def _day(days: int) -> date:
    return local_today() + timedelta(days=days)


# From before the register ----------------------------------------------------------
def _take_in_the_old(cast: Cast, told: Mapping[str, Any]) -> None:
    """Imported as a list, as a university does on its first day."""
    officer = cast.people["officer"]
    file = ContentFile(_as_csv(told["rows"]), name=told["filename"])
    batch = batches.upload(actor=officer, unit=cast.units[told["unit"]], file=file)
    mapping = batches.proposed_mapping(batch)
    batches.check(batch=batch, actor=officer, mapping=mapping)
    batches.run(batch_id=batch.pk, actor=officer)


def _as_csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, rows[0], delimiter=";")
    table.writeheader()
    for row in rows:
        dates = {name: _day(row[name]) for name in ("Startdato", "Sluttdato")}
        table.writerow(row | dates)
    return text.getvalue().encode()
