"""What is measured: who asks the product for what, and the floor for the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from register.choices import CaseState
from register.filters import SORTS
from register.models import Cooperation, Unit, User
from register.queries import cooperations_visible_to
from workflows.choices import Track
from workflows.models import Assessment
from workflows.sheets import Sheet

REGISTER = "/register/"
DEEP = 0.9
CASE_LINK = r'href="/cases/([0-9a-f-]{36})/"'
# Options, comments and facts.
CONTROL = r'name="([ocf]_[^"]+)"'
# Answered with yes, the one brings the other.
AUTOSAVED, FOLLOW_UP = "ETH-1", "ETH-4"


@dataclass(frozen=True)
class Visit:
    """One request and the status it is answered with; with `fields` it is a form that
    is sent."""

    path: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Workload:
    """The visits are made in turn. shows: what the pattern finds is the same on both
    sides."""

    name: str
    says: str
    user: User
    page: Sequence[Visit]
    floor: Sequence[Visit]
    shows: str = ""


def workloads(changes: int) -> Iterator[Workload]:
    """changes: how many cases may be sent back, each once, and how many times an
    answer may be changed."""
    officer = User.objects.get(username="officer")
    auditor = User.objects.get(username="auditor")
    yield listing("register", "the register, newest change first", officer)
    yield listing("restricted", "the same for 3 of 40 units", auditor)
    yield filtered(officer)
    yield deep(officer)
    yield listing("last", "the last page", officer, "before=end", "before=end")
    yield from one_case(officer)
    yield change(officer, changes)
    read, changed = fully_answered()
    yield questions(officer, read)
    yield answer(officer, changed, changes)


def listing(
    name: str, says: str, user: User, page: str = "", floor: str = ""
) -> Workload:
    visits = [[Visit(f"{REGISTER}?{query}".rstrip("?"))] for query in (page, floor)]
    return Workload(name, says, user, *visits, shows=CASE_LINK)


def filtered(user: User) -> Workload:
    unit = Unit.objects.filter(kind="faculty").first()
    chosen = {"state": "running", "country": "SE", "unit": unit.pk, "q": "baltic net"}
    says = "three filters and two words of text"
    return listing("filtered", says, user, urlencode(chosen), urlencode(chosen))


def deep(user: User) -> Workload:
    """The page after nine tenths of the rows."""
    visible = cooperations_visible_to(user)
    order, _label = SORTS[0]
    place = int(visible.count() * DEEP)
    row = order.sort(visible).values("pk", "public_id", *order.columns)[place]
    ours = urlencode({"after": order.write(row)})
    floors = urlencode({"after": f"{row['last_event_at'].isoformat()},{row['pk']}"})
    return listing("deep", "a page after 90 % of the rows", user, ours, floors)


def one_case(user: User) -> Iterator[Workload]:
    running = Cooperation.objects.filter(state=CaseState.APPROVED).order_by("pk")
    paths = [f"/cases/{key}/" for key in running.values_list("public_id", flat=True)]
    for name, says, tail in (
        ("case", "the page of a case", ""),
        ("history", "its history, ten events", "history/"),
    ):
        visits = [Visit(f"{path}{tail}") for path in paths[:: len(paths) // 50]]
        yield Workload(name, says, user, visits, visits)


def change(user: User, count: int) -> Workload:
    proposed = Cooperation.objects.filter(state=CaseState.PROPOSED).order_by("pk")
    visits = [
        Visit(
            f"/cases/{public_id}/do/send_back/",
            {"reason": "The budget is missing.", "seen": str(seen)},
            status=302,
        )
        for public_id, seen in proposed.values_list("public_id", "head_seq")[:count]
    ]
    says = "a case sent back by form, with its event and its messages"
    return Workload("change", says, user, visits, visits)


def fully_answered() -> list[Sheet]:
    assessments = Assessment.objects.filter(track=Track.FULL).order_by("case_id")
    return [Sheet(assessment) for assessment in assessments]


def questions(user: User, sheet: Sheet) -> Workload:
    visits = [Visit(f"/cases/{sheet.case.public_id}/questions/?topic=all")]
    asked, answered = len(sheet.asked), len(sheet.answers)
    says = f"{asked} questions on one page, {answered} of them answered"
    return Workload("questions", says, user, visits, visits, shows=CONTROL)


def answer(user: User, sheet: Sheet, count: int) -> Workload:
    """Each visit answers otherwise than the one before, so that its follow-up comes or
    goes, and knows the version that the page would show then."""
    case, kept = sheet.case, sheet.answers[AUTOSAVED]
    topic = sheet.pack.by_code[AUTOSAVED].topic
    others = [q.code for q in sheet.asked if q.topic == topic and q.code != FOLLOW_UP]
    visits, is_yes = [], kept.options == ["yes"]
    for version in range(kept.version, kept.version + count):
        fields = {
            f"o_{AUTOSAVED}": "no" if is_yes else "yes",
            f"c_{AUTOSAVED}": kept.comment,
            f"v_{AUTOSAVED}": str(version),
            "shown": [*others, *([FOLLOW_UP] if is_yes else [])],
        }
        path = f"/cases/{case.public_id}/questions/{AUTOSAVED}/?topic={topic}"
        visits.append(Visit(path, fields, {"HX-Request": "true"}))
        is_yes = not is_yes
    says = "an answer saved by itself, with its follow-up and its event"
    return Workload("answer", says, user, visits, visits)
